//! Numbers as Go writes them in a template.

use super::ast::Number;
use super::lex::Kind;
use crate::helm::quote::unquote;

/// How long the number is that a text begins with, as far as its characters tell.
pub(super) fn scan(text: &[u8]) -> usize {
    let mut at = one(text, 0, b"+-");
    let (digits, exponent): (fn(u8) -> bool, &[u8]) = match text.get(at..) {
        Some([b'0', b'x' | b'X', ..]) => (|b| b.is_ascii_hexdigit(), b"pP"),
        Some([b'0', b'o' | b'O', ..]) => (|b| matches!(b, b'0'..=b'7'), b""),
        Some([b'0', b'b' | b'B', ..]) => (|b| matches!(b, b'0' | b'1'), b""),
        _ => (|b| b.is_ascii_digit(), b"eE"),
    };
    if exponent != b"eE" {
        at += 2;
    }
    let run = |from: usize, digits: fn(u8) -> bool| {
        from + text.get(from..).unwrap_or_default().iter().take_while(|b| **b == b'_' || digits(**b)).count()
    };
    at = run(at, digits);
    if text.get(at) == Some(&b'.') {
        at = run(at + 1, digits);
    }
    if one(text, at, exponent) > at {
        at = run(one(text, at + 1, b"+-"), |b| b.is_ascii_digit());
    }
    one(text, at, b"i")
}

/// The place after one of some characters, if it stands there.
fn one(text: &[u8], at: usize, valid: &[u8]) -> usize {
    at + usize::from(text.get(at).is_some_and(|b| valid.contains(b)))
}

/// What a number may be read as; nothing where it is none.
pub(super) fn read(kind: Kind, text: &str) -> Option<Number> {
    let int = match kind {
        Kind::CharConstant => unquote(text)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|inner| inner.chars().next())
            .map(|c| i64::from(u32::from(c))),
        _ => parse_int(text),
    };
    let float = match int {
        #[allow(clippy::cast_precision_loss)]
        Some(int) => Some(int as f64),
        None => parse_float(text),
    };
    let hex =
        text.len() > 2 && text.starts_with('0') && text[1..].starts_with(['x', 'X']) && !text.contains(['p', 'P']);
    let looks_float = kind != Kind::CharConstant && !hex && text.contains(['.', 'e', 'E', 'p', 'P']);
    let whole = |f: f64| f.fract() == 0.0 && f.abs() < 9e18;
    #[allow(clippy::cast_possible_truncation)]
    let int = int.or_else(|| float.filter(|f| whole(*f)).map(|f| f as i64));
    if int.is_none() && float.is_none() { None } else { Some(Number { int, float, looks_float }) }
}

/// Go's `strconv.ParseInt(text, 0, 64)`.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    if let digits @ [b'1'..=b'9', ..] = text.as_bytes()
        && digits.len() < 18
        && digits.iter().all(u8::is_ascii_digit)
    {
        return text.parse().ok();
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        _ if lower.len() > 1 && lower.starts_with('0') => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    let bare = lower.starts_with('_') || lower.ends_with('_') || lower.contains("__");
    if bare || body.is_empty() || body.starts_with(['+', '-']) {
        return None;
    }
    let number = i128::from_str_radix(&body.replace('_', ""), radix).ok()?;
    i64::try_from(if negative { -number } else { number }).ok()
}

/// Go's `strconv.ParseFloat`, decimal or hexadecimal.
fn parse_float(text: &str) -> Option<f64> {
    let plain = text.replace('_', "").to_ascii_lowercase();
    let body = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    if let Some(hex) = body.strip_prefix("0x") {
        let size = parse_hex_float(hex)?;
        return Some(if plain.starts_with('-') { -size } else { size });
    }
    let numeric = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e'));
    if numeric { plain.parse().ok().filter(|f: &f64| f.is_finite()) } else { None }
}

/// `1.8p3`: hexadecimal digits times a power of two.
#[allow(clippy::cast_precision_loss)]
fn parse_hex_float(text: &str) -> Option<f64> {
    let (mantissa, power) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = u64::from_str_radix(&format!("{whole}{fraction}"), 16).ok()?;
    let power: i32 = power.parse().ok()?;
    let shift = power.checked_sub(i32::try_from(fraction.len()).ok()?.checked_mul(4)?)?;
    Some(digits as f64 * 2f64.powi(shift)).filter(|f| f.is_finite())
}
