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

/// Why a command could not do its work: something that the user must mend.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    /// What is wrong.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Failure { message: message.into(), help: None }
    }

    /// What to do about it.
    #[must_use]
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// An operation on a path that the system refused.
    pub(super) fn io(what: &str, path: &std::path::Path, error: &io::Error) -> Self {
        Failure::usage(format!("cannot {what} `{}`: {error}", path.display()))
    }
}

/// Tells what went wrong, and gives the exit code.
pub(super) fn exit_code(result: Result<Outcome, Failure>, terminal: &Terminal) -> ExitCode {
    let code = match result {
        Ok(Outcome::Well) => OK,
        Ok(Outcome::Found) => FOUND,
        Err(Failure { message, help }) => {
            terminal.error(&message, help.as_deref());
            USAGE
        }
    };
    ExitCode::from(code)
}
