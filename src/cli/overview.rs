//! An environment or a component at a glance, for people and for programs.

use serde_json::{Value as Json, json};

use stackgen::diagnostic::SourceMap;
use stackgen::render::Rendered;
use stackgen::resolve::Instance;
use stackgen::trace::Overview;

use super::table::table;
use super::value::{self, place, place_json};

/// A component's parameters, and where each was set.
pub(super) fn component(name: &str, overview: &Overview, sources: &SourceMap) -> String {
    let chart =
        overview.chart.as_ref().map_or_else(String::new, |(chart, version)| format!(", chart {chart} {version}"));
    let wave = overview.wave.map_or_else(String::new, |wave| format!(", wave {wave}"));
    let mut out = format!("{} (components.{name}){chart}, namespace {}{wave}\n", overview.title, overview.namespace);
    if overview.parameters.is_empty() {
        return out + "\nIt has no parameters.\n";
    }
    out.push_str("\nparameters:\n");
    let rows: Vec<[String; 4]> = overview
        .parameters
        .iter()
        .map(|p| {
            let from = if p.by_default { "by default".to_owned() } else { place(sources, p.span) };
            [p.name.to_string(), value::line(&p.value), p.kind.to_string(), from]
        })
        .collect();
    out + &table(2, &rows)
}

/// The same for programs.
pub(super) fn component_json(name: &str, overview: &Overview, sources: &SourceMap) -> Json {
    let parameters = overview.parameters.iter().map(|p| {
        json!({
            "name": &*p.name,
            "type": &*p.kind,
            "description": p.description.as_deref(),
            "value": value::json(&p.value),
            "default": p.by_default,
            "place": place_json(sources, p.span),
        })
    });
    json!({
        "version": 1,
        "component": name,
        "title": overview.title,
        "chart": overview.chart.as_ref().map(|(name, version)| json!({ "name": &**name, "version": &**version })),
        "namespace": &*overview.namespace,
        "wave": overview.wave,
        "parameters": parameters.collect::<Json>(),
    })
}

/// An environment's layers and components.
pub(super) fn environment(rendered: &Rendered<'_>, sources: &SourceMap) -> String {
    let platform = &rendered.platform;
    let settings = &platform.settings;
    let cluster = &settings.cluster;
    let mut out = format!(
        "{}: {}, {}, Kubernetes {}, size {}\n\nlayers, from general to special:\n",
        settings.environment.path,
        settings.architecture.metadata.name.text,
        cluster.domain.0.text,
        cluster.kubernetes.0.text,
        cluster.size.value.word(),
    );
    for layer in layers(rendered, sources) {
        out.push_str(&format!("  {layer}\n"));
    }
    out.push_str("\ncomponents:\n");
    let rows = platform.instances.iter().map(|instance| {
        let wave = wave(rendered, instance).map_or_else(String::new, |wave| format!("wave {wave}"));
        let fills = instance.fills.join(", ");
        [instance.name.to_string(), version(instance), instance.namespace.to_string(), wave, fills]
    });
    out + &table(2, &rows.collect::<Vec<_>>())
}

/// The same for programs.
pub(super) fn environment_json(rendered: &Rendered<'_>, sources: &SourceMap) -> Json {
    let platform = &rendered.platform;
    let settings = &platform.settings;
    let components = platform.instances.iter().map(|instance| {
        json!({
            "name": &*instance.name,
            "version": instance.chart.as_ref().map(|chart| &*chart.version),
            "namespace": &*instance.namespace,
            "wave": wave(rendered, instance),
            "fills": instance.fills.iter().map(|capability| &**capability).collect::<Vec<_>>(),
        })
    });
    json!({
        "version": 1,
        "environment": &*settings.environment.path,
        "architecture": &*settings.architecture.metadata.name.text,
        "domain": &*settings.cluster.domain.0.text,
        "kubernetes": &*settings.cluster.kubernetes.0.text,
        "size": settings.cluster.size.value.word(),
        "layers": layers(rendered, sources),
        "components": components.collect::<Json>(),
    })
}

fn layers<'s>(rendered: &Rendered<'_>, sources: &'s SourceMap) -> Vec<&'s str> {
    rendered.platform.settings.environment.layers.iter().map(|layer| sources.name(layer.span.file)).collect()
}

fn wave(rendered: &Rendered<'_>, instance: &Instance<'_>) -> Option<u32> {
    rendered.unit(&instance.name).map(|unit| unit.wave)
}

fn version(instance: &Instance<'_>) -> String {
    instance.chart.as_ref().map_or_else(String::new, |chart| chart.version.to_string())
}
