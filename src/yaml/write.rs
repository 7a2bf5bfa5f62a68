//! A tree into text that every reader reads as meant.

use super::Node;

/// The order of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// A Kubernetes object: apiVersion, kind, metadata (name, namespace, labels, annotations), spec, then by alphabet.
    Object,
    /// By alphabet.
    Sorted,
    /// As the tree has it.
    AsIs,
}

/// Appends the document's text, with a final newline.
pub fn write(_node: &Node, _order: Order, _out: &mut String) {}
