//! Values and their places, for people and for programs.

use serde_json::{Map, Value as Json, json};

use stackgen::diagnostic::SourceMap;
use stackgen::types::{Kind, TypeSpec};
use stackgen::yaml::{Node, Span, Value};

/// Longer values are cut for people; programs get all of it.
const LONGEST: usize = 100;

/// The value as JSON.
pub(super) fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => json!(value),
        Value::Float(value) => json!(value),
        Value::Str(text) => Json::String(text.to_string()),
        Value::Seq(items) => items.iter().map(self::json).collect(),
        Value::Map(map) => {
            Json::Object(map.iter().map(|(k, v)| (k.text.to_string(), self::json(v))).collect::<Map<_, _>>())
        }
    }
}

/// The value in one line.
pub(super) fn line(node: &Node) -> String {
    let text = match &node.value {
        Value::Str(text) if is_plain(text) => text.to_string(),
        _ => json(node).to_string(),
    };
    cut(&text)
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control)
}

/// A text in one line of readable length.
pub(super) fn cut(text: &str) -> String {
    cut_to(LONGEST, text)
}

/// A text in one line of at most so many characters.
pub(super) fn cut_to(longest: usize, text: &str) -> String {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain: String = plain.chars().map(|c| if drives_terminal(c) { '\u{fffd}' } else { c }).collect();
    if plain.chars().count() <= longest {
        return plain;
    }
    plain.chars().take(longest.saturating_sub(1)).chain(['…']).collect()
}

/// Characters that move the cursor or turn the direction of writing: what a file holds must not look like something else.
fn drives_terminal(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `file:line` of a place, as editors and terminals open it.
pub(super) fn place(sources: &SourceMap, span: Span) -> String {
    if span.is_built_in() {
        return "<built in>".to_owned();
    }
    let (line, _) = sources.line_column(span.file, span.start);
    format!("{}:{line}", sources.name(span.file))
}

/// A place for programs; null for what stackgen made itself.
pub(super) fn place_json(sources: &SourceMap, span: Span) -> Json {
    if span.is_built_in() {
        return Json::Null;
    }
    let (line, column) = sources.line_column(span.file, span.start);
    json!({ "file": sources.name(span.file), "line": line, "column": column })
}

/// The text at a place, where an expression stands there.
pub(super) fn expression(sources: &SourceMap, span: Span) -> Option<String> {
    let text = sources.file(span.file)?.text.get(span.start as usize..span.end as usize)?;
    (text.contains("${{") && !text.contains('\n')).then(|| cut(text.trim_matches(['"', '\''])))
}

/// A JSON document as it is printed.
pub(super) fn document(json: &Json) -> String {
    // Keys are text, so that nothing here cannot be written.
    serde_json::to_string_pretty(json).unwrap_or_default() + "\n"
}

/// A type in a few words: `list of cidr`, `disable | require`.
pub(super) fn type_words(spec: &TypeSpec) -> String {
    let of =
        |items: &Option<Box<TypeSpec>>| items.as_ref().map_or_else(String::new, |i| format!(" of {}", type_words(i)));
    match &spec.kind {
        Kind::Enum(values) => values.iter().map(line).collect::<Vec<_>>().join(" | "),
        Kind::List(items) | Kind::Map(items) => format!("{}{}", spec.word.text, of(items)),
        _ => spec.word.text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{cut_to, line};
    use stackgen::yaml::Node;

    #[test]
    fn values_are_shown_in_one_safe_line() {
        assert_eq!(line(&Node::str("a b")), "a b");
        assert_eq!(line(&Node::str("")), "\"\"");
        assert_eq!(line(&Node::str(" a\n")), "\" a\\n\"");
        assert_eq!(line(&Node::seq(vec![Node::int(1), Node::bool(true)])), "[1,true]");
        assert_eq!(line(&Node::str("a\u{202e}b")), "a\u{fffd}b");
        assert_eq!(cut_to(10, "\x1b[31mred"), "\u{fffd}[31mred");
        assert_eq!(cut_to(4, "longer"), "lon…");
    }
}
