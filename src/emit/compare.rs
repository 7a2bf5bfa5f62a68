//! What would change on disk, and whose doing each difference is.
//!
//! Three parties are compared: the new tree, the files on disk, and what `stackgen.sum` says of the last build.
//! Nothing is written here, and no folder is read through: a file that nobody asks for is left alone by default.

use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::digest::Digest;
use super::disk::{self, Against, Is};
use super::error::EmitError;
use super::place::Place;
use super::sum::{self, Sum};
use super::tree::{File, Tree};

/// What would happen to a file, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is new.
    Added,
    /// It is as the last build wrote it, and this one writes something else.
    Changed,
    /// Only whether people can run it changes.
    Mode,
    /// The last build wrote it, this one does not.
    Removed,
    /// The last build wrote it, and somebody deleted it: it is written again.
    Missing,
    /// Somebody edited it: the edit would be undone.
    Edited,
    /// Somebody edited it, and this build does not write it any more: the edit would be removed.
    EditedRemoved,
    /// Somebody else's file lies there: nothing can be written before it is moved.
    InTheWay,
}

impl Kind {
    /// The kind in a few words.
    pub fn reason(self) -> &'static str {
        match self {
            Kind::Added => "new",
            Kind::Changed => "changed",
            Kind::Mode => "executable bit changed",
            Kind::Removed => "no longer written",
            Kind::Missing => "deleted by hand",
            Kind::Edited => "edited by hand",
            Kind::EditedRemoved => "edited by hand, and no longer written",
            Kind::InTheWay => "not written by stackgen, and in the way",
        }
    }

    /// Whether somebody's edit would be lost.
    pub fn is_edit(self) -> bool {
        matches!(self, Kind::Edited | Kind::EditedRemoved)
    }
}

/// A file that would change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Its path below the environment's folder.
    pub path: String,
    /// What would happen to it.
    pub kind: Kind,
}

/// How a new tree differs from what lies on disk.
#[derive(Debug)]
pub struct Comparison<'t> {
    pub(super) place: Place,
    pub(super) tree: &'t Tree,
    pub(super) previous: Arc<Sum>,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    /// Every difference, sorted by path.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether the disk holds the tree already. Files that are not ours do not count.
    pub fn is_same(&self) -> bool {
        self.changes.is_empty()
    }

    /// The version of stackgen that wrote what lies on disk, where it is not this one.
    pub fn written_by_other_version(&self) -> Option<&str> {
        self.previous.version.as_deref().filter(|version| *version != sum::VERSION)
    }

    /// The digest of the sources that the tree on disk was made from.
    pub fn previous_inputs(&self) -> Option<Digest> {
        self.previous.inputs
    }

    pub(super) fn paths(&self, wanted: impl Fn(Kind) -> bool) -> Vec<String> {
        self.changes.iter().filter(|change| wanted(change.kind)).map(|change| change.path.clone()).collect()
    }

    pub(super) fn kind(&self, path: &str) -> Option<Kind> {
        let at = self.changes.binary_search_by(|change| change.path.as_str().cmp(path)).ok()?;
        self.changes.get(at).map(|change| change.kind)
    }
}

/// Compares a tree with what lies in an environment's folder. Reads only.
pub fn compare<'t>(folder: &Path, tree: &'t Tree) -> Result<Comparison<'t>, EmitError> {
    let place = Place::new(folder)?;
    let Some(root) = place.open()? else {
        let changes = tree.iter().map(|(path, _)| Change { path: path.to_owned(), kind: Kind::Added }).collect();
        return Ok(Comparison { place, tree, previous: Arc::default(), changes });
    };
    let previous = read_sum(&root, &place.folder)?;
    let known = HashMap::with_capacity(64);
    let scan = Scan { root, place: &place, tree, previous: &previous, known, buffer: Vec::new(), changes: Vec::new() };
    let changes = scan.run()?;
    Ok(Comparison { place, tree, previous: Arc::new(previous), changes })
}

/// The `stackgen.sum` of a tree on disk; an empty one where there is none.
pub(super) fn read_sum(root: impl AsFd, shown: &Path) -> Result<Sum, EmitError> {
    let path = || shown.join(sum::NAME);
    let bad = |line, reason| EmitError::Sum { path: path(), line, reason };
    match disk::read(&root, sum::NAME).map_err(|error| EmitError::io("read", path(), error))? {
        Some(bytes) => {
            let text = str::from_utf8(&bytes).map_err(|_| bad(None, "it is not UTF-8 text"))?;
            Sum::parse(text).map_err(|fault| bad(fault.line, fault.reason))
        }
        None => match disk::what_is(&root, sum::NAME).map_err(|error| EmitError::io("read", path(), error))? {
            Some(_) => Err(bad(None, "it is not a regular file")),
            None => Ok(Sum::default()),
        },
    }
}

/// What lies where a file's folder should be.
#[derive(Clone, Copy)]
enum Parent<'a> {
    Folder,
    Nothing,
    /// Something at this path is no folder.
    Blocked(&'a str),
}

struct Scan<'a> {
    root: OwnedFd,
    place: &'a Place,
    tree: &'a Tree,
    previous: &'a Sum,
    known: HashMap<&'a str, Parent<'a>>,
    buffer: Vec<u8>,
    changes: Vec<Change>,
}

impl<'a> Scan<'a> {
    fn run(mut self) -> Result<Vec<Change>, EmitError> {
        let (tree, previous) = (self.tree, self.previous);
        for (path, file) in tree.iter() {
            if let Some(kind) = self.wanted(path, file)? {
                self.push(path, kind);
            }
        }
        for path in previous.paths().filter(|path| tree.get(path).is_none()) {
            if let Some(kind) = self.unwanted(path)? {
                self.push(path, kind);
            }
        }
        if tree.is_empty() && *previous != Sum::default() {
            self.push(sum::NAME, Kind::Removed);
        }
        self.changes.sort_unstable();
        self.changes.dedup();
        Ok(self.changes)
    }

    fn push(&mut self, path: &str, kind: Kind) {
        self.changes.push(Change { path: path.to_owned(), kind });
    }

    /// What would happen to a file of the new tree; none where it is there already.
    fn wanted(&mut self, path: &'a str, file: &File) -> Result<Option<Kind>, EmitError> {
        if disk::is_there(&self.root, path, file, &mut self.buffer) {
            return Ok(None);
        }
        let ours = self.previous.has(path) && (path != sum::NAME || !self.previous.conflict);
        let again = if self.previous.wrote_any(path) { Kind::Missing } else { Kind::Added };
        let against = match self.parent(path)? {
            Parent::Folder => {
                disk::compare(&self.root, path, file, &mut self.buffer).map_err(|e| self.unread(path, e))?
            }
            Parent::Nothing => Against::Nothing,
            Parent::Blocked(at) => {
                if !self.previous.has(at) {
                    self.push(at, Kind::InTheWay);
                }
                Against::Nothing
            }
        };
        Ok(match against {
            Against::Same => None,
            Against::Mode if !self.modes_are_kept() => None,
            Against::Nothing => Some(again),
            Against::Mode if ours => Some(Kind::Mode),
            Against::Content if path == sum::NAME => Some(if ours { Kind::Changed } else { Kind::Edited }),
            Against::Content if ours => Some(if self.is_as_written(path)? { Kind::Changed } else { Kind::Edited }),
            Against::Mode | Against::Content => Some(Kind::InTheWay),
            Against::NoFile => Some(self.instead_of_file(path, again)?),
        })
    }

    /// Something that is no file lies where one of ours is to be.
    fn instead_of_file(&self, path: &str, again: Kind) -> Result<Kind, EmitError> {
        Ok(match disk::what_is(&self.root, path).map_err(|e| self.unread(path, e))? {
            None => again,
            Some(Is::Folder) if self.only_ours(path)? => again,
            Some(Is::Folder) => Kind::InTheWay,
            Some(_) if self.previous.has(path) => Kind::Edited,
            Some(_) => Kind::InTheWay,
        })
    }

    /// Whether a folder holds nothing but what earlier builds wrote.
    fn only_ours(&self, folder: &str) -> Result<bool, EmitError> {
        let opened = disk::open_folder(&self.root, folder).map_err(|e| self.unread(folder, e))?;
        for (name, is) in disk::entries(opened.as_fd()).map_err(|e| self.unread(folder, e))? {
            let Ok(name) = name.to_str() else { return Ok(false) };
            let path = format!("{folder}/{name}");
            let ours = if is == Is::Folder { self.only_ours(&path)? } else { self.previous.has(&path) };
            if !ours {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What would happen to a file that an earlier build wrote and the new tree has not; none where it is gone already.
    fn unwanted(&mut self, path: &'a str) -> Result<Option<Kind>, EmitError> {
        if !matches!(self.parent(path)?, Parent::Folder) {
            return Ok(None);
        }
        Ok(match disk::what_is(&self.root, path).map_err(|e| self.unread(path, e))? {
            None | Some(Is::Folder) => None,
            Some(_) if self.is_as_written(path)? => Some(Kind::Removed),
            Some(_) => Some(Kind::EditedRemoved),
        })
    }

    /// Some file systems show every file as one that can be run, `stackgen.sum` too.
    fn modes_are_kept(&self) -> bool {
        !disk::stat(&self.root, sum::NAME).is_ok_and(|found| found.is_some_and(|stat| disk::is_executable(&stat)))
    }

    fn is_as_written(&self, path: &str) -> Result<bool, EmitError> {
        let bytes = disk::read(&self.root, path).map_err(|e| self.unread(path, e))?;
        Ok(bytes.is_some_and(|bytes| self.previous.wrote(path, Digest::of(&bytes))))
    }

    fn parent(&mut self, path: &'a str) -> Result<Parent<'a>, EmitError> {
        match path.rfind('/').and_then(|end| path.get(..end)) {
            Some(folder) => self.folder(folder),
            None => Ok(Parent::Folder),
        }
    }

    fn folder(&mut self, folder: &'a str) -> Result<Parent<'a>, EmitError> {
        if let Some(known) = self.known.get(folder) {
            return Ok(*known);
        }
        let found = match self.parent(folder)? {
            Parent::Folder => match disk::what_is(&self.root, folder).map_err(|e| self.unread(folder, e))? {
                Some(Is::Folder) => Parent::Folder,
                Some(_) => Parent::Blocked(folder),
                None => Parent::Nothing,
            },
            other => other,
        };
        self.known.insert(folder, found);
        Ok(found)
    }

    fn unread(&self, path: &str, error: rustix::io::Errno) -> EmitError {
        EmitError::io("read", self.place.folder.join(path), error)
    }
}
