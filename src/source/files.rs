//! The one seam to the file system, with its twin in memory for tests.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

/// Files by their path from a root, with `/` on every system.
pub trait Files: Sync {
    /// The text of a file; none where there is no such file.
    fn read(&self, path: &str) -> io::Result<Option<Arc<str>>>;

    /// The names in a folder, sorted; folders end with `/`. Empty where there is no such folder.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;
}

/// A folder on disk.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The files below a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Disk { root: root.into() }
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> io::Result<Option<Arc<str>>> {
        thread_local! {
            static BYTES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        BYTES.with_borrow_mut(|bytes| match File::open(self.root.join(path)).and_then(|file| read_whole(file, bytes)) {
            Ok(length) => match str::from_utf8(bytes.get(..length).unwrap_or_default()) {
                Ok(text) => Ok(Some(Arc::from(text))),
                Err(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text")),
            },
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(self.root.join(folder)) {
            Ok(entries) => entries,
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a file's name is not UTF-8"));
            };
            let kind = entry.file_type()?;
            let is_folder =
                kind.is_dir() || (kind.is_symlink() && std::fs::metadata(entry.path()).is_ok_and(|m| m.is_dir()));
            names.push(if is_folder { format!("{name}/") } else { name });
        }
        names.sort();
        Ok(names)
    }
}

/// Reads a file into a buffer that serves many, and gives its length. The length is not asked for first: two calls to the system
/// are half of what a small file costs.
fn read_whole(mut file: File, buffer: &mut Vec<u8>) -> io::Result<usize> {
    const ROOM: usize = 32 << 10;
    let mut length = 0;
    loop {
        if length == buffer.len() {
            buffer.resize((2 * length).max(ROOM), 0);
        }
        match file.read(buffer.get_mut(length..).unwrap_or_default()) {
            Ok(0) => return Ok(length),
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Files in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<String, Arc<str>>,
}

impl Memory {
    /// Files by path.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Memory { files: files.into_iter().map(|(path, text)| (path.to_owned(), Arc::from(text))).collect() }
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) {
        self.files.insert(path.into(), text.into());
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> io::Result<Option<Arc<str>>> {
        Ok(self.files.get(path).cloned())
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{}/", folder.trim_end_matches('/')) };
        let mut names: Vec<String> = self
            .files
            .range(prefix.clone()..)
            .map_while(|(path, _)| path.strip_prefix(&prefix))
            .map(|rest| rest.split_inclusive('/').next().unwrap_or(rest).to_owned())
            .collect();
        names.dedup();
        names.sort();
        names.dedup();
        Ok(names)
    }
}
