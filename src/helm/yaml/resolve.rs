//! What a plain scalar means.

use std::borrow::Cow;

use crate::helm::template::parse_int;

/// The meaning of a plain scalar.
#[derive(Debug, PartialEq)]
pub(crate) enum Resolved {
    Null,
    Bool(bool),
    /// A whole number that fits 64 bits.
    Int(i128),
    Float(f64),
    /// Text that other readers take for a date.
    Timestamp,
    Str,
}

/// Resolves a plain scalar by the rules of YAML 1.1, as far as Go's reader has them.
pub(crate) fn resolve(text: &str) -> Resolved {
    let Some(first) = text.bytes().next() else { return Resolved::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => special(text).or_else(|| float(text)).map_or(Resolved::Str, Resolved::Float),
        b'+' | b'-' | b'0'..=b'9' => number(text),
        _ => Resolved::Str,
    }
}

fn word(text: &str) -> Resolved {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Resolved::Bool(false),
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        _ => Resolved::Str,
    }
}

fn special(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn number(text: &str) -> Resolved {
    if let Some(float) = special(text) {
        return Resolved::Float(float);
    }
    if is_timestamp(text) {
        return Resolved::Timestamp;
    }
    let plain: Cow<str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    if let Some(int) = parse_int(&plain) {
        return Resolved::Int(i128::from(int));
    }
    if let Some(large) = plain.parse::<u64>().ok().filter(|_| plain.bytes().all(|b| b.is_ascii_digit())) {
        return Resolved::Int(i128::from(large));
    }
    if is_float(&plain)
        && let Ok(float) = plain.parse::<f64>()
        && float.is_finite()
    {
        return Resolved::Float(float);
    }
    Resolved::Str
}

/// Go's reader hands what starts with a dot to the language's own reader of floats.
fn float(text: &str) -> Option<f64> {
    let body = text.as_bytes();
    if !body.get(1).is_some_and(u8::is_ascii_digit) || body.windows(2).any(|pair| pair == b"__") || text.contains('_') {
        return None;
    }
    is_float(text).then(|| text.parse().ok()).flatten()
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match body.find(['e', 'E']) {
        Some(at) => (&body[..at], Some(&body[at + 1..])),
        None => (body, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let good_mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    good_mantissa && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// `2006-1-2`, alone or with a time of day.
fn is_timestamp(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 4 || text.as_bytes().get(4) != Some(&b'-') {
        return false;
    }
    let mut rest = &text[5..];
    let mut part = |max: u32, min: u32| -> Option<()> {
        let length = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let number: u32 = rest.get(..length)?.parse().ok()?;
        rest = &rest[length..];
        (min..=max).contains(&number).then_some(())
    };
    let month_ok = part(12, 1).is_some();
    if !month_ok {
        return false;
    }
    let Some(after) = rest.strip_prefix('-') else { return false };
    let length = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let year = text[..4].parse().unwrap_or(0);
    let month = text[5..].bytes().take_while(u8::is_ascii_digit).fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    let day: u32 = after[..length].parse().unwrap_or(0);
    if day == 0 || day > days_in(year, month) {
        return false;
    }
    let rest = &after[length..];
    rest.is_empty() || is_time(rest)
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// `T15:4:5.9Z`, `t15:4:5+01:00` or ` 15:4:5`.
fn is_time(text: &str) -> bool {
    let zoned = text.starts_with(['T', 't']);
    if !zoned && !text.starts_with(' ') {
        return false;
    }
    let body = &text[1..];
    let zone = body.find(['Z', '+', '-']).unwrap_or(body.len());
    let (clock, zone) = body.split_at(zone);
    let fields: Vec<&str> = clock.splitn(3, ':').collect();
    let [hour, minute, seconds] = fields.as_slice() else { return false };
    let (second, fraction) = seconds.split_once(['.', ',']).map_or((*seconds, None), |(s, f)| (s, Some(f)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let below =
        |text: &str, limit: u32| text.len() <= 2 && digits(text) && text.parse::<u32>().is_ok_and(|n| n < limit);
    let zone_ok = match zone.as_bytes() {
        [] => !zoned,
        [b'Z'] => zoned,
        [b'+' | b'-', h1, h2, b':', m1, m2] => zoned && [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    zone_ok && below(hour, 24) && below(minute, 60) && below(second, 60) && fraction.is_none_or(digits)
}
