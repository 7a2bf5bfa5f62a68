//! A Kubernetes object: a tree that is known to have a kind and a name.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Sink, codes::rendering};
use crate::yaml::{Key, Map, Node, Span, Value};

/// Where an object's file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `resources/`: written in a blueprint or an overlay.
    Resources,
    /// `manifests/`: rendered from a chart.
    Manifests,
    /// `manifests/crds/`: a CustomResourceDefinition of a chart.
    Definitions,
    /// `manifests/hooks/`: what Argo CD runs before or after a sync or a deletion.
    Hooks,
}

/// A Kubernetes object.
#[derive(Clone, Debug)]
pub struct Object {
    /// `apiVersion`.
    pub api_version: Arc<str>,
    /// `kind`.
    pub kind: Arc<str>,
    /// `metadata.name`.
    pub name: Arc<str>,
    /// `metadata.namespace`.
    pub namespace: Option<Arc<str>>,
    /// All of it.
    pub node: Node,
    /// Where its file lies.
    pub place: Place,
}

impl Object {
    /// An object of a tree, or findings of what it lacks. `place` is where it is made.
    pub fn new(node: Node, place: Span, sink: &mut Sink) -> Option<Object> {
        let span = if node.span.is_built_in() { place } else { node.span };
        let text = |path: &[&str]| match node.at(path).map(|n| &n.value) {
            Some(Value::Str(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        let Some(api_version) = text(&["apiVersion"]) else { return missing("apiVersion", &node, span, sink) };
        let Some(kind) = text(&["kind"]) else { return missing("kind", &node, span, sink) };
        let Some(name) = text(&["metadata", "name"]) else { return missing("metadata.name", &node, span, sink) };
        let namespace = text(&["metadata", "namespace"]);
        texts_only(&node, sink);
        Some(Object { api_version, kind, name, namespace, node, place: Place::Resources })
    }

    /// The API group: empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// `Kind/name`, as patches and messages name it.
    pub fn title(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }

    /// The place of its kind, which stands for all of it in messages.
    pub fn span(&self) -> Span {
        self.node.get("kind").map_or(self.node.span, |k| k.span)
    }

    /// Puts it into a namespace.
    pub fn set_namespace(&mut self, namespace: &Arc<str>) {
        self.namespace = Some(namespace.clone());
        self.set_metadata("namespace", Node::new(Value::Str(namespace.clone()), Span::BUILT_IN));
    }

    /// Takes it out of its namespace.
    pub(super) fn clear_namespace(&mut self) {
        self.namespace = None;
        if let Value::Map(entries) = &mut self.node.value
            && let Some(Node { value: Value::Map(metadata), .. }) = Arc::make_mut(entries).get_mut("metadata")
        {
            Arc::make_mut(metadata).shift_remove("namespace");
        }
    }

    /// Sets an entry of `metadata`.
    pub fn set_metadata(&mut self, key: &str, value: Node) {
        if let Value::Map(entries) = &mut self.node.value
            && let Some(Node { value: Value::Map(metadata), .. }) = Arc::make_mut(entries).get_mut("metadata")
        {
            Arc::make_mut(metadata).insert(Key::built_in(key), value);
        }
    }
}

fn missing(path: &str, node: &Node, span: Span, sink: &mut Sink) -> Option<Object> {
    let message = match node.at(&path.split('.').collect::<Vec<_>>()) {
        Some(found) => format!("`{path}` of an object must be text, this is {}", found.value.type_name()),
        None => format!("an object has no `{path}`"),
    };
    sink.push(Diagnostic::error(&rendering::NOT_AN_OBJECT, span, message));
    None
}

/// Labels and annotations are text: the API server refuses anything else.
fn texts_only(node: &Node, sink: &mut Sink) {
    for part in ["labels", "annotations"] {
        let entries = node.at(&["metadata", part]).and_then(Node::as_map);
        for (key, value) in entries.into_iter().flat_map(Map::iter).filter(|(_, v)| v.as_str().is_none()) {
            let message = format!("`metadata.{part}.{}` must be text, this is {}", key.text, value.value.type_name());
            let span = if value.span.is_built_in() { key.span } else { value.span };
            sink.push(
                Diagnostic::error(&rendering::NOT_AN_OBJECT, span, message)
                    .help("put it in quotes, or write `${{ … | string }}`"),
            );
        }
    }
}
