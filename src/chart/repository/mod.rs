//! Where charts come from: repositories with an index, and OCI registries.

mod challenge;
mod http;
mod index;
mod oci;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use super::credentials::{DockerConfigs, HelmRepositories};
use super::error::ChartError;
use super::id::{ChartId, exact};
use super::net::{Client, NetSettings, Url};
use crate::diagnostic::codes::charts;
use crate::emit::Digest;
use crate::helm::semver::{Constraints, Version};

/// How large an archive may be.
const MAX_ARCHIVE: u64 = 100 << 20;

/// How the network may be used.
#[derive(Clone, Debug)]
pub struct NetworkOptions {
    /// Whether it may not.
    pub offline: bool,
    /// Certificates that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether plain http may leave this machine.
    pub plain_http: bool,
    /// How often a request is tried again.
    pub retries: u32,
}

/// A version that a repository has.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The version as the repository writes it.
    pub version: String,
    /// The archive's digest, if the repository tells it.
    pub digest: Option<Digest>,
    /// Whether nobody should use the chart any more.
    pub deprecated: bool,
    /// What changed, as the chart's annotation tells it.
    pub changes: Option<String>,
    pub(crate) parsed: Version,
    /// Where the archive lies.
    pub(crate) urls: Vec<String>,
}

/// An answer that is asked for once.
type Once<T> = Arc<OnceLock<Result<T, ChartError>>>;

#[derive(Debug, Default)]
struct Registry {
    base: OnceLock<Result<Url, ChartError>>,
}

/// All repositories, with what was already asked of them.
#[derive(Debug)]
pub struct Repositories {
    /// None where the network must not be used: then nothing can open a socket.
    client: Option<Client>,
    plain_http: bool,
    helm: HelmRepositories,
    docker: DockerConfigs,
    indexes: Mutex<BTreeMap<String, Once<Arc<str>>>>,
    registries: Mutex<BTreeMap<String, Arc<Registry>>>,
    tokens: Mutex<BTreeMap<String, String>>,
}

impl Repositories {
    /// Reads the configuration of Helm and Docker. Nothing is asked yet.
    ///
    /// # Errors
    /// Where such a file is there and cannot be read.
    pub fn new(options: &NetworkOptions) -> Result<Self, ChartError> {
        let unreadable = |what: String| ChartError::new(&charts::CREDENTIALS, what);
        let settings =
            NetSettings { ca_file: options.ca_file.clone(), plain_http: options.plain_http, retries: options.retries };
        Ok(Repositories {
            client: (!options.offline).then(|| Client::new(settings)),
            plain_http: options.plain_http,
            helm: HelmRepositories::load().map_err(unreadable)?,
            docker: DockerConfigs::load().map_err(unreadable)?,
            indexes: Mutex::default(),
            registries: Mutex::default(),
            tokens: Mutex::default(),
        })
    }

    fn client(&self) -> Result<&Client, ChartError> {
        self.client
            .as_ref()
            .ok_or_else(|| ChartError::new(&charts::OFFLINE, "the network would be needed, and `--offline` forbids it"))
    }

    /// The URL of a repository that a chart names by one of Helm's aliases.
    pub(crate) fn resolve_alias(&self, repository: &str) -> Option<String> {
        if repository.starts_with('@') || repository.starts_with("alias:") {
            return self.helm.of_alias(repository).map(|known| known.url.clone());
        }
        Some(repository.to_owned())
    }

    /// All versions of a chart, the newest first.
    ///
    /// # Errors
    /// Where the repository does not answer, or does not have the chart.
    pub fn versions(&self, repository: &str, name: &str) -> Result<Vec<Listed>, ChartError> {
        match oci(repository, name) {
            Some(reference) => self.oci_versions(&reference),
            None => self.http_versions(repository, name),
        }
    }

    /// The version that a pin means: the one of its very name, or the newest in its range.
    ///
    /// # Errors
    /// Where there is none.
    pub fn resolve(&self, id: ChartId<'_>) -> Result<Listed, ChartError> {
        if let (Some(_), Some(parsed)) = (oci(id.repository, id.name), exact(id.version)) {
            let version = id.version.to_owned();
            return Ok(Listed { version, parsed, digest: None, urls: Vec::new(), deprecated: false, changes: None });
        }
        let versions = self.versions(id.repository, id.name)?;
        if let Some(same) = versions.iter().find(|listed| listed.version == id.version) {
            return Ok(same.clone());
        }
        let range = Constraints::parse(id.version).ok_or_else(|| {
            ChartError::new(&charts::BAD_REPOSITORY, format!("`{}` is no version and no range of versions", id.version))
        })?;
        let found = versions.iter().find(|listed| range.allow(&listed.parsed));
        found.cloned().ok_or_else(|| {
            let message = format!("`{}` has no version {} of `{}`", id.repository, id.version, id.name);
            let newest: Vec<String> = versions.iter().take(5).map(|listed| format!("`{}`", listed.version)).collect();
            let error = ChartError::new(&charts::NOT_THERE, message);
            if newest.is_empty() { error } else { error.help(format!("the newest are {}", newest.join(", "))) }
        })
    }

    /// The archive of a version, as the repository gives it out.
    ///
    /// # Errors
    /// Where it cannot be had, or is not what the repository itself says of it.
    pub fn archive(&self, repository: &str, name: &str, listed: &Listed) -> Result<Vec<u8>, ChartError> {
        let bytes = match oci(repository, name) {
            Some(reference) => self.oci_archive(&reference, &tag(&listed.version))?,
            None => self.http_archive(repository, name, listed)?,
        };
        match listed.digest {
            Some(digest) if digest != Digest::of(&bytes) => {
                let message =
                    format!("the archive of {name} {} is not what the index of `{repository}` says", listed.version);
                let help = format!("its sha256 is {}, in the index it is {digest}", Digest::of(&bytes));
                Err(ChartError::new(&charts::REFUSED, message).help(help))
            }
            _ => Ok(bytes),
        }
    }

    /// What a version changed, in the words of its chart.
    ///
    /// # Errors
    /// Where a registry does not answer.
    pub fn changes(&self, repository: &str, name: &str, listed: &Listed) -> Result<Option<String>, ChartError> {
        match oci(repository, name) {
            Some(reference) => self.oci_changes(&reference, &tag(&listed.version)),
            None => Ok(listed.changes.clone()),
        }
    }
}

fn oci(repository: &str, name: &str) -> Option<String> {
    let place = repository.strip_prefix("oci://")?;
    Some(format!("{}/{name}", place.trim_end_matches('/')))
}

/// Tags know no `+`.
fn tag(version: &str) -> String {
    version.replace('+', "_")
}
