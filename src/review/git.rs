//! The other side of a review out of git, by the program `git`: the only place where stackgen runs another program.
//!
//! A revision is read without touching the work tree or the index: its commit is looked up, the tree of a folder listed, and
//! all files of it asked for in one go.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::diagnostic::codes::review as codes;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::yaml::Span;

/// A result, or what to tell people. Boxed: it is large, and seldom there.
type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// A git repository.
#[derive(Clone, Debug)]
pub struct Repository {
    folder: PathBuf,
}

/// A commit that was looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its full name.
    pub commit: String,
    /// What it was asked for by.
    pub asked: String,
}

/// A file's name in git, and its path.
type Entry = (String, String);

impl Repository {
    /// The repository that a folder lies in.
    pub fn open(folder: &Path) -> Result<Self> {
        let repository = Repository { folder: folder.to_owned() };
        let output = repository.run(&["rev-parse", "--is-inside-work-tree"])?;
        if output.status.success() {
            return Ok(repository);
        }
        match stderr(&output) {
            said if said.contains("not a git repository") => {
                let message = "this folder is in no git repository";
                let way = "run stackgen in a clone, or leave `--against` out to compare with `out/`";
                Err(Box::new(error(&codes::NO_REPOSITORY, message).help(way)))
            }
            said => Err(Box::new(failed("rev-parse", &said))),
        }
    }

    /// Looks up a branch, tag, commit, or whatever else git can make a commit of.
    pub fn revision(&self, asked: &str) -> Result<Revision> {
        let wanted = format!("{asked}^{{commit}}");
        let output = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
        let commit = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && is_object_name(&commit) {
            return Ok(Revision { commit, asked: asked.to_owned() });
        }
        Err(Box::new(self.unknown(asked)))
    }

    fn unknown(&self, asked: &str) -> Diagnostic {
        let found = error(&codes::UNKNOWN_REVISION, format!("git knows no revision `{asked}` here"));
        let (remote, branch) = match asked.split_once('/') {
            Some((remote @ ("origin" | "upstream"), branch)) => (remote, branch),
            _ => ("origin", asked),
        };
        if self.is_shallow() {
            let way = format!(
                "`git fetch --depth=1 {remote} {branch}` and then `--against FETCH_HEAD`, or make a full clone"
            );
            return found.cause("this clone is shallow: it has only some commits").help(way);
        }
        found.help(format!(
            "`git fetch {remote} {branch}` fetches a branch; `git branch --all` and `git tag` list what is there"
        ))
    }

    /// The files of a folder in a revision, by their path below it. None where the revision has no such folder.
    ///
    /// The folder counts from the one that the repository was opened with, not from the top of the work tree.
    pub fn files(&self, revision: &Revision, folder: &str) -> Result<Option<BTreeMap<String, Vec<u8>>>> {
        let wanted = format!("{}:./{}", revision.commit, folder.trim_matches('/'));
        let output = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
        let tree = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || !is_object_name(&tree) {
            return Ok(None);
        }
        let output = self.run(&["ls-tree", "-r", "-z", "--full-tree", &tree])?;
        if !output.status.success() {
            return match stderr(&output) {
                // A file where a folder is wanted.
                said if said.contains("not a tree object") => Ok(None),
                said => Err(Box::new(failed("ls-tree", &said))),
            };
        }
        self.contents(revision, entries(&output.stdout)).map(Some)
    }

    fn contents(&self, revision: &Revision, entries: Vec<Entry>) -> Result<BTreeMap<String, Vec<u8>>> {
        let names: String = entries.iter().map(|(name, _)| format!("{name}\n")).collect();
        let output = self.feed(&["cat-file", "--batch"], names)?;
        if !output.status.success() {
            return Err(Box::new(failed("cat-file", &stderr(&output))));
        }
        let mut rest = output.stdout.as_slice();
        let mut files = BTreeMap::new();
        for (_, path) in entries {
            let Some((bytes, after)) = blob(rest) else {
                let message = format!("git has no content for `{path}` in `{}`", revision.asked);
                let way = "`git fetch --refetch --no-filter origin` fetches what is missing";
                return Err(Box::new(error(&codes::MISSING_OBJECT, message).help(way)));
            };
            files.insert(path, bytes.to_vec());
            rest = after;
        }
        Ok(files)
    }

    fn is_shallow(&self) -> bool {
        let output = self.run(&["rev-parse", "--is-shallow-repository"]);
        output.is_ok_and(|output| output.stdout.starts_with(b"true"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(&self.folder);
        // Messages in one language, no locks for a reader, and no question that nobody would see.
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Output> {
        self.command(arguments).stdin(Stdio::null()).output().map_err(|e| Box::new(not_started(&e)))
    }

    /// Runs git with a text on its standard input. It is written beside the reading: git answers before it has read all.
    fn feed(&self, arguments: &[&str], text: String) -> Result<Output> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| Box::new(not_started(&e)))?;
        let input = child.stdin.take();
        std::thread::scope(|scope| {
            let writer = scope.spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
            let output = child.wait_with_output().map_err(|e| Box::new(not_started(&e)));
            // Git that ends early closes its end; what it said tells more than the broken pipe does.
            let _ = writer.join();
            output
        })
    }
}

fn error(code: &'static Code, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, Severity::Error, Span::BUILT_IN, message)
}

fn not_started(error: &io::Error) -> Diagnostic {
    let found = self::error(&codes::NO_GIT, "git cannot be started");
    match error.kind() {
        io::ErrorKind::NotFound => found.help("install git, or leave `--against` out to compare with `out/`"),
        _ => found.cause(error.to_string()),
    }
}

fn failed(command: &str, said: &str) -> Diagnostic {
    let found = error(&codes::GIT_FAILED, format!("`git {command}` failed"));
    let found = if said.is_empty() { found } else { found.cause(said.to_owned()) };
    match said.contains("dubious ownership") {
        true => found.help("the repository belongs to another user: `git config --global --add safe.directory '*'` in a container of your own"),
        false => found,
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

fn is_object_name(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The files of `ls-tree -z`. Links and other repositories are no files of the tree.
fn entries(listing: &[u8]) -> Vec<Entry> {
    let mut found = Vec::new();
    for line in listing.split(|byte| *byte == 0) {
        let line = String::from_utf8_lossy(line);
        let Some((head, path)) = line.split_once('\t') else { continue };
        let mut fields = head.split(' ');
        if let (Some("100644" | "100755" | "100664"), Some("blob"), Some(name)) =
            (fields.next(), fields.next(), fields.next())
        {
            found.push((name.to_owned(), path.to_owned()));
        }
    }
    found
}

/// The first content of an answer of `cat-file --batch`, and the rest of the answer. None where git lacks the object.
fn blob(answer: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let size: usize = head.split(' ').nth(2).filter(|_| head.split(' ').nth(1) == Some("blob"))?.parse().ok()?;
    let body = answer.get(end + 1..)?;
    Some((body.get(..size)?, body.get(size + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::{blob, entries};

    #[test]
    fn answers_of_git_are_read() {
        assert_eq!(blob(b"00 blob 3\na\nb\nrest"), Some((&b"a\nb"[..], &b"rest"[..])));
        assert_eq!(blob(b"00 missing\n"), None);
        assert_eq!(blob(b"00 blob 9\nab\n"), None);
        let listing = b"100644 blob 0a\tapps/a b.yaml\x00120000 blob 0b\tlink\x00160000 commit 0c\tmodule\x00";
        assert_eq!(entries(listing), [("0a".to_owned(), "apps/a b.yaml".to_owned())]);
    }
}
