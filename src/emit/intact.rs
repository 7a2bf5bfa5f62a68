//! Whether a folder still holds what a build wrote, without the tree at hand: `stackgen.sum` says what should be there.

use std::path::Path;

use rustix::fs::CWD;

use super::digest::Digest;
use super::disk;
use super::place::Place;
use super::sum::{self, Sum};
use super::tree::Tree;

/// A folder in which every file is as its `stackgen.sum` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intact {
    /// One digest of all contents, and of which files people run: equal to [`Tree::state`] of the tree that was written.
    pub state: Digest,
    /// How many files there are.
    pub files: usize,
}

/// Looks at every file of an environment's folder; none where one is not as it was written, or a build was cut off. Then
/// [`compare`](super::compare()) tells what is wrong.
pub fn intact(folder: &Path) -> Option<Intact> {
    let place = Place::new(folder).ok()?;
    for left in [&place.staged, &place.retired, &place.ready] {
        if disk::what_is(CWD, left).ok()?.is_some() {
            return None;
        }
    }
    let root = disk::open_folder(CWD, &place.folder).ok()?;
    let mut buffer = Vec::new();
    if disk::read_plain(&root, sum::NAME, &mut buffer)? {
        return None;
    }
    let own = Digest::of(&buffer);
    let sum = Sum::parse(str::from_utf8(&buffer).ok()?).ok()?;
    let mut executable = Vec::new();
    for (path, digest) in sum.files() {
        let runs = disk::read_plain(&root, path, &mut buffer)?;
        if Digest::of(&buffer) != digest {
            return None;
        }
        if runs {
            executable.push(path);
        }
    }
    let files = sum.files().len() + 1;
    Some(Intact { state: state(own, executable.into_iter()), files })
}

impl Tree {
    /// One digest of all contents, and of which files people run; none for a tree without files.
    pub fn state(&self) -> Option<Digest> {
        let sum = self.get(sum::NAME)?;
        let executable = self.iter().filter(|(_, file)| file.executable).map(|(path, _)| path);
        Some(state(Digest::of(&sum.bytes), executable))
    }
}

/// Paths have no line feeds, so that these keep them apart.
fn state<'p>(sum: Digest, executable: impl Iterator<Item = &'p str>) -> Digest {
    let mut text = sum.to_string();
    for path in executable {
        text.push('\n');
        text.push_str(path);
    }
    Digest::of(text.as_bytes())
}
