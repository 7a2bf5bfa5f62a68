//! Go's own functions.

use std::cmp::Ordering;

use super::args::{at, text};
use super::{Body, Entry, printf};
use crate::helm::error::{Outcome, fail};
use crate::helm::template::{equal, less};
use crate::helm::value::{Kind, List, Value};

pub(super) const TABLE: &[Entry] = &[
    ("and", "vv*", Body::Lazy(false)),
    ("or", "vv*", Body::Lazy(true)),
    ("not", "v", Body::Pure(|args| Ok(Value::Bool(!at(args, 0).truth())))),
    ("eq", "vv*", Body::Pure(|args| eq(args).map(Value::Bool))),
    ("ne", "vv", Body::Pure(|args| eq(args).map(|equal| Value::Bool(!equal)))),
    ("lt", "vv", Body::Pure(|args| less(at(args, 0), at(args, 1)).map(Value::Bool))),
    ("le", "vv", Body::Pure(|args| less_or_equal(args).map(Value::Bool))),
    ("gt", "vv", Body::Pure(|args| less_or_equal(args).map(|le| Value::Bool(!le)))),
    ("ge", "vv", Body::Pure(|args| less(at(args, 0), at(args, 1)).map(|lt| Value::Bool(!lt)))),
    ("len", "v", Body::Pure(len)),
    ("index", "vv*", Body::Pure(index)),
    ("print", "a*", Body::Pure(|args| Ok(Value::str(printf::print(args))))),
    ("println", "a*", Body::Pure(|args| Ok(Value::str(printf::println(args))))),
    ("printf", "sa*", Body::Pure(|args| Ok(Value::str(printf::printf(&text(args, 0), args.get(1..).unwrap_or(&[])))))),
    ("html", "a*", Body::Pure(|args| Ok(Value::str(html(&all_text(args)))))),
    ("js", "a*", Body::Pure(|args| Ok(Value::str(js(&all_text(args)))))),
    ("urlquery", "a*", Body::Pure(|args| Ok(Value::str(urlquery(&all_text(args)))))),
];

fn eq(args: &[Value]) -> Outcome<bool> {
    if args.len() < 2 {
        return fail("missing argument for comparison");
    }
    for other in args.iter().skip(1) {
        if equal(at(args, 0), other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn less_or_equal(args: &[Value]) -> Outcome<bool> {
    Ok(less(at(args, 0), at(args, 1))? || equal(at(args, 0), at(args, 1))?)
}

fn count(n: usize) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn len(args: &[Value]) -> Outcome<Value> {
    match at(args, 0) {
        Value::Str(text) => Ok(count(text.len())),
        Value::Raw(bytes) => Ok(count(bytes.len())),
        Value::Bytes(bytes) => Ok(count(bytes.len())),
        Value::List(list) => Ok(count(list.items().len())),
        Value::Map(map) => Ok(count(map.len())),
        Value::Object(object) => match object.contents() {
            Some(contents) => len(&[contents]),
            None => fail(format!("len of type {}", object.type_name())),
        },
        Value::None | Value::Nil => fail("reflect: call of reflect.Value.Type on zero Value"),
        other => fail(format!("len of type {}", other.type_name())),
    }
}

fn index(args: &[Value]) -> Outcome<Value> {
    let mut item = at(args, 0).clone();
    if item.is_nil() {
        return fail("index of untyped nil");
    }
    for key in args.iter().skip(1) {
        if let Value::Object(object) = &item
            && let Some(contents) = object.contents()
        {
            item = contents;
        }
        item = match &item {
            Value::None | Value::Nil => return fail("index of nil pointer"),
            Value::Map(map) => match key {
                Value::Str(key) => map
                    .get(key)
                    .unwrap_or_else(|| if map.kind() == Kind::Strings { Value::str("") } else { Value::Nil }),
                other if other.is_nil() => return fail("value is nil; should be of type string"),
                other => return fail(format!("value has type {}; should be string", other.type_name())),
            },
            Value::List(list) => list_item(list, key)?,
            Value::Str(text) => {
                let n = position(key, text.len(), "string")?;
                Value::Uint(text.as_bytes().get(n).copied().unwrap_or(0).into())
            }
            other => return fail(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(item)
}

fn list_item(list: &List, key: &Value) -> Outcome<Value> {
    let n = position(key, list.items().len(), "slice")?;
    Ok(list.items().get(n).cloned().unwrap_or(Value::Nil))
}

fn position(key: &Value, len: usize, of: &str) -> Outcome<usize> {
    let n = match key {
        Value::Int(n) | Value::Int64(n) => *n,
        Value::Uint(n) => i64::try_from(*n).unwrap_or(i64::MAX),
        other if other.is_nil() => return fail("cannot index slice/array with nil"),
        other => return fail(format!("cannot index slice/array with type {}", other.type_name())),
    };
    match usize::try_from(n).map(|n| (n, n.cmp(&len))) {
        Ok((n, Ordering::Less)) => Ok(n),
        Ok((_, Ordering::Equal)) => fail(format!("reflect: {of} index out of range")),
        _ => fail(format!("index out of range: {n}")),
    }
}

/// All arguments as text, a single string as it is.
fn all_text(args: &[Value]) -> String {
    match args {
        [Value::Str(text)] => text.to_string(),
        [Value::Nil | Value::None] => "<no value>".into(),
        _ => printf::print(args),
    }
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0' => out.push('\u{FFFD}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '\'' | '"' => {
                out.push('\\');
                out.push(c);
            }
            '<' | '>' | '&' | '=' => out.push_str(&format!("\\u{:04X}", c as u32)),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

fn urlquery(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
