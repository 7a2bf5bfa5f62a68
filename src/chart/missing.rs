//! Why a chart cannot be had, and what to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::lock::LOCK_PATH;
use crate::diagnostic::{Code, Diagnostic, codes::charts};
use crate::emit::Digest;
use crate::yaml::Span;

/// Why the store does not have a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The lock does not have it, or there is no lock.
    NotLocked {
        /// A version of the same chart that is locked.
        other: Option<String>,
    },
    /// It is locked, and its archive is nowhere here.
    NotFetched {
        /// The archive's digest.
        digest: Digest,
    },
    /// An archive is not the one that was locked.
    Changed {
        /// The archive.
        path: PathBuf,
        /// The digest in the lock.
        locked: Digest,
        /// The digest of the archive.
        found: Digest,
    },
    /// What lies there is no chart, or not a harmless one.
    Refused {
        /// Where it lies.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Another chart lies there.
    Other {
        /// Where it lies.
        path: PathBuf,
        /// Its name and version.
        found: String,
    },
    /// The system refuses to read it.
    Unreadable {
        /// Where it lies.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

impl Missing {
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Missing::Unreadable { path: path.to_owned(), reason: error.to_string() }
    }

    /// The code of its finding.
    pub fn code(&self) -> &'static Code {
        match self {
            Missing::NotLocked { .. } => &charts::NOT_LOCKED,
            Missing::NotFetched { .. } | Missing::Unreadable { .. } => &charts::NOT_FETCHED,
            Missing::Changed { .. } => &charts::CHANGED,
            Missing::Refused { .. } | Missing::Other { .. } => &charts::REFUSED,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Missing::NotLocked { .. } => "run `stackgen lock`, or name a folder that has the chart with `--charts`",
            Missing::NotFetched { .. } => "run `stackgen fetch`",
            Missing::Changed { .. } => {
                "remove the archive and run `stackgen fetch`; if the change is meant, see `stackgen explain`"
            }
            Missing::Refused { .. } => "have a look at the archive; nothing was unpacked",
            Missing::Other { .. } => "put the pinned version there, or pin the one that is there",
            Missing::Unreadable { .. } => "make it readable, or remove it and run `stackgen fetch`",
        }
    }

    /// A finding about the chart `name`, at the place that pins it.
    pub fn into_diagnostic(self, name: &str, span: Span) -> Diagnostic {
        Diagnostic::error(self.code(), span, format!("the chart `{name}` is missing: {self}")).help(self.help())
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Missing::NotLocked { other: None } => write!(f, "it is not in `{LOCK_PATH}`"),
            Missing::NotLocked { other: Some(version) } => write!(f, "`{LOCK_PATH}` has version {version} instead"),
            Missing::NotFetched { .. } => f.write_str("it is locked, and neither in the cache nor vendored"),
            Missing::Changed { path, locked, found } => {
                write!(
                    f,
                    "`{}` is not what was locked: its sha256 is {found}, that of the lock {locked}",
                    path.display()
                )
            }
            Missing::Refused { path, reason } => write!(f, "`{}` is refused: {reason}", path.display()),
            Missing::Other { path, found } => write!(f, "`{}` is {found}", path.display()),
            Missing::Unreadable { path, reason } => write!(f, "cannot read `{}`: {reason}", path.display()),
        }
    }
}

impl std::error::Error for Missing {}
