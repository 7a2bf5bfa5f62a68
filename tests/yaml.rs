//! Reading and writing YAML: places, types, tags, and that what is written is read back the same.

#![allow(clippy::expect_used, clippy::panic)] // A test may stop.

#[path = "yaml/trees.rs"]
mod trees;

use std::sync::Arc;

use proptest::prelude::*;
use stackgen::diagnostic::Sink;
use stackgen::yaml::{FileId, Map, Node, Order, Span, Tag, Value, parse, write};
use trees::{around, strings, tree};

const FILE: FileId = FileId(0);

fn read(text: &str) -> Node {
    let mut sink = Sink::default();
    let node = parse(FILE, text, &mut sink);
    let found = sink.into_sorted(&Default::default());
    assert!(found.is_empty(), "{text:?}: {found:?}");
    node.unwrap_or_else(|| panic!("{text:?} has no tree"))
}

fn written(node: &Node, order: Order) -> String {
    let mut out = String::new();
    write(node, order, &mut out);
    out
}

fn at(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

#[test]
fn every_key_and_value_knows_its_place() {
    let text = "\u{feff}# é\r\nname: \"ü x\"\r\nlist:\r\n  - eins\r\n  - { a: 'b', c: [1, 2] }\r\nempty:\r\ntext: |\r\n  zeile é\r\n  zwei\r\nlast: 1.5\r\n";
    let node = read(text);
    let map = node.as_map().expect("a map");
    let keys: Vec<&str> = map.keys().map(|key| at(text, key.span)).collect();
    assert_eq!(keys, ["name", "list", "empty", "text", "last"]);
    assert_eq!(at(text, map["name"].span), "\"ü x\"");
    assert_eq!(at(text, map["list"].span), "- eins\r\n  - { a: 'b', c: [1, 2] }");
    let inner = &map["list"].as_seq().expect("a list")[1];
    assert_eq!(at(text, inner.span), "{ a: 'b', c: [1, 2] }");
    assert_eq!(at(text, inner.get("c").expect("c").span), "[1, 2]");
    assert_eq!(map["empty"].span.start as usize, text.find("empty:").expect("it") + 6);
    assert_eq!(at(text, map["text"].span), "zeile é\r\n  zwei");
    assert_eq!(map["text"].as_str(), Some("zeile é\nzwei\n"));
    assert_eq!(at(text, map["last"].span), "1.5");
    assert_eq!(at(text, node.span), text["\u{feff}# é\r\n".len()..].trim_end());
}

#[test]
fn merge_tags_are_read() {
    let text = "a: !append\n  - 1\nb: !prepend [1]\nc: !merge name # why\n  - name: x\n  - !unset {name: z}\nd: !replace {}\ne: !unset\nf: !merge:key.part [1]\ng: !merge k [1]\nh: !unset ~\n";
    let node = read(text);
    let tag = |key: &str| node.get(key).expect("the key").tag.clone();
    assert_eq!(tag("a"), Some(Tag::Append));
    assert_eq!(tag("b"), Some(Tag::Prepend));
    assert_eq!(tag("c"), Some(Tag::Merge(Arc::from("name"))));
    assert_eq!(tag("d"), Some(Tag::Replace));
    assert_eq!(tag("e"), Some(Tag::Unset));
    assert_eq!(tag("f"), Some(Tag::Merge(Arc::from("key.part"))));
    assert_eq!(tag("g"), Some(Tag::Merge(Arc::from("k"))));
    assert_eq!(tag("h"), Some(Tag::Unset));
    let items = node.get("c").and_then(Node::as_seq).expect("a list");
    assert_eq!(items[1].tag, Some(Tag::Unset));
    assert_eq!(items[1].get("name").and_then(Node::as_str), Some("z"));
}

#[test]
fn a_string_that_looks_like_a_tag_stays_as_it_is() {
    let node = read(
        "a: |\n  x: !merge name\n    - y\nb: \"!merge name\"\nc: !merge id\n  - id: 1 # !merge id\nd: \"x\n  !merge name\n  y\"\n",
    );
    assert_eq!(node.get("a").and_then(Node::as_str), Some("x: !merge name\n  - y\n"));
    assert_eq!(node.get("b").and_then(Node::as_str), Some("!merge name"));
    assert_eq!(node.get("c").expect("c").tag, Some(Tag::Merge(Arc::from("id"))));
    assert_eq!(node.get("d").and_then(Node::as_str), Some("x !merge name y"));
}

#[test]
fn plain_scalars_have_the_type_that_all_readers_see() {
    let node = read("[null, ~, NULL, true, FALSE, 0, -7, 9007199254740992, 1.5, -0.25, 1.5e-07, text, 1.2.3, 10.0.0.0/8, 100m, v1, ${{ a.b }}]"
        .replace(", ${{ a.b }}", "").as_str());
    let types: Vec<&str> = node.as_seq().expect("a list").iter().map(|n| n.value.type_name()).collect();
    let expected = "null null null boolean boolean integer integer integer number number number string string string string string";
    let short: Vec<&str> = types.iter().map(|name| name.rsplit(' ').next().unwrap_or(name)).collect();
    assert_eq!(short.join(" "), expected);
    assert_eq!(read("a: ${{ x.y }}-z # why").get("a").and_then(Node::as_str), Some("${{ x.y }}-z"));
}

#[test]
fn a_block_at_the_end_of_a_file_without_line_feed_ends_without_one() {
    assert_eq!(read("a: |\n  x").get("a").and_then(Node::as_str), Some("x"));
    assert_eq!(read("a: |\n  x\n").get("a").and_then(Node::as_str), Some("x\n"));
}

#[test]
fn every_known_hard_string_survives_in_every_position() {
    for text in strings() {
        for tree in around(&text) {
            let out = written(&tree, Order::AsIs);
            assert_eq!(read(&out), tree, "{text:?} as\n{out}");
        }
    }
}

/// Whether the keys of all maps stand in the same order: equality ignores it.
fn same_order(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Map(a), Value::Map(b)) => same_keys(a, b) && a.values().zip(b.values()).all(|(a, b)| same_order(a, b)),
        (Value::Seq(a), Value::Seq(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_order(a, b)),
        _ => a == b,
    }
}

fn same_keys(a: &Map, b: &Map) -> bool {
    a.keys().eq(b.keys())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back_the_same(tree in tree()) {
        for order in [Order::AsIs, Order::Sorted, Order::Object] {
            let out = written(&tree, order);
            let back = read(&out);
            prop_assert_eq!(&back, &tree, "\n{}", out);
            prop_assert!(order != Order::AsIs || same_order(&back, &tree), "\n{}", out);
            prop_assert_eq!(written(&back, order), out);
        }
    }
}
