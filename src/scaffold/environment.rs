//! A new environment, made after an existing one.

use super::NewFile;
use crate::source::{EnvironmentSource, Overlay, Program};
use crate::yaml::{FileId, Span};

/// The files of a new environment, and what to look at in them.
#[derive(Debug)]
pub struct Like {
    /// The files.
    pub files: Vec<NewFile>,
    /// The environment that they were copied from.
    pub from: String,
}

/// Copies the files of an environment under another name. The name, the title and the first label of the domain change;
/// addresses, nodes and settings stay, for people to look at.
pub fn environment_like(program: &Program, environment: &EnvironmentSource, name: &str) -> Like {
    let old = format!("overlays/{}", environment.path);
    let parent = environment.path.rsplit_once('/').map_or("envs", |(parent, _)| parent);
    let new = format!("overlays/{parent}/{name}");
    let mut files = Vec::new();
    for layer in &environment.layers {
        let Some(file) = program.sources.file(layer.span.file) else { continue };
        let Some(rest) = file.name.strip_prefix(&old).filter(|rest| rest.starts_with(['.', '/'])) else { continue };
        let text = edited(&file.text, layer.span.file, edits(layer, &environment.name, name));
        files.push((format!("{new}{rest}"), text));
    }
    Like { files, from: environment.path.to_string() }
}

fn edits(layer: &Overlay, old: &str, new: &str) -> Vec<(Span, String)> {
    let mut edits = Vec::new();
    if layer.is_environment() {
        edits.push((layer.metadata.name.span, new.to_owned()));
        edits.extend(layer.metadata.title.as_ref().map(|title| (title.span, super::title(new))));
    }
    let cluster = layer.cluster.as_ref();
    for key in ["domain", "name"] {
        let Some(node) = cluster.and_then(|cluster| cluster.get(key)) else { continue };
        let rest = node
            .as_str()
            .and_then(|text| text.strip_prefix(old))
            .filter(|rest| rest.is_empty() || rest.starts_with('.'));
        edits.extend(rest.map(|rest| (node.span, format!("{new}{rest}"))));
    }
    edits
}

/// The text with the given places replaced.
fn edited(text: &str, file: FileId, mut edits: Vec<(Span, String)>) -> String {
    edits.retain(|(span, _)| span.file == file);
    edits.sort_by_key(|(span, _)| span.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in edits {
        let (start, end) = (span.start as usize, span.end as usize);
        if let Some(before) = text.get(at..start) {
            out.push_str(before);
            out.push_str(&new);
            at = end;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
