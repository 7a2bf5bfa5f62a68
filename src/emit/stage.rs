//! Writes the new tree beside the old one.

use std::fs::create_dir_all;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustix::fs::{CWD, Mode, mkdirat};
use rustix::io::Errno;

use super::carry::{Filling, carry};
use super::compare::{Comparison, Kind, compare};
use super::disk;
use super::error::EmitError;
use super::lock::WriteLock;
use super::place::{Place, open};
use super::retire::{recover, retire};
use super::sum::{self, Sum};
use super::swap::Summary;
use super::tree::File;
use crate::share;

/// What happens to edits that people made to our files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edits {
    /// Where there are any, nothing is written.
    Refuse,
    /// They go.
    Overwrite,
}

/// A whole new tree, beside the old one. Dropping it leaves everything as it was.
#[derive(Debug)]
#[must_use = "nothing changes before it is swapped"]
pub struct Staged<'l> {
    pub(super) place: Place,
    pub(super) previous: Arc<Sum>,
    pub(super) summary: Summary,
    pub(super) swapped: bool,
    _lock: &'l WriteLock,
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if !self.swapped {
            // What cannot be removed now is removed by the next build.
            let _ = retire(&self.place.staged, &self.place.folder, None);
        }
    }
}

impl Comparison<'_> {
    /// Writes the tree into a hidden folder beside the environment's; none where nothing changes.
    ///
    /// Remains of a build that was cut off are cleared away first.
    pub fn stage<'l>(&self, lock: &'l WriteLock, edits: Edits) -> Result<Option<Staged<'l>>, EmitError> {
        if recover(&self.place)? {
            return compare(&self.place.folder, self.tree)?.write(lock, edits);
        }
        self.write(lock, edits)
    }

    fn write<'l>(&self, lock: &'l WriteLock, edits: Edits) -> Result<Option<Staged<'l>>, EmitError> {
        if self.is_same() {
            return Ok(None);
        }
        self.check_allowed(edits)?;
        let path = &self.place.staged;
        make(path).map_err(|error| EmitError::io("make the folder", path, error))?;
        let (place, previous, summary) = (self.place.clone(), self.previous.clone(), Summary::of(self));
        let staged = Staged { place, previous, summary, swapped: false, _lock: lock };
        let root = disk::open_folder(CWD, path).map_err(|error| EmitError::io("open the folder", path, error))?;
        let mut new = Filling::new(root.as_fd(), path)?;
        match open(&self.place.folder)? {
            None => self.write_all(&mut new)?,
            Some(old) => {
                self.write_changed(old.as_fd(), &mut new)?;
                carry(self, old.as_fd(), &mut new)?;
            }
        }
        Ok(Some(staged))
    }

    fn check_allowed(&self, edits: Edits) -> Result<(), EmitError> {
        let folder = || self.place.folder.clone();
        let foreign = self.paths(|kind| kind == Kind::InTheWay);
        if !foreign.is_empty() {
            return Err(EmitError::InTheWay { folder: folder(), paths: foreign });
        }
        let edited = self.paths(Kind::is_edit);
        if edits == Edits::Refuse && !edited.is_empty() {
            return Err(EmitError::HandEdits { folder: folder(), paths: edited });
        }
        Ok(())
    }

    /// Writes all files. Those of different branches need nothing of each other but the folder that the branches start in.
    fn write_all<'t>(&'t self, new: &mut Filling<'_, 't>) -> Result<(), EmitError> {
        let mut files = self.sum_first();
        files.by_ref().take(1).try_for_each(|(path, file)| write(path, file, new))?;
        let files: Vec<(&str, &File)> = files.collect();
        let branches: Vec<&[(&str, &File)]> = files.chunk_by(|a, b| branch(a.0) == branch(b.0)).collect();
        let mut starts = branches.iter().filter_map(|files| branch(files.first()?.0));
        starts.try_for_each(|start| new.make_parents(start.as_bytes()))?;
        share::among(branches.len(), branches.into_par_iter()).try_for_each(|files| {
            let mut new = new.clone();
            files.iter().try_for_each(|(path, file)| write(path, file, &mut new))
        })
    }

    fn write_changed<'t>(&'t self, old: BorrowedFd<'_>, new: &mut Filling<'_, 't>) -> Result<(), EmitError> {
        self.sum_first().try_for_each(|(path, file)| match self.kind(path) {
            Some(_) => write(path, file, new),
            None => keep(path, file, old, new),
        })
    }

    /// All files, `stackgen.sum` before the others: remains of this build can then always be told from foreign files.
    fn sum_first(&self) -> impl Iterator<Item = (&str, &File)> {
        let sum = self.tree.get(sum::NAME).map(|file| (sum::NAME, file));
        sum.into_iter().chain(self.tree.iter().filter(|(path, _)| *path != sum::NAME))
    }
}

/// What a file shares with the others of its component: the first two names of the folder that it lies in. None where it lies in
/// none so deep.
fn branch(path: &str) -> Option<&str> {
    let (end, _) = path.match_indices('/').nth(1)?;
    path.get(..end)
}

fn make(path: &Path) -> Result<(), std::io::Error> {
    match mkdirat(CWD, path, Mode::from_raw_mode(0o777)) {
        Err(Errno::NOENT) => {
            create_dir_all(path.parent().unwrap_or(Path::new("")))?;
            Ok(mkdirat(CWD, path, Mode::from_raw_mode(0o777))?)
        }
        other => Ok(other?),
    }
}

fn write<'t>(path: &'t str, file: &File, new: &mut Filling<'_, 't>) -> Result<(), EmitError> {
    new.make_parents(path.as_bytes())?;
    write_file(path, file, new)
}

/// Writes a file into a folder that is there.
fn write_file(path: &str, file: &File, new: &Filling<'_, '_>) -> Result<(), EmitError> {
    disk::write(new.root, path, &file.bytes, disk::mode_of(file))
        .map_err(|error| new.unwritten(path.as_bytes(), error))?;
    Ok(())
}

/// Takes over a file that is already as it should be, or writes it where it has just gone.
fn keep<'t>(path: &'t str, file: &File, old: BorrowedFd<'_>, new: &mut Filling<'_, 't>) -> Result<(), EmitError> {
    new.make_parents(path.as_bytes())?;
    match disk::link(old, new.root, path) {
        Ok(()) => Ok(()),
        Err(Errno::NOENT) => write(path, file, new),
        Err(error) => Err(new.unwritten(path.as_bytes(), error)),
    }
}
