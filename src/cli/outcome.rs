//! How a command ends, and the exit code that says so.

use std::io;
use std::process::ExitCode;

use super::terminal::Terminal;

/// All is well.
const OK: u8 = 0;
/// Something was found, or there is a difference.
const FOUND: u8 = 1;
/// The command line or the repository cannot be understood.
pub(super) const USAGE: u8 = 2;
/// A bug in stackgen.
pub(super) const BUG: u8 = 3;

/// How a command that could do its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All is well.
    Well,
    /// Something was found, or there is a difference.
    Found,
}

impl Outcome {
    /// [`Outcome::Found`] where something was found.
    pub(super) fn found_if(found: bool) -> Self {
        if found { Outcome::Found } else { Outcome::Well }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line or the repository cannot be understood.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// The reader of our output has gone, which is its good right.
    ClosedPipe,
}

impl Failure {
    /// Something that the user must mend.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Failure::Usage { message: message.into(), help: None }
    }

    /// What to do about it.
    #[must_use]
    pub(super) fn help(self, text: impl Into<String>) -> Self {
        match self {
            Failure::Usage { message, .. } => Failure::Usage { message, help: Some(text.into()) },
            Failure::ClosedPipe => self,
        }
    }

    /// An operation on a path that the system refused.
    pub(super) fn io(what: &str, path: &std::path::Path, error: &io::Error) -> Self {
        Failure::usage(format!("cannot {what} `{}`: {error}", path.display()))
    }
}

/// Tells what went wrong, and gives the exit code.
pub(super) fn exit_code(result: Result<Outcome, Failure>, terminal: &Terminal) -> ExitCode {
    let code = match result {
        Ok(Outcome::Well) | Err(Failure::ClosedPipe) => OK,
        Ok(Outcome::Found) => FOUND,
        Err(Failure::Usage { message, help }) => {
            terminal.error(&message, help.as_deref());
            USAGE
        }
    };
    ExitCode::from(code)
}
