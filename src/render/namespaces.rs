//! The namespaces of a platform, as objects of one early Application.
//!
//! Argo CD can make namespaces as it goes, but then nothing owns their labels, and components that share one disagree.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Object;
use crate::diagnostic::{Diagnostic, Sink, codes::rendering};
use crate::kubernetes::SYSTEM_NAMESPACES;
use crate::resolve::Platform;
use crate::source::PodSecurity;
use crate::yaml::{Key, Map, Node, Span, Value};

struct Wanted {
    level: PodSecurity,
    labels: Map,
    span: Span,
}

pub(super) fn namespaces(platform: &Platform<'_>, sink: &mut Sink) -> Vec<Object> {
    let levels = platform.pod_security();
    let mut wanted: BTreeMap<Arc<str>, Wanted> = BTreeMap::new();
    for instance in &platform.instances {
        let Some(spec) = &instance.source.component.namespace else { continue };
        if SYSTEM_NAMESPACES.contains(&&*instance.namespace) {
            continue;
        }
        let entry = wanted.entry(instance.namespace.clone()).or_insert_with(|| Wanted {
            level: levels.get(&instance.namespace).copied().unwrap_or(spec.pod_security),
            labels: Map::default(),
            span: spec.name.span,
        });
        let labels = spec.labels.as_ref().and_then(|t| t.evaluate(&instance.scope, sink));
        for (key, value) in labels.as_ref().and_then(Node::as_map).into_iter().flat_map(Map::iter) {
            add_label(entry, &instance.namespace, key, value, sink);
        }
    }
    labels_by_others(platform, &mut wanted, sink);
    wanted.iter().filter_map(|(name, wanted)| Object::new(namespace(name, wanted), wanted.span, sink)).collect()
}

/// What components say of namespaces that are not theirs.
fn labels_by_others(platform: &Platform<'_>, wanted: &mut BTreeMap<Arc<str>, Wanted>, sink: &mut Sink) {
    for instance in &platform.instances {
        let Some(template) = &instance.source.component.namespace_labels else { continue };
        let Some(node) = template.evaluate(&instance.scope, sink) else { continue };
        for (namespace, labels) in node.as_map().into_iter().flat_map(Map::iter) {
            let Some(entry) = wanted.get_mut(&namespace.text) else {
                let place = if namespace.span.is_built_in() { template.span() } else { namespace.span };
                let message = format!("no component lives in the namespace `{}`", namespace.text);
                let found = Diagnostic::error(&rendering::NO_NAMESPACE, place, message);
                sink.push(found.suggest(&namespace.text, wanted.keys().map(|name| &**name)));
                continue;
            };
            for (key, value) in labels.as_map().into_iter().flat_map(Map::iter) {
                add_label(entry, &namespace.text, key, value, sink);
            }
        }
    }
}

fn add_label(wanted: &mut Wanted, namespace: &str, key: &Key, value: &Node, sink: &mut Sink) {
    match wanted.labels.get(&*key.text) {
        Some(known) if known != value => sink.push(
            Diagnostic::error(
                &rendering::NAMESPACE_LABELS,
                value.span,
                format!("two components label the namespace `{namespace}` differently"),
            )
            .here(format!("`{}` here", key.text))
            .label(known.span, "and another value here"),
        ),
        Some(_) => {}
        None => {
            wanted.labels.insert(key.clone(), value.clone());
        }
    }
}

fn namespace(name: &Arc<str>, wanted: &Wanted) -> Node {
    let mut labels = wanted.labels.clone();
    for mode in ["enforce", "audit", "warn"] {
        labels.insert(Key::built_in(&format!("pod-security.kubernetes.io/{mode}")), Node::str(wanted.level.word()));
    }
    // Deleting a namespace deletes all that is in it, volumes too: Argo CD asks first.
    let guard = Node::map([("argocd.argoproj.io/sync-options", Node::str("Prune=confirm,Delete=confirm"))]);
    let metadata = Node::map([
        ("name", Node::new(Value::Str(name.clone()), wanted.span)),
        ("labels", Node::new(Value::Map(Arc::new(labels)), wanted.span)),
        ("annotations", guard),
    ]);
    Node::map([("apiVersion", Node::str("v1")), ("kind", Node::str("Namespace")), ("metadata", metadata)])
}
