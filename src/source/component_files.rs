//! The files of a component's folder.

use std::collections::BTreeMap;

use super::Component;
use super::catalogue::Origin;
use super::document::parse_kind;
use super::load::{ComponentSource, SourceTemplate};
use crate::diagnostic::{Diagnostic, Sink, SourceMap, codes::shape};
use crate::template::{Template, TextTemplate};
use crate::yaml::{self, FileId, Span};

/// Reads a component; none where its `component.yaml` cannot be used.
pub(super) fn parse_component(
    sources: &SourceMap,
    name: &str,
    files: &[(String, FileId)],
    origin: Origin,
    sink: &mut Sink,
) -> Option<ComponentSource> {
    let Some((_, main)) = files.iter().find(|(inner, _)| inner == "component.yaml") else {
        let message = format!("the component `{name}` has no `component.yaml`");
        sink.push(Diagnostic::error(&shape::NO_FILE, Span::BUILT_IN, message));
        return None;
    };
    let component = parse_kind::<Component>(sources, *main, Some(name), sink).map(|(component, _)| component);
    let mut found = ComponentFiles::default();
    for (inner, file) in files.iter().filter(|(inner, _)| inner != "component.yaml") {
        found.read(sources, inner, *file, sink);
    }
    Some(ComponentSource {
        component: component?,
        origin,
        all_files: files.iter().map(|(_, file)| *file).collect(),
        values: found.values,
        resources: found.resources,
        policies: found.policies,
        files: found.files,
    })
}

#[derive(Default)]
struct ComponentFiles {
    values: Option<Template>,
    resources: Vec<SourceTemplate>,
    policies: Vec<SourceTemplate>,
    files: BTreeMap<String, TextTemplate>,
}

impl ComponentFiles {
    fn read(&mut self, sources: &SourceMap, inner: &str, file: FileId, sink: &mut Sink) {
        let Some(text) = sources.file(file).map(|f| f.text.clone()) else { return };
        let folder = inner.split_once('/').map(|(folder, rest)| (folder, rest.contains('/')));
        match (folder, inner) {
            (None, "values.yaml") => self.values = template(file, &text, sink),
            (Some(("resources", false)), _) if inner.ends_with(".yaml") => {
                self.resources.extend(template(file, &text, sink).map(|template| SourceTemplate { file, template }));
            }
            (Some(("policies", false)), _) if inner.ends_with(".yaml") => {
                self.policies.extend(template(file, &text, sink).map(|template| SourceTemplate { file, template }));
            }
            (Some(("files", _)), _) => {
                let path = inner.trim_start_matches("files/").to_owned();
                self.files.insert(path, TextTemplate::new(file, text, sink));
            }
            (None, "README.md") => {}
            _ => {
                let span = Span { file, start: 0, end: text.find('\n').unwrap_or(text.len()) as u32 };
                sink.push(
                    Diagnostic::warning(&shape::STRAY_FILE, span, format!("nothing reads `{inner}` of a component"))
                        .help("a component has `component.yaml`, `values.yaml`, `resources/*.yaml`, `policies/*.yaml` and `files/`"),
                );
            }
        }
    }
}

fn template(file: FileId, text: &str, sink: &mut Sink) -> Option<Template> {
    let node = yaml::parse(file, text, sink)?;
    Some(Template::compile(&node, text, sink))
}
