//! Go's default formatting: what `{{ x }}`, `print` and `%v` write.

use std::fmt::Write as _;

use super::value::{Map, Value};

/// Where a text ends that has grown past all sense; the template that it goes to then fails.
pub(crate) const MAX_LENGTH: usize = 256 << 20;

/// Writes a value as `%v` does.
pub(crate) fn value(out: &mut String, value: &Value) {
    match value {
        Value::None | Value::Nil => out.push_str("<nil>"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Int(n) | Value::Int64(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Uint(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Float(f) => float(out, *f),
        Value::Str(s) => out.push_str(s),
        Value::Raw(b) => out.push_str(&String::from_utf8_lossy(b)),
        Value::Bytes(b) => items(out, b.iter(), |out, byte| {
            let _ = write!(out, "{byte}");
        }),
        Value::List(list) => items(out, list.items().iter(), self::value),
        Value::Map(map) => entries(out, map),
        Value::Object(object) => object.print(out),
    }
}

/// The text that `%v` gives.
pub(crate) fn text(value: &Value) -> String {
    let mut out = String::new();
    self::value(&mut out, value);
    out
}

fn items<T>(out: &mut String, items: impl Iterator<Item = T>, mut each: impl FnMut(&mut String, T)) {
    out.push('[');
    for (n, item) in items.enumerate() {
        if out.len() > MAX_LENGTH {
            break;
        }
        if n > 0 {
            out.push(' ');
        }
        each(out, item);
    }
    out.push(']');
}

fn entries(out: &mut String, map: &Map) {
    out.push_str("map");
    items(out, map.entries().into_iter(), |out, (key, item)| {
        out.push_str(&key);
        out.push(':');
        value(out, &item);
    });
}

/// Writes a float as Go's `%g` with the fewest digits that read back the same.
pub(crate) fn float(out: &mut String, f: f64) {
    general(out, f, None, 'e', false);
}

/// Go's `%g`: an exponent below -4 or from the precision on, which counts as 6 where there is none.
pub(crate) fn general(out: &mut String, f: f64, precision: Option<usize>, exponent: char, keep_zeros: bool) {
    if !f.is_finite() {
        out.push_str(special(f));
        return;
    }
    let digits = precision.map(|p| p.max(1));
    let scientific = match digits {
        Some(p) => format!("{f:.*e}", p - 1),
        None => format!("{f:e}"),
    };
    let (mantissa, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    let limit = i32::try_from(digits.unwrap_or(6)).unwrap_or(i32::MAX);
    if power < -4 || power >= limit {
        push_exponent(out, trimmed(mantissa, keep_zeros), power, exponent);
    } else if digits.is_some() {
        let places = usize::try_from(limit - 1 - power).unwrap_or(0);
        out.push_str(trimmed(&format!("{f:.places$}"), keep_zeros));
    } else {
        let _ = write!(out, "{f}");
    }
}

fn trimmed(digits: &str, keep_zeros: bool) -> &str {
    if keep_zeros || !digits.contains('.') { digits } else { digits.trim_end_matches('0').trim_end_matches('.') }
}

/// Writes `1e+06`: Go's exponents have a sign and two digits.
pub(crate) fn push_exponent(out: &mut String, mantissa: &str, power: i32, exponent: char) {
    let sign = if power < 0 { '-' } else { '+' };
    let _ = write!(out, "{mantissa}{exponent}{sign}{:02}", power.abs());
}

/// What Go writes for numbers that are none.
pub(crate) fn special(f: f64) -> &'static str {
    if f.is_nan() {
        "NaN"
    } else if f > 0.0 {
        "+Inf"
    } else {
        "-Inf"
    }
}
