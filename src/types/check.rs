//! A value against its type.

use std::sync::Arc;

use super::{Kind, TypeSpec};
use crate::diagnostic::{Diagnostic, Sink, codes::shape};
use crate::yaml::{Key, Map, Node, Value};

/// Checks a value and gives it back with the defaults of its object fields filled in.
/// Findings name `path`, the value's place, and the type's place.
pub fn check(node: &Node, spec: &TypeSpec, path: &str, sink: &mut Sink) -> Node {
    Checker { path: path.to_owned(), sink }.value(node, spec)
}

struct Checker<'a> {
    path: String,
    sink: &'a mut Sink,
}

impl Checker<'_> {
    fn value(&mut self, node: &Node, spec: &TypeSpec) -> Node {
        match (&spec.kind, &node.value) {
            (_, Value::Null) if spec.nullable => {}
            (Kind::Any, _) => {}
            (Kind::String(format), Value::Str(text)) => {
                self.text(node, text, spec);
                if let Some(fault) = format.and_then(|f| f.fault(text)) {
                    self.bad(node, spec, &format!("`{text}` is not of type {}", spec.word.text), &fault);
                }
            }
            (Kind::Integer, Value::Int(n)) => self.bounds(node, *n as f64, spec),
            (Kind::Number, Value::Int(n)) => self.bounds(node, *n as f64, spec),
            (Kind::Number, Value::Float(n)) => self.bounds(node, *n, spec),
            (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::Enum(values), _) => self.choice(node, values, spec),
            (Kind::List(items), Value::Seq(list)) => {
                self.length(node, list.len(), "items", spec);
                if let Some(items) = items {
                    return self.list(node, list, items);
                }
            }
            (Kind::Map(items), Value::Map(map)) => {
                if let Some(items) = items {
                    return self.map(node, map, |_| Some(items));
                }
            }
            (Kind::Object(fields), Value::Map(map)) => return self.object(node, map, fields, spec),
            _ => self.wrong_type(node, spec),
        }
        node.clone()
    }

    fn wrong_type(&mut self, node: &Node, spec: &TypeSpec) {
        let name = node.value.type_name();
        let mut found = Diagnostic::error(
            &shape::WRONG_TYPE,
            node.span,
            format!("`{}` must be of type {}, this is {name}", self.path, spec.word.text),
        )
        .here(format!("this is {name}"))
        .label(spec.word.span, "the type is declared here");
        if matches!(spec.kind, Kind::String(_))
            && matches!(node.value, Value::Bool(_) | Value::Int(_) | Value::Float(_))
        {
            found = found.help("put it in quotes");
        }
        self.sink.push(found);
    }

    fn bad(&mut self, node: &Node, spec: &TypeSpec, what: &str, why: &str) {
        self.sink.push(
            Diagnostic::error(&shape::BAD_VALUE, node.span, format!("`{}`: {what}", self.path))
                .here(why)
                .label(spec.word.span, "the type is declared here"),
        );
    }

    fn text(&mut self, node: &Node, text: &str, spec: &TypeSpec) {
        self.length(node, text.chars().count(), "characters", spec);
        if let Some(pattern) = &spec.pattern
            && !pattern.is_match(text)
        {
            let why = format!("the pattern is `{}`", &pattern.as_str()[4..pattern.as_str().len() - 2]);
            self.bad(node, spec, &format!("`{text}` does not match the pattern"), &why);
        }
    }

    fn length(&mut self, node: &Node, length: usize, unit: &str, spec: &TypeSpec) {
        if let Some(least) = spec.min_length.filter(|least| (length as i64) < *least) {
            self.bad(node, spec, &format!("{length} {unit} are too few"), &format!("at least {least} {unit}"));
        }
        if let Some(most) = spec.max_length.filter(|most| length as i64 > *most) {
            self.bad(node, spec, &format!("{length} {unit} are too many"), &format!("at most {most} {unit}"));
        }
    }

    fn bounds(&mut self, node: &Node, number: f64, spec: &TypeSpec) {
        if let Some(least) = spec.minimum.filter(|least| number < least.value as f64) {
            self.bad(node, spec, &format!("{number} is too small"), &format!("the minimum is {}", least.value));
        }
        if let Some(most) = spec.maximum.filter(|most| number > most.value as f64) {
            self.bad(node, spec, &format!("{number} is too large"), &format!("the maximum is {}", most.value));
        }
    }

    fn choice(&mut self, node: &Node, values: &[Node], spec: &TypeSpec) {
        if values.contains(node) {
            return;
        }
        let words: Vec<String> = values.iter().map(shown).collect();
        let listed = words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
        let wrong = shown(node);
        self.sink.push(
            Diagnostic::error(&shape::BAD_VALUE, node.span, format!("`{}` must be one of {listed}", self.path))
                .here(format!("`{wrong}` is not one of them"))
                .label(spec.word.span, "the type is declared here")
                .suggest(&wrong, words.iter().map(String::as_str)),
        );
    }

    fn within<T>(&mut self, part: &str, run: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(part);
        let result = run(self);
        self.path.truncate(length);
        result
    }

    fn list(&mut self, node: &Node, list: &[Node], items: &TypeSpec) -> Node {
        let checked =
            list.iter().enumerate().map(|(i, item)| self.within(&format!("[{i}]"), |c| c.value(item, items))).collect();
        Node { value: Value::Seq(Arc::new(checked)), span: node.span, tag: node.tag.clone() }
    }

    fn map<'s>(&mut self, node: &Node, map: &Map, spec: impl Fn(&str) -> Option<&'s TypeSpec>) -> Node {
        let checked: Map = map
            .iter()
            .map(|(key, value)| {
                let value = match spec(&key.text) {
                    Some(spec) => self.within(&format!(".{}", key.text), |c| c.value(value, spec)),
                    None => value.clone(),
                };
                (key.clone(), value)
            })
            .collect();
        Node { value: Value::Map(Arc::new(checked)), span: node.span, tag: node.tag.clone() }
    }

    fn object(&mut self, node: &Node, map: &Map, fields: &crate::decode::Named<TypeSpec>, spec: &TypeSpec) -> Node {
        for key in map.keys().filter(|key| !fields.contains_key(&*key.text)) {
            self.sink.push(
                Diagnostic::error(
                    &shape::UNKNOWN_KEY,
                    key.span,
                    format!("`{}` has no field `{}`", self.path, key.text),
                )
                .label(spec.word.span, "the fields are declared here")
                .suggest(&key.text, fields.keys().map(|k| &*k.text)),
            );
        }
        let mut checked = self.map(node, map, |key| fields.get(key));
        let Value::Map(entries) = &mut checked.value else { return checked };
        for (key, field) in fields.iter().filter(|(key, _)| !map.contains_key(&*key.text)) {
            match field.default.as_ref().map(|d| d.as_literal()) {
                Some(Some(default)) => {
                    Arc::make_mut(entries).insert(Key { text: key.text.clone(), span: node.span }, default.clone());
                }
                Some(None) => {}
                None if field.required => self.sink.push(
                    Diagnostic::error(
                        &shape::MISSING_KEY,
                        node.span,
                        format!("`{}` lacks the field `{}`", self.path, key.text),
                    )
                    .label(key.span, "the field is declared here"),
                ),
                None => {
                    Arc::make_mut(entries)
                        .insert(Key { text: key.text.clone(), span: node.span }, Node::new(Value::Null, node.span));
                }
            }
        }
        checked
    }
}

/// A scalar in the words of a message.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".into(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Float(f) => f.to_string(),
        Value::Str(s) => s.to_string(),
        Value::Seq(_) => "a list".into(),
        Value::Map(_) => "a map".into(),
    }
}
