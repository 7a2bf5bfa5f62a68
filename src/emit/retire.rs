//! Takes away a tree that is not needed any more: the one that was replaced, or what a build left that was cut off.
//!
//! Only two things are removed: files of ours, by `stackgen.sum`, and files that the living tree has too. All else was put
//! there by somebody after it was looked through. It moves to the living tree; where that has something else at its
//! path, both are kept and reported.

use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Mode, RawMode, chmodat, fchmod, mkdirat, rename, renameat, unlinkat};
use rustix::io::{Errno, Result as IoResult};

use super::carry::shown;
use super::compare::read_sum;
use super::disk::{self, Is};
use super::error::EmitError;
use super::place::{Place, open};
use super::sum::{self, Sum};

const ALL_FOR_OWNER: RawMode = 0o700;

/// Ends what a build began that was cut off: goes back to the old tree, or on to the new one. Tells whether there was anything.
///
/// Nothing may build at the same time.
pub(super) fn recover(place: &Place) -> Result<bool, EmitError> {
    let ready = exists(&place.ready)?;
    if ready {
        finish_replacing(place, None)?;
    }
    let retired = exists(&place.retired)?;
    if retired && exists(&place.folder)? {
        retire(&place.retired, &place.folder, None)?;
    } else if retired {
        rename(&place.retired, &place.folder).map_err(|error| EmitError::io("restore", &place.folder, error))?;
    }
    let staged = exists(&place.staged)?;
    if staged {
        retire(&place.staged, &place.folder, None)?;
    }
    Ok(ready || retired || staged)
}

fn exists(path: &Path) -> Result<bool, EmitError> {
    disk::what_is(CWD, path).map(|found| found.is_some()).map_err(|error| EmitError::io("read", path, error))
}

/// Takes the old tree away piece by piece and puts the one that is ready in its place.
pub(super) fn finish_replacing(place: &Place, ours: Option<&Sum>) -> Result<(), EmitError> {
    if exists(&place.folder)? {
        retire(&place.folder, &place.ready, ours)?;
    }
    rename(&place.ready, &place.folder).map_err(|error| EmitError::io("replace", &place.folder, error))
}

/// Removes the tree at `old`, of which `living` is the successor. `ours` tells what was written there; where it is not known, the
/// tree's own `stackgen.sum` does.
pub(super) fn retire(old: &Path, living: &Path, ours: Option<&Sum>) -> Result<(), EmitError> {
    let Some(folder) = open(old)? else { return Ok(()) };
    let read;
    let (ours, certain) = match ours {
        Some(ours) => (ours, true),
        None => {
            read = read_sum(&folder, old).unwrap_or_default();
            (&read, read != Sum::default())
        }
    };
    let mut retiring = Retiring { ours, certain, living: open(living)?, left: Vec::new() };
    let failed = |error| EmitError::io("remove", old, error);
    retiring.empty(folder.as_fd(), &mut Vec::new()).map_err(failed)?;
    if retiring.left.is_empty() {
        // The list of our files goes last: while anything is left, it is needed to know what that is.
        remove(folder.as_fd(), c"stackgen.sum", AtFlags::empty()).map_err(failed)?;
        return unlinkat(CWD, old, AtFlags::REMOVEDIR).map_err(failed);
    }
    retiring.left.sort();
    Err(EmitError::LeftBehind { folder: old.to_owned(), paths: retiring.left })
}

struct Retiring<'a> {
    ours: &'a Sum,
    /// Whether `ours` is known to list all files of ours.
    certain: bool,
    living: Option<OwnedFd>,
    left: Vec<String>,
}

impl Retiring<'_> {
    fn empty(&mut self, folder: BorrowedFd<'_>, path: &mut Vec<u8>) -> IoResult<()> {
        let end = path.len();
        for (name, is) in disk::entries(folder)? {
            if end > 0 {
                path.push(b'/');
            }
            path.extend_from_slice(name.to_bytes());
            if is == Is::Folder {
                let inner = open_to_empty(folder, &name)?;
                let left = self.left.len();
                self.empty(inner.as_fd(), path)?;
                if self.left.len() == left {
                    remove(folder, &name, AtFlags::REMOVEDIR)?;
                }
            } else if path != sum::NAME.as_bytes() {
                self.file(folder, &name, path)?;
            }
            path.truncate(end);
        }
        Ok(())
    }

    fn file(&mut self, folder: BorrowedFd<'_>, name: &CStr, path: &[u8]) -> IoResult<()> {
        if str::from_utf8(path).is_ok_and(|path| self.ours.has(path)) {
            return remove(folder, name, AtFlags::empty());
        }
        if let Some(living) = &self.living {
            if disk::same(folder, name, living, path)? {
                return remove(folder, name, AtFlags::empty());
            }
            if self.certain
                && disk::what_is(living, path)?.is_none()
                && move_over(folder, name, living.as_fd(), path).is_ok()
            {
                return Ok(());
            }
        }
        self.left.push(shown(path).into_owned());
        Ok(())
    }
}

/// Moves a file to its path in the living tree. Nothing is there, and only somebody who is not stackgen could put it there now.
fn move_over(folder: BorrowedFd<'_>, name: &CStr, living: BorrowedFd<'_>, path: &[u8]) -> IoResult<()> {
    for (end, _) in path.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        match mkdirat(living, path.get(..end).unwrap_or_default(), Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error),
        }
    }
    renameat(folder, name, living, path)
}

fn open_to_empty(at: BorrowedFd<'_>, name: &CStr) -> IoResult<OwnedFd> {
    match disk::open_folder(at, name) {
        Err(Errno::ACCESS) => {
            chmodat(at, name, Mode::from_raw_mode(ALL_FOR_OWNER), AtFlags::empty())?;
            disk::open_folder(at, name)
        }
        other => other,
    }
}

/// Removes a file or an empty folder, from a folder that may be protected from writing.
fn remove(folder: BorrowedFd<'_>, name: &CStr, flags: AtFlags) -> IoResult<()> {
    let removed = match unlinkat(folder, name, flags) {
        Err(Errno::ACCESS) => {
            fchmod(folder, Mode::from_raw_mode(ALL_FOR_OWNER))?;
            unlinkat(folder, name, flags)
        }
        other => other,
    };
    match removed {
        Err(Errno::NOENT) => Ok(()),
        other => other,
    }
}
