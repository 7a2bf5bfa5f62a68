//! Trees that are hard to write and to read.

use proptest::prelude::*;
use stackgen::yaml::{Node, Span, Value};

/// The strings that some reader or writer is known to get wrong.
pub(crate) fn strings() -> Vec<String> {
    serde_json::from_str(include_str!("strings.json")).expect("a list of strings")
}

/// Trees that have a string in every position.
pub(crate) fn around(text: &str) -> Vec<Node> {
    let value = Node::str(text);
    vec![
        value.clone(),
        Node::map([("k", value.clone()), ("next", Node::int(1))]),
        Node::seq(vec![value.clone(), value.clone()]),
        Node::seq(vec![Node::seq(vec![value.clone()]), Node::map([("k", value.clone()), ("l", value.clone())])]),
        Node::map([(text, Node::int(1)), ("zzz", value.clone())]),
        Node::map([("a", Node::map([(text, Node::map([("b", value)]))]))]),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,8}",
        "[-a-z0-9.:_/ #'\"\\\\{}\\[\\],&*!|>%@`~?=<+]{0,12}",
        "[ \t\na-c\\-:#]{0,12}",
        "[0-9.eExob_:+-]{1,10}",
        "\\PC{0,8}",
        proptest::sample::select(strings()),
        any::<String>(),
    ]
}

/// Any tree that YAML and JSON can carry.
pub(crate) fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Node::new(Value::Null, Span::BUILT_IN)),
        any::<bool>().prop_map(Node::bool),
        (-(1i64 << 53)..=1 << 53).prop_map(Node::int),
        any::<f64>()
            .prop_filter("a fraction", |f| f.is_finite() && f.fract() != 0.0)
            .prop_map(|f| Node::new(Value::Float(f), Span::BUILT_IN)),
        text().prop_map(Node::str),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Node::seq),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|entries| Node::map(entries.iter().map(|(k, v)| (k.as_str(), v.clone())))),
        ]
    })
}
