//! Go's comparison of basic values.

use crate::helm::error::{Outcome, fail};
use crate::helm::print;
use crate::helm::value::Value;

#[derive(PartialEq)]
enum Basic<'v> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Str(&'v [u8]),
    Other,
}

fn basic(value: &Value) -> Basic<'_> {
    match value {
        Value::Bool(b) => Basic::Bool(*b),
        Value::Int(n) | Value::Int64(n) => Basic::Int(*n),
        Value::Uint(n) => Basic::Uint(*n),
        Value::Float(f) => Basic::Float(*f),
        Value::Str(s) => Basic::Str(s.as_bytes()),
        Value::Raw(b) => Basic::Str(b),
        _ => Basic::Other,
    }
}

fn incompatible<T>(a: &Value, b: &Value) -> Outcome<T> {
    fail(format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name()))
}

/// `eq` of two values.
pub(crate) fn equal(a: &Value, b: &Value) -> Outcome<bool> {
    match (basic(a), basic(b)) {
        (Basic::Int(int), Basic::Uint(uint)) | (Basic::Uint(uint), Basic::Int(int)) => {
            Ok(u64::try_from(int) == Ok(uint))
        }
        (Basic::Other, Basic::Other) => equal_others(a, b),
        (left, right) if std::mem::discriminant(&left) == std::mem::discriminant(&right) => Ok(left == right),
        _ if a.is_nil() || b.is_nil() => Ok(false),
        _ => incompatible(a, b),
    }
}

fn equal_others(a: &Value, b: &Value) -> Outcome<bool> {
    if a.is_nil() || b.is_nil() {
        return Ok(a.is_nil() == b.is_nil());
    }
    if a.kind_name() != b.kind_name() {
        let (left, right) = (print::text(a), print::text(b));
        return fail(format!("non-comparable types {left}: {}, {}: {right}", a.type_name(), b.type_name()));
    }
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => Ok(std::rc::Rc::ptr_eq(x, y)),
        _ => fail(format!("non-comparable type {}: {}", print::text(b), b.type_name())),
    }
}

/// `lt` of two values.
pub(crate) fn less(a: &Value, b: &Value) -> Outcome<bool> {
    match (basic(a), basic(b)) {
        (Basic::Other, _) | (_, Basic::Other) | (Basic::Bool(_), Basic::Bool(_)) => fail("invalid type for comparison"),
        (Basic::Int(x), Basic::Int(y)) => Ok(x < y),
        (Basic::Uint(x), Basic::Uint(y)) => Ok(x < y),
        (Basic::Float(x), Basic::Float(y)) => Ok(x < y),
        (Basic::Str(x), Basic::Str(y)) => Ok(x < y),
        (Basic::Int(x), Basic::Uint(y)) => Ok(u64::try_from(x).map_or(true, |x| x < y)),
        (Basic::Uint(x), Basic::Int(y)) => Ok(u64::try_from(y).is_ok_and(|y| x < y)),
        _ => incompatible(a, b),
    }
}
