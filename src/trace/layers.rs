//! What each layer of a stack says at a path.

use super::path::{Path, index, step};
use super::{How, Said, Trace, UnknownPath};
use crate::template::Template;
use crate::yaml::{Node, Span, Tag, Value};

/// Trees that are joined into one, from general to special.
#[derive(Debug)]
pub(super) struct Stack<'a> {
    /// The names that lead to the trees' root.
    pub(super) root: Vec<String>,
    /// What the layers give.
    pub(super) layers: Vec<Layer<'a>>,
    /// What they make together.
    pub(super) result: Node,
    /// The component in whose scope expressions are read.
    pub(super) component: Option<String>,
}

/// One tree of a stack.
#[derive(Debug)]
pub(super) struct Layer<'a> {
    /// The tree.
    pub(super) node: Node,
    /// What it was evaluated from.
    pub(super) templates: Vec<&'a Template>,
}

/// The value at names below the stack's root, and what each layer says of it.
pub(super) fn trace(stack: &Stack<'_>, below: &[String]) -> Result<Trace, UnknownPath> {
    let names = known_names(stack, below)?;
    let value = names.iter().try_fold(&stack.result, |node, name| step(node, name)).cloned();
    // Items of lists have no names that layers could speak of: the list as a whole has a history.
    let named = names.iter().position(|name| name.starts_with('[')).unwrap_or(names.len());
    let mut counts = true;
    let mut layers = Vec::new();
    for layer in stack.layers.iter().rev() {
        // A root that was put together from entries has no place of its own: its entries have.
        let root_alone =
            named == 0 && layer.node.as_map().is_some_and(|map| map.is_empty() || layer.node.span == Span::BUILT_IN);
        if let Some((mut said, closes)) = said(&layer.node, &names[..named]).filter(|_| !root_alone) {
            said.counts = counts;
            counts &= !closes;
            layers.push(said);
        }
    }
    if let Some(first) = layers.iter_mut().rev().find(|said| said.counts && said.how == How::Joins) {
        first.how = How::Sets;
    }
    Ok(Trace { path: shown(stack, &names), value, layers, reads: Vec::new() })
}

fn shown(stack: &Stack<'_>, names: &[String]) -> String {
    Path { names: stack.root.iter().chain(names).cloned().collect() }.to_string()
}

/// The names as the trees have them: keys with dots are found without quotes too, and items by bare numbers.
fn known_names(stack: &Stack<'_>, below: &[String]) -> Result<Vec<String>, UnknownPath> {
    let mut at: Vec<&Node> = stack.layers.iter().map(|layer| &layer.node).chain([&stack.result]).collect();
    let mut names: Vec<String> = Vec::new();
    let mut rest = below;
    while let Some(first) = rest.first() {
        let exists = |count: &usize| {
            let name = rest[..*count].join(".");
            at.iter().any(|node| step(node, &name).is_some())
        };
        let Some(count) = (1..=rest.len()).find(exists) else {
            return Err(UnknownPath { known: shown(stack, &names), name: first.clone(), names: keys(&at) });
        };
        let mut name = rest[..count].join(".");
        at = at.iter().filter_map(|node| step(node, &name)).collect();
        rest = &rest[count..];
        if let Some(number) = index(&name).filter(|_| !stack_has_key(stack, &names, &name)) {
            name = format!("[{number}]");
        }
        names.push(name);
    }
    Ok(names)
}

/// Whether a name is a map's key, and not the number of a list's item.
fn stack_has_key(stack: &Stack<'_>, parents: &[String], name: &str) -> bool {
    let nodes = stack.layers.iter().map(|layer| &layer.node).chain([&stack.result]);
    let mut found = nodes.filter_map(|root| parents.iter().try_fold(root, |node, parent| step(node, parent)));
    found.any(|parent| parent.get(name).is_some())
}

fn keys(nodes: &[&Node]) -> Vec<String> {
    let maps = nodes.iter().filter_map(|node| node.as_map());
    let mut keys: Vec<String> = maps.flat_map(|map| map.keys()).map(|key| key.text.to_string()).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// What one layer says at a path, and whether more general layers do not count any more.
fn said(root: &Node, names: &[String]) -> Option<(Said, bool)> {
    let mut node = root;
    let mut replaced = None;
    for name in names {
        if node.tag == Some(Tag::Replace) {
            replaced = Some(node.span);
        }
        match (node.get(name), &node.value) {
            (Some(next), _) => node = next,
            (None, Value::Map(_)) => return replaced.map(removes),
            (None, _) if node.tag == Some(Tag::Unset) => return Some(removes(node.span)),
            // A scalar or a list stands where the path goes through a map.
            (None, _) => return Some(removes(node.span)),
        }
    }
    let how = match &node.tag {
        Some(Tag::Unset) => return Some(removes(node.span)),
        Some(Tag::Append) => How::Appends,
        Some(Tag::Prepend) => How::Prepends,
        Some(Tag::Merge(_)) => How::Merges,
        None if node.as_map().is_some() && replaced.is_none() => How::Joins,
        Some(Tag::Replace) | None => How::Sets,
    };
    let said = Said { how, value: Some(node.clone()), span: node.span, counts: true };
    Some((said, how == How::Sets || replaced.is_some()))
}

fn removes(span: Span) -> (Said, bool) {
    (Said { how: How::Removes, value: None, span, counts: true }, true)
}

#[cfg(test)]
mod tests {
    use super::{Layer, Stack, trace};
    use crate::diagnostic::Sink;
    use crate::layer::merge;
    use crate::yaml::{FileId, Node, parse};

    fn node(text: &str) -> Node {
        parse(FileId(0), text, &mut Sink::default()).unwrap_or_else(|| Node::map([]))
    }

    /// What is said at a path, from special to general: `does` where it counts, `(does)` where not.
    fn said(layers: &[&str], path: &str) -> (Option<String>, String) {
        let nodes: Vec<Node> = layers.iter().map(|text| node(text)).collect();
        let result = merge(None, &nodes, "", &mut Sink::default()).unwrap_or_else(|| Node::map([]));
        let layers = nodes.into_iter().map(|node| Layer { node, templates: Vec::new() }).collect();
        let stack = Stack { root: Vec::new(), layers, result, component: None };
        let names: Vec<String> = path.split('.').map(str::to_owned).collect();
        let trace = trace(&stack, &names).unwrap_or_else(|_| super::Trace {
            path: String::new(),
            value: None,
            layers: Vec::new(),
            reads: Vec::new(),
        });
        let words =
            trace.layers.iter().map(|l| if l.counts { l.how.word().to_owned() } else { format!("({})", l.how.word()) });
        (trace.value.map(|value| format!("{:?}", value.value)), words.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_scalar_hides_the_more_general_ones() {
        assert_eq!(
            said(&["a: {b: 1}", "a: {b: 2}", "a: {c: 3}"], "a.b"),
            (Some("Int(2)".into()), "sets (sets)".into())
        );
    }

    #[test]
    fn maps_and_joined_lists_keep_what_they_join() {
        assert_eq!(said(&["a: {b: 1}", "a: {c: 2}"], "a").1, "joins sets");
        assert_eq!(said(&["a: [1]", "a: !append [2]"], "a").1, "appends sets");
        assert_eq!(said(&["a: [1]", "a: !prepend [2]", "a: [3]"], "a").1, "sets (prepends) (sets)");
        assert_eq!(said(&["a: [{n: 1}]", "a: !merge n [{n: 1, x: 2}]"], "a").1, "merges sets");
    }

    #[test]
    fn what_a_layer_replaces_or_removes_does_not_count() {
        assert_eq!(said(&["a: {b: 1}", "a: !replace {c: 2}"], "a.b"), (None, "removes (sets)".into()));
        assert_eq!(said(&["a: {b: 1, c: 1}", "a: {b: !unset }"], "a.b"), (None, "removes (sets)".into()));
        assert_eq!(said(&["a: {b: 1}", "a: {b: !unset }", "a: {b: 3}"], "a.b").1, "sets (removes) (sets)");
        assert_eq!(said(&["a: {b: 1}", "a: null"], "a.b").1, "removes (sets)");
    }

    #[test]
    fn items_are_named_by_number_and_keys_with_dots_without_quotes() {
        assert_eq!(said(&["a: [5, 6]"], "a.1").0, Some("Int(6)".into()));
        assert_eq!(said(&["a: {x.y/z: 7}"], "a.x.y/z").0, Some("Int(7)".into()));
    }
}
