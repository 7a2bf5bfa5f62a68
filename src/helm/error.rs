//! What can go wrong, in Helm's words.

use std::fmt;

/// Why a chart could not be loaded or rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Error { message: message.into() }
    }

    /// The text that Helm prints after `Error: `.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// An error while a template runs. Causes are kept apart since Helm prints them line by line.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// The whole text, causes included.
    pub(crate) text: String,
    /// The error that this one wraps.
    pub(crate) cause: Option<Box<Fault>>,
    /// Whether the template engine made it, rather than a function.
    pub(crate) exec: bool,
}

/// What functions give.
pub(crate) type Outcome<T> = Result<T, Fault>;

impl Fault {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Fault { text: text.into(), cause: None, exec: false }
    }

    pub(crate) fn wrap(prefix: &str, cause: Fault) -> Self {
        Fault { text: format!("{prefix}: {}", cause.text), cause: Some(Box::new(cause)), exec: false }
    }
}

/// A function's error.
pub(crate) fn fail<T>(text: impl Into<String>) -> Outcome<T> {
    Err(Fault::new(text))
}
