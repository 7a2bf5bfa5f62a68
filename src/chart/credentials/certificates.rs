//! Docker's folders of certificates: `certs.d/HOST` or `certs.d/HOST:PORT`, one for each registry.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{home, variable};
use crate::chart::net::Trust;

/// What is trusted at a registry (`host` or `host:port`) beside the system's certificates (`*.crt`), and who we are there (`*.cert` with
/// `*.key`). The user's own folder goes before the machine's. None at all is fine.
pub(crate) fn of_registry(registry: &str) -> Result<Trust, String> {
    let name = if cfg!(windows) { registry.replace(':', "") } else { registry.to_owned() };
    if name.contains(['/', '\\']) || name.starts_with('.') {
        return Ok(Trust::default());
    }
    let config = variable("XDG_CONFIG_HOME").or_else(|| Some(home()?.join(".config")));
    let user = config.map(|folder| folder.join("docker/certs.d"));
    let machine = if cfg!(windows) {
        variable("ProgramData").map(|folder| folder.join("docker/certs.d"))
    } else {
        Some(PathBuf::from("/etc/docker/certs.d"))
    };
    for folder in [user, machine].into_iter().flatten().map(|folder| folder.join(&name)) {
        match fs::read_dir(&folder) {
            Ok(entries) => return of_folder(&folder, entries),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(format!("cannot read `{}`: {error}", folder.display())),
        }
    }
    Ok(Trust::default())
}

fn of_folder(folder: &Path, entries: fs::ReadDir) -> Result<Trust, String> {
    let files: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut files = files.map_err(|error| format!("cannot read `{}`: {error}", folder.display()))?;
    files.sort();
    let of_kind =
        |kind: &str| files.iter().filter(|file| file.extension().is_some_and(|e| e == kind)).cloned().collect();
    let (more, own): (Vec<PathBuf>, Vec<PathBuf>) = (of_kind("crt"), of_kind("cert"));
    // Docker, too, wants every certificate to have its key.
    if let Some(alone) = own.iter().find(|cert| !files.contains(&cert.with_extension("key"))) {
        return Err(format!("`{}` has no key beside it", alone.display()));
    }
    let cert_file = own.into_iter().next();
    let key_file = cert_file.as_ref().map(|cert| cert.with_extension("key"));
    Ok(Trust { more, cert_file, key_file, ..Trust::default() })
}
