//! Logins of OCI registries: `helm registry login` and `docker login` write one format, passwords in it or in a helper.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use super::{Basic, helm_config, home, variable};
use crate::helm::base64;

/// How Docker's helpers say that the secret is a token and no password.
const TOKEN_USER: &str = "<token>";
/// The name that Docker Hub goes by in these files.
const HUB: &str = "https://index.docker.io/v1/";
/// The hosts that are Docker Hub.
pub(crate) const HUB_HOSTS: [&str; 3] = ["docker.io", "registry-1.docker.io", "index.docker.io"];

/// What is known for a registry.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Login {
    /// A name and a password.
    Basic(Basic),
    /// A token that buys others.
    Refresh(String),
    /// A token to show as it is.
    Bearer(String),
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login")
    }
}

/// The files that know logins, the first of which that knows one counts: Helm's, then Docker's.
#[derive(Debug, Default)]
pub(crate) struct DockerConfigs {
    files: Vec<(PathBuf, Json)>,
}

impl DockerConfigs {
    /// Reads Helm's and Docker's files. None at all is fine.
    pub(crate) fn load() -> Result<Self, String> {
        let helm = variable("HELM_REGISTRY_CONFIG").or_else(|| Some(helm_config()?.join("registry/config.json")));
        let docker = variable("DOCKER_CONFIG").or_else(|| Some(home()?.join(".docker")));
        let mut files = Vec::new();
        for path in [helm, docker.map(|folder| folder.join("config.json"))].into_iter().flatten() {
            let problem = |what: String| format!("cannot read the logins in `{}`: {what}", path.display());
            match fs::read(&path) {
                // The parser's own words could show a part of the file, and with it a password.
                Ok(bytes) => match serde_json::from_slice(&bytes) {
                    Ok(json) => files.push((path, json)),
                    Err(error) => return Err(problem(format!("it is no JSON, see line {}", error.line()))),
                },
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
                Err(error) => return Err(problem(error.to_string())),
            }
        }
        Ok(DockerConfigs { files })
    }

    /// The login for a registry (`host` or `host:port`).
    pub(crate) fn login(&self, registry: &str) -> Result<Option<Login>, String> {
        for (path, config) in &self.files {
            for name in names(registry) {
                let found = login(config, &name);
                let found = found.map_err(|what| format!("login for `{registry}` by `{}`: {what}", path.display()))?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }
}

/// The names that a registry may have in such a file. Docker Hub's own one goes first, as for Docker and Helm.
fn names(registry: &str) -> Vec<String> {
    let forms =
        |host: &str| [host.to_owned(), format!("https://{host}"), format!("https://{host}/"), format!("http://{host}")];
    if HUB_HOSTS.contains(&registry) {
        let others = HUB_HOSTS.into_iter().filter(|host| *host != registry);
        let hosts = [registry].into_iter().chain(others);
        return [HUB.to_owned()].into_iter().chain(hosts.flat_map(forms)).collect();
    }
    forms(registry).to_vec()
}

fn login(config: &Json, name: &str) -> Result<Option<Login>, String> {
    let helper = config["credHelpers"][name].as_str();
    if let Some(helper) = helper {
        return ask(helper, name);
    }
    if let Some(found) = written(&config["auths"][name])? {
        return Ok(Some(found));
    }
    match config["credsStore"].as_str() {
        Some(helper) if !helper.is_empty() => ask(helper, name),
        _ => Ok(None),
    }
}

/// A login that stands in the file itself.
fn written(entry: &Json) -> Result<Option<Login>, String> {
    let text = |key: &str| entry[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(token) = text("identitytoken") {
        return Ok(Some(Login::Refresh(token)));
    }
    if let Some(token) = text("registrytoken") {
        return Ok(Some(Login::Bearer(token)));
    }
    if let Some(auth) = text("auth") {
        let bytes = base64::decode(auth.as_bytes()).map_err(|_| "`auth` is no base64")?;
        let pair = String::from_utf8(bytes).map_err(|_| "`auth` is no text")?;
        let (username, password) = pair.split_once(':').ok_or("`auth` has no colon")?;
        let password = password.trim_end_matches('\0').to_owned();
        return Ok(Some(Login::Basic(Basic { username: username.to_owned(), password })));
    }
    let pair = text("username").zip(text("password"));
    Ok(pair.map(|(username, password)| Login::Basic(Basic { username, password })))
}

/// Asks a helper, a program that Docker's own tools call the same way.
fn ask(helper: &str, name: &str) -> Result<Option<Login>, String> {
    if helper.contains(['/', '\\']) {
        return Err(format!("`{helper}` is no name of a helper"));
    }
    let program = format!("docker-credential-{helper}");
    let problem = |error: io::Error| format!("`{program}` cannot be run: {error}");
    let mut child = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(problem)?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read has something to say all the same.
        let _ = input.write_all(name.as_bytes());
    }
    let output = child.wait_with_output().map_err(problem)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        let unknown = said.contains("credentials not found") || said.contains("no credentials");
        return if unknown { Ok(None) } else { Err(format!("`{program}` failed: {}", said.trim())) };
    }
    let answer: Json = serde_json::from_slice(&output.stdout).map_err(|_| format!("`{program}` gave no JSON"))?;
    let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
    let (username, password) = (text("Username"), text("Secret"));
    if password.is_empty() {
        return Ok(None);
    }
    Ok(Some(if username == TOKEN_USER { Login::Refresh(password) } else { Login::Basic(Basic { username, password }) }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::{Basic, DockerConfigs, Login};

    fn basic(username: &str, password: &str) -> Option<Login> {
        Some(Login::Basic(Basic { username: username.into(), password: password.into() }))
    }

    #[test]
    fn logins_are_found_under_all_names_of_a_registry() {
        let config = json!({ "auths": {
            "registry.example.com:5000": { "auth": "dXNlcjpwYTpzcw==" },
            "https://index.docker.io/v1/": { "username": "hub", "password": "p" },
            "https://ghcr.io": { "identitytoken": "t" },
            "empty.example.com": {},
        }});
        let configs = DockerConfigs { files: vec![("config.json".into(), config)] };
        let of = |registry: &str| configs.login(registry).unwrap();
        assert_eq!(of("registry.example.com:5000"), basic("user", "pa:ss"));
        assert_eq!(of("registry-1.docker.io"), basic("hub", "p"));
        assert_eq!(of("ghcr.io"), Some(Login::Refresh("t".into())));
        assert_eq!((of("empty.example.com"), of("registry.example.com")), (None, None));
        assert!(!format!("{:?}", of("registry.example.com:5000")).contains("pa:ss"), "passwords are never printed");
    }

    #[test]
    fn a_helper_is_a_program_of_the_path_and_no_file() {
        let config = json!({ "credHelpers": { "a.example.com": "../evil", "b.example.com": "stackgen-has-none" } });
        let configs = DockerConfigs { files: vec![("config.json".into(), config)] };
        assert!(configs.login("a.example.com").unwrap_err().contains("no name of a helper"));
        assert!(configs.login("b.example.com").unwrap_err().contains("cannot be run"));
        assert_eq!(configs.login("c.example.com"), Ok(None));
    }
}
