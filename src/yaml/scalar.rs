//! What a plain scalar means to the readers of YAML.
//!
//! Helm, kubectl and Argo CD read YAML 1.1 words and numbers, kustomize reads other words and dates, YAML 1.2 has its
//! own numbers. A scalar has a value here only where all of them see the same one.

use super::Value;

/// The largest whole number that readers going through a float64 keep exactly.
const EXACT: i64 = 1 << 53;

/// What readers make of a plain scalar.
#[derive(Debug)]
pub enum Resolved {
    /// All readers agree.
    Value(Value),
    /// Readers disagree: the reason, in words.
    Disagree(&'static str),
}

/// Resolves a plain scalar.
pub fn resolve_plain(text: &str) -> Resolved {
    Resolved::Value(match classify(text) {
        Plain::Null => Value::Null,
        Plain::Bool(value) => Value::Bool(value),
        Plain::Int(value) => Value::Int(value),
        Plain::Float(value) => Value::Float(value),
        Plain::Text => Value::Str(text.into()),
        Plain::Word(..) => return Resolved::Disagree(WORD),
        Plain::Disputed(why) | Plain::Rewritten(why, _) => return Resolved::Disagree(why),
    })
}

pub(super) const WORD: &str = "a boolean to Helm and kubectl, text to kustomize and YAML 1.2";

/// A plain scalar's class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Text to every reader.
    Text,
    /// A YAML 1.1 word for a boolean.
    Word(bool),
    /// Readers see different values: why.
    Disputed(&'static str),
    /// A number that loses its form when it is written again: why, and the number.
    Rewritten(&'static str, f64),
}

/// The class of a plain scalar.
pub(super) fn classify(text: &str) -> Plain {
    let Some(first) = text.bytes().next() else { return Plain::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' if text.len() <= 5 => word(text),
        b'=' if text.len() == 1 => Plain::Disputed("text to most readers, an error to those of YAML 1.1"),
        b'<' if text == "<<" => Plain::Disputed("text to most readers, the merge key to those of YAML 1.1"),
        _ => Plain::Text,
    }
}

fn word(text: &str) -> Plain {
    match text {
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Plain::Word(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Plain::Word(false),
        _ => Plain::Text,
    }
}

/// What starts like a number.
fn number(text: &str) -> Plain {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return Plain::Disputed("a number that JSON, which Kubernetes speaks, does not have");
    }
    if is_decimal(unsigned) {
        return whole(text);
    }
    if unsigned.contains('_') {
        let plain: String = unsigned.chars().filter(|c| *c != '_').collect();
        let number = is_digits(&plain) || is_based(&plain) || is_float(&plain) || is_sexagesimal(&plain);
        return if number { Plain::Disputed("a number to Helm and kubectl, text to YAML 1.2") } else { Plain::Text };
    }
    if is_digits(unsigned) {
        return Plain::Disputed(match unsigned.contains(['8', '9']) {
            true => "a decimal number to Helm, kubectl and YAML 1.2, text to YAML 1.1",
            false => "an octal number to Helm and kubectl, a decimal one to YAML 1.2",
        });
    }
    if is_based(unsigned) {
        return based(text, unsigned);
    }
    if is_float(unsigned) {
        return fraction(text);
    }
    if is_sexagesimal(unsigned) {
        return Plain::Disputed("text to Helm and kubectl, a number to the base of 60 to YAML 1.1");
    }
    if is_date(text) {
        return Plain::Disputed("text to Helm and kubectl, a time to kustomize, which writes it in another form");
    }
    Plain::Text
}

fn whole(text: &str) -> Plain {
    if text.starts_with('+') || text == "-0" {
        return Plain::Rewritten(
            "a number, which is written again without this sign",
            text.parse().unwrap_or_default(),
        );
    }
    match text.parse::<i64>() {
        Ok(value) if (-EXACT..=EXACT).contains(&value) => Plain::Int(value),
        _ => Plain::Disputed("a number beyond 2^53, which Helm rounds"),
    }
}

fn fraction(text: &str) -> Plain {
    let value = text.parse::<f64>().unwrap_or(f64::INFINITY);
    if !value.is_finite() {
        return Plain::Disputed("a number that is too large for JSON");
    }
    let mut written = String::new();
    super::write::number(value, &mut written);
    if written == text || value.to_string() == text {
        return Plain::Float(value);
    }
    let why = match text.find(['e', 'E']) {
        Some(_) => "a number with an exponent, which is written again in another form",
        None if text.ends_with('0') => "a number, which is written again without its last zeros",
        None => "a number, which is written again in another form",
    };
    Plain::Rewritten(why, value)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A whole number in the one form that everybody reads alike.
fn is_decimal(unsigned: &str) -> bool {
    is_digits(unsigned) && (unsigned.len() == 1 || !unsigned.starts_with('0'))
}

fn based(text: &str, unsigned: &str) -> Plain {
    let negative = text.starts_with('-');
    match (&unsigned[..2], i64::from_str_radix(&unsigned[2..], 16)) {
        ("0x", Ok(value)) if value < EXACT => {
            let value = if negative { -value } else { value };
            Plain::Rewritten("a hexadecimal number, which is written again as a decimal one", value as f64)
        }
        ("0o", _) => Plain::Disputed("an octal number to Go and YAML 1.2, text to YAML 1.1"),
        _ => Plain::Disputed("a number to Helm and kubectl, text to YAML 1.2"),
    }
}

/// A number to a named base.
fn is_based(unsigned: &str) -> bool {
    let mut bytes = unsigned.bytes();
    if bytes.next() != Some(b'0') || unsigned.len() < 3 {
        return false;
    }
    match bytes.next() {
        Some(b'x' | b'X') => bytes.all(|b| b.is_ascii_hexdigit()),
        Some(b'o' | b'O') => bytes.all(|b| matches!(b, b'0'..=b'7')),
        Some(b'b' | b'B') => bytes.all(|b| matches!(b, b'0' | b'1')),
        _ => false,
    }
}

fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && digits(part)
        && whole.len() + part.len() > 0
        && exponent.is_none_or(|e| is_digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// `12:30`, `1:20:30.5`
fn is_sexagesimal(unsigned: &str) -> bool {
    let mut parts = unsigned.split(':');
    let first = parts.next().is_some_and(is_digits);
    let mut more = 0;
    let rest = parts.all(|part| {
        more += 1;
        let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
        is_digits(whole)
            && (whole.len() == 1 || (whole.len() == 2 && whole.as_bytes()[0] <= b'5'))
            && fraction.bytes().all(|b| b.is_ascii_digit())
    });
    first && rest && more > 0
}

/// `2024-01-31`, alone or with a time after it.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let short = |length: usize| length == 1 || length == 2;
    let time = rest[length..].trim_start_matches(['T', 't', ' ', '\t']);
    let separated = time.len() < rest.len() - length;
    year.len() == 4
        && is_digits(year)
        && is_digits(month)
        && short(month.len())
        && short(length)
        && (length == rest.len() || (separated && time.starts_with(|c: char| c.is_ascii_digit())))
}
