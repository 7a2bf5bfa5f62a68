//! Reading arguments whose types have been checked.

use std::borrow::Cow;

use crate::helm::error::{Outcome, fail};
use crate::helm::print;
use crate::helm::value::{Map, Str, Value};

/// The argument at a place, or nil.
pub(super) fn at(args: &[Value], n: usize) -> &Value {
    args.get(n).unwrap_or(&Value::Nil)
}

/// A string argument.
pub(super) fn text(args: &[Value], n: usize) -> Cow<'_, str> {
    match at(args, n) {
        Value::Str(text) => Cow::Borrowed(text),
        other => strval(other),
    }
}

/// A string argument as bytes.
pub(super) fn bytes(args: &[Value], n: usize) -> &[u8] {
    match at(args, n) {
        Value::Str(text) => text.as_bytes(),
        Value::Raw(bytes) => bytes,
        Value::Bytes(bytes) => bytes,
        _ => &[],
    }
}

/// An `int` argument.
pub(super) fn int(args: &[Value], n: usize) -> i64 {
    match at(args, n) {
        Value::Int(int) | Value::Int64(int) => *int,
        _ => 0,
    }
}

/// A `bool` argument.
pub(super) fn boolean(args: &[Value], n: usize) -> bool {
    matches!(at(args, n), Value::Bool(true))
}

/// A map argument; nil is an empty one.
pub(super) fn map(args: &[Value], n: usize) -> Option<&Map> {
    at(args, n).as_map()
}

/// Sprig's `strval`: the text of any value.
pub(super) fn strval(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Str(text) => Cow::Borrowed(text),
        Value::Raw(bytes) => String::from_utf8_lossy(bytes),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes),
        other => Cow::Owned(print::text(other)),
    }
}

/// The text of any value, shared where it is a string already.
pub(super) fn shared(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        other => strval(other).into(),
    }
}

/// The items of anything that Go counts as a slice.
pub(super) fn items(value: &Value) -> Option<Cow<'_, [Value]>> {
    match value {
        Value::List(list) => Some(Cow::Borrowed(list.items())),
        Value::Bytes(bytes) => Some(bytes.iter().map(|b| Value::Uint(u64::from(*b))).collect()),
        Value::Object(object) => match object.contents() {
            Some(Value::List(list)) => Some(Cow::Owned(list.items().to_vec())),
            _ => None,
        },
        _ => None,
    }
}

/// The items, or Sprig's complaint.
pub(super) fn list<'a>(value: &'a Value, complaint: &str) -> Outcome<Cow<'a, [Value]>> {
    match items(value) {
        Some(items) => Ok(items),
        None if value.is_nil() => fail("runtime error: invalid memory address or nil pointer dereference"),
        None => fail(format!("{complaint} {}", value.kind_name())),
    }
}

/// Sprig's `strslice`: any value as a list of texts.
pub(super) fn strings(value: &Value) -> Vec<Str> {
    match items(value) {
        Some(items) => items.iter().filter(|item| !item.is_nil()).map(shared).collect(),
        None if value.is_nil() => Vec::new(),
        None => vec![shared(value)],
    }
}
