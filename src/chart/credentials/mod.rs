//! Names and passwords, from where Helm and Docker keep them. They are never printed.

pub(crate) mod certificates;
mod docker;
mod helm;

use std::fmt;
use std::path::PathBuf;

pub(crate) use docker::{DockerConfigs, Login};
pub(crate) use helm::{HelmRepositories, HelmRepository};

use crate::helm::base64;

/// A name and a password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Basic {
    pub(crate) username: String,
    pub(crate) password: String,
}

impl Basic {
    /// The value of the `Authorization` header.
    pub(crate) fn header(&self) -> String {
        format!("Basic {}", base64::encode(format!("{}:{}", self.username, self.password).as_bytes()))
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Basic")
    }
}

/// A path that the environment names.
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn home() -> Option<PathBuf> {
    variable(if cfg!(windows) { "USERPROFILE" } else { "HOME" })
}

/// Helm's own folder for settings.
fn helm_config() -> Option<PathBuf> {
    if let Some(folder) = variable("HELM_CONFIG_HOME") {
        return Some(folder);
    }
    if let Some(folder) = variable("XDG_CONFIG_HOME") {
        return Some(folder.join("helm"));
    }
    if cfg!(windows) {
        return Some(variable("APPDATA")?.join("helm"));
    }
    Some(home()?.join(if cfg!(target_os = "macos") { "Library/Preferences/helm" } else { ".config/helm" }))
}
