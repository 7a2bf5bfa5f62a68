//! Lists of what there is, each as a table or as JSON.

use serde_json::{Map, Value as Json, json};

use stackgen::check::RULES;
use stackgen::diagnostic::{Severity, Sink, codes};
use stackgen::layer;
use stackgen::source::{Catalogue, Component, EnvironmentSource, Files, Origin, Program};
use stackgen::types::TypeSpec;

use super::table::table;
use super::value;

/// Items with equal fields.
#[derive(Debug)]
pub(super) struct Listing {
    /// What the items are: the field of the JSON object.
    what: &'static str,
    /// The fields that tables show, in order.
    columns: &'static [&'static str],
    items: Vec<Json>,
}

impl Listing {
    /// A table for a terminal. Fields that no item has are left out.
    pub(super) fn human(&self, color: bool) -> String {
        let (bold, end) = if color { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        let columns: Vec<&str> = self
            .columns
            .iter()
            .copied()
            .filter(|c| self.items.iter().any(|item| !cell(&item[*c]).is_empty()))
            .collect();
        let heading = columns.iter().map(|c| format!("{bold}{}{end}", c.to_uppercase())).collect::<Vec<_>>();
        let rows = self.items.iter().map(|item| columns.iter().map(|c| shown(c, &cell(&item[*c]))).collect());
        table(0, &std::iter::once(heading).chain(rows).collect::<Vec<_>>())
    }

    /// A Markdown table.
    pub(super) fn markdown(&self) -> String {
        let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut out = row(self.columns.iter().map(|c| (*c).to_owned()).collect());
        out.push_str(&row(self.columns.iter().map(|_| "---".to_owned()).collect()));
        for item in &self.items {
            out.push_str(&row(self
                .columns
                .iter()
                .map(|c| cell(&item[*c]).replace('|', "\\|").replace('\n', " "))
                .collect()));
        }
        out
    }

    /// One object: `version`, and the items.
    pub(super) fn json(&self) -> String {
        value::document(&json!({ "version": 1, self.what: self.items }))
    }
}

/// A cell of a table for people. Only what stands last may be long.
fn shown(column: &str, text: &str) -> String {
    let longest = if matches!(column, "description" | "layers" | "title") { 100 } else { 44 };
    value::cut_to(longest, text)
}

fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) if items.iter().all(Json::is_string) => {
            items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Repository => "repository",
        Origin::Embedded => "embedded",
    }
}

pub(super) fn components(program: &Program) -> Listing {
    let item = |source: &stackgen::source::ComponentSource| {
        let component = &source.component;
        let metadata = &component.metadata;
        let lifecycle = component.lifecycle.as_ref();
        json!({
            "name": &*metadata.name.text,
            "title": metadata.title(),
            "version": version(component),
            "category": metadata.category.as_ref().map(|c| &*c.text),
            "provides": component.provides.keys().map(|k| &*k.text).collect::<Vec<_>>(),
            "status": lifecycle.map_or("active", |l| l.status.word()),
            "successor": lifecycle.and_then(|l| l.successor.as_ref()).map(|s| &*s.text),
            "licence": metadata.license.as_ref().map(|l| &*l.text),
            "origin": origin(source.origin),
            "description": metadata.description.as_ref().map(|d| &*d.text),
            "docs": metadata.docs.as_ref().map(|d| &*d.text),
        })
    };
    Listing {
        what: "components",
        columns: &["name", "title", "version", "category", "provides", "status", "licence", "origin"],
        items: program.components.values().map(item).collect(),
    }
}

/// The version of the chart or the remote kustomization, or of what the component's parameter of that name says by default.
fn version(component: &Component) -> Option<String> {
    let chart = component.chart.as_ref().map(|c| c.version.text.to_string());
    let base = || component.kustomize.as_ref().map(|k| k.revision.text.to_string());
    let parameter = || component.parameters.get("version")?.default.as_ref()?.as_literal().map(value::line);
    chart.or_else(base).or_else(parameter)
}

pub(super) fn capabilities(program: &Program, files: &dyn Files) -> Listing {
    let origins = origins(files, "capabilities");
    let item = |capability: &stackgen::source::Capability| {
        let metadata = &capability.metadata;
        let fills = program.components.iter().filter(|(_, c)| c.component.provides_key(&metadata.name.text).is_some());
        json!({
            "name": &*metadata.name.text,
            "title": metadata.title(),
            "components": fills.map(|(name, _)| &**name).collect::<Vec<_>>(),
            "contract": capability.contract.keys().map(|k| &*k.text).collect::<Vec<_>>(),
            "accepts": capability.accepts.keys().map(|k| &*k.text).collect::<Vec<_>>(),
            "origin": origins.get(&*metadata.name.text),
            "description": metadata.description.as_ref().map(|d| &*d.text),
        })
    };
    Listing {
        what: "capabilities",
        columns: &["name", "title", "components", "contract", "accepts", "origin"],
        items: program.capabilities.values().map(item).collect(),
    }
}

pub(super) fn architectures(program: &Program, files: &dyn Files) -> Listing {
    let origins = origins(files, "architectures");
    let item = |architecture: &stackgen::source::Architecture| {
        let metadata = &architecture.metadata;
        let bindings =
            architecture.bindings.iter().map(|(capability, c)| (capability.text.to_string(), json!(&*c.text)));
        json!({
            "name": &*metadata.name.text,
            "title": metadata.title(),
            "components": architecture.bindings.values().chain(&architecture.include).map(|c| &*c.text).collect::<Vec<_>>(),
            "bindings": bindings.collect::<Map<_, _>>(),
            "removed": architecture.removed.keys().map(|k| &*k.text).collect::<Vec<_>>(),
            "origin": origins.get(&*metadata.name.text),
            "description": metadata.description.as_ref().map(|d| &*d.text),
        })
    };
    Listing {
        what: "architectures",
        columns: &["name", "title", "components", "removed", "origin"],
        items: program.architectures.values().map(item).collect(),
    }
}

/// Name to origin.
fn origins(files: &dyn Files, folder: &str) -> Map<String, Json> {
    let names = Catalogue::new(files).names(folder).unwrap_or_default();
    names.into_iter().map(|(name, from)| (name, json!(origin(from)))).collect()
}

pub(super) fn environments(program: &Program, sink: &mut Sink) -> Listing {
    let mut item = |environment: &EnvironmentSource| {
        let title =
            environment.layers.iter().rev().find(|l| l.is_environment()).and_then(|l| l.metadata.title.as_ref());
        let settings = layer::settle(program, environment, sink);
        let cluster = settings.as_ref().map(|s| &s.cluster);
        json!({
            "path": &*environment.path,
            "title": title.map(|t| &*t.text),
            "architecture": settings.as_ref().map(|s| &*s.architecture.metadata.name.text),
            "domain": cluster.map(|c| &*c.domain.0.text),
            "kubernetes": cluster.map(|c| &*c.kubernetes.0.text),
            "size": cluster.map(|c| c.size.value.word()),
            "nodes": cluster.map(|c| c.nodes.len()),
            "layers": environment.layers.iter().map(|l| program.sources.name(l.span.file)).collect::<Vec<_>>(),
        })
    };
    Listing {
        what: "environments",
        columns: &["path", "title", "architecture", "domain", "kubernetes", "size", "nodes", "layers"],
        items: program.environments.iter().map(&mut item).collect(),
    }
}

pub(super) fn parameters(program: &Program, component: &str) -> Option<Listing> {
    let parameters = &program.components.get(component)?.component.parameters;
    let written = |template: &stackgen::template::Template| -> String {
        match template.as_literal() {
            Some(node) => value::line(node),
            None => value::expression(&program.sources, template.span()).unwrap_or_else(|| "(computed)".to_owned()),
        }
    };
    let item = |name: &str, spec: &TypeSpec| {
        let sizes: Vec<String> = spec.sizes.iter().map(|(size, t)| format!("{}: {}", size.text, written(t))).collect();
        json!({
            "name": name,
            "type": value::type_words(spec),
            "default": spec.default.as_ref().map(written),
            "sizes": sizes,
            "required": spec.required && spec.default.is_none() && spec.sizes.is_empty(),
            "description": spec.description.as_ref().map(|d| &*d.text),
        })
    };
    Some(Listing {
        what: "parameters",
        columns: &["name", "type", "default", "sizes", "description"],
        items: parameters.iter().map(|(name, spec)| item(&name.text, spec)).collect(),
    })
}

pub(super) fn checks() -> Listing {
    let item = |rule: &stackgen::check::Rule| {
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        json!({ "code": rule.code.id, "severity": severity, "title": rule.code.title })
    };
    Listing { what: "checks", columns: &["code", "severity", "title"], items: RULES.iter().map(item).collect() }
}

pub(super) fn codes() -> Listing {
    let items = codes::all().into_iter().map(|code| json!({ "code": code.id, "title": code.title }));
    Listing { what: "codes", columns: &["code", "title"], items: items.collect() }
}
