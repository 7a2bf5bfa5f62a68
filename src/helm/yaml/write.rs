//! Values into YAML, byte for byte as Helm's `toYaml` writes them.

use super::order::{natural, sorted};
use super::resolve::{Resolved, resolve};
use super::scalar::{Lines, analyze, is_readable, literal};
use crate::helm::base64;
use crate::helm::data::Data;
use crate::helm::error::{Outcome, fail};
use crate::helm::json;
use crate::helm::print;
use crate::helm::value::{Look, Str, Value};

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
            Value::Map(map) => map.look(|look| match look {
                Look::Data(table) => self.map(table.iter().collect(), indent, place, depth),
                Look::Values(values) => self.map(values.iter().collect(), indent, place, depth),
            }),
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

    /// Writes plain data as what it becomes as a value.
    fn data(&mut self, data: &Data, indent: usize, place: Place, depth: usize) -> Outcome<()> {
        if depth > MAX_DEPTH || self.out.len() > print::MAX_LENGTH {
            return fail("yaml: exceeded max depth");
        }
        match data {
            Data::Map(table) => self.map(table.iter().collect(), indent, place, depth),
            Data::List(items) => self.items(items, indent, place, depth),
            Data::Str(text) => self.text(text, indent, place),
            leaf => self.node(&Value::from(leaf), indent, place, depth),
        }
    }

    fn map<T: Shown>(&mut self, entries: Vec<(&Str, &T)>, indent: usize, place: Place, depth: usize) -> Outcome<()> {
        if entries.is_empty() {
            return self.inline("{}", place);
        }
        let entries = sorted(entries, &|(a, _), (b, _)| natural(a, b));
        self.entries(&entries, indent, place, depth)
    }

    fn inline(&mut self, text: &str, place: Place) -> Outcome<()> {
        if place != Place::Root {
            self.out.push(' ');
        }
        self.out.push_str(text);
        self.out.push('\n');
        Ok(())
    }

    fn entries<T: Shown>(&mut self, entries: &[(&Str, &T)], indent: usize, place: Place, depth: usize) -> Outcome<()> {
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
            if !readable(key) {
                return fail("yaml: control characters are not allowed");
            }
            if self.key(key, column) {
                self.out.push(':');
            } else {
                self.out.push('\n');
                self.indent(column);
                self.out.push(':');
            }
            value.show(self, column, Place::Value, depth + 1)?;
        }
        Ok(())
    }

    fn items<T: Shown>(&mut self, items: &[T], indent: usize, place: Place, depth: usize) -> Outcome<()> {
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
            item.show(self, column, Place::Item, depth + 1)?;
        }
        Ok(())
    }

    /// Writes a key. Long ones need a line of their own, and then this gives false.
    fn key(&mut self, key: &str, column: usize) -> bool {
        if is_bare(key) {
            self.out.push_str(key);
            return true;
        }
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
        if !readable(text) {
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
        if is_bare(text) {
            return self.out.push_str(text);
        }
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

/// What can be written: a value, or the plain data that it would be made of.
trait Shown {
    fn show(&self, writer: &mut Writer, indent: usize, place: Place, depth: usize) -> Outcome<()>;
}

impl Shown for Value {
    fn show(&self, writer: &mut Writer, indent: usize, place: Place, depth: usize) -> Outcome<()> {
        writer.node(self, indent, place, depth)
    }
}

impl Shown for Data {
    fn show(&self, writer: &mut Writer, indent: usize, place: Place, depth: usize) -> Outcome<()> {
        writer.data(self, indent, place, depth)
    }
}

fn readable(text: &str) -> bool {
    text.bytes().all(|b| b < 0x7F) || text.chars().all(is_readable)
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

/// Whether a text is one word that nobody takes for anything else.
fn is_bare(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= 128
        && bytes.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/')
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'-' | b'_'))
        && matches!(resolve(text), Resolved::Str)
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
