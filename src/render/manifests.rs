//! A component's chart, rendered here: the objects that Argo CD would make of it.

use std::sync::Arc;

use super::{Charts, Object, Place, normal};
use crate::diagnostic::{Diagnostic, Sink, codes::rendering};
use crate::emit::Digest;
use crate::helm::{self, Chart, Data, Document, Error, ReleaseOptions, Table};
use crate::resolve::{ChartPin, Instance, Platform};
use crate::yaml::{Key, Map, Node, Span, Value};

/// A call in a chart whose answer real Helm takes from chance or the clock.
#[derive(Clone, Debug)]
pub struct Unrepeatable {
    /// The function.
    pub function: &'static str,
    /// The path of the template.
    pub template: String,
    /// Values that the template reads and whose names say that they take the place of what is drawn.
    pub settings: Vec<String>,
}

/// What a chart gave.
#[derive(Debug, Default)]
pub(super) struct Manifests {
    pub(super) objects: Vec<Object>,
    /// Calls whose answers real Helm does not repeat.
    pub(super) unrepeatable: Vec<Unrepeatable>,
    /// The digest of the chart's archive.
    pub(super) digest: Option<Digest>,
    /// Whether the chart could not be had or did not render.
    pub(super) failed: bool,
}

impl Manifests {
    fn failed() -> Self {
        Manifests { failed: true, ..Manifests::default() }
    }
}

/// Hooks that Argo CD runs. It reads Helm's own annotations, whatever made the manifest.
const EVENTS: [&str; 6] = ["pre-install", "pre-upgrade", "post-install", "post-upgrade", "pre-delete", "post-delete"];

/// Helm's annotation of a hook.
pub const HOOK: &str = "helm.sh/hook";

/// The chart's objects; empty, with a finding, where it cannot be had or does not render.
pub(super) fn manifests(
    platform: &Platform<'_>,
    instance: &Instance<'_>,
    values: &Node,
    api_versions: &[(Arc<str>, Span)],
    charts: &dyn Charts,
    sink: &mut Sink,
) -> Manifests {
    let Some(pin) = &instance.chart else { return Manifests::default() };
    let ready = match charts.chart(pin) {
        Ok(ready) => ready,
        Err(finding) => {
            sink.push(*finding);
            return Manifests::failed();
        }
    };
    let chart = &ready.chart;
    let options = release_options(platform, instance, pin, api_versions);
    let rendered = match helm::render(chart, &table(values), &options) {
        Ok(rendered) => rendered,
        Err(error) => {
            sink.push(failed(instance, pin, chart, values, &error));
            return Manifests::failed();
        }
    };
    let mut objects = Vec::new();
    let runs = |hook: &&Document| hook.events.iter().any(|event| EVENTS.contains(&event.as_str()));
    for document in rendered.crds.iter().chain(&rendered.manifests).chain(rendered.hooks.iter().filter(runs)) {
        match document.objects() {
            Ok(found) => found.iter().for_each(|data| add(data, pin.version_span, &mut objects, sink)),
            Err(error) => sink.push(failed(instance, pin, chart, values, &error)),
        }
    }
    let calls = rendered.unrepeatable.into_iter().filter(|call| !call.needs_cluster());
    let unrepeatable = calls
        .map(|call| Unrepeatable {
            function: call.function,
            settings: settings(chart.template_text(&call.template).unwrap_or_default()),
            template: call.template,
        })
        .collect();
    Manifests { objects, unrepeatable, digest: Some(ready.digest), failed: false }
}

/// What Argo CD tells the chart.
pub fn release_options(
    platform: &Platform<'_>,
    instance: &Instance<'_>,
    pin: &ChartPin,
    api_versions: &[(Arc<str>, Span)],
) -> ReleaseOptions {
    let skip_crds = instance.source.component.chart.as_ref().is_some_and(|c| c.skip_crds);
    ReleaseOptions {
        name: pin.release.to_string(),
        namespace: instance.namespace.to_string(),
        kube_version: Some(platform.settings.cluster.kubernetes.0.text.to_string()),
        api_versions: api_versions.iter().map(|(version, _)| version.to_string()).collect(),
        include_crds: !skip_crds,
        ..ReleaseOptions::default()
    }
}

/// The values that a template reads and that hand it what it would draw itself, by their names.
fn settings(template: &str) -> Vec<String> {
    let name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
    let mut found: Vec<String> = template
        .split(".Values.")
        .skip(1)
        .map(|rest| rest.split(|c: char| !name(c)).next().unwrap_or_default().trim_end_matches('.').to_owned())
        .filter(|path| {
            let last = path.rsplit('.').next().unwrap_or_default().to_lowercase();
            ["existing", "secretname", "certmanager"].iter().any(|word| last.contains(word))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Adds an object, or those of a list.
fn add(data: &Data, span: Span, objects: &mut Vec<Object>, sink: &mut Sink) {
    let Some(map) = data.as_map().filter(|map| !map.is_empty()) else { return };
    let is_list = map.get("kind").and_then(Data::as_str).is_some_and(|kind| kind.ends_with("List"));
    if let Some(Data::List(items)) = map.get("items").filter(|_| is_list) {
        items.iter().for_each(|item| add(item, span, objects, sink));
        return;
    }
    let mut node = normal::object(node(data, span));
    // A hook may leave its name to the API server.
    let generated =
        node.at(&["metadata", "generateName"]).filter(|_| node.at(&["metadata", "name"]).is_none()).cloned();
    if let Some(name) = &generated {
        set_name(&mut node, Some(name.clone()));
    }
    let Some(mut object) = Object::new(node, span, sink) else { return };
    if generated.is_some() {
        set_name(&mut object.node, None);
    }
    let definition = &*object.kind == "CustomResourceDefinition" && object.group() == "apiextensions.k8s.io";
    let hook = object.node.at(&["metadata", "annotations", HOOK]).is_some();
    object.place = match (definition, hook) {
        (true, _) => Place::Definitions,
        (false, true) => Place::Hooks,
        (false, false) => Place::Manifests,
    };
    objects.push(object);
}

fn set_name(object: &mut Node, name: Option<Node>) {
    if let Value::Map(entries) = &mut object.value
        && let Some(Node { value: Value::Map(metadata), .. }) = Arc::make_mut(entries).get_mut("metadata")
    {
        let metadata = Arc::make_mut(metadata);
        match name {
            Some(name) => metadata.insert(Key::built_in("name"), name),
            None => metadata.shift_remove("name"),
        };
    }
}

fn node(data: &Data, span: Span) -> Node {
    let value = match data {
        Data::Null => Value::Null,
        Data::Bool(b) => Value::Bool(*b),
        Data::Int(n) => Value::Int(*n),
        Data::Number(n) => Value::Float(*n),
        Data::Str(text) => Value::Str(text.clone()),
        Data::List(items) => Value::Seq(Arc::new(items.iter().map(|item| node(item, span)).collect())),
        Data::Map(table) => {
            let entry = |(key, value): (&Arc<str>, &Data)| (Key { text: key.clone(), span }, node(value, span));
            Value::Map(Arc::new(table.iter().map(entry).collect::<Map>()))
        }
    };
    Node::new(value, span)
}

/// Values as Helm reads them from their file.
pub fn table(values: &Node) -> Table {
    match data(values) {
        Data::Map(table) => table,
        _ => Table::new(),
    }
}

#[allow(clippy::cast_precision_loss, reason = "Helm reads all numbers as floats")]
fn data(node: &Node) -> Data {
    match &node.value {
        Value::Null => Data::Null,
        Value::Bool(b) => Data::Bool(*b),
        Value::Int(n) => Data::Number(*n as f64),
        Value::Float(n) => Data::Number(*n),
        Value::Str(text) => Data::Str(text.clone()),
        Value::Seq(items) => Data::List(items.iter().map(data).collect()),
        Value::Map(map) => Data::Map(map.iter().map(|(key, value)| (key.text.clone(), data(value))).collect()),
    }
}

/// A chart that does not render, with the value that took part where it can be told.
pub fn failed(instance: &Instance<'_>, pin: &ChartPin, chart: &Chart, values: &Node, error: &Error) -> Diagnostic {
    let message = format!("the chart `{}` {} of `{}` does not render", pin.name, pin.version, instance.name);
    let cause = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
    let used = blame(chart, values, error);
    let finding = match used {
        Some((path, span)) => Diagnostic::error(&rendering::CHART_FAILED, span, message)
            .here(format!("`{path}` took part"))
            .label(pin.version_span, "the chart"),
        None => Diagnostic::error(&rendering::CHART_FAILED, pin.version_span, message),
    };
    finding.cause(cause)
}

/// The value that the failing expression, or the message, names: its path and place.
fn blame(chart: &Chart, values: &Node, error: &Error) -> Option<(String, Span)> {
    let frames = error.frames().iter().rev().map(|frame| (frame.template.as_str(), frame.expression.as_str()));
    let innermost = error.frames().last().map_or("", |frame| frame.template.as_str());
    for (template, text) in frames.chain([(innermost, error.message())]) {
        let sub = subcharts(chart, template);
        let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-')));
        for word in words.filter(|word| word.contains('.')) {
            let named = word.split_once(".Values.").or_else(|| word.split_once("Values.")).map(|(_, path)| path);
            let path = named.unwrap_or(word).trim_matches('.');
            let found = find(values, &sub, path);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// The keys under which a template's sub-chart has its values.
fn subcharts<'t>(chart: &Chart, template: &'t str) -> Vec<&'t str> {
    let inner = template.strip_prefix(chart.metadata().name.as_str()).unwrap_or(template);
    let mut parts = inner.split("/charts/").skip(1);
    parts.by_ref().filter_map(|part| part.split('/').next()).collect()
}

/// The deepest node that values have on a path. At least one key of the path itself must be there.
fn find(values: &Node, sub: &[&str], path: &str) -> Option<(String, Span)> {
    let mut node = values.at(sub)?;
    let mut keys = sub.to_vec();
    for key in path.split('.') {
        let Some(inner) = node.get(key) else { break };
        node = inner;
        keys.push(key);
    }
    (keys.len() > sub.len() && !node.span.is_built_in()).then(|| (keys.join("."), node.span))
}
