//! Charts on disk: a folder, or an archive.

use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use super::chart::{Chart, Parts, Rules, load, unpack};
use super::error::Error;
use super::file::File;

/// A chart's files, found and not yet understood.
#[derive(Debug)]
pub struct Unloaded(Parts);

impl Unloaded {
    /// Finds the files of a folder, or unpacks an archive.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn find(path: &Path) -> Result<Unloaded, Error> {
        let problem = |error: &io::Error| Error::new(format!("cannot read `{}`: {error}", path.display()));
        if path.is_dir() {
            let ignored = fs::read(path.join(".helmignore")).unwrap_or_default();
            let rules = Rules::parse(&String::from_utf8_lossy(&ignored))?;
            let mut parts = Parts::new();
            walk(path, "", 0, &rules, &mut parts).map_err(|e| problem(&e))?;
            return Ok(Unloaded(parts));
        }
        Ok(Unloaded(unpack(&fs::read(path).map_err(|e| problem(&e))?)?))
    }

    /// How many bytes there are of what rendering reads, in contrast to a chart's tests and notes.
    pub fn weight(&self) -> u64 {
        self.0.iter().filter(|(path, _)| is_rendered(path)).map(|(_, file)| file.known_length()).sum()
    }

    /// The chart.
    ///
    /// # Errors
    /// Where a file that Helm reads is missing or broken.
    pub fn load(self) -> Result<Chart, Error> {
        load(self.0, 0)
    }
}

/// Whether rendering reads a file, as far as its path tells.
fn is_rendered(path: &str) -> bool {
    const ENDS: [&str; 3] = [".tgz", "values.yaml", "values.schema.json"];
    const FOLDERS: [&str; 2] = ["templates/", "files/"];
    ENDS.iter().any(|end| path.ends_with(end)) || FOLDERS.iter().any(|folder| path.contains(folder))
}

impl Chart {
    /// Loads a chart from a folder or an archive.
    ///
    /// # Errors
    /// Where it cannot be read, or is no chart.
    pub fn open(path: &Path) -> Result<Chart, Error> {
        Unloaded::find(path)?.load()
    }
}

/// How deep folders may nest: a link may lead back to where it stands.
const MAX_DEPTH: usize = 64;

fn walk(folder: &Path, inner: &str, depth: usize, rules: &Rules, parts: &mut Parts) -> io::Result<()> {
    if depth > MAX_DEPTH {
        return Err(io::Error::other("folders nest too deep"));
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if inner.is_empty() { name } else { format!("{inner}/{name}") };
        let about = entry.file_type()?;
        // Links are followed, as Helm does.
        let about = if about.is_symlink() { fs::metadata(entry.path())?.file_type() } else { about };
        if rules.matches(&path, about.is_dir()) {
            continue;
        }
        if about.is_dir() {
            walk(&entry.path(), &path, depth + 1, rules, parts)?;
        } else if about.is_file() {
            let length = if is_rendered(&path) { length(&entry) } else { 0 };
            parts.insert(path, File::on_disk(entry.path(), length));
        }
    }
    Ok(())
}

/// How long the file is; 0 where it is not known at once.
fn length(entry: &DirEntry) -> u64 {
    entry.metadata().map_or(0, |about| if about.is_file() { about.len() } else { 0 })
}
