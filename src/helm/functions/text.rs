//! Sprig's functions on text.

use std::fmt::Write as _;

use super::args::{at, bytes, int, items, shared, strings, strval, text};
use super::{Body, Entry};
use crate::helm::error::{Outcome, fail};
use crate::helm::print;
use crate::helm::quote;
use crate::helm::value::{Items, Kind, List, Map, Value};

/// How long a text a function may make.
const MAX_LENGTH: usize = 64 << 20;

pub(super) const TABLE: &[Entry] = &[
    ("hello", "", Body::Pure(|_| Ok(Value::str("Hello!")))),
    ("trim", "s", Body::Pure(|a| Ok(Value::str(text(a, 0).trim())))),
    ("trimAll", "ss", Body::Pure(trim_all)),
    ("trimall", "ss", Body::Pure(trim_all)),
    ("trimSuffix", "ss", Body::Pure(|a| Ok(Value::str(text(a, 1).strip_suffix(&*text(a, 0)).unwrap_or(&text(a, 1)))))),
    ("trimPrefix", "ss", Body::Pure(|a| Ok(Value::str(text(a, 1).strip_prefix(&*text(a, 0)).unwrap_or(&text(a, 1)))))),
    ("trunc", "is", Body::Pure(trunc)),
    ("substr", "iis", Body::Pure(substr)),
    ("repeat", "is", Body::Pure(repeat)),
    ("nospace", "s", Body::Pure(|a| Ok(Value::str(nospace(&text(a, 0)))))),
    ("contains", "ss", Body::Pure(|a| Ok(Value::Bool(text(a, 1).contains(&*text(a, 0)))))),
    ("hasPrefix", "ss", Body::Pure(|a| Ok(Value::Bool(text(a, 1).starts_with(&*text(a, 0)))))),
    ("hasSuffix", "ss", Body::Pure(|a| Ok(Value::Bool(text(a, 1).ends_with(&*text(a, 0)))))),
    ("quote", "a*", Body::Pure(quote)),
    ("squote", "a*", Body::Pure(squote)),
    ("cat", "a*", Body::Pure(cat)),
    ("indent", "is", Body::Pure(|a| indent(a, ""))),
    ("nindent", "is", Body::Pure(|a| indent(a, "\n"))),
    ("replace", "sss", Body::Pure(|a| Ok(Value::str(text(a, 2).replace(&*text(a, 0), &text(a, 1)))))),
    ("plural", "ssi", Body::Pure(|a| Ok(at(a, if int(a, 2) == 1 { 0 } else { 1 }).clone()))),
    ("toString", "a", Body::Pure(|a| Ok(to_string(at(a, 0))))),
    ("toStrings", "a", Body::Pure(|a| Ok(to_strings(at(a, 0))))),
    ("join", "sa", Body::Pure(|a| Ok(Value::str(strings(at(a, 1)).join(&*text(a, 0)))))),
    ("sortAlpha", "a", Body::Pure(sort_alpha)),
    ("split", "ss", Body::Pure(|a| Ok(numbered(split(&text(a, 1), &text(a, 0), -1))))),
    ("splitn", "sis", Body::Pure(|a| Ok(numbered(split(&text(a, 2), &text(a, 0), int(a, 1)))))),
    ("splitList", "ss", Body::Pure(|a| Ok(Value::strings(split(&text(a, 1), &text(a, 0), -1))))),
    ("abbrev", "is", Body::Pure(abbrev)),
    ("abbrevboth", "iis", Body::Pure(abbrev_both)),
    ("wrap", "is", Body::Pure(|a| Ok(Value::str(wrap(&text(a, 1), int(a, 0), "\n", false))))),
    ("wrapWith", "iss", Body::Pure(|a| Ok(Value::str(wrap(&text(a, 2), int(a, 0), &text(a, 1), true))))),
];

fn trim_all(args: &[Value]) -> Outcome<Value> {
    let cut = text(args, 0);
    Ok(Value::str(text(args, 1).trim_matches(|c| cut.contains(c))))
}

/// Removes blanks. Where there are any, the function in Go takes bytes for characters.
fn nospace(source: &str) -> String {
    let bytes = || source.bytes().map(char::from);
    if bytes().any(char::is_whitespace) { bytes().filter(|c| !c.is_whitespace()).collect() } else { source.to_owned() }
}

/// A list of strings is handed on as it is, even one that is nil.
fn to_strings(value: &Value) -> Value {
    match value {
        Value::List(list) if list.kind() == Items::Str => value.clone(),
        other => Value::strings(strings(other)),
    }
}

fn trunc(args: &[Value]) -> Outcome<Value> {
    let (n, source) = (int(args, 0), bytes(args, 1));
    let kept = match usize::try_from(n.unsigned_abs()) {
        Ok(n) if n >= source.len() => source,
        Ok(count) if n < 0 => source.get(source.len() - count..).unwrap_or(source),
        Ok(count) => source.get(..count).unwrap_or(source),
        Err(_) => source,
    };
    if kept.len() == source.len() { Ok(at(args, 1).clone()) } else { Ok(Value::text(kept)) }
}

fn substr(args: &[Value]) -> Outcome<Value> {
    let source = bytes(args, 2);
    let (start, end) = (usize::try_from(int(args, 0)), usize::try_from(int(args, 1)));
    let length = source.len();
    let (part, bounds) = match (start, end) {
        (Err(_), Ok(end)) => (source.get(..end), format!("[:{end}] with length {length}")),
        (Err(_), Err(_)) => (None, format!("[:{}]", int(args, 1))),
        (Ok(start), Ok(end)) if end <= length => (source.get(start..end), format!("[{start}:{end}]")),
        (Ok(start), _) => (source.get(start..), format!("[{start}:{length}]")),
    };
    match part {
        Some(part) => Ok(Value::text(part)),
        None => fail(format!("runtime error: slice bounds out of range {bounds}")),
    }
}

fn repeat(args: &[Value]) -> Outcome<Value> {
    let source = text(args, 1);
    match usize::try_from(int(args, 0)) {
        Err(_) => fail("strings: negative Repeat count"),
        Ok(n) if n.saturating_mul(source.len()) > MAX_LENGTH => fail("strings: Repeat output length overflow"),
        Ok(n) => Ok(Value::str(source.repeat(n))),
    }
}

/// The text of any value; bytes that are not UTF-8 stay as they are.
fn to_string(value: &Value) -> Value {
    match value {
        Value::Raw(_) => value.clone(),
        Value::Bytes(bytes) => Value::text(bytes),
        other => Value::Str(shared(other)),
    }
}

fn quote(args: &[Value]) -> Outcome<Value> {
    let mut out = String::new();
    for value in args.iter().filter(|value| !value.is_nil()) {
        if !out.is_empty() {
            out.push(' ');
        }
        match value {
            Value::Raw(bytes) => quote::quote_bytes(&mut out, bytes),
            other => quote::quote(&mut out, &strval(other)),
        }
    }
    Ok(Value::str(out))
}

fn squote(args: &[Value]) -> Outcome<Value> {
    let quoted: Vec<String> = args.iter().filter(|v| !v.is_nil()).map(|v| format!("'{}'", print::text(v))).collect();
    Ok(Value::str(quoted.join(" ")))
}

fn cat(args: &[Value]) -> Outcome<Value> {
    let parts: Vec<String> = args.iter().filter(|v| !v.is_nil()).map(print::text).collect();
    Ok(Value::str(parts.join(" ")))
}

fn indent(args: &[Value], before: &str) -> Outcome<Value> {
    let Ok(spaces) = usize::try_from(int(args, 0)) else { return fail("strings: negative Repeat count") };
    let source = text(args, 1);
    let lines = source.bytes().filter(|b| *b == b'\n').count() + 1;
    let length = lines.saturating_mul(spaces).saturating_add(source.len());
    if length > MAX_LENGTH {
        return fail("strings: Repeat output length overflow");
    }
    let mut out = String::with_capacity(length + before.len());
    out.push_str(before);
    for (n, line) in source.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        out.extend(std::iter::repeat_n(' ', spaces));
        out.push_str(line);
    }
    Ok(Value::str(out))
}

/// Go's `strings.SplitN`: an empty separator splits after each character.
fn split(source: &str, separator: &str, limit: i64) -> Vec<String> {
    let Ok(limit) = usize::try_from(if limit < 0 { i64::MAX } else { limit }) else { return Vec::new() };
    if limit == 0 {
        return Vec::new();
    }
    if !separator.is_empty() {
        return source.splitn(limit, separator).map(str::to_owned).collect();
    }
    let mut parts: Vec<String> = Vec::new();
    for (n, c) in source.chars().enumerate() {
        match parts.last_mut() {
            Some(last) if n >= limit => last.push(c),
            _ => parts.push(c.to_string()),
        }
    }
    parts
}

/// Sprig's `split`: a map with the keys `_0`, `_1`, …
fn numbered(parts: Vec<String>) -> Value {
    let entries = parts.into_iter().enumerate().map(|(n, part)| (format!("_{n}").into(), Value::str(part)));
    Value::Map(Map::new(Kind::Strings, entries.collect()))
}

fn sort_alpha(args: &[Value]) -> Outcome<Value> {
    let mut sorted = match items(at(args, 0)) {
        Some(_) => strings(at(args, 0)),
        None => vec![shared(at(args, 0))],
    };
    sorted.sort_unstable();
    Ok(Value::List(List::of(Items::Str, sorted.into_iter().map(Value::Str).collect())))
}

fn abbrev(args: &[Value]) -> Outcome<Value> {
    let (width, source) = (int(args, 0), text(args, 1));
    Ok(Value::str(abbreviated(&source, 0, width)))
}

fn abbrev_both(args: &[Value]) -> Outcome<Value> {
    let (left, right, source) = (int(args, 0), int(args, 1), text(args, 2));
    if right < 4 || (left > 0 && right < 7) {
        return Ok(Value::str(source));
    }
    Ok(Value::str(abbreviated(&source, left, right)))
}

/// Cuts a text to a width, with dots where something is missing.
fn abbreviated(source: &str, left: i64, width: i64) -> String {
    let chars: Vec<char> = source.chars().collect();
    let (Ok(width), Ok(mut left)) = (usize::try_from(width), usize::try_from(left.max(0))) else {
        return source.to_owned();
    };
    if width < 4 || chars.len() <= width {
        return source.to_owned();
    }
    left = left.min(chars.len());
    if chars.len() - left < width - 3 {
        left = chars.len() - (width - 3);
    }
    let take = |from: usize, count: usize| chars.iter().skip(from).take(count).collect::<String>();
    if left <= 4 {
        return take(0, width - 3) + "...";
    }
    if left + width - 3 < chars.len() {
        let inner = abbreviated(&take(left, chars.len()), 0, i64::try_from(width - 3).unwrap_or(0));
        return format!("...{inner}");
    }
    format!("...{}", take(chars.len() - (width - 3), chars.len()))
}

/// Breaks lines at blanks, so that none is longer than a width where that can be.
fn wrap(source: &str, width: i64, newline: &str, break_words: bool) -> String {
    let width = usize::try_from(width.max(1)).unwrap_or(1);
    let newline = if newline.is_empty() { "\n" } else { newline };
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len() + source.len() / width * newline.len());
    let mut offset = 0;
    while offset < chars.len() {
        if chars[offset] == ' ' {
            offset += 1;
            continue;
        }
        if chars.len() - offset <= width {
            break;
        }
        let blank = (offset..=offset + width).rev().find(|n| chars.get(*n) == Some(&' '));
        let (end, next) = match blank {
            Some(end) => (end, end + 1),
            None if break_words => (offset + width, offset + width),
            None => match (offset + width..chars.len()).find(|n| chars[*n] == ' ') {
                Some(end) => (end, end + 1),
                None => break,
            },
        };
        let _ = write!(out, "{}{newline}", chars[offset..end].iter().collect::<String>());
        offset = next;
    }
    out.extend(chars.iter().skip(offset));
    out
}
