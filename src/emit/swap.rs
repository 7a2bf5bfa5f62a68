//! Puts a staged tree in place in one step.

use rustix::fs::{AtFlags, CWD, rename, unlinkat};
use rustix::io::{Errno, Result as IoResult};

use super::compare::{Comparison, Kind};
use super::disk;
use super::error::EmitError;
use super::place::Place;
use super::retire::{finish_replacing, retire};
use super::stage::Staged;

/// What a build did to an environment's folder, in numbers of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// New ones.
    pub added: usize,
    /// Ones whose content or mode changed.
    pub changed: usize,
    /// Ones that are no longer written.
    pub removed: usize,
    /// Ones that somebody had deleted.
    pub restored: usize,
    /// Edits that people had made, and that are gone.
    pub edits_dropped: usize,
    /// Ones that were not touched.
    pub unchanged: usize,
}

impl Summary {
    pub(super) fn of(comparison: &Comparison<'_>) -> Summary {
        let count =
            |wanted: &[Kind]| comparison.changes().iter().filter(|change| wanted.contains(&change.kind)).count();
        let mut summary = Summary {
            added: count(&[Kind::Added]),
            changed: count(&[Kind::Changed, Kind::Mode]),
            removed: count(&[Kind::Removed]),
            restored: count(&[Kind::Missing]),
            edits_dropped: count(&[Kind::Edited, Kind::EditedRemoved]),
            unchanged: 0,
        };
        let written = summary.added + summary.changed + summary.restored + count(&[Kind::Edited]);
        summary.unchanged = comparison.tree.len().saturating_sub(written);
        summary
    }
}

impl Staged<'_> {
    /// Puts the tree in place and takes the old one away.
    ///
    /// After [`EmitError::LeftBehind`] the new tree is in place: only the old one could not be removed completely.
    pub fn swap(mut self) -> Result<Summary, EmitError> {
        let place = &self.place;
        let failed = |error| EmitError::io("replace", &place.folder, error);
        let outcome = exchange(place).map_err(failed)?;
        self.swapped = true;
        match outcome {
            Outcome::First => {}
            Outcome::Exchanged => retire(&place.staged, &place.folder, Some(&self.previous))?,
            Outcome::Renamed => retire(&place.retired, &place.folder, Some(&self.previous))?,
            Outcome::Ready => finish_replacing(place, Some(&self.previous))?,
        }
        if self.summary.added + self.summary.changed + self.summary.restored + self.summary.unchanged == 0 {
            remove_if_empty(place)?;
        }
        Ok(self.summary)
    }

    /// What swapping will have done.
    pub fn summary(&self) -> Summary {
        self.summary
    }
}

/// How the new tree came into place, and so where the old one is.
enum Outcome {
    /// There was no old one.
    First,
    /// Under the staged tree's name.
    Exchanged,
    /// Under the name for retired trees.
    Renamed,
    /// Still in place: the new one waits under its own name, whole.
    Ready,
}

fn exchange(place: &Place) -> IoResult<Outcome> {
    if disk::what_is(CWD, &place.folder)?.is_none() {
        rename(&place.staged, &place.folder)?;
        return Ok(Outcome::First);
    }
    match exchange_folders(place) {
        Ok(()) => Ok(Outcome::Exchanged),
        // The file system does not know how to exchange.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rename_twice(place),
        // It cannot rename a folder of a lower layer (overlayfs) or of another quota.
        Err(Errno::XDEV) => {
            rename(&place.staged, &place.ready)?;
            Ok(Outcome::Ready)
        }
        Err(error) => Err(error),
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange_folders(place: &Place) -> IoResult<()> {
    rustix::fs::renameat_with(CWD, &place.staged, CWD, &place.folder, rustix::fs::RenameFlags::EXCHANGE)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange_folders(_: &Place) -> IoResult<()> {
    Err(Errno::NOSYS)
}

/// A build that is cut off between the two leaves no folder: the next one, or a comparison, finds the retired tree.
fn rename_twice(place: &Place) -> IoResult<Outcome> {
    rename(&place.folder, &place.retired)?;
    if let Err(error) = rename(&place.staged, &place.folder) {
        rename(&place.retired, &place.folder)?;
        return Err(error);
    }
    Ok(Outcome::Renamed)
}

/// An environment of which nothing is left needs no folder.
fn remove_if_empty(place: &Place) -> Result<(), EmitError> {
    match unlinkat(CWD, &place.folder, AtFlags::REMOVEDIR) {
        Ok(()) | Err(Errno::NOTEMPTY | Errno::EXIST) => Ok(()),
        Err(error) => Err(EmitError::io("remove", &place.folder, error)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn two_renames_do_what_an_exchange_does() {
        let root = std::env::temp_dir().join(format!("stackgen-rename-{}", std::process::id()));
        let place = Place::new(&root.join("prod")).unwrap();
        for (folder, text) in [(&place.folder, "old"), (&place.staged, "new")] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("a"), text).unwrap();
        }
        assert!(matches!(rename_twice(&place).unwrap(), Outcome::Renamed));
        assert_eq!(fs::read_to_string(place.folder.join("a")).unwrap(), "new");
        assert_eq!(fs::read_to_string(place.retired.join("a")).unwrap(), "old");

        fs::rename(&place.retired, root.join("elsewhere")).unwrap();
        assert!(rename_twice(&place).is_err(), "nothing is staged");
        assert_eq!(fs::read_to_string(place.folder.join("a")).unwrap(), "new", "and the folder is back");
        fs::remove_dir_all(&root).unwrap();
    }
}
