//! A template in a scope gives a tree.

use std::sync::Arc;

use minijinja::Value as Jinja;
use minijinja::value::ValueKind;

use super::compile::{KeyTree, Loop, MapTree, Part, Place, Template, Tree};
use super::convert::from_value;
use super::{Expression, Scope};
use crate::diagnostic::{Diagnostic, Sink, codes::templates};
use crate::yaml::{Key, Map, Node, Value};

/// Values that one evaluation may make.
const BUDGET: usize = 1_000_000;

/// Evaluates templates; what goes wrong is put into the sink, and the rest is evaluated all the same.
#[derive(Debug)]
pub struct Evaluator<'a> {
    /// Where findings go.
    pub sink: &'a mut Sink,
    left: usize,
    /// Whether a value that was only handed on keeps its place.
    keep_places: bool,
}

impl Template {
    /// The tree in a scope; none where the root is `$if`'d out or could not be evaluated.
    pub fn evaluate(&self, scope: &Scope, sink: &mut Sink) -> Option<Node> {
        let mark = sink.mark();
        let tree = Evaluator { sink, left: BUDGET, keep_places: false }.tree(&self.tree, scope);
        self.follow(scope, mark, sink);
        tree
    }

    /// As [`Template::evaluate`], but a value that is only handed on keeps the place where it was set, not the place of the
    /// expression that hands it on.
    pub fn evaluate_facts(&self, scope: &Scope, sink: &mut Sink) -> Option<Node> {
        let mark = sink.mark();
        let tree = Evaluator { sink, left: BUDGET, keep_places: true }.tree(&self.tree, scope);
        self.follow(scope, mark, sink);
        tree
    }

    /// The items: those of a list, those that a root `$for` makes, or the one root.
    pub fn evaluate_items(&self, scope: &Scope, sink: &mut Sink) -> Vec<Node> {
        let mark = sink.mark();
        let mut evaluator = Evaluator { sink, left: BUDGET, keep_places: false };
        let mut items = Vec::new();
        match &self.tree {
            Tree::List(list, _) => list.iter().for_each(|item| evaluator.item(item, scope, &mut items)),
            Tree::Literal(node) => match &node.value {
                Value::Seq(list) => items.extend(list.iter().cloned()),
                _ => items.push(node.clone()),
            },
            other => evaluator.item(other, scope, &mut items),
        }
        self.follow(scope, mark, sink);
        items
    }

    /// Errors after a mark follow from others where a name that the template reads has no value because of those.
    fn follow(&self, scope: &Scope, mark: usize, sink: &mut Sink) {
        if sink.errors_since(mark) && self.lacks(scope) {
            sink.amend(mark, Diagnostic::follows);
        }
    }

    /// Whether it reads a name that has no value because of an error that was reported.
    pub fn lacks(&self, scope: &Scope) -> bool {
        scope.lacks(self.references().into_iter().map(|(reference, _)| reference))
    }
}

impl Evaluator<'_> {
    fn tree(&mut self, tree: &Tree, scope: &Scope) -> Option<Node> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        match tree {
            Tree::Literal(node) => Some(node.clone()),
            Tree::Expression(expression, place) => self.expression(expression, place, scope),
            Tree::Text(parts, place) => {
                let text = self.text(parts, scope)?;
                Some(Node { value: Value::Str(Arc::from(text)), span: place.span, tag: place.tag.clone() })
            }
            Tree::List(list, place) => {
                let mut items = Vec::with_capacity(list.len());
                list.iter().for_each(|item| self.item(item, scope, &mut items));
                Some(Node { value: Value::Seq(Arc::new(items)), span: place.span, tag: place.tag.clone() })
            }
            Tree::Map(map) => match &map.repeat {
                Some(repeat) => self.repeated_entries(map, repeat, scope),
                None => self.map(map, scope),
            },
        }
    }

    fn expression(&mut self, expression: &Expression, place: &Place, scope: &Scope) -> Option<Node> {
        let value = expression.evaluate(scope, self.sink)?;
        match from_value(&value, place.span) {
            Ok(mut node) => {
                node.tag = place.tag.clone();
                if self.keep_places {
                    node.span = expression.origin(scope).unwrap_or(node.span);
                }
                Some(node)
            }
            Err(why) => {
                let message = "the expression's value cannot be data";
                self.sink
                    .push(Diagnostic::error(&templates::EVALUATION, expression.span, message).here(why.to_string()));
                None
            }
        }
    }

    fn text(&mut self, parts: &[Part], scope: &Scope) -> Option<String> {
        let mut text = String::new();
        let mut whole = true;
        for part in parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Expression(e) => match e.evaluate(scope, self.sink) {
                    Some(value) => whole &= self.push_text(&value, e, &mut text),
                    None => whole = false,
                },
            }
        }
        whole.then_some(text)
    }

    fn push_text(&mut self, value: &Jinja, expression: &Expression, text: &mut String) -> bool {
        match value.kind() {
            ValueKind::String => text.push_str(value.as_str().unwrap_or("")),
            ValueKind::Bool => text.push_str(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number => text.push_str(&value.to_string()),
            kind => {
                self.sink.push(
                    Diagnostic::error(
                        &templates::NOT_TEXT,
                        expression.span,
                        format!("{kind} cannot stand inside text"),
                    )
                    .help("use `| join(',')`, `| to_json` or `| to_yaml`, or make the expression the whole scalar"),
                );
                return false;
            }
        }
        true
    }

    fn condition(&mut self, map: &MapTree, scope: &Scope) -> Option<bool> {
        match &map.condition {
            None => Some(true),
            Some(condition) => Some(condition.evaluate(scope, self.sink)?.is_true()),
        }
    }

    /// A map without `$for`: its `$if` decides on it.
    fn map(&mut self, map: &MapTree, scope: &Scope) -> Option<Node> {
        if !self.condition(map, scope)? {
            return self.tree(map.otherwise.as_ref()?, scope);
        }
        if let Some(then) = &map.then {
            return self.tree(then, scope);
        }
        let mut entries = Map::with_capacity_and_hasher(map.entries.len(), Default::default());
        self.entries(map, scope, &mut entries);
        Some(Node { value: Value::Map(Arc::new(entries)), span: map.place.span, tag: map.place.tag.clone() })
    }

    fn entries(&mut self, map: &MapTree, scope: &Scope, out: &mut Map) {
        for (key, value) in &map.entries {
            let Some(key) = self.key(key, scope) else { continue };
            if let Some(value) = self.tree(value, scope) {
                self.insert(key, value, out);
            }
        }
        if let Some(merge) = &map.merge {
            self.merge(merge, scope, out);
        }
    }

    fn key(&mut self, key: &KeyTree, scope: &Scope) -> Option<Key> {
        match key {
            KeyTree::Plain(key) => Some(key.clone()),
            KeyTree::Text(parts, span) => Some(Key { text: Arc::from(self.text(parts, scope)?), span: *span }),
        }
    }

    fn insert(&mut self, key: Key, value: Node, out: &mut Map) {
        if let Some((first, _)) = out.get_key_value(&*key.text) {
            let message = format!("the template makes the key `{}` twice", key.text);
            let found = Diagnostic::error(&templates::TEMPLATE_MAP, key.span, message);
            self.sink.push(if first.span == key.span {
                found.help("let the key depend on the loop's variable")
            } else {
                found.label(first.span, "made here first")
            });
            return;
        }
        out.insert(key, value);
    }

    fn merge(&mut self, merge: &Expression, scope: &Scope, out: &mut Map) {
        let Some(value) = merge.evaluate(scope, self.sink) else { return };
        match from_value(&value, merge.span).map(|node| node.value) {
            Ok(Value::Map(more)) => {
                for (key, value) in more.iter() {
                    self.insert(key.clone(), value.clone(), out);
                }
            }
            Ok(Value::Null) => {}
            Ok(other) => {
                let message = format!("`$merge` takes a map, not {}", other.type_name());
                self.sink.push(Diagnostic::error(&templates::TEMPLATE_MAP, merge.span, message));
            }
            Err(why) => {
                self.sink.push(Diagnostic::error(&templates::TEMPLATE_MAP, merge.span, why.to_string()));
            }
        }
    }

    /// A list item: none, one, or one for each turn of its loop.
    fn item(&mut self, item: &Tree, scope: &Scope, out: &mut Vec<Node>) {
        match item {
            Tree::Map(map) => match &map.repeat {
                Some(repeat) => {
                    for scope in self.turns(repeat, scope) {
                        out.extend(self.map(map, &scope));
                    }
                }
                None => out.extend(self.map(map, scope)),
            },
            other => out.extend(self.tree(other, scope)),
        }
    }

    /// A map that is one loop: all entries of all turns.
    fn repeated_entries(&mut self, map: &MapTree, repeat: &Loop, scope: &Scope) -> Option<Node> {
        if map.then.is_some() {
            let message = "a loop with `$value` makes list items, and this is not in a list";
            self.sink.push(Diagnostic::error(&templates::TEMPLATE_KEY, map.place.span, message));
            return None;
        }
        let mut entries = Map::default();
        for scope in self.turns(repeat, scope) {
            if self.condition(map, &scope) == Some(true) {
                self.entries(map, &scope, &mut entries);
            }
        }
        Some(Node { value: Value::Map(Arc::new(entries)), span: map.place.span, tag: map.place.tag.clone() })
    }

    /// The scope of each turn of a loop.
    fn turns(&mut self, repeat: &Loop, scope: &Scope) -> Vec<Scope> {
        let Some(over) = repeat.over.evaluate(scope, self.sink) else { return Vec::new() };
        let kind = over.kind();
        let items = match (kind, over.try_iter()) {
            (ValueKind::Seq | ValueKind::Map | ValueKind::Iterable, Ok(items)) => items,
            _ => {
                let message = format!("`$for` takes a list or a map, not {kind}");
                self.sink.push(Diagnostic::error(&templates::EVALUATION, repeat.over.span, message));
                return Vec::new();
            }
        };
        let mut turns = Vec::new();
        for (index, item) in items.enumerate() {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            if self.left == 0 {
                let message = format!("the template makes more than {BUDGET} values");
                self.sink.push(Diagnostic::error(&templates::TEMPLATE_BUDGET, repeat.over.span, message));
            }
            turns.push(scope.with(turn(&repeat.names, kind, &over, index, item)));
        }
        turns
    }
}

/// A turn's variables: `x` is the item (a map's value), `k, v` are key and value, or index and item.
fn turn(names: &[Arc<str>], kind: ValueKind, over: &Jinja, index: usize, item: Jinja) -> Vec<(Arc<str>, Jinja)> {
    let (first, second) = if kind == ValueKind::Map {
        let value = over.get_item(&item).unwrap_or_default();
        (item, value)
    } else {
        (Jinja::from(index), item)
    };
    match names {
        [only] => vec![(only.clone(), second)],
        [key, value, ..] => vec![(key.clone(), first), (value.clone(), second)],
        [] => Vec::new(),
    }
}
