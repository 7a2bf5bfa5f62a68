//! Go's string literals: reading them in templates, writing them with `%q`.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Writes text as a Go string literal in double quotes.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        push_escaped(out, c, '"');
    }
    out.push('"');
}

/// The Go string literal for a text.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote(&mut out, text);
    out
}

/// Writes bytes that may not be UTF-8 as a Go string literal.
pub(crate) fn quote_bytes(out: &mut String, bytes: &[u8]) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            push_escaped(out, c, '"');
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
}

/// Writes one character of a literal.
pub(crate) fn push_escaped(out: &mut String, c: char, mark: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        c if c == mark => {
            out.push('\\');
            out.push(c);
        }
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        c if is_print(c) => out.push(c),
        c if (c as u32) < 0x80 => {
            let _ = write!(out, "\\x{:02x}", c as u32);
        }
        c if (c as u32) < 0x1_0000 => {
            let _ = write!(out, "\\u{:04x}", c as u32);
        }
        c => {
            let _ = write!(out, "\\U{:08x}", c as u32);
        }
    }
}

/// Go's `unicode.IsPrint`, near enough: no controls, no spaces but the plain one, nothing that has no shape.
pub(crate) fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    let n = c as u32;
    !(c.is_control()
        || c.is_whitespace()
        || matches!(n, 0xAD | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFF0..=0xFFFB)
        || (0xE000..=0xF8FF).contains(&n)
        || n & 0xFFFE == 0xFFFE
        || n >= 0xE_0000)
}

/// The text of a Go literal. Most have no escapes.
pub(crate) fn literal(text: &str) -> Option<Cow<'_, [u8]>> {
    match text.as_bytes() {
        [b'"', inner @ .., b'"'] if !inner.iter().any(|b| matches!(b, b'\\' | b'"' | b'\n')) => Some(inner.into()),
        _ => unquote(text).map(Cow::from),
    }
}

/// Reads a Go literal: `"…"`, `` `…` `` or `'…'`.
pub(crate) fn unquote(literal: &str) -> Option<Vec<u8>> {
    let mark = literal.chars().next()?;
    let inner = literal.strip_prefix(mark)?.strip_suffix(mark)?;
    if mark == '`' {
        return (!inner.contains('`')).then(|| inner.replace('\r', "").into_bytes());
    }
    if inner.contains('\n') {
        return None;
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        if c == mark {
            return None;
        }
        if c == '\\' {
            rest = unescape(rest.get(1..)?, mark, &mut out)?;
        } else {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &rest[c.len_utf8()..];
        }
    }
    Some(out)
}

/// Reads one escape after its backslash and gives what follows it.
fn unescape<'a>(text: &'a str, mark: char, out: &mut Vec<u8>) -> Option<&'a str> {
    let kind = text.chars().next()?;
    let rest = &text[kind.len_utf8()..];
    let simple = match kind {
        'a' => Some(7),
        'b' => Some(8),
        'f' => Some(12),
        'n' => Some(b'\n'),
        'r' => Some(b'\r'),
        't' => Some(b'\t'),
        'v' => Some(11),
        '\\' => Some(b'\\'),
        '\'' | '"' if kind == mark => u8::try_from(kind).ok(),
        _ => None,
    };
    if let Some(byte) = simple {
        out.push(byte);
        return Some(rest);
    }
    let (digits, radix, from) = match kind {
        'x' => (2, 16, rest),
        'u' => (4, 16, rest),
        'U' => (8, 16, rest),
        '0'..='7' => (3, 8, text),
        _ => return None,
    };
    let number = u32::from_str_radix(from.get(..digits)?, radix).ok()?;
    if matches!(kind, 'u' | 'U') {
        out.extend_from_slice(char::from_u32(number)?.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        out.push(u8::try_from(number).ok()?);
    }
    from.get(digits..)
}
