//! Files for machines, pipelines and people, from text templates.

use std::collections::BTreeMap;

use crate::decode::{Context, Decode};
use crate::diagnostic::{Diagnostic, Sink, codes::rendering};
use crate::resolve::{Instance, Platform};
use crate::source::FileSpec;
use crate::template::to_value;
use crate::yaml::Span;

/// A file by its path in the environment's tree.
#[derive(Debug)]
pub struct TextFile {
    /// The text.
    pub text: String,
    /// The entry of `files:` that makes it.
    pub span: Span,
}

const FOLDERS: [&str; 4] = ["access/", "bootstrap/", "hosts/", "pipelines/"];

pub(super) fn files(platform: &Platform<'_>, sink: &mut Sink) -> BTreeMap<String, TextFile> {
    let mut all = BTreeMap::new();
    for instance in &platform.instances {
        let Some(template) = &instance.source.component.files else { continue };
        for node in template.evaluate_items(&instance.scope, sink) {
            if let Some(spec) = FileSpec::decode(&node, &mut Context { text: "", sink }) {
                file(instance, &spec, &mut all, sink);
            }
        }
    }
    all
}

fn file(instance: &Instance<'_>, spec: &FileSpec, all: &mut BTreeMap<String, TextFile>, sink: &mut Sink) {
    let Some(template) = instance.source.files.get(&*spec.source.text) else {
        sink.push(
            Diagnostic::error(
                &rendering::NO_TEMPLATE,
                spec.source.span,
                format!("`{}` has no template `files/{}`", instance.name, spec.source.text),
            )
            .suggest(&spec.source.text, instance.source.files.keys().map(String::as_str)),
        );
        return;
    };
    let target = &*spec.target.text;
    let plain = target.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if !plain || target.contains('\\') || !FOLDERS.iter().any(|f| target.starts_with(f)) {
        sink.push(
            Diagnostic::error(&rendering::BAD_TARGET, spec.target.span, format!("no file can be put at `{target}`"))
                .help("a target lies below `hosts/`, `pipelines/`, `access/` or `bootstrap/`"),
        );
        return;
    }
    let names = spec.with.iter().map(|(key, node)| (key.text.clone(), to_value(node))).collect();
    let Some(text) = template.render(&instance.scope.with(names), sink) else { return };
    if let Some(first) = all.get(target) {
        sink.push(
            Diagnostic::error(&rendering::BAD_TARGET, spec.target.span, format!("two files are made at `{target}`"))
                .label(first.span, "the first one"),
        );
        return;
    }
    all.insert(target.to_owned(), TextFile { text, span: spec.target.span });
}
