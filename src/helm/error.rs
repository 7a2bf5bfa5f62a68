//! What can go wrong, in Helm's words.

use std::fmt;

/// Why a chart could not be loaded or rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    frames: Vec<Frame>,
}

/// A template on the way to an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The path of the file.
    pub template: String,
    /// The line in it, from 1.
    pub line: usize,
    /// The column, from 0, as Go counts.
    pub column: usize,
    /// The expression that was being worked on.
    pub expression: String,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Error { message: message.into(), frames: Vec::new() }
    }

    pub(super) fn with_frames(mut self, frames: Vec<Frame>) -> Self {
        self.frames = frames;
        self
    }

    /// The templates that led to it, outermost first. Empty where no template was running.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
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
