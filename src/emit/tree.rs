//! The finished tree of one environment, before it meets the disk.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::digest::Digest;
use super::error::EmitError;
use super::sum;

/// So many files are no work for two: where there are many trees, each stays on its thread.
const SHARE: usize = 128;

/// A file of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Whether people run it.
    pub executable: bool,
}

/// Collects the files of a [`Tree`], in whatever order they are made.
#[derive(Clone, Debug, Default)]
pub struct TreeBuilder {
    files: Vec<(String, File)>,
}

impl TreeBuilder {
    /// No files yet.
    pub fn new() -> Self {
        TreeBuilder::default()
    }

    /// Adds a file by its path below the environment's folder (`apps/grafana.yaml`).
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Result<(), EmitError> {
        self.push(path.into(), File { bytes: bytes.into(), executable: false })
    }

    /// Adds a file that people run.
    pub fn insert_executable(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Result<(), EmitError> {
        self.push(path.into(), File { bytes: bytes.into(), executable: true })
    }

    fn push(&mut self, path: String, file: File) -> Result<(), EmitError> {
        let ours = path.split('/').next() == Some(sum::NAME);
        let fault = if ours { Some("stackgen writes that file itself") } else { fault(&path) };
        match fault {
            Some(reason) => Err(EmitError::BadPath { path, reason: reason.to_owned() }),
            None => {
                self.files.push((path, file));
                Ok(())
            }
        }
    }

    /// The tree, with its `stackgen.sum`. `inputs` is the digest of what it was made from ([`Digest::of_inputs`]).
    ///
    /// A tree without files gets no `stackgen.sum` either: writing it removes what earlier builds wrote.
    pub fn finish(self, inputs: Digest) -> Result<Tree, EmitError> {
        let mut files = self.files;
        files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let digests = || -> Vec<Digest> {
            files.par_iter().with_min_len(SHARE).map(|(_, file)| Digest::of(&file.bytes)).collect()
        };
        let (clashes, digests) = if files.len() < 2 * SHARE {
            (check_clashes(&files), digests())
        } else {
            rayon::join(|| check_clashes(&files), digests)
        };
        clashes?;
        if !files.is_empty() {
            let lines = files.iter().zip(digests).map(|((path, _), digest)| (path.as_str(), digest));
            let bytes = sum::render(inputs, lines).into_bytes();
            let at = files.partition_point(|(path, _)| path.as_str() < sum::NAME);
            files.insert(at, (sum::NAME.to_owned(), File { bytes, executable: false }));
        }
        Ok(Tree { files })
    }
}

/// All files of one environment, `stackgen.sum` among them, sorted by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    files: Vec<(String, File)>,
}

impl Tree {
    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&File> {
        let at = self.files.binary_search_by(|(other, _)| other.as_str().cmp(path)).ok()?;
        self.files.get(at).map(|(_, file)| file)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// How many files it has.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether it has no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Why a path cannot be written, or not everywhere.
pub(super) fn fault(path: &str) -> Option<&'static str> {
    if path.bytes().any(|byte| byte < b' ' || byte == 0x7f || byte == b'\\') {
        return Some("it has control characters or backslashes");
    }
    path.split('/').find_map(|name| match name {
        "" => Some("it has an empty name"),
        "." | ".." => Some("it has `.` or `..`"),
        _ if name.len() > 255 => Some("it has a name longer than 255 bytes"),
        _ => None,
    })
}

/// Two files at one path, a file where another one needs a folder, and paths that are one where case does not count.
fn check_clashes(files: &[(String, File)]) -> Result<(), EmitError> {
    let mut folded: Vec<(String, &str)> = files.iter().map(|(path, _)| (path.to_lowercase(), path.as_str())).collect();
    folded.sort_unstable_by(|a, b| folders_first(&a.0, &b.0).then_with(|| a.1.cmp(b.1)));
    for (one, other) in folded.iter().zip(folded.iter().skip(1)) {
        if let Some(reason) = clash(one, other) {
            return Err(EmitError::BadPath { path: other.1.to_owned(), reason });
        }
    }
    Ok(())
}

/// Sorts all that lies below `a/` right after `a`, before `a-b`, so that whatever clashes is adjacent.
fn folders_first(a: &str, b: &str) -> Ordering {
    let rank = |byte: u8| if byte == b'/' { 0 } else { byte };
    a.bytes().map(rank).cmp(b.bytes().map(rank))
}

fn clash(one: &(String, &str), other: &(String, &str)) -> Option<String> {
    let mut names = one.1.split('/').zip(other.1.split('/'));
    let mut folded = one.0.split('/').zip(other.0.split('/'));
    loop {
        match (names.next(), folded.next()) {
            (Some((a, b)), Some(_)) if a == b => {}
            (Some(_), Some((a, b))) if a == b => return Some(format!("it differs from `{}` only by case", one.1)),
            (Some(_), Some(_)) => return None,
            _ if one.1 == other.1 => return Some("two files have this path".to_owned()),
            _ => return Some(format!("it needs a folder where `{}` is a file", one.1)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn finish(paths: &[&str]) -> Result<Vec<String>, String> {
        let mut builder = TreeBuilder::new();
        for path in paths {
            builder.insert(*path, "x").map_err(|e| e.to_string())?;
        }
        let tree = builder.finish(Digest::of(b"")).map_err(|e| e.to_string())?;
        Ok(tree.iter().map(|(path, _)| path.to_owned()).collect())
    }

    #[test]
    fn files_are_sorted_and_summed() {
        assert_eq!(finish(&["b", "z/a", "a/b", "a-b"]).unwrap(), ["a-b", "a/b", "b", "stackgen.sum", "z/a"]);
        assert_eq!(finish(&[]).unwrap(), [] as [&str; 0]);
    }

    #[test]
    fn clashes_are_found() {
        for (paths, reason) in [
            (&["a", "a"][..], "two files"),
            (&["a", "a-b", "a/b"], "needs a folder where `a`"),
            (&["a/x", "b", "A/y"], "only by case"),
            (&["README", "readme"], "only by case"),
        ] {
            let error = finish(paths).unwrap_err();
            assert!(error.contains(reason), "{paths:?}: {error}");
        }
        assert!(finish(&["a", "ab", "a-b", "b/a", "b-a/A"]).is_ok());
    }

    #[test]
    fn paths_stay_inside() {
        for path in ["", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a\\b", "a\nb", "stackgen.sum", "stackgen.sum/x"]
        {
            assert!(finish(&[path]).is_err(), "{path:?}");
        }
        assert!(finish(&["a b/ü.yaml", "...", "a/stackgen.sum.txt"]).is_ok());
    }
}
