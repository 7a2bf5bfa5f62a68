//! What the last build read and wrote: where both are as they were, there is nothing to compile.
//!
//! The record lies in git's own folder, so that nobody commits it, and it goes with the clone. Without one, or without a
//! git repository, everything is compiled. It is no more than a shortcut: every source is read again, every file of `out/` too.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use stackgen::emit::{self, Digest, ReadLock};
use stackgen::source::{Files, Reads};

use super::output::{Environment, Taken};

/// The version does not tell a program from one whose source was changed since.
const PROGRAM: &str = concat!("stackgen ", env!("CARGO_PKG_VERSION"), " ", env!("STACKGEN_BUILD"));

/// A build of which nothing was found: what it read, and the state of each environment that it wrote.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Build {
    environments: Vec<(Arc<str>, Digest)>,
    reads: Reads,
}

impl Build {
    /// None where a tree has no files.
    pub(super) fn new(trees: &[(Arc<str>, Taken<'_>)], reads: Reads) -> Option<Self> {
        let states = trees.iter().map(|(path, taken)| Some((path.clone(), taken.state?)));
        Some(Build { environments: states.collect::<Option<_>>()?, reads })
    }

    /// The environments as a build of these paths would leave them, where the last one left them so. It changes nothing.
    pub(super) fn again(
        self,
        files: &dyn Files,
        out: &Path,
        paths: &[String],
        waiting: impl FnOnce(),
    ) -> Option<Vec<Environment>> {
        let same = self.environments.iter().map(|(path, _)| &**path).eq(paths.iter().map(String::as_str));
        if !same || !self.reads.hold(files, "") {
            return None;
        }
        let _lock = ReadLock::acquire(out, waiting).ok()??;
        let look = |(path, state): &(Arc<str>, Digest)| {
            let found = emit::intact(&out.join(&**path)).filter(|found| found.state == *state)?;
            Some(Environment { path: path.clone(), files: found.files, changes: Vec::new(), summary: None })
        };
        self.environments.par_iter().map(look).collect()
    }

    /// Keeps it for the next build. One that cannot be kept costs that one some time, and is not worth a word.
    ///
    /// A check looks at what lies in `out/`: where that was something else before this build, the next one has to look again.
    pub(super) fn keep(&self, root: &Path, files: &dyn Files) {
        if let (Some(path), true) = (place(root), self.reads.hold(files, "out"))
            && let Some(text) = self.to_text()
            && fs::read(&path).ok().as_deref() != Some(text.as_bytes())
        {
            let new = path.with_extension("new");
            let _ = fs::write(&new, text).and_then(|()| fs::rename(&new, &path));
        }
    }

    /// The last build of a repository.
    pub(super) fn last(root: &Path) -> Option<Self> {
        Build::parse(&fs::read_to_string(place(root)?).ok()?)
    }

    fn to_text(&self) -> Option<String> {
        let mut text = format!("{PROGRAM}\n");
        for (path, state) in &self.environments {
            text.push_str(&format!("environment {state} {path}\n"));
        }
        text.push_str(&self.reads.to_text()?);
        // A file that a power cut has shortened must not pass for a whole one.
        let whole = Digest::of(text.as_bytes());
        text.push_str(&format!("whole {whole}\n"));
        Some(text)
    }

    fn parse(text: &str) -> Option<Self> {
        let (text, whole) = text.strip_suffix('\n')?.rsplit_once("whole ")?;
        if Digest::parse(whole)? != Digest::of(text.as_bytes()) {
            return None;
        }
        let mut lines = text.lines();
        if lines.next()? != PROGRAM {
            return None;
        }
        let mut environments = Vec::new();
        let mut lines = lines.peekable();
        while let Some(rest) = lines.peek().and_then(|line| line.strip_prefix("environment ")) {
            let (state, path) = rest.split_once(' ')?;
            environments.push((Arc::from(path), Digest::parse(state)?));
            lines.next();
        }
        Some(Build { environments, reads: Reads::parse(lines)? })
    }
}

/// Where the record of a repository lies; none where it is in no git repository. A clone may hold several platforms.
fn place(root: &Path) -> Option<PathBuf> {
    let root = root.join(".").canonicalize().ok()?;
    let git = root.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
    let below = root.strip_prefix(git.parent()?).ok()?;
    let name = Digest::of(below.as_os_str().as_encoded_bytes()).to_string();
    Some(git_folder(git)?.join(format!("stackgen-{}", name.get(..16)?)))
}

/// In further worktrees, `.git` is a file that names the folder.
fn git_folder(git: PathBuf) -> Option<PathBuf> {
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(&git).ok()?;
    let folder = git.parent()?.join(text.strip_prefix("gitdir: ")?.trim_end());
    folder.is_dir().then_some(folder)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use stackgen::source::{Memory, Recorder};

    use super::*;

    #[test]
    fn a_record_is_read_whole_or_not_at_all() {
        let files = Memory::new([("overlays/base.yaml", "x")]);
        let recorder = Recorder::new(&files);
        recorder.read("overlays/base.yaml").unwrap();
        recorder.list("overlays").unwrap();
        let state = Digest::of(b"tree");
        let build = Build { environments: vec![(Arc::from("envs/prod"), state)], reads: recorder.reads().unwrap() };
        let text = build.to_text().unwrap();
        assert_eq!(Build::parse(&text), Some(build));
        for end in 0..text.len() {
            assert_eq!(Build::parse(&text[..end]), None);
        }
        assert_eq!(Build::parse(&text.replace("stackgen ", "stackgen 9")), None);
        assert_eq!(Build::parse(&text.replace("overlays", "overlayz")), None);
    }
}
