//! Files for machines, pipelines and people, from text templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decode::{Context, Decode};
use crate::diagnostic::{Diagnostic, Sink, codes::rendering};
use crate::resolve::Instance;
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

/// What one component makes, in order, and what was found on the way.
pub(super) type Texts = (Vec<(Arc<str>, TextFile)>, Sink);

/// All text files. Two at one path are a finding.
pub(super) fn files(texts: Vec<Texts>, sink: &mut Sink) -> BTreeMap<String, TextFile> {
    let mut all: BTreeMap<String, TextFile> = BTreeMap::new();
    for (texts, found) in texts {
        sink.extend(found);
        for (target, text) in texts {
            match all.get(&*target) {
                None => {
                    all.insert(target.to_string(), text);
                }
                Some(first) => sink.push(
                    Diagnostic::error(&rendering::BAD_TARGET, text.span, format!("two files are made at `{target}`"))
                        .label(first.span, "the first one"),
                ),
            }
        }
    }
    all
}

/// The text files of a component.
pub(super) fn texts(instance: &Instance<'_>) -> Texts {
    let (mut texts, mut sink) = (Vec::new(), Sink::default());
    let Some(template) = &instance.source.component.files else { return (texts, sink) };
    for node in template.evaluate_items(&instance.scope, &mut sink) {
        if let Some(spec) = FileSpec::decode(&node, &mut Context { text: "", sink: &mut sink }) {
            texts.extend(text(instance, &spec, &mut sink).map(|text| (spec.target.text.clone(), text)));
        }
    }
    (texts, sink)
}

fn text(instance: &Instance<'_>, spec: &FileSpec, sink: &mut Sink) -> Option<TextFile> {
    let Some(template) = instance.source.files.get(&*spec.source.text) else {
        sink.push(
            Diagnostic::error(
                &rendering::NO_TEMPLATE,
                spec.source.span,
                format!("`{}` has no template `files/{}`", instance.name, spec.source.text),
            )
            .suggest(&spec.source.text, instance.source.files.keys().map(String::as_str)),
        );
        return None;
    };
    let target = &*spec.target.text;
    let plain = target.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if !plain || target.contains('\\') || !FOLDERS.iter().any(|f| target.starts_with(f)) {
        sink.push(
            Diagnostic::error(&rendering::BAD_TARGET, spec.target.span, format!("no file can be put at `{target}`"))
                .help("a target lies below `hosts/`, `pipelines/`, `access/` or `bootstrap/`"),
        );
        return None;
    }
    let names = spec.with.iter().map(|(key, node)| (key.text.clone(), to_value(node))).collect();
    let text = template.render(&instance.scope.with(names), sink)?;
    Some(TextFile { text, span: spec.target.span })
}
