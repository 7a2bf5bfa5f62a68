//! `stackgen.sum`: what stackgen wrote into an environment's folder, and from what.
//!
//! The lines are those of `sha256sum`, which skips the header: `sha256sum -c stackgen.sum` checks a tree.

use super::digest::Digest;
use super::tree::fault;

/// The file's name, in the environment's folder.
pub(super) const NAME: &str = "stackgen.sum";

/// This program's version, as the file gives it.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

const FORMAT: u32 = 1;

/// The file's text. `files` are sorted by path.
pub(super) fn render<'a>(inputs: Digest, files: impl ExactSizeIterator<Item = (&'a str, Digest)>) -> String {
    let mut text = String::with_capacity(256 + files.len() * 120);
    text.push_str("# What stackgen wrote here. Do not edit; `sha256sum -c stackgen.sum` checks it.\n");
    text.push_str(&format!("# format {FORMAT}\n# stackgen {VERSION}\n# inputs sha256:{inputs}\n"));
    for (path, digest) in files {
        digest.write_to(&mut text);
        text.push_str("  ");
        text.push_str(path);
        text.push('\n');
    }
    text
}

/// The paths that a `stackgen.sum` lists, with its own; none where it cannot be read.
pub fn listed(text: &str) -> Vec<String> {
    let Ok(sum) = Sum::parse(text) else { return Vec::new() };
    sum.paths().map(str::to_owned).chain([NAME.to_owned()]).collect()
}

/// What an earlier build wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    /// The version of stackgen that wrote it.
    pub(super) version: Option<String>,
    /// The digest of what it was made from.
    pub(super) inputs: Option<Digest>,
    /// Whether git left the marks of a merge conflict in it.
    pub(super) conflict: bool,
    /// Sorted. A path has several digests after a merge: each is something that stackgen wrote.
    files: Vec<(String, Digest)>,
}

/// Why a text is no `stackgen.sum`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadSum {
    /// The line, from 1.
    pub(super) line: Option<usize>,
    /// What is wrong.
    pub(super) reason: &'static str,
}

impl Sum {
    pub(super) fn parse(text: &str) -> Result<Sum, BadSum> {
        let mut sum = Sum::default();
        let mut format = None;
        for (index, line) in text.lines().enumerate() {
            let bad = |reason| BadSum { line: Some(index + 1), reason };
            if let Some(comment) = line.strip_prefix('#') {
                sum.read_header(comment.trim(), &mut format).map_err(bad)?;
            } else if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)) {
                sum.conflict = true;
            } else if !line.is_empty() {
                sum.files.push(read_line(line).map_err(bad)?);
            }
        }
        if format.is_none() {
            return Err(BadSum { line: None, reason: "it has no line `# format`" });
        }
        if !sum.files.is_sorted() {
            sum.files.sort_unstable();
        }
        Ok(sum)
    }

    fn read_header(&mut self, comment: &str, format: &mut Option<u32>) -> Result<(), &'static str> {
        if let Some(number) = comment.strip_prefix("format ") {
            match number.parse::<u32>() {
                Ok(number) if number <= FORMAT => *format = Some(number),
                Ok(_) => return Err("a newer stackgen wrote it, in a format that this one does not know"),
                Err(_) => return Err("the format is not a number"),
            }
        } else if let Some(version) = comment.strip_prefix("stackgen ") {
            self.version = Some(version.to_owned());
        } else if let Some(digest) = comment.strip_prefix("inputs sha256:") {
            self.inputs = Some(Digest::parse(digest).ok_or("the digest of the inputs is not 64 hexadecimal digits")?);
        }
        Ok(())
    }

    /// Whether the path is one of stackgen's.
    pub(super) fn has(&self, path: &str) -> bool {
        path == NAME || self.wrote_any(path)
    }

    /// Whether a file was written to this path.
    pub(super) fn wrote_any(&self, path: &str) -> bool {
        !self.digests(path).is_empty()
    }

    /// Whether this content was written to this path.
    pub(super) fn wrote(&self, path: &str, digest: Digest) -> bool {
        self.digests(path).iter().any(|(_, known)| *known == digest)
    }

    fn digests(&self, path: &str) -> &[(String, Digest)] {
        let start = self.files.partition_point(|(other, _)| other.as_str() < path);
        let rest = self.files.get(start..).unwrap_or_default();
        let count = rest.iter().take_while(|(other, _)| other == path).count();
        rest.get(..count).unwrap_or_default()
    }

    /// Whether a file below a folder was written.
    pub(super) fn has_below(&self, folder: &str) -> bool {
        let start = self.files.partition_point(|(other, _)| other.as_str() < folder);
        let below = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.files.iter().skip(start).take_while(|(path, _)| path.starts_with(folder)).any(|(path, _)| below(path))
    }

    /// All lines: path and digest, sorted.
    pub(super) fn files(&self) -> impl ExactSizeIterator<Item = (&str, Digest)> {
        self.files.iter().map(|(path, digest)| (path.as_str(), *digest))
    }

    /// The paths of all written files, sorted, each once.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.chunk_by(|a, b| a.0 == b.0).filter_map(|same| same.first()).map(|(path, _)| path.as_str())
    }
}

fn read_line(line: &str) -> Result<(String, Digest), &'static str> {
    let (digest, path) = line.split_once("  ").ok_or("it is not a digest, two spaces and a path")?;
    let digest = Digest::parse(digest).ok_or("the digest is not 64 hexadecimal digits")?;
    if fault(path).is_some() {
        return Err("stackgen writes no files with such a path");
    }
    Ok((path.to_owned(), digest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn text() -> String {
        render(
            Digest::of(b"in"),
            [("a", Digest::of(b"1")), ("b/c d", Digest::of(b"2")), ("b/e", Digest::of(b"3"))].into_iter(),
        )
    }

    #[test]
    fn what_is_written_is_read_again() {
        let sum = Sum::parse(&text()).unwrap();
        assert_eq!(sum.version.as_deref(), Some(VERSION));
        assert_eq!(sum.inputs, Some(Digest::of(b"in")));
        assert!(!sum.conflict);
        assert_eq!(sum.paths().collect::<Vec<_>>(), ["a", "b/c d", "b/e"]);
        assert!(sum.wrote("a", Digest::of(b"1")) && !sum.wrote("a", Digest::of(b"2")));
        assert!(sum.has(NAME) && sum.has_below("b") && !sum.has_below("a") && !sum.has_below("b/e"));
    }

    #[test]
    fn both_sides_of_a_merge_count_as_written() {
        let line = format!("{}  a\n", Digest::of(b"1"));
        let other = format!("{}  a\n", Digest::of(b"9"));
        let merged = text().replace(&line, &format!("<<<<<<< HEAD\n{line}=======\n{other}>>>>>>> branch\n"));
        let sum = Sum::parse(&merged).unwrap();
        assert!(sum.conflict);
        assert!(sum.wrote("a", Digest::of(b"1")) && sum.wrote("a", Digest::of(b"9")));
        assert_eq!(sum.paths().count(), 3);
    }

    #[test]
    fn faults_name_their_line() {
        let bad = |text: &str| Sum::parse(text).unwrap_err();
        assert_eq!(bad("").line, None);
        assert_eq!(bad("# format 1\nhello\n").line, Some(2));
        assert_eq!(bad("# format 2\n").line, Some(1));
        assert_eq!(bad(&format!("# format 1\n{}  ../x\n", Digest::of(b""))).line, Some(2));
        assert_eq!(bad(&text().replace("sha256:", "sha256:0")).line, Some(4));
    }
}
