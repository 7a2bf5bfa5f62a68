//! Numbers as Go writes them in a template.

use super::ast::Number;
use super::token::Kind;
use crate::helm::quote::{quoted, unquote};

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

/// What a number may be read as, or Go's complaint. Complex numbers are none here.
pub(super) fn read(kind: Kind, text: &str) -> Result<Number, String> {
    if kind == Kind::CharConstant {
        return character(text);
    }
    let number = whole_number(text).filter(|n| i64::try_from(*n).is_ok() || u64::try_from(*n).is_ok());
    let int = number.and_then(|n| i64::try_from(n).ok());
    let float = match number {
        #[allow(clippy::cast_precision_loss)]
        Some(number) => Some(number as f64),
        None => parse_float(text),
    };
    let marked = text.contains(['.', 'e', 'E', 'p', 'P']);
    if number.is_none() && float.is_some() && !marked {
        return Err(format!("integer overflow: {}", quoted(text)));
    }
    let whole = |f: f64| f.fract() == 0.0 && f.abs() < 9e18;
    #[allow(clippy::cast_possible_truncation)]
    let int = int.or_else(|| float.filter(|f| whole(*f)).map(|f| f as i64));
    if int.is_none() && float.is_none() {
        return Err(format!("illegal number syntax: {}", quoted(text)));
    }
    let hex = matches!(text.as_bytes(), [b'0', b'x' | b'X', ..]) && !text.contains(['p', 'P']);
    Ok(Number { int, float, looks_float: marked && !hex })
}

/// A character in single quotes is the number of its code.
fn character(text: &str) -> Result<Number, String> {
    let inner = unquote(text).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let mut signs = inner.chars();
    let Some(sign) = signs.next() else { return Err("invalid syntax".into()) };
    if signs.next().is_some() {
        return Err(format!("malformed character constant: {text}"));
    }
    let code = u32::from(sign);
    Ok(Number { int: Some(i64::from(code)), float: Some(f64::from(code)), looks_float: false })
}

/// Whether each underscore stands between digits, or between them and what tells their base.
fn underscores_fit(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    let based = matches!(body, [b'0', b'x' | b'X' | b'b' | b'B' | b'o' | b'O', ..]);
    let hex = matches!(body, [b'0', b'x' | b'X', ..]);
    let (mut digit, mut underscore) = (based, false);
    for byte in body.get(if based { 2 } else { 0 }..).unwrap_or_default() {
        let is_digit = byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit());
        if (*byte == b'_' && !digit) || (underscore && !is_digit) {
            return false;
        }
        (digit, underscore) = (is_digit, *byte == b'_');
    }
    !underscore
}

/// Go's `strconv.ParseInt(text, 0, 64)`.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    i64::try_from(whole_number(text)?).ok()
}

fn whole_number(text: &str) -> Option<i128> {
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
    if body.is_empty() || body.starts_with(['+', '-']) || !underscores_fit(text) {
        return None;
    }
    let number = i128::from_str_radix(&body.replace('_', ""), radix).ok()?;
    Some(if negative { -number } else { number })
}

/// Go's `strconv.ParseFloat`, decimal or hexadecimal.
fn parse_float(text: &str) -> Option<f64> {
    if !underscores_fit(text) {
        return None;
    }
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
