//! Which stack of layers a path leads into.

use std::sync::Arc;

use super::layers::{self, Layer, Stack};
use super::path::Path;
use super::{How, Trace, UnknownPath};
use crate::diagnostic::Sink;
use crate::layer::GitOps;
use crate::render::{POLICIES, Rendered};
use crate::resolve::Instance;
use crate::source::{ComponentPatch, Overlay};
use crate::template::{Reference, Template};
use crate::yaml::{Key, Map, Node, Span, Value};

/// What can be asked of a component.
const PARTS: [&str; 5] = ["chart", "parameters", "provides", "resources", "values"];

/// The stack that a path leads into.
pub(super) fn stack<'r>(rendered: &'r Rendered<'_>, path: &Path) -> Result<Stack<'r>, UnknownPath> {
    match path.names().as_slice() {
        ["cluster", ..] => Ok(cluster(rendered)),
        ["gitops", ..] => Ok(gitops(rendered)),
        ["select", ..] => Ok(select(rendered)),
        ["components", name, part, ..] => component(rendered, name, part),
        ["components", name] => Err(no_part(name, "")),
        ["components"] => Err(unknown("components", "", instances(rendered))),
        names => {
            let mut known: Vec<String> = ["cluster", "components", "gitops", "select"].map(str::to_owned).to_vec();
            known.extend(instances(rendered));
            Err(unknown("", names.first().unwrap_or(&""), known))
        }
    }
}

fn unknown(known: &str, name: &str, mut names: Vec<String>) -> UnknownPath {
    names.sort();
    UnknownPath { known: known.to_owned(), name: name.to_owned(), names }
}

fn no_part(component: &str, part: &str) -> UnknownPath {
    unknown(&format!("components.{component}"), part, PARTS.map(str::to_owned).to_vec())
}

fn instances(rendered: &Rendered<'_>) -> Vec<String> {
    rendered.platform.instances.iter().map(|i| i.name.to_string()).collect()
}

/// The values that the expressions of a value read, each with its own history.
pub(super) fn reads(rendered: &Rendered<'_>, stack: &Stack<'_>, trace: &Trace, depth: usize) -> Vec<Trace> {
    if depth == 0 || trace.value.as_ref().is_some_and(|value| value.as_map().is_some()) {
        return Vec::new();
    }
    let counting: Vec<Span> =
        trace.layers.iter().filter(|l| l.counts && l.how != How::Removes).map(|l| l.span).collect();
    let inside =
        |span: Span| counting.iter().any(|c| c.file == span.file && c.start <= span.start && span.end <= c.end);
    let references = stack.layers.iter().flat_map(|l| &l.templates).flat_map(|t| t.references());
    let mut found: Vec<Trace> = Vec::new();
    for (reference, _) in references.filter(|(_, span)| inside(*span)) {
        let Some(path) = target(rendered, stack.component.as_deref(), reference) else { continue };
        let Some(read) = longest(rendered, path, depth) else { continue };
        if read.path != trace.path && !found.iter().any(|known| known.path == read.path) {
            found.push(read);
        }
    }
    found
}

/// What a name in an expression refers to, as a path.
fn target(rendered: &Rendered<'_>, component: Option<&str>, reference: &Reference) -> Option<Path> {
    let names: Vec<&str> = reference.path.iter().map(|name| &**name).collect();
    match names.as_slice() {
        ["params", rest @ ..] if !rest.is_empty() => {
            let start = ["components", component?, "parameters"];
            Some(Path::of(start.iter().chain(rest).copied()))
        }
        ["caps", capability, rest @ ..] => {
            let provider = rendered.platform.provider(capability)?;
            let start = ["components", &*provider.name, "provides", capability];
            Some(Path::of(start.iter().chain(rest).copied()))
        }
        ["cluster" | "gitops", _, ..] => Some(Path::of(names)),
        _ => None,
    }
}

/// Follows a path as far as it leads: the last names of a reference may be those of a method, or of an item.
fn longest(rendered: &Rendered<'_>, mut path: Path, depth: usize) -> Option<Trace> {
    while path.names.len() > 1 {
        let stack = stack(rendered, &path).ok()?;
        if path.names.len() < stack.root.len() {
            return None;
        }
        if let Ok(mut trace) = layers::trace(&stack, &path.names[stack.root.len()..]) {
            trace.reads = reads(rendered, &stack, &trace, depth - 1);
            return Some(trace);
        }
        path.names.pop();
    }
    None
}

fn cluster<'r>(rendered: &'r Rendered<'_>) -> Stack<'r> {
    let settings = &rendered.platform.settings;
    overlays(rendered, "cluster", |overlay| overlay.cluster.clone(), settings.cluster_node.clone())
}

fn gitops<'r>(rendered: &'r Rendered<'_>) -> Stack<'r> {
    let settings = &rendered.platform.settings;
    let GitOps { repository, revision, values, server, namespace, root_finalizer, .. } = &settings.gitops;
    let result = Node::map([
        ("repository", Node::str(&repository.text)),
        ("revision", Node::str(&revision.text)),
        ("path", Node::str(&settings.path)),
        ("values", Node::str(values.word())),
        ("server", Node::str(&server.text)),
        ("namespace", Node::str(&namespace.text)),
        ("rootFinalizer", Node::bool(*root_finalizer)),
    ]);
    overlays(rendered, "gitops", |overlay| overlay.gitops.clone(), result)
}

fn select<'r>(rendered: &'r Rendered<'_>) -> Stack<'r> {
    let platform = &rendered.platform;
    let architecture = entries(platform.settings.architecture.bindings.iter().map(|(k, t)| (k, text(t))));
    let result = platform.providers.iter().map(|(capability, provider)| {
        (&**capability, Node::new(Value::Str(platform.instances[provider.instance].name.clone()), provider.span))
    });
    let mut stack = overlays(
        rendered,
        "select",
        |overlay| Some(entries(overlay.select.iter().map(|(k, t)| (k, text(t))))),
        Node::map(result),
    );
    stack.layers.insert(0, Layer { node: architecture, templates: Vec::new() });
    stack
}

/// A stack whose layers are parts of overlays.
fn overlays<'r>(
    rendered: &Rendered<'_>,
    name: &str,
    part: impl Fn(&Overlay) -> Option<Node>,
    result: Node,
) -> Stack<'r> {
    let layers = &rendered.platform.settings.environment.layers;
    let layers = layers.iter().filter_map(|l| part(l)).map(|node| Layer { node, templates: Vec::new() });
    Stack { root: vec![name.to_owned()], layers: layers.collect(), result, component: None }
}

fn component<'r>(rendered: &'r Rendered<'_>, name: &str, part: &str) -> Result<Stack<'r>, UnknownPath> {
    let platform = &rendered.platform;
    let Some(index) = platform.index(name) else {
        return Err(unknown("components", name, instances(rendered)));
    };
    let instance = &platform.instances[index];
    let patches = instance.layered(&platform.settings).map_or(&[][..], |l| &l.patches);
    let (layers, result) = match part {
        "parameters" => parameters(rendered, instance, patches),
        "values" => values(rendered, instance, patches),
        "resources" => resources(rendered, instance, patches),
        "provides" => provides(instance),
        "chart" => chart(instance, patches),
        _ => return Err(no_part(name, part)),
    };
    let root = ["components", name, part].map(str::to_owned).to_vec();
    Ok(Stack { root, layers, result, component: Some(name.to_owned()) })
}

type Parts<'r> = (Vec<Layer<'r>>, Node);

fn parameters<'r>(rendered: &'r Rendered<'_>, instance: &'r Instance<'_>, patches: &[&'r ComponentPatch]) -> Parts<'r> {
    let settings = &rendered.platform.settings;
    let specs = &instance.source.component.parameters;
    let size = instance.layered(settings).and_then(|l| l.size()).unwrap_or(settings.cluster.size.value);
    let defaults = specs.iter().filter_map(|(key, spec)| Some((key, spec.default.as_ref()?)));
    let sized = specs.iter().filter_map(|(key, spec)| Some((key, spec.sizes.get(size.word())?)));
    let mut layers = vec![evaluated(instance, defaults), evaluated(instance, sized)];
    layers.extend(patches.iter().map(|patch| evaluated(instance, patch.parameters.iter())));
    (layers, instance.params.clone())
}

fn values<'r>(rendered: &'r Rendered<'_>, instance: &'r Instance<'_>, patches: &[&'r ComponentPatch]) -> Parts<'r> {
    let own = instance.source.values.as_ref();
    let templates = own.into_iter().chain(patches.iter().filter_map(|patch| patch.values.as_ref()));
    let layers = templates.filter_map(|template| {
        let node = template.evaluate(&instance.scope, &mut Sink::default())?;
        Some(Layer { node, templates: vec![template] })
    });
    let result = rendered.unit(&instance.name).and_then(|unit| unit.values.clone());
    (layers.collect(), result.unwrap_or_else(|| Node::map([])))
}

fn resources<'r>(rendered: &'r Rendered<'_>, instance: &'r Instance<'_>, patches: &[&'r ComponentPatch]) -> Parts<'r> {
    let sources = instance.source.resources.iter().chain(&instance.source.policies).map(|source| &source.template);
    let mut layers = vec![objects(instance, sources.collect())];
    for patch in patches {
        layers.push(evaluated(instance, patch.resources.iter()));
        layers.push(objects(instance, patch.add_resources.iter().collect()));
    }
    let own = rendered.unit(&instance.name).into_iter().flat_map(|unit| &unit.objects);
    let policies = rendered.unit(POLICIES).into_iter().flat_map(|unit| &unit.objects);
    let ours = |title: &str| layers.iter().any(|layer| layer.node.get(title).is_some());
    let all = own.chain(policies).map(|o| (o.title(), o.node.clone())).filter(|(title, _)| ours(title));
    let result = all.map(|(title, node)| (Key::built_in(&title), node)).collect::<Map>();
    (layers, Node::new(Value::Map(Arc::new(result)), Span::BUILT_IN))
}

/// Objects by `Kind/name`.
fn objects<'r>(instance: &Instance<'_>, templates: Vec<&'r Template>) -> Layer<'r> {
    let nodes = templates.iter().flat_map(|t| t.evaluate_items(&instance.scope, &mut Sink::default()));
    let map: Map = nodes.filter_map(|node| Some((Key::built_in(&title(&node)?), node))).collect();
    Layer { node: Node::new(Value::Map(Arc::new(map)), Span::BUILT_IN), templates }
}

fn title(object: &Node) -> Option<String> {
    Some(format!("{}/{}", object.get("kind")?.as_str()?, object.at(&["metadata", "name"])?.as_str()?))
}

fn provides<'r>(instance: &'r Instance<'_>) -> Parts<'r> {
    let filled = instance.source.component.provides.iter().filter(|(key, _)| instance.fills.contains(&key.text));
    let result = Node::map(instance.published.iter().map(|(capability, facts)| (&**capability, facts.clone())));
    (vec![evaluated(instance, filled)], result)
}

fn chart<'r>(instance: &'r Instance<'_>, patches: &[&'r ComponentPatch]) -> Parts<'r> {
    let own = instance.source.component.chart.as_ref();
    let own = own.map(|c| {
        Node::map([("name", text(&c.name)), ("repository", text(&c.repository)), ("version", text(&c.version))])
    });
    let changes = patches.iter().filter_map(|patch| patch.chart.as_ref()).map(|change| {
        let parts = [("repository", &change.repository), ("version", &change.version)];
        Node::map(parts.into_iter().filter_map(|(key, value)| Some((key, text(value.as_ref()?)))))
    });
    let layers = own.into_iter().chain(changes).map(|node| Layer { node, templates: Vec::new() });
    let result = instance.chart.iter().flat_map(|pin| {
        [("name", &pin.name), ("repository", &pin.repository), ("version", &pin.version)]
            .map(|(k, v)| (k, Node::str(v)))
    });
    (layers.collect(), Node::map(result))
}

/// A layer of templates by name.
fn evaluated<'r>(instance: &Instance<'_>, templates: impl Iterator<Item = (&'r Key, &'r Template)>) -> Layer<'r> {
    let mut layer = Layer { node: Node::map([]), templates: Vec::new() };
    let mut map = Map::default();
    for (key, template) in templates {
        layer.templates.push(template);
        if let Some(node) = template.evaluate(&instance.scope, &mut Sink::default()) {
            map.insert(key.clone(), node);
        }
    }
    layer.node.value = Value::Map(Arc::new(map));
    layer
}

fn entries<'k>(all: impl Iterator<Item = (&'k Key, Node)>) -> Node {
    let map: Map = all.map(|(key, node)| (key.clone(), node)).collect();
    Node::new(Value::Map(Arc::new(map)), Span::BUILT_IN)
}

fn text(text: &crate::decode::Text) -> Node {
    Node::new(Value::Str(text.text.clone()), text.span)
}
