//! Two trees into changed keys.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::document::{json, scalar};
use crate::yaml::{Map, Node, Value};

/// A step from a node to one below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The entry of a map.
    Key(Arc<str>),
    /// An item of a list: by its place before where it is gone, else by its place after.
    Index(usize),
    /// An item of a list of maps, by a value in it that no other item has.
    Item(&'static str, String),
}

/// A changed key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeyDiff {
    /// Where.
    pub(crate) path: Vec<Step>,
    /// The value before.
    pub(crate) before: Option<Node>,
    /// The value after.
    pub(crate) after: Option<Node>,
    /// Whether it is a list that has the same items in another order.
    pub(crate) reordered: bool,
}

/// Two trees and what changed between them, worked out when somebody asks, and once.
#[derive(Debug, Default)]
pub(crate) struct Delta {
    /// The tree before; none if it is new.
    pub(crate) before: Option<Node>,
    /// The tree after; none if it is gone.
    pub(crate) after: Option<Node>,
    keys: OnceLock<Vec<KeyDiff>>,
    leaves: OnceLock<Vec<KeyDiff>>,
}

impl Delta {
    /// Of two trees; none stands for an empty map.
    pub(crate) fn new(before: Option<&Node>, after: Option<&Node>) -> Self {
        Delta { before: before.cloned(), after: after.cloned(), ..Delta::default() }
    }

    /// Changed keys: a map or list that came or went is one.
    pub(crate) fn keys(&self) -> &[KeyDiff] {
        self.keys.get_or_init(|| {
            let empty = Node::map([]);
            diff(self.before.as_ref().unwrap_or(&empty), self.after.as_ref().unwrap_or(&empty))
        })
    }

    /// Changed scalars: of what came or went as a whole, all in it.
    pub(crate) fn leaves(&self) -> &[KeyDiff] {
        self.leaves.get_or_init(|| leaves(self.keys()))
    }
}

/// What may name the items of a list, the best first.
const NAMES: [&[&str]; 12] = [
    &["name"],
    &["metadata", "name"],
    &["key"],
    &["secretKey"],
    &["id"],
    &["host"],
    &["mountPath"],
    &["containerPort"],
    &["port"],
    &["path"],
    &["repoURL"],
    &["namespace"],
];

fn diff(before: &Node, after: &Node) -> Vec<KeyDiff> {
    let mut found = Vec::new();
    walk(&mut Vec::new(), before, after, &mut found);
    found
}

/// The path in words: `spec.containers[name=app].image`.
pub(crate) fn path_text(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
                if plain {
                    out.push_str(key)
                } else {
                    let _ = write!(out, "{key:?}");
                }
            }
            Step::Index(index) => {
                let _ = write!(out, "[{index}]");
            }
            Step::Item(name, value) => {
                let _ = write!(out, "[{name}={value}]");
            }
        }
    }
    out
}

fn leaves(keys: &[KeyDiff]) -> Vec<KeyDiff> {
    let mut found = Vec::new();
    for key in keys {
        match (&key.before, &key.after) {
            (Some(_), Some(_)) => found.push(key.clone()),
            (Some(gone), None) => {
                below(&key.path, gone, &mut |path, node| found.push(one_side(path, Some(node), None)))
            }
            (None, Some(new)) => below(&key.path, new, &mut |path, node| found.push(one_side(path, None, Some(node)))),
            (None, None) => {}
        }
    }
    found
}

fn below(path: &[Step], node: &Node, found: &mut dyn FnMut(Vec<Step>, Node)) {
    match &node.value {
        Value::Map(map) if !map.is_empty() => {
            map.iter().for_each(|(key, value)| below(&joined(path, Step::Key(key.text.clone())), value, found));
        }
        Value::Seq(items) if !items.is_empty() => {
            let name = naming(items, &[]);
            for (index, item) in items.iter().enumerate() {
                let step = name.and_then(|name| step_of(item, name)).unwrap_or(Step::Index(index));
                below(&joined(path, step), item, found);
            }
        }
        _ => found(path.to_vec(), node.clone()),
    }
}

fn joined(path: &[Step], step: Step) -> Vec<Step> {
    let mut longer = path.to_vec();
    longer.push(step);
    longer
}

fn one_side(path: Vec<Step>, before: Option<Node>, after: Option<Node>) -> KeyDiff {
    KeyDiff { path, before, after, reordered: false }
}

fn walk(path: &mut Vec<Step>, before: &Node, after: &Node, found: &mut Vec<KeyDiff>) {
    match (&before.value, &after.value) {
        _ if before == after => {}
        (Value::Map(old), Value::Map(new)) => maps(path, old, new, found),
        (Value::Seq(old), Value::Seq(new)) => lists(path, (before, old), (after, new), found),
        _ => found.push(one_side(path.clone(), Some(before.clone()), Some(after.clone()))),
    }
}

fn step_into(path: &mut Vec<Step>, step: Step, before: Option<&Node>, after: Option<&Node>, found: &mut Vec<KeyDiff>) {
    path.push(step);
    match (before, after) {
        (Some(before), Some(after)) => walk(path, before, after, found),
        _ => found.push(one_side(path.clone(), before.cloned(), after.cloned())),
    }
    path.pop();
}

fn maps(path: &mut Vec<Step>, old: &Map, new: &Map, found: &mut Vec<KeyDiff>) {
    for (key, value) in old {
        step_into(path, Step::Key(key.text.clone()), Some(value), new.get(key), found);
    }
    for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        step_into(path, Step::Key(key.text.clone()), None, Some(value), found);
    }
}

type List<'a> = (&'a Node, &'a [Node]);

fn lists(path: &mut Vec<Step>, (before, old): List<'_>, (after, new): List<'_>, found: &mut Vec<KeyDiff>) {
    let size = found.len();
    match naming(old, new) {
        Some(name) => named(path, old, new, name, found),
        None => in_order(path, old, new, found),
    }
    if found.len() == size || is_permutation(old, new) {
        found.truncate(size);
        found.push(KeyDiff {
            path: path.clone(),
            before: Some(before.clone()),
            after: Some(after.clone()),
            reordered: true,
        });
    }
}

fn is_permutation(old: &[Node], new: &[Node]) -> bool {
    let sorted = |items: &[Node]| {
        let mut texts: Vec<String> = items.iter().map(|item| json(item).to_string()).collect();
        texts.sort();
        texts
    };
    old.len() == new.len() && sorted(old) == sorted(new)
}

/// The name that every item of both lists has, each another one.
fn naming(old: &[Node], new: &[Node]) -> Option<&'static [&'static str]> {
    let tells_apart = |items: &[Node], name: &[&str]| {
        let mut values: Vec<String> = items.iter().filter_map(|item| item.at(name).and_then(scalar)).collect();
        values.sort();
        values.dedup();
        values.len() == items.len()
    };
    NAMES.into_iter().find(|name| tells_apart(old, name) && tells_apart(new, name) && old.len() + new.len() > 0)
}

fn step_of(item: &Node, name: &[&'static str]) -> Option<Step> {
    Some(Step::Item(name.last()?, item.at(name).and_then(scalar)?))
}

fn named(path: &mut Vec<Step>, old: &[Node], new: &[Node], name: &[&'static str], found: &mut Vec<KeyDiff>) {
    let by_name = |items: &'_ [Node]| -> BTreeMap<Step, usize> {
        items.iter().enumerate().filter_map(|(i, item)| Some((step_of(item, name)?, i))).collect()
    };
    let (before, after) = (by_name(old), by_name(new));
    for item in old {
        let Some(step) = step_of(item, name) else { continue };
        let other = after.get(&step).map(|i| &new[*i]);
        step_into(path, step, Some(item), other, found);
    }
    for item in new {
        let Some(step) = step_of(item, name).filter(|step| !before.contains_key(step)) else { continue };
        step_into(path, step, None, Some(item), found);
    }
}

/// Lists without names: equal items are kept, the others pair up in order.
fn in_order(path: &mut Vec<Step>, old: &[Node], new: &[Node], found: &mut Vec<KeyDiff>) {
    let texts = |items: &[Node]| items.iter().map(|item| json(item).to_string()).collect::<Vec<_>>();
    for op in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (gone, came) = (op.old_range(), op.new_range());
        for offset in 0..gone.len().max(came.len()) {
            let before = old.get(gone.start + offset).filter(|_| offset < gone.len());
            let after = new.get(came.start + offset).filter(|_| offset < came.len());
            let index = if after.is_some() { came.start + offset } else { gone.start + offset };
            step_into(path, Step::Index(index), before, after, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{diff, leaves, path_text};
    use crate::yaml::Node;

    fn list(items: &[&str]) -> Node {
        Node::seq(items.iter().map(Node::str).collect())
    }

    fn texts(before: &Node, after: &Node) -> Vec<String> {
        let sign = |key: &super::KeyDiff| match (&key.before, &key.after) {
            _ if key.reordered => '/',
            (Some(_), Some(_)) => '~',
            (Some(_), None) => '-',
            _ => '+',
        };
        diff(before, after).iter().map(|key| format!("{}{}", sign(key), path_text(&key.path))).collect()
    }

    #[test]
    fn maps_and_scalars() {
        let before = Node::map([("a", Node::int(1)), ("b", Node::map([("c/d", Node::str("x"))])), ("e", Node::int(3))]);
        let after = Node::map([("e", Node::int(3)), ("b", Node::map([("c/d", Node::str("y"))])), ("f", Node::int(1))]);
        assert_eq!(texts(&before, &after), ["-a", "~b.\"c/d\"", "+f"]);
    }

    #[test]
    fn items_are_matched_by_name_and_order_is_a_change_of_its_own() {
        let item = |name: &str, image: &str| Node::map([("name", Node::str(name)), ("image", Node::str(image))]);
        let before = Node::seq(vec![item("a", "1"), item("b", "2")]);
        assert_eq!(
            texts(&before, &Node::seq(vec![item("b", "3"), item("c", "1")])),
            ["-[name=a]", "~[name=b].image", "+[name=c]"]
        );
        assert_eq!(texts(&before, &Node::seq(vec![item("b", "2"), item("a", "1")])), ["/"]);
    }

    #[test]
    fn plain_lists_keep_what_is_equal() {
        assert_eq!(texts(&list(&["a", "b", "c"]), &list(&["a", "c"])), ["-[1]"]);
        assert_eq!(texts(&list(&["a", "c"]), &list(&["a", "b", "c"])), ["+[1]"]);
        assert_eq!(texts(&list(&["a", "b"]), &list(&["b", "a"])), ["/"]);
        assert_eq!(texts(&list(&["a"]), &list(&["b", "c"])), ["~[0]", "+[1]"]);
    }

    #[test]
    fn leaves_are_all_scalars_of_what_came_or_went() {
        let inner = Node::map([("size", Node::str("5Gi")), ("modes", list(&["x"]))]);
        let found = leaves(&diff(&Node::map([("p", inner)]), &Node::map([])));
        let paths: Vec<_> = found.iter().map(|key| path_text(&key.path)).collect();
        assert_eq!(paths, ["p.size", "p.modes[0]"]);
    }
}
