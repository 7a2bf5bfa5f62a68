//! Charts on disk: a folder, or an archive.

use std::fs;
use std::io;
use std::path::Path;

use super::chart::{Chart, Contents, Rules, load, unpack, without_mark};
use super::error::Error;

/// A chart's files, read and not yet understood.
#[derive(Debug)]
pub struct Unloaded(Contents);

impl Unloaded {
    /// Reads a folder or an archive.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read(path: &Path) -> Result<Unloaded, Error> {
        let problem = |error: &io::Error| Error::new(format!("cannot read `{}`: {error}", path.display()));
        if path.is_dir() {
            let ignored = fs::read(path.join(".helmignore")).unwrap_or_default();
            let rules = Rules::parse(&String::from_utf8_lossy(&ignored))?;
            let mut contents = Contents::new();
            walk(path, "", 0, &rules, &mut contents).map_err(|e| problem(&e))?;
            return Ok(Unloaded(contents));
        }
        Ok(Unloaded(unpack(&fs::read(path).map_err(|e| problem(&e))?)?))
    }

    /// How many bytes there are of what rendering reads, in contrast to a chart's tests and notes.
    pub fn weight(&self) -> usize {
        const FOLDERS: [&str; 2] = ["templates/", "files/"];
        let counts = |path: &str| {
            path.ends_with("values.yaml")
                || path.ends_with(".tgz")
                || FOLDERS.iter().any(|folder| path.contains(folder))
        };
        self.0.iter().filter(|(path, _)| counts(path)).map(|(_, data)| data.len()).sum()
    }

    /// The chart.
    ///
    /// # Errors
    /// Where a file that Helm reads is missing or broken.
    pub fn load(self) -> Result<Chart, Error> {
        load(self.0, 0)
    }
}

impl Chart {
    /// Loads a chart from a folder or an archive.
    ///
    /// # Errors
    /// Where it cannot be read, or is no chart.
    pub fn open(path: &Path) -> Result<Chart, Error> {
        Unloaded::read(path)?.load()
    }
}

/// How deep folders may nest: a link may lead back to where it stands.
const MAX_DEPTH: usize = 64;

fn walk(folder: &Path, inner: &str, depth: usize, rules: &Rules, contents: &mut Contents) -> io::Result<()> {
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
            walk(&entry.path(), &path, depth + 1, rules, contents)?;
        } else if about.is_file() {
            contents.insert(path, without_mark(fs::read(entry.path())?));
        }
    }
    Ok(())
}
