//! A file of a side, as far as it can be understood.

use std::fmt;

use serde_json::Value as Json;

use crate::diagnostic::codes::reading;
use crate::diagnostic::{Diagnostic, Severity, Sink, SourceMap};
use crate::yaml::{FileId, Node, Value, parse};

/// A file's content.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Its text with `\n` at the ends of lines; none where it is not text.
    pub(super) text: Option<String>,
    /// Whether its lines end in CRLF.
    pub(super) crlf: bool,
    /// Its YAML documents; none where it is not YAML, or cannot be read.
    pub(super) documents: Option<Vec<Document>>,
}

/// A YAML document of a file.
#[derive(Debug)]
pub(super) struct Document {
    /// Where its text starts in the file's text.
    pub(super) start: usize,
    /// Its tree. Places count from the document's start.
    pub(super) node: Node,
    /// What it is, if it is a Kubernetes object.
    pub(super) id: Option<ObjectId>,
}

/// What tells a Kubernetes object from all others of a cluster. The version of its API group does not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ObjectId {
    pub(crate) group: String,
    pub(crate) kind: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace.as_str() {
            "" => write!(f, "{} {}", self.kind, self.name),
            namespace => write!(f, "{} {namespace}/{}", self.kind, self.name),
        }
    }
}

impl ObjectId {
    fn of(node: &Node) -> Option<Self> {
        let api = node.get("apiVersion")?.as_str()?;
        let group = api.split_once('/').map_or("", |(group, _)| group);
        let text = |path: &[&str]| node.at(path).and_then(Node::as_str).unwrap_or_default().to_owned();
        let name = text(&["metadata", "name"]);
        let kind = node.get("kind")?.as_str()?.to_owned();
        (!name.is_empty()).then(|| ObjectId {
            group: group.to_owned(),
            kind,
            namespace: text(&["metadata", "namespace"]),
            name,
        })
    }
}

impl Content {
    /// Reads a file. What is no text, or no YAML, is a fact and not an error.
    pub(super) fn read(path: &str, bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
        let Some(text) = text else { return Content::default() };
        let crlf = text.contains("\r\n");
        let text = if crlf { text.replace("\r\n", "\n") } else { text.to_owned() };
        let documents = if is_yaml(path) { documents(&text) } else { None };
        Content { text: Some(text), crlf, documents }
    }

    /// The text for comparing lines.
    pub(super) fn lines(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// The documents, if it has any.
    pub(super) fn trees(&self) -> &[Document] {
        self.documents.as_deref().unwrap_or_default()
    }
}

/// Whether a path is that of a YAML file.
pub(super) fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// All documents of a text; none if one of them cannot be read.
fn documents(text: &str) -> Option<Vec<Document>> {
    let mut found = Vec::new();
    for (start, part) in split(text) {
        if part.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            continue;
        }
        let mut sink = Sink::default();
        let node = parse(FileId(0), part, &mut sink)?;
        if sink.into_sorted(&SourceMap::default()).iter().any(|found| !is_harmless(found)) {
            return None;
        }
        found.push(Document { start, id: ObjectId::of(&node), node });
    }
    Some(found)
}

/// A scalar that readers disagree on is refused in sources; here it is only compared with another one.
fn is_harmless(found: &Diagnostic) -> bool {
    [&reading::AMBIGUOUS, &reading::REWRITTEN].contains(&found.code) || found.severity != Severity::Error
}

/// The texts between lines of `---`, and where each starts. A marker at the start of a line ends any scalar.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if line.trim_end() == "---" || line.trim_end() == "..." {
            parts.push((start, &text[start..at]));
            start = end;
        }
        at = end;
    }
    parts.push((start, &text[start..]));
    parts
}

/// A tree as JSON.
pub(crate) fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::Str(text) => Json::String(text.to_string()),
        Value::Seq(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(map) => Json::Object(map.iter().map(|(key, value)| (key.text.to_string(), json(value))).collect()),
    }
}

/// A scalar as text; none for lists and maps.
pub(crate) fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::Null => Some("null".to_owned()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) => Some(value.to_string()),
        Value::Str(text) => Some(text.to_string()),
        Value::Seq(_) | Value::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, split};

    #[test]
    fn documents_are_split_at_markers() {
        let parts: Vec<_> = split("# a\n---\nx: 1\n---\ny: 2\n").into_iter().collect();
        assert_eq!(parts, [(0, "# a\n"), (8, "x: 1\n"), (17, "y: 2\n")]);
    }

    #[test]
    fn what_is_no_text_has_none() {
        assert!(Content::read("a.yaml", &[0xff, 0xfe, 0x00]).text.is_none());
    }

    #[test]
    fn ends_of_lines_are_made_one_kind() {
        let content = Content::read("a.txt", b"a\r\nb\r\n");
        assert_eq!((content.lines(), content.crlf), ("a\nb\n", true));
    }
}
