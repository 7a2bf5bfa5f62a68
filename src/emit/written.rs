//! Which environments an output folder holds, so that those whose overlay is gone can be found.

use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use super::disk::{self, Is};
use super::error::EmitError;
use super::place::open;
use super::sum;

/// The folders below `out` that stackgen wrote (`envs/prod`), sorted. Writing a tree without files takes one away.
pub fn written(out: &Path) -> Result<Vec<String>, EmitError> {
    let mut found = Vec::new();
    if let Some(root) = open_out(out)? {
        collect(root.as_fd(), "", &mut found).map_err(|error| EmitError::io("read", out, error))?;
    }
    found.sort();
    Ok(found)
}

/// `out` itself may be a link.
fn open_out(out: &Path) -> Result<Option<std::os::fd::OwnedFd>, EmitError> {
    if out.as_os_str().is_empty() { open(Path::new(".")) } else { open(&out.join(".")) }
}

fn collect(folder: BorrowedFd<'_>, path: &str, found: &mut Vec<String>) -> rustix::io::Result<()> {
    let entries = disk::entries(folder)?;
    if !path.is_empty() && entries.iter().any(|(name, _)| name.to_bytes() == sum::NAME.as_bytes()) {
        found.push(path.to_owned());
        return Ok(());
    }
    for (name, is) in entries {
        let Ok(name) = name.to_str() else { continue };
        if is != Is::Folder || name.starts_with('.') {
            continue;
        }
        let below = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        collect(disk::open_folder(folder, name)?.as_fd(), &below, found)?;
    }
    Ok(())
}
