//! Charts on disk: a folder, or an archive.

use std::fs;
use std::io;
use std::path::Path;

use super::chart::{Chart, Rules};
use super::error::Error;

impl Chart {
    /// Loads a chart from a folder or an archive.
    ///
    /// # Errors
    /// Where it cannot be read, or is no chart.
    pub fn open(path: &Path) -> Result<Chart, Error> {
        let problem = |error: &io::Error| Error::new(format!("cannot read `{}`: {error}", path.display()));
        if path.is_dir() {
            let ignored = fs::read(path.join(".helmignore")).unwrap_or_default();
            let rules = Rules::parse(&String::from_utf8_lossy(&ignored))?;
            let mut files = Vec::new();
            walk(path, "", 0, &rules, &mut files).map_err(|e| problem(&e))?;
            return Chart::from_kept_files(files);
        }
        Chart::from_archive(&fs::read(path).map_err(|e| problem(&e))?)
    }
}

/// How deep folders may nest: a link may lead back to where it stands.
const MAX_DEPTH: usize = 64;

fn walk(folder: &Path, inner: &str, depth: usize, rules: &Rules, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
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
            walk(&entry.path(), &path, depth + 1, rules, files)?;
        } else if about.is_file() {
            files.push((path, fs::read(entry.path())?));
        }
    }
    Ok(())
}
