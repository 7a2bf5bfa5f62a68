//! Strings in the plainest form that no reader can take for something else.

use std::fmt::Write as _;

use crate::yaml::scalar::{Plain, classify};

/// A string as a value; `indent` is the column where the lines of a block start.
pub(super) fn write(text: &str, indent: usize, out: &mut String) {
    if text.contains('\n') && fits_block(text) {
        block(text, indent, out);
    } else {
        one_line(text, out);
    }
}

/// A string in one line.
pub(super) fn one_line(text: &str, out: &mut String) {
    if fits_plain(text) {
        out.push_str(text);
    } else {
        quoted(text, out);
    }
}

/// A string in quotes: single ones where that spares escapes.
pub(super) fn quoted(text: &str, out: &mut String) {
    let spares = text.bytes().any(|b| matches!(b, b'"' | b'\\'));
    if spares && text.chars().all(|c| c != '\'' && is_printable(c) && c != '\t') {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
    } else {
        out.push('"');
        text.chars().for_each(|c| escape(c, out));
        out.push('"');
    }
}

fn escape(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_printable(c) => out.push(c),
        c => {
            let code = u32::from(c);
            let _ = if code < 0x100 { write!(out, "\\x{code:02x}") } else { write!(out, "\\u{code:04x}") };
        }
    }
}

/// Spaces, many at once.
pub(super) fn indent(columns: usize, out: &mut String) {
    const SPACES: &str = "                                                                ";
    let mut left = columns;
    while left > 0 {
        let now = left.min(SPACES.len());
        out.push_str(&SPACES[..now]);
        left -= now;
    }
}

/// What a byte of a plain scalar needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    /// Stands for itself everywhere.
    Safe,
    /// Stands for itself, but not as the first one.
    NotFirst,
    /// Depends on its neighbours, or on the whole character.
    Look,
    /// Needs quotes.
    Quote,
}

const BYTES: [Byte; 256] = {
    let mut table = [Byte::Safe; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = match at as u8 {
            b' ' | b':' | b'#' | 0xc2 | 0xe2 | 0xef => Byte::Look,
            b'?' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => Byte::NotFirst,
            0..0x20 | 0x7f => Byte::Quote,
            _ => Byte::Safe,
        };
        at += 1;
    }
    table
};

/// Whether a string can stand without quotes and is text to every reader.
fn fits_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    if BYTES[usize::from(*first)] == Byte::NotFirst
        || matches!(first, b' ' | b':' | b'#')
        || matches!(last, b' ' | b':')
    {
        return false;
    }
    if *first == b'-' && (bytes.len() == 1 || bytes[1] == b' ' || bytes.starts_with(b"---"))
        || bytes.starts_with(b"...")
    {
        return false;
    }
    let mut look = false;
    for byte in bytes {
        match BYTES[usize::from(*byte)] {
            Byte::Quote => return false,
            Byte::Look => look = true,
            Byte::Safe | Byte::NotFirst => {}
        }
    }
    (!look || stands_looking(text)) && classify(text) == Plain::Text
}

/// The second look, at pairs of bytes and at characters beyond ASCII.
fn stands_looking(text: &str) -> bool {
    let separates = text.as_bytes().windows(2).any(|pair| pair == b": " || pair == b" #");
    !separates && text.chars().all(is_printable)
}

/// Whether a character may stand in a file as it is, in one line.
fn is_printable(c: char) -> bool {
    !matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        || c == '\t'
}

/// Whether a string of several lines survives as a block: readers disagree on lines of blanks and on a leading tab.
fn fits_block(text: &str) -> bool {
    !text.starts_with('\t')
        && text.chars().all(|c| c == '\n' || is_printable(c))
        && text.split('\n').all(|line| line.is_empty() || !line.bytes().all(|b| matches!(b, b' ' | b'\t')))
        && text.bytes().any(|b| b != b'\n')
}

fn block(text: &str, columns: usize, out: &mut String) {
    out.push('|');
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    let body = text.strip_suffix('\n');
    match body {
        None => out.push('-'),
        Some(body) if body.ends_with('\n') => out.push('+'),
        Some(_) => {}
    }
    out.push('\n');
    for line in body.unwrap_or(text).split('\n') {
        if !line.is_empty() {
            indent(columns, out);
            out.push_str(line);
        }
        out.push('\n');
    }
}
