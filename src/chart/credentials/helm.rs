//! Helm's `repositories.yaml`: what `helm repo add` has written.

use std::fs;
use std::io;

use super::{Basic, helm_config, variable};
use crate::chart::id::same_repository;
use crate::chart::net::Trust;
use crate::helm::{Data, Table, read_yaml};

/// What Helm knows of a repository.
#[derive(Clone, Debug, Default)]
pub(crate) struct HelmRepository {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) basic: Option<Basic>,
    pub(crate) trust: Trust,
    /// Whether other hosts get the password too, where archives lie there.
    pub(crate) pass_everywhere: bool,
}

/// All repositories that Helm knows.
#[derive(Debug, Default)]
pub(crate) struct HelmRepositories {
    all: Vec<HelmRepository>,
}

impl HelmRepositories {
    /// Reads the file that `HELM_REPOSITORY_CONFIG` names, or Helm's usual one. None at all is fine.
    pub(crate) fn load() -> Result<Self, String> {
        let usual = || Some(helm_config()?.join("repositories.yaml"));
        let Some(path) = variable("HELM_REPOSITORY_CONFIG").or_else(usual) else { return Ok(Self::default()) };
        let problem = |what: String| format!("cannot read Helm's `{}`: {what}", path.display());
        match fs::read_to_string(&path) {
            Ok(text) => Self::read(&text).map_err(problem),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(problem(error.to_string())),
        }
    }

    fn read(text: &str) -> Result<Self, String> {
        let data = read_yaml(text).map_err(|problem| problem.0)?;
        let list = data.as_map().and_then(|map| map.get("repositories")).and_then(Data::as_list).unwrap_or(&[]);
        Ok(HelmRepositories { all: list.iter().filter_map(Data::as_map).map(repository).collect() })
    }

    /// The entry of a URL.
    pub(crate) fn of_url(&self, url: &str) -> Option<&HelmRepository> {
        self.all.iter().find(|known| same_repository(&known.url, url))
    }

    /// The entry of a name, as charts refer to it: `@name` or `alias:name`.
    pub(crate) fn of_alias(&self, reference: &str) -> Option<&HelmRepository> {
        let name = reference.strip_prefix('@').or_else(|| reference.strip_prefix("alias:"))?;
        self.all.iter().find(|known| known.name == name)
    }
}

fn repository(table: &Table) -> HelmRepository {
    let text = |key: &str| table.get(key).and_then(Data::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let is = |key: &str| matches!(table.get(key), Some(Data::Bool(true)));
    let username = text("username");
    HelmRepository {
        name: text("name").unwrap_or_default(),
        url: text("url").unwrap_or_default(),
        basic: username.map(|username| Basic { username, password: text("password").unwrap_or_default() }),
        trust: Trust {
            ca_file: text("caFile").map(Into::into),
            more: Vec::new(),
            cert_file: text("certFile").map(Into::into),
            key_file: text("keyFile").map(Into::into),
            insecure: is("insecure_skip_tls_verify"),
        },
        pass_everywhere: is("pass_credentials_all"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::HelmRepositories;

    #[test]
    fn what_helm_has_written_is_read() {
        let text = "apiVersion: \"\"\ngenerated: \"0001-01-01T00:00:00Z\"\nrepositories:\n- caFile: /ca.pem\n  certFile: \"\"\n  \
                    insecure_skip_tls_verify: false\n  keyFile: \"\"\n  name: mine\n  pass_credentials_all: true\n  \
                    password: secret\n  url: https://charts.example.com/\n  username: user\n";
        let all = HelmRepositories::read(text).unwrap();
        let found = all.of_url("https://charts.example.com").unwrap();
        assert!(found.pass_everywhere && found.trust.cert_file.is_none());
        assert_eq!(found.trust.ca_file.as_deref(), Some(std::path::Path::new("/ca.pem")));
        assert_eq!(found.basic.as_ref().unwrap().header(), "Basic dXNlcjpzZWNyZXQ=");
        assert!(!format!("{found:?}").contains("secret"), "passwords are never printed");
        assert_eq!(all.of_alias("@mine").unwrap().url, found.url);
        assert!(all.of_alias("alias:other").is_none() && HelmRepositories::read("").unwrap().of_url("x").is_none());
    }
}
