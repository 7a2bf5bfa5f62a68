//! What must hold for any text at all.

use stackgen::diagnostic::{Format, Sink, SourceMap, Style, render};
use stackgen::yaml::{FileId, Node, Order, Span, Value, parse, write};

/// Reads a text: without a panic, with every place inside of the text, and what is read without a finding is written and
/// read back the same.
pub(crate) fn check(text: &str) {
    let mut sources = SourceMap::default();
    let file = sources.add("hostile.yaml", text);
    let mut sink = Sink::default();
    let node = parse(file, text, &mut sink);
    let errors = sink.has_errors();
    let found = sink.into_sorted(&sources);
    for label in found.iter().flat_map(|one| &one.labels) {
        check_span(text, label.span);
    }
    if errors {
        // Long texts only make the rendering slow.
        if text.len() < 10_000 {
            render(Format::Human, &found, &sources, Style::PLAIN);
        }
    } else {
        assert!(node.is_some(), "nothing was read and nothing was found: {text:?}");
    }
    let Some(node) = node else { return };
    check_places(text, &node);
    if !errors {
        check_round_trip(&node);
    }
}

fn check_round_trip(node: &Node) {
    for order in [Order::AsIs, Order::Sorted, Order::Object] {
        let mut out = String::new();
        write(node, order, &mut out);
        let mut sink = Sink::default();
        let back = parse(FileId(0), &out, &mut sink);
        assert!(!sink.has_errors(), "what was written is refused:\n{out}");
        assert_eq!(back.as_ref(), Some(node), "what was written is read otherwise:\n{out}");
    }
}

fn check_places(text: &str, node: &Node) {
    check_span(text, node.span);
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| check_places(text, item)),
        Value::Map(map) => map.iter().for_each(|(key, value)| {
            check_span(text, key.span);
            check_places(text, value);
        }),
        _ => {}
    }
}

fn check_span(text: &str, span: Span) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} is no place in {text:?}");
}
