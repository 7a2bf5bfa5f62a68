//! Text on one line, with quotes and without.

use std::borrow::Cow;

use granit_parser::ScalarStyle;

use super::{Around, Reader, Scalar};

/// Bytes at which text without quotes may end.
const LOOK: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = matches!(at as u8, b'\n' | b' ' | b':' | b',' | b'[' | b']' | b'{' | b'}');
        at += 1;
    }
    table
};

impl<'t> Reader<'t> {
    pub(super) fn scalar(&mut self, around: Around) -> Option<Scalar<'t>> {
        match self.peek() {
            b'"' => self.double_quoted(),
            b'\'' => self.single_quoted(),
            _ => self.plain(around),
        }
    }

    fn plain(&mut self, around: Around) -> Option<Scalar<'t>> {
        let start = self.at;
        let odd = match self.peek() {
            b'-' => !(self.byte(start + 1).is_ascii_alphanumeric() || matches!(self.byte(start + 1), b'.' | b'-')),
            first => {
                !first.is_ascii_alphanumeric()
                    && !matches!(first, b'_' | b'/' | b'.' | b'$' | b'(' | b'+' | b'<' | b'=' | b'^' | b'~' | 0x80..)
            }
        };
        let rest = self.text.get(start..)?;
        if odd || (self.column() == 0 && (rest.starts_with("...") || rest.starts_with("---"))) {
            return None;
        }
        let mut end = start;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let usual = rest.iter().position(|byte| LOOK[usize::from(*byte)]).unwrap_or(rest.len());
            self.at += usual;
            if usual > 0 {
                end = self.at;
            }
            match self.peek() {
                b'\n' => break,
                b' ' if self.byte(self.at + 1) == b'#' => break,
                b' ' => {
                    self.at += 1;
                    continue;
                }
                b':' => match self.byte(self.at + 1) {
                    b' ' | b'\n' => break,
                    b',' | b'[' | b']' | b'{' | b'}' if around == Around::Flow => return None,
                    _ => {}
                },
                b',' | b'[' | b']' | b'{' | b'}' if around == Around::Flow => break,
                _ => {}
            }
            self.at += 1;
            end = self.at;
        }
        // A space before the colon of a key, or before a comment, is not part of the text.
        if self.peek() == b':' && end != self.at {
            return None;
        }
        self.at = end;
        Some(Scalar { text: Cow::Borrowed(self.text.get(start..end)?), style: ScalarStyle::Plain, start, end })
    }

    fn single_quoted(&mut self) -> Option<Scalar<'t>> {
        let start = self.at;
        let mut doubled = false;
        loop {
            self.at += 1;
            match self.peek() {
                b'\n' => return None,
                b'\'' if self.byte(self.at + 1) == b'\'' => {
                    doubled = true;
                    self.at += 1;
                }
                b'\'' => break,
                _ => {}
            }
        }
        let inner = self.text.get(start + 1..self.at)?;
        self.at += 1;
        let text = if doubled { Cow::Owned(inner.replace("''", "'")) } else { Cow::Borrowed(inner) };
        Some(Scalar { text, style: ScalarStyle::SingleQuoted, start, end: self.at })
    }

    fn double_quoted(&mut self) -> Option<Scalar<'t>> {
        let start = self.at;
        self.at += 1;
        let mut from = self.at;
        let mut unescaped = String::new();
        loop {
            match self.peek() {
                b'\n' => return None,
                b'"' => break,
                b'\\' => {
                    unescaped.push_str(self.text.get(from..self.at)?);
                    unescaped.push(match self.byte(self.at + 1) {
                        b'n' => '\n',
                        b't' => '\t',
                        b'"' => '"',
                        b'\\' => '\\',
                        _ => return None,
                    });
                    self.at += 2;
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
        let rest = self.text.get(from..self.at)?;
        self.at += 1;
        let text = if from == start + 1 { Cow::Borrowed(rest) } else { Cow::Owned(unescaped + rest) };
        Some(Scalar { text, style: ScalarStyle::DoubleQuoted, start, end: self.at })
    }
}
