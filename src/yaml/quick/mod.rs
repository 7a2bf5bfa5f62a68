//! A reader for the plain part of YAML, which nearly all files keep to; many times faster than the parser for all of it.
//!
//! It makes the events that the parser would make. Whatever it does not know (tags, anchors, several documents, text over
//! several lines without `|` or `>`, tabs, …), and whatever is wrong, it leaves to the parser: it never decides that a file is bad.
//! A test compares both on every file there is and on thousands of spoiled ones.

mod block;
mod flow;
mod scalars;
#[cfg(test)]
mod tests;
mod text;

use std::borrow::Cow;

use granit_parser::ScalarStyle;

use super::build::{Builder, Stop};
use super::{FileId, Node};

/// Longer keys are left to the parser, which has a limit for them.
const LONG_KEY: usize = 500;

/// The tree of a document; none where the parser has to look at it.
pub(super) fn read(file: FileId, text: &str) -> Option<Node> {
    if !text.ends_with('\n') || text.starts_with('\u{feff}') || text.as_bytes().chunks(64).any(has_odd_space) {
        return None;
    }
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, line: 0, builder: Builder::new(file, text) };
    reader.document()?;
    let (root, problems) = reader.builder.finish();
    root.filter(|_| problems.is_empty())
}

/// Whether there are tabs or carriage returns. Without a branch for each byte the processor looks at many at once.
fn has_odd_space(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, byte| found | matches!(byte, b'\t' | b'\r'))
}

/// Where text without quotes stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Block,
    Flow,
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where the present line starts.
    line: usize,
    builder: Builder<'t>,
}

/// Text that was read: what it says, and where it stands.
struct Scalar<'t> {
    text: Cow<'t, str>,
    style: ScalarStyle,
    start: usize,
    end: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> u8 {
        self.byte(self.at)
    }

    /// Past the end, there are only ends of lines.
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn column(&self) -> usize {
        self.at - self.line
    }

    fn is_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn spaces(&mut self) {
        while self.peek() == b' ' {
            self.at += 1;
        }
    }

    fn document(&mut self) -> Option<()> {
        self.builder.document(0..0, false).ok()?;
        self.next_content();
        if self.is_end() || self.column() != 0 {
            return None;
        }
        self.block(0)?;
        self.is_end().then_some(())
    }

    /// Goes to the first character of the next line that has one, comments left out. Stands at the end of a line or before.
    fn next_content(&mut self) {
        loop {
            self.spaces();
            match self.peek() {
                _ if self.is_end() => return,
                b'#' => self.at = self.end_of_line(),
                b'\n' => {}
                _ => return,
            }
            if self.is_end() {
                return;
            }
            self.at += 1;
            self.line = self.at;
        }
    }

    fn end_of_line(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
    }

    /// Nothing but a comment may follow on the line.
    fn line_ends(&mut self) -> Option<()> {
        let start = self.at;
        self.spaces();
        match self.peek() {
            b'\n' => {}
            b'#' if self.at > start => self.at = self.end_of_line(),
            _ => return None,
        }
        self.next_content();
        Some(())
    }
}

fn stopped(result: Result<(), Stop>) -> Option<()> {
    result.ok()
}
