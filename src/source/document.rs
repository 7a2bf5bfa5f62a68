//! What all kinds share: `apiVersion`, `kind` and `metadata`.

use std::sync::Arc;

use crate::decode::{Context, Decode, Definitions, Text, record};
use crate::diagnostic::{Diagnostic, Sink, SourceMap, codes::shape};
use crate::yaml::{self, FileId, Node, Span};

record! {
    /// Name and description of a document.
    pub struct Metadata {
        /// The name: the file's or folder's name.
        "name" => name: Text,
        /// The name for people.
        "title" => title: Option<Text>,
        /// What it is, in a sentence.
        "description" => description: Option<Text>,
        /// Where a component stands in the picture: network, delivery, security, observability, storage, data, host.
        "category" => category: Option<Text>,
        /// Its documentation.
        "docs" => docs: Option<Text>,
        /// SPDX id of its licence.
        "license" => license: Option<Text>,
    }
}

impl Metadata {
    /// The title, or the name.
    pub fn title(&self) -> &str {
        self.title.as_ref().map_or(&self.name.text, |t| &t.text)
    }
}

/// A kind of document.
pub trait Document: Decode {
    /// The words that `kind:` may have.
    const KINDS: &'static [&'static str];

    /// Its metadata.
    fn metadata(&self) -> &Metadata;
}

/// Reads a file as a document of one kind. `name` is what `metadata.name` must be, where the place of the file says it.
pub fn parse_kind<T: Document>(
    sources: &SourceMap,
    file: FileId,
    name: Option<&str>,
    sink: &mut Sink,
) -> Option<(T, Node)> {
    let text: Arc<str> = sources.file(file)?.text.clone();
    let node = yaml::parse(file, &text, sink)?;
    if !is_document::<T>(&node, sink) {
        return None;
    }
    let document = T::decode(&node, &mut Context { text: &text, sink })?;
    if let Some(name) = name
        && &*document.metadata().name.text != name
    {
        let found = &document.metadata().name;
        sink.push(
            Diagnostic::error(
                &shape::WRONG_DOCUMENT,
                found.span,
                format!("the name is `{}`, the file's is `{name}`", found.text),
            )
            .help(format!("write `name: {name}`, or rename the file")),
        );
    }
    Some((document, node))
}

fn is_document<T: Document>(node: &Node, sink: &mut Sink) -> bool {
    let start = Span { end: node.span.start.saturating_add(1), ..node.span };
    let version = node.get("apiVersion");
    if version.and_then(Node::as_str) != Some(super::API_VERSION) {
        let span = version.map_or(start, |v| v.span);
        sink.push(
            Diagnostic::error(&shape::WRONG_DOCUMENT, span, format!("`apiVersion: {}` is wanted", super::API_VERSION))
                .here(if version.is_some() { "another version" } else { "it is missing in this map" }),
        );
    }
    let kind = node.get("kind");
    let word = kind.and_then(Node::as_str).unwrap_or("");
    if T::KINDS.contains(&word) {
        return true;
    }
    let wanted = T::KINDS.iter().map(|k| format!("`kind: {k}`")).collect::<Vec<_>>().join(" or ");
    let span = kind.map_or(start, |k| k.span);
    sink.push(
        Diagnostic::error(&shape::WRONG_DOCUMENT, span, format!("{wanted} is wanted here"))
            .suggest(word, T::KINDS.iter().copied()),
    );
    false
}

/// A header field whose value [`parse_kind`] has checked.
#[derive(Debug)]
pub struct Header;

impl Decode for Header {
    fn decode(_: &Node, _: &mut Context<'_>) -> Option<Self> {
        Some(Header)
    }

    fn absent() -> Option<Self> {
        Some(Header)
    }

    fn schema(_: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "string" })
    }
}
