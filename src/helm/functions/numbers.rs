//! Sprig's arithmetic.

use super::args::{at, int, text};
use super::{Body, Entry};
use crate::helm::error::{Outcome, fail};
use crate::helm::print;
use crate::helm::template::parse_int;
use crate::helm::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("int", "a", Body::Pure(|a| Ok(Value::Int(to_int(at(a, 0)))))),
    ("int64", "a", Body::Pure(|a| Ok(Value::Int64(to_int(at(a, 0)))))),
    ("float64", "a", Body::Pure(|a| Ok(Value::Float(to_float(at(a, 0)))))),
    ("atoi", "s", Body::Pure(|a| Ok(Value::Int(text(a, 0).parse().unwrap_or(0))))),
    ("toDecimal", "a", Body::Pure(|a| Ok(Value::Int64(i64::from_str_radix(&print::text(at(a, 0)), 8).unwrap_or(0))))),
    ("add", "a*", Body::Pure(|a| whole(a, 0, i64::wrapping_add))),
    ("add1", "a", Body::Pure(|a| Ok(Value::Int64(to_int(at(a, 0)).wrapping_add(1))))),
    ("sub", "aa", Body::Pure(|a| Ok(Value::Int64(to_int(at(a, 0)).wrapping_sub(to_int(at(a, 1))))))),
    ("mul", "aa*", Body::Pure(|a| whole(a, 1, i64::wrapping_mul))),
    ("div", "aa", Body::Pure(|a| divide(a, i64::wrapping_div))),
    ("mod", "aa", Body::Pure(|a| divide(a, i64::wrapping_rem))),
    ("max", "aa*", Body::Pure(|a| Ok(Value::Int64(a.iter().map(to_int).max().unwrap_or(0))))),
    ("biggest", "aa*", Body::Pure(|a| Ok(Value::Int64(a.iter().map(to_int).max().unwrap_or(0))))),
    ("min", "aa*", Body::Pure(|a| Ok(Value::Int64(a.iter().map(to_int).min().unwrap_or(0))))),
    ("maxf", "aa*", Body::Pure(|a| Ok(Value::Float(a.iter().map(to_float).fold(f64::NEG_INFINITY, f64::max))))),
    ("minf", "aa*", Body::Pure(|a| Ok(Value::Float(a.iter().map(to_float).fold(f64::INFINITY, f64::min))))),
    ("floor", "a", Body::Pure(|a| Ok(Value::Float(to_float(at(a, 0)).floor())))),
    ("ceil", "a", Body::Pure(|a| Ok(Value::Float(to_float(at(a, 0)).ceil())))),
    ("round", "aif*", Body::Pure(round)),
    ("add1f", "a", Body::Pure(|a| Ok(Value::Float(decimal(to_float(at(a, 0)), 1.0, '+'))))),
    ("addf", "a*", Body::Pure(|a| decimals(a, Some(0.0), '+'))),
    ("subf", "aa*", Body::Pure(|a| decimals(a, None, '-'))),
    ("mulf", "aa*", Body::Pure(|a| decimals(a, None, '*'))),
    ("divf", "aa*", Body::Pure(|a| decimals(a, None, '/'))),
];

/// A number from anything, as the Go library that Sprig uses has it: what is no number is 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
pub(super) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(n) | Value::Int64(n) => *n,
        Value::Uint(n) => *n as i64,
        // Go gives the smallest number for what does not fit.
        Value::Float(f) if !(-9.3e18..9.2e18).contains(f) => i64::MIN,
        Value::Float(f) => *f as i64,
        Value::Bool(b) => i64::from(*b),
        Value::Str(text) => parse_int(without_zeros(text)).unwrap_or(0),
        _ => 0,
    }
}

/// `12.00` as `12`.
fn without_zeros(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    }
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn to_float(value: &Value) -> f64 {
    match value {
        Value::Int(n) | Value::Int64(n) => *n as f64,
        Value::Uint(n) => *n as f64,
        Value::Float(f) => *f,
        Value::Bool(b) => f64::from(u8::from(*b)),
        Value::Str(text) => text.parse().unwrap_or(0.0),
        _ => 0.0,
    }
}

fn whole(args: &[Value], start: i64, combine: fn(i64, i64) -> i64) -> Outcome<Value> {
    Ok(Value::Int64(args.iter().map(to_int).fold(start, combine)))
}

fn divide(args: &[Value], combine: fn(i64, i64) -> i64) -> Outcome<Value> {
    match to_int(at(args, 1)) {
        0 => fail("runtime error: integer divide by zero"),
        divisor => Ok(Value::Int64(combine(to_int(at(args, 0)), divisor))),
    }
}

fn round(args: &[Value]) -> Outcome<Value> {
    let places = i32::try_from(int(args, 1)).unwrap_or(0);
    let limit = args.get(2).map_or(0.5, to_float);
    let power = 10f64.powi(places);
    let digit = power * to_float(at(args, 0));
    let rounded = if digit.fract() >= limit { digit.ceil() } else { digit.floor() };
    Ok(Value::Float(rounded / power))
}

fn decimals(args: &[Value], start: Option<f64>, operator: char) -> Outcome<Value> {
    let mut numbers = args.iter().map(to_float);
    let mut result = match start {
        Some(start) => start,
        None => numbers.next().unwrap_or(0.0),
    };
    for number in numbers {
        if operator == '/' && number == 0.0 {
            return fail("decimal division by 0");
        }
        result = decimal(result, number, operator);
    }
    Ok(Value::Float(result))
}

/// Exact decimal arithmetic where the digits allow it: `0.1 + 0.2` is `0.3`.
#[allow(clippy::cast_precision_loss)]
fn decimal(a: f64, b: f64, operator: char) -> f64 {
    let exact = || -> Option<f64> {
        let ((x, xs), (y, ys)) = (digits(a)?, digits(b)?);
        let scale = xs.max(ys);
        let up = |n: i128, from: u32| n.checked_mul(10i128.checked_pow(scale - from)?);
        let (number, scale) = match operator {
            '+' => (up(x, xs)?.checked_add(up(y, ys)?)?, scale),
            '-' => (up(x, xs)?.checked_sub(up(y, ys)?)?, scale),
            '*' => (x.checked_mul(y)?, xs + ys),
            _ => (quotient(up(x, xs)?, up(y, ys)?)?, 16),
        };
        let (sign, size) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
        format!("{sign}{size}e-{scale}").parse().ok()
    };
    exact().unwrap_or(match operator {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        _ => a / b,
    })
}

/// A quotient of 16 decimal places, rounded half away from zero.
fn quotient(a: i128, b: i128) -> Option<i128> {
    let scaled = a.checked_mul(10i128.pow(16))?;
    let (whole, rest) = (scaled.checked_div(b)?, scaled.checked_rem(b)?);
    let away = if (a < 0) == (b < 0) { 1 } else { -1 };
    Some(if rest.unsigned_abs() * 2 >= b.unsigned_abs() { whole + away } else { whole })
}

/// A float as a whole number and how many of its digits are decimals.
fn digits(f: f64) -> Option<(i128, u32)> {
    let text = format!("{f}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    Some((format!("{whole}{fraction}").parse().ok()?, u32::try_from(fraction.len()).ok()?))
}
