//! YAML as Kubernetes tools read and write it: a tree whose every key and value knows its place.
//!
//! * [`parse`] reads one document into a [`Node`], and refuses what readers disagree on.
//! * [`write`](fn@write) writes a tree so that every Go reader (Helm, kubectl, Argo CD, kustomize) reads it as meant.

mod build;
mod characters;
mod mistake;
mod node;
mod parse;
mod quick;
mod refuse;
mod scalar;
mod tag;
mod write;

pub use node::{FileId, Key, Map, Node, Span, Tag, Value, path_text};
pub use parse::parse;
pub use scalar::{Resolved, resolve_plain};
pub use write::{Order, write};
