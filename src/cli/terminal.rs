//! Standard output and standard error, and what they can show.

use std::io::{self, IsTerminal, Write};

use stackgen::diagnostic::Style;

use super::outcome::Failure;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// On terminals, unless the environment sets NO_COLOR
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where people and programs read what we say.
#[derive(Debug)]
pub(super) struct Terminal {
    color: Color,
    /// Whether only answers and errors are wanted.
    pub(super) quiet: bool,
}

impl Terminal {
    pub(super) fn new(color: Color, quiet: bool) -> Self {
        Terminal { color, quiet }
    }

    /// Writes an answer to standard output.
    pub(super) fn answer(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        Self::written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Writes an answer in parts.
    pub(super) fn answer_in_parts(&self, parts: &[&str]) -> Result<(), Failure> {
        let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let result = parts.iter().try_for_each(|part| out.write_all(part.as_bytes())).and_then(|()| out.flush());
        Self::written(result)
    }

    /// A reader that has seen enough is in its right, and does not change how the command ends.
    fn written(result: io::Result<()>) -> Result<(), Failure> {
        match result {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::usage(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes to standard error. Where that fails, there is nobody to tell.
    pub(super) fn tell(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Writes to standard error what is good to know, unless silence is wanted.
    pub(super) fn inform(&self, text: &str) {
        if !self.quiet {
            self.tell(text);
        }
    }

    /// Writes an error that has no place in a source.
    pub(super) fn error(&self, message: &str, help: Option<&str>) {
        let (red, cyan, end) =
            if self.stderr_style().color { ("\x1b[1;31m", "\x1b[36m", "\x1b[0m") } else { ("", "", "") };
        self.tell(&format!("{red}error{end}: {message}\n"));
        if let Some(help) = help {
            self.tell(&format!("  {cyan}help{end}: {help}\n"));
        }
    }

    /// How text on standard output may look.
    pub(super) fn stdout_style(&self) -> Style {
        self.style(io::stdout().is_terminal())
    }

    /// How text on standard error may look.
    pub(super) fn stderr_style(&self) -> Style {
        self.style(is_watched())
    }

    fn style(&self, is_terminal: bool) -> Style {
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb"),
        };
        let columns =
            if is_terminal { terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)) } else { None };
        Style { color, width: columns.unwrap_or(Style::PLAIN.width) }
    }
}

/// Whether a person reads standard error.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}
