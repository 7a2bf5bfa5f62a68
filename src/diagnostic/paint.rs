//! Colours of a terminal: the few that stackgen uses, each with one meaning everywhere.

/// What a piece of text is, and so how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Headings and sums.
    Bold,
    /// What is there for completeness.
    Dim,
    /// Errors, removed lines.
    Red,
    /// Added lines.
    Green,
    /// Warnings, changed files.
    Yellow,
    /// Hints, names, places.
    Cyan,
    /// The words of a line that went away.
    RedWord,
    /// The words of a line that came.
    GreenWord,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Red => "31",
            Ink::Green => "32",
            Ink::Yellow => "33",
            Ink::Cyan => "36",
            Ink::RedWord => "1;4;31",
            Ink::GreenWord => "1;4;32",
        }
    }
}

/// The text in its colour, or as it is where colours are off.
pub(crate) fn paint(color: bool, ink: Ink, text: &str) -> String {
    if color && !text.is_empty() { format!("\x1b[{}m{text}\x1b[0m", ink.code()) } else { text.to_owned() }
}

/// Text that a terminal shows as it is written: control characters and those that turn the direction of
/// writing are replaced, so that a source file can neither drive the terminal nor hide what it says.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect()
}

fn is_unsafe(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
