//! Why output could not be written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, codes::output};
use crate::yaml::Span;

/// Why output could not be compared or written. What was in `out/` before is still there.
#[derive(Debug)]
#[non_exhaustive]
pub enum EmitError {
    /// The operating system refused something.
    Io {
        /// What was tried: "read", "write", "swap".
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Files that stackgen did not write lie where its own are to be.
    InTheWay {
        /// The environment's folder.
        folder: PathBuf,
        /// Their paths below it.
        paths: Vec<String>,
    },
    /// Files of ours were edited by hand, and nobody said that the edits may go.
    HandEdits {
        /// The environment's folder.
        folder: PathBuf,
        /// Their paths below it.
        paths: Vec<String>,
    },
    /// `stackgen.sum` cannot be understood.
    Sum {
        /// Its path.
        path: PathBuf,
        /// The line, from 1; none where it is not about one line.
        line: Option<usize>,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Another build holds the lock.
    Busy {
        /// The output folder.
        out: PathBuf,
    },
    /// The environment's folder is a symbolic link.
    Symlink {
        /// The link.
        path: PathBuf,
    },
    /// A path of the tree that not every system can hold.
    BadPath {
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A hidden folder beside the environment's still holds files that stackgen did not write.
    LeftBehind {
        /// The hidden folder.
        folder: PathBuf,
        /// The files' paths below it.
        paths: Vec<String>,
    },
    /// Another environment's folder lies inside this one.
    Nested {
        /// The inner folder.
        path: PathBuf,
    },
}

impl EmitError {
    pub(super) fn io(what: &'static str, path: impl AsRef<Path>, source: impl Into<io::Error>) -> Self {
        EmitError::Io { what, path: path.as_ref().to_owned(), source: source.into() }
    }

    /// The code that people look up.
    pub fn code(&self) -> &'static Code {
        match self {
            EmitError::Io { .. } => &output::NOT_WRITTEN,
            EmitError::InTheWay { .. } => &output::IN_THE_WAY,
            EmitError::HandEdits { .. } => &output::HAND_EDIT,
            EmitError::Sum { .. } => &output::SUM_UNREADABLE,
            EmitError::Busy { .. } => &output::BUSY,
            EmitError::Symlink { .. } => &output::SYMLINK,
            EmitError::BadPath { .. } => &output::BAD_PATH,
            EmitError::LeftBehind { .. } => &output::LEFT_BEHIND,
            EmitError::Nested { .. } => &output::NESTED,
        }
    }

    /// The finding to show.
    pub fn into_diagnostic(self) -> Diagnostic {
        let found = Diagnostic::error(self.code(), Span::BUILT_IN, self.to_string());
        match self.help() {
            Some(help) => found.help(help),
            None => found,
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            EmitError::Io { .. } | EmitError::BadPath { .. } | EmitError::Busy { .. } => return None,
            EmitError::InTheWay { .. } => "move or delete what lies there; stackgen never overwrites it".to_owned(),
            EmitError::HandEdits { .. } => {
                "move the change into an overlay, or drop it with `stackgen build --overwrite-edits`".to_owned()
            }
            EmitError::Sum { path, .. } => format!("get it back from git: `git checkout -- {}`", path.display()),
            EmitError::Symlink { .. } => "make a folder further up the link instead".to_owned(),
            EmitError::LeftBehind { folder, .. } => {
                format!("take what you need from {}, delete it, and build again", folder.display())
            }
            EmitError::Nested { .. } => "rename one of the two environments".to_owned(),
        };
        Some(text)
    }
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EmitError::Io { what, path, source } => write!(f, "cannot {what} {}: {source}", path.display()),
            EmitError::InTheWay { folder, paths } => {
                write!(f, "in the way in {}, and not written by stackgen: {}", folder.display(), list(paths))
            }
            EmitError::HandEdits { folder, paths } => {
                write!(f, "edited by hand in {}: {}", folder.display(), list(paths))
            }
            EmitError::Sum { path, line: Some(line), reason } => write!(f, "{}:{line}: {reason}", path.display()),
            EmitError::Sum { path, line: None, reason } => write!(f, "{}: {reason}", path.display()),
            EmitError::Busy { out } => write!(f, "another build is writing to {}", out.display()),
            EmitError::Symlink { path } => write!(f, "{} is a symbolic link", path.display()),
            EmitError::BadPath { path, reason } => write!(f, "cannot write `{path}` everywhere: {reason}"),
            EmitError::LeftBehind { folder, paths } => {
                write!(f, "{} holds files that stackgen did not write: {}", folder.display(), list(paths))
            }
            EmitError::Nested { path } => write!(f, "{} is another environment's folder", path.display()),
        }
    }
}

impl std::error::Error for EmitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            EmitError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The first paths, and how many more there are.
fn list(paths: &[String]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
    match paths.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}
