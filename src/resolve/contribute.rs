//! What components hand to providers, and the Secrets that they read.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Instance, Platform};
use crate::decode::{Context, Decode, Named, Text, record};
use crate::diagnostic::{Diagnostic, Sink, codes::resolution, codes::shape};
use crate::share;
use crate::source::{Capability, SecretKey};
use crate::template::to_value;
use crate::types;
use crate::yaml::{Key, Map, Node, Span, Value};

record! {
    /// A Secret that a component's pods read; never its value.
    pub struct SecretEntry {
        /// The Kubernetes Secret.
        "name" => name: Text,
        /// Its namespace; the component's by default.
        "namespace" => namespace: Option<Text>,
        /// Path in the secret store, below the environment's prefix.
        "path" => path: Text,
        /// Key in the Secret to property at the path.
        "keys" => keys: Named<SecretKey>,
        /// Labels of the Secret.
        "labels" => labels: Named<Text>,
        /// Type of the Secret.
        "type" => secret_type: Text = Text::built_in("Opaque"),
        /// Made by hand before the platform stands, not from the store.
        "manual" => manual: bool = false,
    }
}

/// A Secret with its reader's namespace.
#[derive(Debug)]
pub struct Secret {
    /// As the blueprint has it.
    pub entry: SecretEntry,
    /// The namespace.
    pub namespace: Arc<str>,
}

/// Evaluates contributions and Secrets, and completes the scopes with them.
pub(super) fn contribute(platform: &mut Platform<'_>, sink: &mut Sink) {
    let contributed = contributions(platform, sink);
    let instances = share::among(platform.instances.len(), platform.instances.par_iter_mut());
    let found: Vec<Sink> = instances
        .map(|instance| {
            let mut sink = Sink::default();
            let own = contributed.get(&instance.name).cloned().unwrap_or_else(|| Node::map([]));
            instance.scope = instance.scope.with(vec![("contributed".into(), to_value(&own))]);
            // A provider makes secrets from what was contributed to it.
            instance.secrets = secrets(instance, &mut sink);
            sink
        })
        .collect();
    found.into_iter().for_each(|found| sink.extend(found));
    let overview = to_value(&overview(platform));
    for instance in &mut platform.instances {
        instance.scope = instance.scope.with(vec![("platform".into(), overview.clone())]);
    }
}

fn secrets(instance: &Instance<'_>, sink: &mut Sink) -> Vec<Secret> {
    let Some(template) = &instance.source.component.secrets else { return Vec::new() };
    let mut secrets = Vec::new();
    for node in template.evaluate_items(&instance.scope, sink) {
        if let Some(entry) = SecretEntry::decode(&node, &mut Context { text: "", sink }) {
            let namespace = entry.namespace.as_ref().map_or_else(|| instance.namespace.clone(), |n| n.text.clone());
            secrets.push(Secret { entry, namespace });
        }
    }
    secrets
}

/// For each provider, a map of contribution kinds to lists. Kinds that nobody contributed to are empty lists.
fn contributions(platform: &Platform<'_>, sink: &mut Sink) -> BTreeMap<Arc<str>, Node> {
    let mut kinds: Kinds<'_> = BTreeMap::new();
    for capability in platform.program.capabilities.values() {
        for key in capability.accepts.keys() {
            kinds.insert(&key.text, (capability, key));
        }
    }
    let instances = share::among(platform.instances.len(), platform.instances.par_iter());
    let given: Vec<_> = instances.map(|instance| by_instance(platform, instance, &kinds)).collect();
    let mut items: BTreeMap<&str, Vec<Node>> = BTreeMap::new();
    for (given, found) in given {
        sink.extend(found);
        for (kind, more) in given {
            items.entry(kind).or_default().extend(more);
        }
    }
    let mut by_provider: BTreeMap<Arc<str>, Map> = BTreeMap::new();
    for (kind, (capability, key)) in kinds {
        if let Some(provider) = platform.provider(&capability.metadata.name.text) {
            let items = Node::seq(items.remove(kind).unwrap_or_default());
            by_provider.entry(provider.name.clone()).or_default().insert(key.clone(), items);
        }
    }
    by_provider.into_iter().map(|(name, map)| (name, Node::new(Value::Map(Arc::new(map)), Span::BUILT_IN))).collect()
}

/// Kinds of contributions: the capability that takes them, and where it says so.
type Kinds<'p> = BTreeMap<&'p str, (&'p Capability, &'p Key)>;

/// What one component contributes, by kind.
fn by_instance<'p>(
    platform: &Platform<'_>,
    instance: &Instance<'p>,
    kinds: &Kinds<'_>,
) -> (Vec<(&'p str, Vec<Node>)>, Sink) {
    let mut sink = Sink::default();
    let mut given = Vec::new();
    for (kind, template) in &instance.source.component.contributes {
        let Some((capability, _)) = kinds.get(&*kind.text) else {
            sink.push(
                Diagnostic::error(
                    &resolution::UNKNOWN_CONTRIBUTION,
                    kind.span,
                    format!("no capability takes `{}`", kind.text),
                )
                .here("contributed here")
                .suggest(&kind.text, kinds.keys().copied()),
            );
            continue;
        };
        if !platform.providers.contains_key(&capability.metadata.name.text) {
            continue;
        }
        let mark = sink.mark();
        let items = template.evaluate_items(&instance.scope, &mut sink);
        let items = items.iter().filter_map(|node| contribution(instance, kind, node, capability, &mut sink));
        given.push((&*kind.text, items.collect()));
        if sink.errors_since(mark) && template.lacks(&instance.scope) {
            sink.amend(mark, Diagnostic::follows);
        }
    }
    (given, sink)
}

/// One contribution: checked, with its defaults, its contributor and the contributor's namespace.
fn contribution(
    instance: &Instance<'_>,
    kind: &Key,
    node: &Node,
    capability: &Capability,
    sink: &mut Sink,
) -> Option<Node> {
    let fields = capability.accepts.get(&*kind.text)?;
    let Some(map) = node.as_map() else {
        let message = format!("a contribution is a map, this is {}", node.value.type_name());
        sink.push(Diagnostic::error(&shape::WRONG_TYPE, node.span, message));
        return None;
    };
    for key in map.keys().filter(|key| !fields.contains_key(&*key.text)) {
        sink.push(
            Diagnostic::error(&shape::UNKNOWN_KEY, key.span, format!("`{}` has no field `{}`", kind.text, key.text))
                .label(capability.metadata.name.span, "the capability that takes it")
                .suggest(&key.text, fields.keys().map(|k| &*k.text)),
        );
    }
    let mut all = Map::default();
    for (field, spec) in fields {
        let given = map.get(&*field.text).cloned().or_else(|| spec.default.as_ref()?.as_literal().cloned());
        let value = match given {
            Some(value) if matches!(value.value, Value::Null) && !spec.required => value,
            Some(value) => {
                types::check(&value, spec, &format!("{}.contributes.{}.{}", instance.name, kind.text, field.text), sink)
            }
            None => {
                if spec.required {
                    sink.push(
                        Diagnostic::error(
                            &shape::MISSING_KEY,
                            node.span,
                            format!("`{}` lacks the field `{}`", kind.text, field.text),
                        )
                        .label(field.span, "the field is declared here"),
                    );
                }
                Node::new(Value::Null, node.span)
            }
        };
        all.insert(field.clone(), value);
    }
    all.insert(Key::built_in("component"), Node::str(&instance.name));
    all.insert(Key::built_in("namespace"), Node::str(&instance.namespace));
    Some(Node::new(Value::Map(Arc::new(all)), node.span))
}

/// `platform` as expressions see it.
fn overview(platform: &Platform<'_>) -> Node {
    let mut components = Vec::new();
    let mut secrets = Vec::new();
    for instance in &platform.instances {
        let component = &instance.source.component;
        let level = component.namespace.as_ref().map(|n| n.pod_security);
        components.push(Node::map([
            ("name", Node::str(&instance.name)),
            ("title", Node::str(component.metadata.title())),
            ("namespace", Node::str(&instance.namespace)),
            ("category", component.metadata.category.as_ref().map_or_else(|| Node::str(""), |c| Node::str(&c.text))),
            ("needs", Node::seq(component.needs.iter().map(|n| Node::str(n.word())).collect())),
            ("podSecurity", level.map_or_else(|| Node::new(Value::Null, Span::BUILT_IN), |l| Node::str(l.word()))),
        ]));
        secrets.extend(instance.secrets.iter().map(|s| secret_node(&instance.name, s)));
    }
    let levels = platform.pod_security();
    let namespaces =
        levels.iter().map(|(n, l)| Node::map([("name", Node::str(n)), ("podSecurity", Node::str(l.word()))]));
    Node::map([
        ("components", Node::seq(components)),
        ("namespaces", Node::seq(namespaces.collect())),
        ("secrets", Node::seq(secrets)),
    ])
}

fn secret_node(component: &str, secret: &Secret) -> Node {
    let entry = &secret.entry;
    let keys = entry.keys.iter().map(|(key, from)| {
        let description = from.description.as_ref().map_or("", |d| &*d.text);
        Node::map([
            ("key", Node::str(&key.text)),
            ("property", Node::str(&from.property.text)),
            ("description", Node::str(description)),
        ])
    });
    let labels: Vec<(&str, Node)> = entry.labels.iter().map(|(k, v)| (&*k.text, Node::str(&v.text))).collect();
    Node::map([
        ("name", Node::str(&entry.name.text)),
        ("namespace", Node::str(&secret.namespace)),
        ("component", Node::str(component)),
        ("path", Node::str(&entry.path.text)),
        ("type", Node::str(&entry.secret_type.text)),
        ("labels", Node::map(labels)),
        ("keys", Node::seq(keys.collect())),
        ("manual", Node::bool(entry.manual)),
    ])
}
