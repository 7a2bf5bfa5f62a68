//! Takes what is not ours from the old tree into the new one.

use std::borrow::Cow;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use foldhash::{HashSet, HashSetExt};
use rustix::fs::{AtFlags, Mode, chmodat, fstat, mkdirat};
use rustix::io::Errno;

use super::compare::{Comparison, Kind};
use super::disk::{self, Is};
use super::error::EmitError;
use super::sum;

/// A new tree's folder while it is filled, and the folders made in it so far.
#[derive(Clone)]
pub(super) struct Filling<'n, 't> {
    pub(super) root: BorrowedFd<'n>,
    /// Its path, for messages.
    pub(super) path: &'n Path,
    made: HashSet<Cow<'t, [u8]>>,
    usual_mode: Mode,
}

impl<'n, 't> Filling<'n, 't> {
    pub(super) fn new(root: BorrowedFd<'n>, path: &'n Path) -> Result<Self, EmitError> {
        let stat = fstat(root).map_err(|error| EmitError::io("read", path, error))?;
        let usual_mode = Mode::from_raw_mode(stat.st_mode);
        Ok(Filling { root, path, made: HashSet::with_capacity(64), usual_mode })
    }

    /// Makes the folders that a path lies in.
    pub(super) fn make_parents(&mut self, path: &'t [u8]) -> Result<(), EmitError> {
        match parent(path) {
            Some(folder) if !self.made.contains(folder) => self.make_folder(Cow::Borrowed(folder)),
            _ => Ok(()),
        }
    }

    fn make_folder(&mut self, folder: Cow<'t, [u8]>) -> Result<(), EmitError> {
        let mut missing: Vec<usize> = vec![folder.len()];
        while let Some(up) = missing.last().and_then(|end| folder.get(..*end)).and_then(parent) {
            if self.made.contains(up) {
                break;
            }
            missing.push(up.len());
        }
        for end in missing.into_iter().rev() {
            let part = match &folder {
                Cow::Borrowed(folder) => Cow::Borrowed(folder.get(..end).unwrap_or_default()),
                Cow::Owned(folder) => Cow::Owned(folder.get(..end).unwrap_or_default().to_vec()),
            };
            mkdirat(self.root, &*part, Mode::from_raw_mode(0o777)).map_err(|error| self.unwritten(&part, error))?;
            self.made.insert(part);
        }
        Ok(())
    }

    pub(super) fn unwritten(&self, path: &[u8], error: Errno) -> EmitError {
        EmitError::io("write", self.path.join(&*shown(path)), error)
    }
}

fn parent(path: &[u8]) -> Option<&[u8]> {
    path.iter().rposition(|byte| *byte == b'/').and_then(|end| path.get(..end))
}

/// A path for people. Names that are not UTF-8 are rare enough to be shown with replacement characters.
pub(super) fn shown(path: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(path)
}

/// Goes through the old tree: what is not ours is linked into the new one, and folders keep their modes.
pub(super) fn carry(
    comparison: &Comparison<'_>,
    old: BorrowedFd<'_>,
    new: &mut Filling<'_, '_>,
) -> Result<(), EmitError> {
    Carry { comparison, old, new }.folder(old, &mut Vec::new())
}

struct Carry<'c, 'f, 'n, 't> {
    comparison: &'c Comparison<'c>,
    old: BorrowedFd<'c>,
    new: &'f mut Filling<'n, 't>,
}

impl Carry<'_, '_, '_, '_> {
    fn folder(&mut self, folder: BorrowedFd<'_>, path: &mut Vec<u8>) -> Result<(), EmitError> {
        let entries = disk::entries(folder).map_err(|error| self.unread(path, error))?;
        if entries.is_empty() && self.is_foreign(path) {
            self.new.make_folder(Cow::Owned(path.clone()))?;
        }
        let end = path.len();
        for (name, is) in entries {
            if end > 0 {
                path.push(b'/');
            }
            path.extend_from_slice(name.to_bytes());
            if is == Is::Folder {
                let inner = disk::open_folder(folder, &*name).map_err(|error| self.unread(path, error))?;
                self.folder(inner.as_fd(), path)?;
            } else {
                self.file(path)?;
            }
            path.truncate(end);
        }
        self.keep_mode(folder, path)
    }

    /// Whether an empty folder was made by somebody else: nothing of ours is or was in it, or is to be there instead.
    fn is_foreign(&self, path: &[u8]) -> bool {
        if path.is_empty() || self.new.made.contains(path) {
            return false;
        }
        let Ok(path) = str::from_utf8(path) else { return true };
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        let becomes_file = ends.filter_map(|end| path.get(..end)).any(|part| self.comparison.tree.get(part).is_some());
        !becomes_file && !self.comparison.previous.has_below(path)
    }

    fn file(&mut self, path: &[u8]) -> Result<(), EmitError> {
        if let Ok(text) = str::from_utf8(path) {
            if self.comparison.tree.get(text).is_some() {
                return self.check_still_absent(text);
            }
            if self.comparison.previous.has(text) {
                return Ok(());
            }
            if text.rsplit('/').next() == Some(sum::NAME) {
                let inner = self.comparison.place.folder.join(text);
                return Err(EmitError::Nested { path: inner.parent().unwrap_or(&inner).to_owned() });
            }
        }
        if let Some(folder) = parent(path).filter(|folder| !self.new.made.contains(*folder)) {
            self.new.make_folder(Cow::Owned(folder.to_vec()))?;
        }
        disk::link(self.old, self.new.root, path).map_err(|error| self.unread(path, error))
    }

    /// A file that came to a path of ours after the comparison is in the way like any other.
    fn check_still_absent(&self, path: &str) -> Result<(), EmitError> {
        match self.comparison.kind(path) {
            Some(Kind::Added) => {
                Err(EmitError::InTheWay { folder: self.comparison.place.folder.clone(), paths: vec![path.to_owned()] })
            }
            _ => Ok(()),
        }
    }

    fn keep_mode(&self, folder: BorrowedFd<'_>, path: &[u8]) -> Result<(), EmitError> {
        if !path.is_empty() && !self.new.made.contains(path) {
            return Ok(());
        }
        let stat = fstat(folder).map_err(|error| self.unread(path, error))?;
        let mode = Mode::from_raw_mode(stat.st_mode);
        if mode == self.new.usual_mode {
            return Ok(());
        }
        let path: &[u8] = if path.is_empty() { b"." } else { path };
        chmodat(self.new.root, path, mode, AtFlags::empty()).map_err(|error| self.new.unwritten(path, error))
    }

    fn unread(&self, path: &[u8], error: Errno) -> EmitError {
        EmitError::io("keep", self.comparison.place.folder.join(&*shown(path)), error)
    }
}
