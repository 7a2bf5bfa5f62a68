//! Values into JSON, as Go's `encoding/json` writes it.

use std::fmt::Write as _;

use crate::helm::base64;
use crate::helm::error::{Outcome, fail};
use crate::helm::print;
use crate::helm::value::Value;

/// How deep a value may nest.
const MAX_DEPTH: usize = 500;

/// How JSON is written.
#[derive(Clone, Copy, Default)]
pub(crate) struct Style {
    /// Writes `<`, `>` and `&` as escapes.
    pub(crate) escape_html: bool,
    /// Two blanks per level, one entry per line.
    pub(crate) pretty: bool,
}

/// Writes a value.
pub(crate) fn write(value: &Value, style: Style) -> Outcome<String> {
    let mut out = String::new();
    node(&mut out, value, style, 0)?;
    Ok(out)
}

fn line(out: &mut String, style: Style, depth: usize) {
    if style.pretty {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', depth * 2));
    }
}

fn node(out: &mut String, value: &Value, style: Style, depth: usize) -> Outcome<()> {
    if depth > MAX_DEPTH || out.len() > print::MAX_LENGTH {
        return fail("json: unsupported value: encountered a cycle");
    }
    match value {
        Value::None | Value::Nil => out.push_str("null"),
        Value::Bool(_) | Value::Int(_) | Value::Int64(_) | Value::Uint(_) => print::value(out, value),
        Value::Float(f) => number(out, *f)?,
        Value::Str(text) => string(out, text, style.escape_html),
        Value::Raw(bytes) => raw(out, bytes, style.escape_html),
        Value::Bytes(bytes) => string(out, &base64::encode(bytes), style.escape_html),
        Value::List(list) if list.is_nil() => out.push_str("null"),
        Value::List(list) if list.items().is_empty() => out.push_str("[]"),
        Value::List(list) => {
            out.push('[');
            for (n, item) in list.items().iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                line(out, style, depth + 1);
                node(out, item, style, depth + 1)?;
            }
            line(out, style, depth);
            out.push(']');
        }
        Value::Map(map) if map.len() == 0 => out.push_str("{}"),
        Value::Map(map) => {
            out.push('{');
            let mut first = true;
            map.each(|key, item| {
                if !first {
                    out.push(',');
                }
                first = false;
                line(out, style, depth + 1);
                string(out, key, style.escape_html);
                out.push_str(if style.pretty { ": " } else { ":" });
                node(out, item, style, depth + 1)
            })?;
            line(out, style, depth);
            out.push('}');
        }
        Value::Object(object) => match object.contents() {
            Some(contents) => node(out, &contents, style, depth)?,
            None => string(out, &print::text(value), style.escape_html),
        },
    }
    Ok(())
}

/// Writes a float: without an exponent from 1e-6 up to 1e21.
pub(crate) fn number(out: &mut String, f: f64) -> Outcome<()> {
    if !f.is_finite() {
        return fail(format!("json: unsupported value: {}", print::special(f)));
    }
    let size = f.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let scientific = format!("{f:e}");
        let (mantissa, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let power: i32 = power.parse().unwrap_or(0);
        let _ = if power < 0 { write!(out, "{mantissa}e-{}", -power) } else { write!(out, "{mantissa}e+{power:02}") };
    } else {
        let _ = write!(out, "{f}");
    }
    Ok(())
}

fn string(out: &mut String, text: &str, escape_html: bool) {
    out.push('"');
    escaped(out, text, escape_html);
    out.push('"');
}

/// Text that is not all UTF-8: Go writes an escape for each byte that is none.
fn raw(out: &mut String, bytes: &[u8], escape_html: bool) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        escaped(out, chunk.valid(), escape_html);
        chunk.invalid().iter().for_each(|_| out.push_str("\\ufffd"));
    }
    out.push('"');
}

/// The bytes at which a text may have to be written otherwise: those of ASCII, and the first of the two line separators.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut n = 0;
    while n < 0x20 {
        special[n] = true;
        n += 1;
    }
    let signs = [b'"', b'\\', b'<', b'>', b'&', 0xE2];
    let mut n = 0;
    while n < signs.len() {
        special[signs[n] as usize] = true;
        n += 1;
    }
    special
};

fn escaped(out: &mut String, text: &str, escape_html: bool) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| SPECIAL[usize::from(byte)]) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut signs = from.chars();
        if let Some(sign) = signs.next() {
            escaped_sign(out, sign, escape_html);
        }
        rest = signs.as_str();
    }
    out.push_str(rest);
}

fn escaped_sign(out: &mut String, sign: char, escape_html: bool) {
    match sign {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '<' if escape_html => out.push_str("\\u003c"),
        '>' if escape_html => out.push_str("\\u003e"),
        '&' if escape_html => out.push_str("\\u0026"),
        '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => {
            let _ = write!(out, "\\u{:04x}", sign as u32);
        }
        sign => out.push(sign),
    }
}
