//! How trees join: maps by key, everything else by replacement, unless a tag says otherwise.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Sink, codes::layers};
use crate::yaml::{Key, Map, Node, Span, Tag, Value, path_text};

/// Joins layers from general to special. `base` may be absent; tags are gone from the result.
/// A conflict shows the place in every layer that speaks of the same path.
pub fn merge(base: Option<Node>, patches: &[Node], root: &str, sink: &mut Sink) -> Option<Node> {
    let mut layers: Vec<Node> = base.iter().cloned().collect();
    let mut result = base;
    for patch in patches {
        let mut merger = Merger { earlier: &layers, path: Vec::new(), root, sink };
        result = match result {
            Some(node) => merger.join(node, patch),
            None => merger.fresh(patch),
        };
        layers.push(patch.clone());
    }
    result
}

struct Merger<'a> {
    /// The layers joined so far, from general to special.
    earlier: &'a [Node],
    path: Vec<Arc<str>>,
    /// What the path starts from, in messages.
    root: &'a str,
    sink: &'a mut Sink,
}

impl Merger<'_> {
    fn shown_path(&self) -> String {
        let path = path_text(self.path.iter().map(|p| &**p));
        match (self.root.is_empty(), path.is_empty()) {
            (true, _) => path,
            (false, true) => self.root.to_owned(),
            (false, false) => format!("{}.{path}", self.root),
        }
    }

    /// Labels the places of all earlier layers that have something at this path.
    fn with_earlier(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let keys: Vec<&str> = self.path.iter().map(|p| &**p).collect();
        for node in self.earlier.iter().rev().filter_map(|layer| layer.at(&keys)) {
            let said = format!("{} here", node.value.type_name());
            diagnostic = diagnostic.label(place(node), said);
        }
        diagnostic
    }

    fn join(&mut self, base: Node, patch: &Node) -> Option<Node> {
        match &patch.tag {
            Some(Tag::Unset) => {
                self.sink.push(Diagnostic::error(&layers::BAD_TAG, patch.span, "`!unset` stands at a key of a map"));
                Some(base)
            }
            Some(Tag::Replace) => self.fresh(&Node { tag: None, ..patch.clone() }),
            Some(tag @ (Tag::Append | Tag::Prepend | Tag::Merge(_))) => Some(self.join_list(base, patch, tag)),
            None => self.join_plain(base, patch),
        }
    }

    fn join_plain(&mut self, mut base: Node, patch: &Node) -> Option<Node> {
        match (&mut base.value, &patch.value) {
            (Value::Map(entries), Value::Map(changes)) => {
                let entries = Arc::make_mut(entries);
                for (key, change) in changes.iter() {
                    self.join_entry(entries, key, change);
                }
                Some(base)
            }
            (Value::Null, _) | (_, Value::Null) => self.fresh(patch),
            (old, new) if shape(old) != shape(new) => {
                let message = format!(
                    "`{}` is {} here, and {} in a more general layer",
                    self.shown_path(),
                    new.type_name(),
                    old.type_name()
                );
                let found = Diagnostic::error(&layers::MERGE_CONFLICT, place(patch), message)
                    .here(new.type_name())
                    .help("mend the indentation, or write `!replace` where the other type is meant");
                let found = self.with_earlier(found);
                self.sink.push(found);
                Some(base)
            }
            _ => self.fresh(patch),
        }
    }

    fn join_entry(&mut self, entries: &mut Map, key: &Key, change: &Node) {
        self.path.push(key.text.clone());
        if change.tag == Some(Tag::Unset) {
            if entries.shift_remove(&*key.text).is_none() {
                let message = format!("`{}` is not set by any more general layer", self.shown_path());
                let names: Vec<Arc<str>> = entries.keys().map(|k| k.text.clone()).collect();
                self.sink.push(
                    Diagnostic::error(&layers::UNSET_NOTHING, key.span, message)
                        .here("there is nothing to unset")
                        .suggest(&key.text, names.iter().map(|n| &**n)),
                );
            }
        } else if let Some(old) = entries.get_mut(&*key.text) {
            let base = std::mem::replace(old, Node::new(Value::Null, Span::BUILT_IN));
            let joined = self.join(base, change);
            if let (Some(joined), Some(slot)) = (joined, entries.get_mut(&*key.text)) {
                *slot = joined;
            }
        } else if let Some(new) = self.fresh(change) {
            entries.insert(key.clone(), new);
        }
        self.path.pop();
    }

    fn join_list(&mut self, mut base: Node, patch: &Node, tag: &Tag) -> Node {
        let Some(new) = patch.as_seq() else {
            let message = format!("this tag stands at lists, this is {}", patch.value.type_name());
            self.sink.push(Diagnostic::error(&layers::BAD_TAG, patch.span, message));
            return base;
        };
        if matches!(base.value, Value::Null) {
            base.value = Value::Seq(Arc::new(Vec::new()));
        }
        let Value::Seq(items) = &mut base.value else {
            let message =
                format!("`{}` is {} in a more general layer, not a list", self.shown_path(), base.value.type_name());
            let found = Diagnostic::error(&layers::BAD_TAG, patch.span, message);
            let found = self.with_earlier(found);
            self.sink.push(found);
            return base;
        };
        let items = Arc::make_mut(items);
        match tag {
            Tag::Prepend => {
                let mut all: Vec<Node> = new.iter().filter_map(|item| self.fresh(item)).collect();
                all.append(items);
                *items = all;
            }
            Tag::Merge(key) => new.iter().for_each(|item| self.join_item(items, item, key)),
            _ => items.extend(new.iter().filter_map(|item| self.fresh(item))),
        }
        base
    }

    /// Joins an item of a `!merge KEY` list with the one that has the same value at KEY, or adds it.
    fn join_item(&mut self, items: &mut Vec<Node>, item: &Node, key: &str) {
        let Some(wanted) = item.get(key) else {
            let message = format!("items of this list are matched by `{key}`, and this one has none");
            self.sink.push(Diagnostic::error(&layers::BAD_TAG, item.span, message));
            return;
        };
        let found = items.iter().position(|old| old.get(key) == Some(wanted));
        match (found, &item.tag) {
            (Some(at), Some(Tag::Unset)) => {
                items.remove(at);
            }
            (None, Some(Tag::Unset)) => {
                let message = format!("no item of `{}` has this `{key}`", self.shown_path());
                self.sink.push(Diagnostic::error(&layers::UNSET_NOTHING, item.span, message));
            }
            (Some(at), _) => {
                let base = std::mem::replace(&mut items[at], Node::new(Value::Null, Span::BUILT_IN));
                if let Some(joined) = self.join(base, item) {
                    items[at] = joined;
                }
            }
            (None, _) => items.extend(self.fresh(item)),
        }
    }

    /// A subtree that nothing was inherited for: tags that join have nothing to join, `!unset` nothing to remove.
    fn fresh(&mut self, node: &Node) -> Option<Node> {
        if !has_tags(node) {
            return Some(node.clone());
        }
        if node.tag == Some(Tag::Unset) {
            let message = format!("`{}` is not set by any more general layer", self.shown_path());
            self.sink
                .push(Diagnostic::error(&layers::UNSET_NOTHING, node.span, message).here("there is nothing to unset"));
            return None;
        }
        let value = match &node.value {
            Value::Seq(items) => Value::Seq(Arc::new(items.iter().filter_map(|item| self.fresh(item)).collect())),
            Value::Map(entries) => {
                let mut fresh = Map::default();
                for (key, value) in entries.iter() {
                    self.path.push(key.text.clone());
                    if let Some(value) = self.fresh(value) {
                        fresh.insert(key.clone(), value);
                    }
                    self.path.pop();
                }
                Value::Map(Arc::new(fresh))
            }
            scalar => scalar.clone(),
        };
        Some(Node::new(value, node.span))
    }
}

fn has_tags(node: &Node) -> bool {
    node.tag.is_some()
        || match &node.value {
            Value::Seq(items) => items.iter().any(has_tags),
            Value::Map(map) => map.values().any(has_tags),
            _ => false,
        }
}

/// Scalars of all types may replace each other; scalars, lists and maps may not.
fn shape(value: &Value) -> u8 {
    match value {
        Value::Seq(_) => 1,
        Value::Map(_) => 2,
        _ => 0,
    }
}

/// A place worth underlining: a map's first key rather than all of it.
fn place(node: &Node) -> Span {
    match &node.value {
        Value::Map(map) => map.keys().next().map_or(node.span, |key| key.span),
        _ => node.span,
    }
}
