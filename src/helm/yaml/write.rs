//! Values into YAML, byte for byte as Helm's `toYaml` writes them.

use super::order::{natural, sorted};
use super::resolve::{Resolved, resolve};
use super::scalar::{Lines, analyze, is_readable, literal};
use crate::helm::base64;
use crate::helm::error::{Outcome, fail};
use crate::helm::json;
use crate::helm::print;
use crate::helm::value::{Str, Value};

/// How deep a value may nest.
const MAX_DEPTH: usize = 500;

/// Writes a value with a final newline.
pub(crate) fn write(value: &Value) -> Outcome<String> {
    Writer { out: String::new(), sequence_indent: false }.document(value)
}

/// Writes a value as `toYamlPretty` does: lists stand two columns in from their key.
pub(crate) fn write_pretty(value: &Value) -> Outcome<String> {
    Writer { out: String::new(), sequence_indent: true }.document(value)
}

struct Writer {
    out: String,
    sequence_indent: bool,
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// After `key:`
    Value,
    /// After `-`
    Item,
}

impl Writer {
    fn document(mut self, value: &Value) -> Outcome<String> {
        self.node(value, 0, Place::Root, 0)?;
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        Ok(self.out)
    }

    fn indent(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    /// Writes a node. `indent` is the column of the block that it stands in.
    fn node(&mut self, value: &Value, indent: usize, place: Place, depth: usize) -> Outcome<()> {
        if depth > MAX_DEPTH || self.out.len() > print::MAX_LENGTH {
            return fail("yaml: exceeded max depth");
        }
        match value {
            Value::Map(map) => {
                if map.len() == 0 {
                    return self.inline("{}", place);
                }
                let entries = sorted(map.entries(), &|(a, _), (b, _)| natural(a, b));
                self.entries(&entries, indent, place, depth)
            }
            Value::List(list) if list.is_nil() => self.inline("null", place),
            Value::List(list) => self.items(list.items(), indent, place, depth),
            Value::Object(object) => match object.contents() {
                Some(contents) => self.node(&contents, indent, place, depth + 1),
                None => {
                    let mut text = String::new();
                    object.print(&mut text);
                    self.text(&text, indent, place)
                }
            },
            Value::Bytes(bytes) => self.text(&base64::encode(bytes), indent, place),
            Value::Str(text) => self.text(text, indent, place),
            Value::Raw(bytes) => self.text(&String::from_utf8_lossy(bytes), indent, place),
            Value::None | Value::Nil => self.inline("null", place),
            Value::Bool(b) => self.inline(if *b { "true" } else { "false" }, place),
            Value::Int(n) | Value::Int64(n) => self.inline(&n.to_string(), place),
            Value::Uint(n) => self.inline(&n.to_string(), place),
            Value::Float(f) => {
                let text = number(*f)?;
                self.inline(&text, place)
            }
        }
    }

    fn inline(&mut self, text: &str, place: Place) -> Outcome<()> {
        if place != Place::Root {
            self.out.push(' ');
        }
        self.out.push_str(text);
        self.out.push('\n');
        Ok(())
    }

    fn entries(&mut self, entries: &[(Str, Value)], indent: usize, place: Place, depth: usize) -> Outcome<()> {
        let column = match place {
            Place::Root => 0,
            Place::Value | Place::Item => indent + 2,
        };
        if place == Place::Value {
            self.out.push('\n');
        }
        for (n, (key, value)) in entries.iter().enumerate() {
            match (n, place) {
                (0, Place::Item) => self.out.push(' '),
                _ => self.indent(column),
            }
            if !key.chars().all(is_readable) {
                return fail("yaml: control characters are not allowed");
            }
            if self.key(key, column) {
                self.out.push(':');
            } else {
                self.out.push('\n');
                self.indent(column);
                self.out.push(':');
            }
            self.node(value, column, Place::Value, depth + 1)?;
        }
        Ok(())
    }

    fn items(&mut self, items: &[Value], indent: usize, place: Place, depth: usize) -> Outcome<()> {
        if items.is_empty() {
            return self.inline("[]", place);
        }
        let column = match place {
            Place::Root => 0,
            Place::Value if self.sequence_indent => indent + 2,
            Place::Value => indent,
            Place::Item => indent + 2,
        };
        if place == Place::Value {
            self.out.push('\n');
        }
        for (n, item) in items.iter().enumerate() {
            match (n, place) {
                (0, Place::Item) => self.out.push(' '),
                _ => self.indent(column),
            }
            self.out.push('-');
            self.node(item, column, Place::Item, depth + 1)?;
        }
        Ok(())
    }

    /// Writes a key. Long ones need a line of their own, and then this gives false.
    fn key(&mut self, key: &str, column: usize) -> bool {
        let simple = key.len() <= 128 && !analyze(key).multiline;
        if simple {
            self.scalar(key, column, true);
        } else {
            self.out.push_str("? ");
            self.scalar(key, column, false);
            if self.out.ends_with('\n') {
                self.out.pop();
            }
        }
        simple
    }

    fn text(&mut self, text: &str, indent: usize, place: Place) -> Outcome<()> {
        if !text.chars().all(is_readable) {
            return fail("yaml: control characters are not allowed");
        }
        if place != Place::Root {
            self.out.push(' ');
        }
        self.scalar(text, indent, false);
        if !self.out.ends_with('\n') || !text.contains('\n') {
            self.out.push('\n');
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, indent: usize, key: bool) {
        let analysis = analyze(text);
        let multiline = text.contains('\n');
        if multiline && analysis.block && !key {
            return literal(&mut self.out, text, indent + 2, 2);
        }
        let lines = Lines::new(&mut self.out, (!key).then_some(indent + 2));
        let retyped = !matches!(resolve(text), Resolved::Str) || is_base_60(text);
        if multiline || retyped || (key && analysis.multiline) {
            lines.double_quoted(text);
        } else if analysis.plain && !(text.is_empty() && key) {
            lines.plain(text);
        } else if analysis.single_quoted {
            lines.single_quoted(text);
        } else {
            lines.double_quoted(text);
        }
    }
}

/// A number as it comes back from JSON: whole ones without a point, as far as 64 bits go.
fn number(f: f64) -> Outcome<String> {
    let mut text = String::new();
    json::number(&mut text, f)?;
    Ok(match resolve(&text) {
        Resolved::Int(int) => int.to_string(),
        Resolved::Float(float) => {
            let mut out = String::new();
            print::float(&mut out, float);
            out
        }
        _ => text,
    })
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`: minutes and seconds to old readers.
fn is_base_60(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = body.split(':');
    let first = parts.next().unwrap_or("");
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !first.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        return false;
    }
    let mut rest: Vec<&str> = parts.collect();
    let Some(last) = rest.pop() else { return false };
    let (last, fraction) = last.split_once('.').map_or((last, ""), |(l, f)| (l, f));
    let sixty = |part: &str| match part.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [tens, digit] => (b'0'..=b'5').contains(tens) && digit.is_ascii_digit(),
        _ => false,
    };
    rest.iter().all(|part| sixty(part)) && sixty(last) && fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}
