//! Characters that must not stand in a source file.

use super::{FileId, Span};
use crate::diagnostic::{Diagnostic, Sink, codes::reading};

/// How many findings of one kind a file gets: a binary file would have one for every other byte.
const MOST: usize = 5;

/// Reports characters that readers drop, refuse or take for the end of a line.
pub(super) fn check(file: FileId, text: &str, sink: &mut Sink) {
    let mut found = 0;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if !SUSPECT[usize::from(*byte)] {
            continue;
        }
        let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
        let fine = match character {
            '\r' => bytes.get(at + 1) == Some(&b'\n'),
            '\u{feff}' => at == 0,
            other => !is_bad(other),
        };
        if fine {
            continue;
        }
        found += 1;
        if found > MOST {
            return;
        }
        let span = Span { file, start: at as u32, end: (at + character.len_utf8()) as u32 };
        sink.push(finding(character, span));
    }
}

fn finding(character: char, span: Span) -> Diagnostic {
    let name = match character {
        '\0' => "a NUL byte",
        '\r' => "a carriage return without a line feed",
        '\u{1b}' => "an escape character",
        '\u{7f}' => "a delete character",
        '\u{85}' | '\u{2028}' | '\u{2029}' => "a Unicode line separator",
        '\u{feff}' => "a byte order mark inside the file",
        '\u{fffe}' | '\u{ffff}' => "a code point that is no character",
        _ => "a control character",
    };
    let code = u32::from(character);
    let escape = if code < 0x100 { format!("\\x{code:02x}") } else { format!("\\u{code:04x}") };
    let found = Diagnostic::error(&reading::CHARACTER, span, format!("{name} (U+{code:04X})"));
    match character {
        '\r' => found.help("end lines with a line feed"),
        _ => found.help(format!("remove it; if the text needs it, write `{escape}` in double quotes")),
    }
}

fn is_bad(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

/// Bytes that are, or start, a character to look at.
const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = matches!(at as u8, 0..=8 | 0xb..=0x1f | 0x7f | 0xc2 | 0xe2 | 0xef);
        at += 1;
    }
    table
};
