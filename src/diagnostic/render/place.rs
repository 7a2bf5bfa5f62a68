//! A span in the numbers that people and programs use.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, SourceMap};
use crate::yaml::Span;

/// Line and column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Where a label points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) start: Position,
    /// The position after the last character.
    pub(super) end: Position,
    pub(super) text: &'a str,
}

impl Place<'_> {
    /// Whether the file is embedded in stackgen, so that no path leads to it.
    pub(super) fn is_embedded(&self) -> bool {
        self.file.starts_with('<')
    }
}

/// The places of a finding, in order.
pub(super) fn places<'a>(found: &'a Diagnostic, sources: &'a SourceMap) -> Vec<Place<'a>> {
    let resolve = |label: &'a crate::diagnostic::Label| {
        let file = sources.file(label.span.file)?;
        let range = clean_range(&file.text, label.span);
        let start = position(&file.text, range.start);
        let end = position_after(&file.text, range, start);
        Some(Place { file: &file.name, start, end, text: &label.text })
    };
    found.labels.iter().filter_map(resolve).collect()
}

/// The bytes of a span: inside the text, between characters, and without the line ends and blanks behind it
/// (the span of a block map reaches to the start of the next key).
pub(super) fn clean_range(text: &str, span: Span) -> Range<usize> {
    let start = floor_boundary(text, span.start as usize);
    let end = floor_boundary(text, span.end as usize).max(start);
    let kept = text[start..end].trim_end().len();
    if kept == 0 { start..end.min(line_end(text, start)) } else { start..start + kept }
}

/// The end of the line that a byte is on, without the line break.
pub(super) fn line_end(text: &str, byte: usize) -> usize {
    let end = text[byte..].find('\n').map_or(text.len(), |i| byte + i);
    if end > byte && text[..end].ends_with('\r') { end - 1 } else { end }
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn position(text: &str, byte: usize) -> Position {
    let before = &text[..byte];
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    Position { line: before.bytes().filter(|b| *b == b'\n').count() + 1, column: before[start..].chars().count() + 1 }
}

/// The end of a range whose start is known: only the range itself is walked.
fn position_after(text: &str, range: Range<usize>, start: Position) -> Position {
    let inside = &text[range];
    match inside.rfind('\n') {
        None => Position { line: start.line, column: start.column + inside.chars().count() },
        Some(last) => Position {
            line: start.line + inside.bytes().filter(|b| *b == b'\n').count(),
            column: inside[last + 1..].chars().count() + 1,
        },
    }
}
