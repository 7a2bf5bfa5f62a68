//! A tree into text that every reader reads as meant.

mod text;

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::{Key, Map, Node, Value};

/// The order of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// A Kubernetes object: apiVersion, kind, metadata (name, namespace, labels, annotations), spec, then by alphabet.
    Object,
    /// By alphabet.
    Sorted,
    /// As the tree has it.
    AsIs,
}

/// Keys of an object that come before all others.
const OBJECT: &[&str] = &["apiVersion", "kind", "metadata", "spec"];
/// Keys of an object's metadata that come before all others.
const METADATA: &[&str] = &["name", "namespace", "labels", "annotations"];
/// The key of a list item that comes before all others.
const ITEM: &[&str] = &["name"];
/// Longer keys are written with `? `: readers look no further than 1,024 characters for a key's colon.
const LONG_KEY: usize = 1000;

/// Appends the document's text, with a final newline. Tags are not written.
pub fn write(node: &Node, order: Order, out: &mut String) {
    let mut writer = Writer { order, out, entries: Vec::new() };
    match &node.value {
        Value::Map(map) if !map.is_empty() => writer.map(map, 0, if order == Order::Object { OBJECT } else { &[] }),
        Value::Seq(items) if !items.is_empty() => writer.list(items, 0),
        // At the top there is no parent to indent from, so a block would depend on the reader.
        Value::Str(text) if text.contains('\n') => {
            text::quoted(text, writer.out);
            writer.out.push('\n');
        }
        value => {
            writer.leaf(value, 0);
            writer.out.push('\n');
        }
    }
}

struct Writer<'t, 'o> {
    order: Order,
    out: &'o mut String,
    /// The entries of all maps that are being written, innermost last: sorted here without a list for each map.
    entries: Vec<(&'t Key, &'t Node)>,
}

impl<'t> Writer<'t, '_> {
    /// A map whose first key stands at the current place, and the others in the column `indent`.
    fn map(&mut self, map: &'t Map, indent: usize, first: &'static [&'static str]) {
        let start = self.entries.len();
        self.entries.extend(map);
        let end = self.entries.len();
        if self.order != Order::AsIs && !map.keys().is_sorted_by(|a, b| compare(first, a, b) != Ordering::Greater) {
            self.entries[start..].sort_unstable_by(|(a, _), (b, _)| compare(first, a, b));
        }
        for at in start..end {
            let (key, value) = self.entries[at];
            if at > start {
                self.indent(indent);
            }
            self.key(&key.text, indent);
            let inner: &[&str] = if first == OBJECT && &*key.text == "metadata" { METADATA } else { &[] };
            self.value(value, indent, inner);
        }
        self.entries.truncate(start);
    }

    fn key(&mut self, key: &str, indent: usize) {
        let start = self.out.len();
        text::one_line(key, self.out);
        if self.out.len() - start > LONG_KEY {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            self.indent(indent);
        }
        self.out.push(':');
    }

    /// What follows a key and its colon.
    fn value(&mut self, node: &'t Node, indent: usize, first: &'static [&'static str]) {
        match &node.value {
            Value::Map(map) if !map.is_empty() => {
                self.out.push('\n');
                self.indent(indent + 2);
                self.map(map, indent + 2, first);
            }
            Value::Seq(items) if !items.is_empty() => {
                self.out.push('\n');
                self.indent(indent);
                self.list(items, indent);
            }
            value => {
                self.out.push(' ');
                self.leaf(value, indent);
                self.end_line();
            }
        }
    }

    /// A list whose first dash stands at the current place, and the others in the column `indent`.
    fn list(&mut self, items: &'t [Node], indent: usize) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.indent(indent);
            }
            self.out.push_str("- ");
            match &item.value {
                Value::Map(map) if !map.is_empty() => {
                    self.map(map, indent + 2, if self.order == Order::Object { ITEM } else { &[] });
                }
                Value::Seq(items) if !items.is_empty() => self.list(items, indent + 2),
                value => {
                    self.leaf(value, indent);
                    self.end_line();
                }
            }
        }
    }

    /// A value without children; `indent` is the column of its key or dash.
    fn leaf(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Int(value) => {
                let _ = write!(self.out, "{value}");
            }
            Value::Float(value) => number(*value, self.out),
            Value::Str(text) => text::write(text, indent + 2, self.out),
            Value::Seq(_) => self.out.push_str("[]"),
            Value::Map(_) => self.out.push_str("{}"),
        }
    }

    /// Ends the line of a leaf; a block has ended its own.
    fn end_line(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn indent(&mut self, columns: usize) {
        text::indent(columns, self.out);
    }
}

/// By rank among the keys that come first, then by alphabet.
fn compare(first: &[&str], a: &Key, b: &Key) -> Ordering {
    if first.is_empty() {
        return a.text.cmp(&b.text);
    }
    let rank = |key: &Key| first.iter().position(|name| *name == &*key.text).unwrap_or(first.len());
    rank(a).cmp(&rank(b)).then_with(|| a.text.cmp(&b.text))
}

/// A number as sigs.k8s.io/yaml writes it: whole ones without a fraction, large and small ones with an exponent.
pub(super) fn number(value: f64, out: &mut String) {
    if !value.is_finite() {
        // JSON has no such number; as text, it is at least the same to every reader.
        out.push_str(if value.is_nan() {
            "\".nan\""
        } else if value > 0.0 {
            "\".inf\""
        } else {
            "\"-.inf\""
        });
        return;
    }
    if value == value.trunc() && value.abs() < i64::MAX as f64 {
        let _ = write!(out, "{}", value as i64);
        return;
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        let _ = write!(out, "{value}");
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "{mantissa}e{sign}{:02}", exponent.unsigned_abs());
    }
}
