//! Laws that hold for any input.

#![allow(clippy::expect_used)] // A test may stop.

use std::collections::BTreeMap;

use proptest::prelude::*;
use stackgen::diagnostic::Sink;
use stackgen::layer::merge;
use stackgen::source::{Memory, load};
use stackgen::yaml::{FileId, Node, Order, Value, parse, write};

/// Maps whose keys say what they hold, so that no two of them disagree about a key's shape.
fn layer() -> impl Strategy<Value = Node> {
    let scalar = prop_oneof![
        any::<i64>().prop_map(Node::int),
        any::<bool>().prop_map(Node::bool),
        "[a-z]{0,3}".prop_map(Node::str)
    ];
    let list = prop::collection::vec(any::<i64>().prop_map(Node::int), 0..3).prop_map(Node::seq);
    let leaf = prop_oneof![scalar.prop_map(|n| ("s", n)), list.prop_map(|n| ("l", n))];
    let entries = |inner: BoxedStrategy<(&'static str, Node)>| {
        prop::collection::btree_map(0_u8..4, inner, 0..4).prop_map(|map: BTreeMap<u8, (&str, Node)>| {
            let named: Vec<(String, Node)> =
                map.into_iter().map(|(n, (shape, node))| (format!("{shape}{n}"), node)).collect();
            Node::map(named.iter().map(|(name, node)| (name.as_str(), node.clone())))
        })
    };
    let once = entries(leaf.clone().boxed());
    let twice = entries(prop_oneof![leaf.clone(), once.prop_map(|n| ("m", n))].boxed());
    entries(prop_oneof![leaf, twice.prop_map(|n| ("m", n))].boxed())
}

fn joined(base: &Node, patches: &[Node]) -> Node {
    let mut sink = Sink::default();
    let result = merge(Some(base.clone()), patches, "", &mut sink).expect("a map over a map is a map");
    assert!(!sink.has_errors());
    result
}

fn text(node: &Node) -> String {
    let mut out = String::new();
    write(node, Order::Sorted, &mut out);
    out
}

/// A platform with one value, which is given as text that is YAML.
fn platform(value: &str, parameters: &str) -> Memory {
    let head =
        |kind: &str, name: &str| format!("apiVersion: stackgen.dev/v1\nkind: {kind}\nmetadata: {{ name: {name} }}\n");
    let mut files = Memory::default();
    files.insert("blueprints/architectures/one.yaml", head("Architecture", "one") + "include: [app]\n");
    files.insert(
        "blueprints/components/app/component.yaml",
        head("Component", "app") + "parameters:\n  text: { type: any, default: \"\", description: Any. }\n",
    );
    files.insert(
        "blueprints/components/app/resources/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: app }\ndata: { text: \"${{ params.text }}\", more: \"${{ params.text }}.\" }\n",
    );
    files.insert(
        "overlays/base.yaml",
        head("Overlay", "base")
            + "architecture: one\ncluster: { domain: example.com, kubernetes: \"1.34.2\" }\ngitops: { repository: \"https://git.example.com/g.git\" }\n",
    );
    let overlay = format!("components:\n  app:\n    parameters:\n{parameters}      text: {value}\n");
    files.insert("overlays/envs/dev.yaml", head("Environment", "dev") + &overlay);
    files
}

/// All files of the only environment.
fn compiled(files: &Memory) -> BTreeMap<String, String> {
    let mut sink = Sink::default();
    let program = load(files, &["envs/dev".into()], &mut sink);
    let mut compiled = stackgen::compile(&program, files, &stackgen::render::NoCharts, sink, |rendered, _| {
        Some(stackgen::target::files(&rendered))
    });
    assert!(compiled.findings.is_empty(), "{:?}", compiled.findings);
    let (_, tree) = compiled.outputs.pop().expect("one environment");
    tree.into_iter().map(|file| (file.path, file.text)).collect()
}

/// A JSON string, which YAML reads as the same text. What must not stand in a file as it is stands as its escape.
fn json(text: &str) -> String {
    let plain = serde_json::to_string(text).expect("text is JSON");
    let escaped = |c: char| matches!(u32::from(c), 0x7f..=0x9f | 0x2028 | 0x2029 | 0xfeff | 0xfffe | 0xffff);
    plain.chars().map(|c| if escaped(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn joining_maps_is_associative(a in layer(), b in layer(), c in layer()) {
        let left = joined(&joined(&a, std::slice::from_ref(&b)), std::slice::from_ref(&c));
        let right = joined(&a, &[joined(&b, std::slice::from_ref(&c))]);
        prop_assert_eq!(&left, &right);
        prop_assert_eq!(left, joined(&a, &[b, c]));
    }

    #[test]
    fn a_layer_over_itself_changes_nothing(a in layer()) {
        prop_assert_eq!(joined(&a, std::slice::from_ref(&a)), a);
    }

    #[test]
    fn the_order_of_keys_does_not_matter(a in layer()) {
        let mut reversed = a.clone();
        if let Value::Map(map) = &mut reversed.value {
            std::sync::Arc::make_mut(map).reverse();
        }
        prop_assert_eq!(text(&a), text(&reversed));
    }

    /// Nothing that a value holds can leave its place: not quotes, newlines, comments, nor what looks like a template.
    #[test]
    fn any_text_comes_out_as_it_went_in(value in prop_oneof![any::<String>(), "[-:#'\"{}$ \n\t\\[\\]&*!|>%@`a0,]{0,12}"]) {
        prop_assume!(!value.contains("${{"));
        let tree = compiled(&platform(&json(&value), ""));
        let object = tree.get("components/app/resources/configmap-app.yaml").expect("the object");
        let node = parse(FileId(0), object, &mut Sink::default()).expect("what is written can be read");
        prop_assert_eq!(node.at(&["data", "text"]).and_then(Node::as_str), Some(value.as_str()));
        let more = format!("{value}.");
        prop_assert_eq!(node.at(&["data", "more"]).and_then(Node::as_str), Some(more.as_str()));
    }

    #[test]
    fn compiling_twice_gives_the_same_bytes(value in "text-[a-z]{1,8}") {
        let files = platform(&value, "");
        prop_assert_eq!(compiled(&files), compiled(&files));
    }
}

#[test]
fn what_looks_like_a_template_is_none_once_it_is_a_value() {
    let tree = compiled(&platform("\"a $${{ params.text }} b\"", ""));
    let object = tree.get("components/app/resources/configmap-app.yaml").expect("the object");
    assert!(object.contains("text: a ${{ params.text }} b"), "{object}");
}
