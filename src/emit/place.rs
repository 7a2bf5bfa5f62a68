//! An environment's folder, and the hidden names beside it that a build uses on its way.

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::CWD;
use rustix::io::Errno;

use super::disk::{self, Is};
use super::error::EmitError;

/// Where an environment's tree is, was, or is about to be.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The environment's folder.
    pub(super) folder: PathBuf,
    /// The tree that is being written; after an exchange, the one that was replaced.
    pub(super) staged: PathBuf,
    /// The replaced tree, on file systems that cannot exchange two folders.
    pub(super) retired: PathBuf,
    /// A whole new tree that waits for the old one to be taken away, on file systems that cannot rename that one.
    pub(super) ready: PathBuf,
}

impl Place {
    pub(super) fn new(folder: &Path) -> Result<Place, EmitError> {
        let Some(name) = folder.file_name() else {
            let path = folder.display().to_string();
            return Err(EmitError::BadPath { path, reason: "an environment's folder needs a name".to_owned() });
        };
        let parent = folder.parent().unwrap_or(Path::new(""));
        let beside = |end: &str| {
            let mut hidden = OsString::from(".");
            hidden.push(name);
            hidden.push(end);
            parent.join(hidden)
        };
        Ok(Place {
            folder: parent.join(name),
            staged: beside(".stackgen-new"),
            retired: beside(".stackgen-old"),
            ready: beside(".stackgen-ready"),
        })
    }

    /// The folder that holds the environment's tree now, wherever a build that was cut off left it; none where there is none.
    pub(super) fn open(&self) -> Result<Option<OwnedFd>, EmitError> {
        for path in [&self.ready, &self.folder, &self.retired] {
            if let Some(found) = open(path)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Opens a folder; none where nothing is there.
pub(super) fn open(path: &Path) -> Result<Option<OwnedFd>, EmitError> {
    match disk::open_folder(CWD, path) {
        Ok(found) => Ok(Some(found)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => match disk::what_is(CWD, path) {
            Ok(Some(Is::Link)) => Err(EmitError::Symlink { path: path.to_owned() }),
            _ => Err(EmitError::io("open the folder", path, error)),
        },
    }
}
