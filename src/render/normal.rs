//! Objects as the API server gives them back, so that Argo CD sees no difference where there is none.
//!
//! Only what means the same is changed, and only where the type is known: objects of Kubernetes itself, and metadata.

use std::sync::Arc;

use super::quantity;
use crate::kubernetes;
use crate::yaml::{Map, Node, Value};

/// Kinds that hold a pod's template, claims or quotas.
const TYPED: [&str; 14] = [
    "CronJob",
    "DaemonSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Job",
    "LimitRange",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "ReplicaSet",
    "ResourceQuota",
    "Service",
    "StatefulSet",
];

/// Lists and maps that the API server leaves out where they are empty.
const LEFT_OUT: [&str; 18] = [
    "annotations",
    "args",
    "command",
    "env",
    "envFrom",
    "externalIPs",
    "hostAliases",
    "imagePullSecrets",
    "initContainers",
    "labels",
    "loadBalancerSourceRanges",
    "nodeSelector",
    "ports",
    "tolerations",
    "topologySpreadConstraints",
    "volumeClaimTemplates",
    "volumeMounts",
    "volumes",
];

/// Maps whose entries are quantities.
const QUANTITIES: [&str; 9] =
    ["capacity", "default", "defaultRequest", "hard", "limits", "max", "maxLimitRequestRatio", "min", "requests"];
/// Keys of single quantities.
const QUANTITY: [&str; 3] = ["averageValue", "divisor", "sizeLimit"];
/// Maps of free text, whose keys say nothing.
const FREE: [&str; 6] = ["annotations", "labels", "matchLabels", "nodeSelector", "selector", "volumeAttributes"];

/// Normalizes an object.
pub(super) fn object(mut node: Node) -> Node {
    let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let own = kubernetes::is_own_group(group);
    let definition = kind == "CustomResourceDefinition";
    if own && !definition {
        without_nulls(&mut node);
    }
    if own && TYPED.contains(&kind.as_str()) {
        typed(&mut node);
    }
    if group == "cert-manager.io" && kind == "Certificate" {
        durations(&mut node);
    }
    if let Value::Map(entries) = &mut node.value {
        let entries = Arc::make_mut(entries);
        // Nobody but the cluster writes a status; some generators leave an empty one.
        let written = entries.get("status").is_some_and(|s| own || s.as_map().is_none_or(Map::is_empty));
        if written {
            entries.shift_remove("status");
        }
        if let Some(Node { value: Value::Map(metadata), .. }) = entries.get_mut("metadata") {
            let empty = |n: &Node| matches!(n.value, Value::Null) || n.as_map().is_some_and(Map::is_empty);
            let told = |key: &str| matches!(key, "annotations" | "labels" | "creationTimestamp");
            Arc::make_mut(metadata).retain(|key, value| !(told(&key.text) && empty(value)));
        }
    }
    node
}

/// To the API server, null in an object of a known type is the same as nothing.
fn without_nulls(node: &mut Node) {
    match &mut node.value {
        Value::Map(entries) => {
            let entries = Arc::make_mut(entries);
            entries.retain(|_, value| !matches!(value.value, Value::Null));
            entries.values_mut().for_each(without_nulls);
        }
        Value::Seq(items) => Arc::make_mut(items).iter_mut().for_each(without_nulls),
        _ => {}
    }
}

fn typed(node: &mut Node) {
    match &mut node.value {
        Value::Map(entries) => {
            let entries = Arc::make_mut(entries);
            entries.retain(|key, value| !(LEFT_OUT.contains(&&*key.text) && is_empty(value)));
            for (key, value) in entries.iter_mut() {
                match &mut value.value {
                    Value::Map(inner) if QUANTITIES.contains(&&*key.text) => {
                        Arc::make_mut(inner).values_mut().for_each(canonical);
                    }
                    Value::Map(_) if FREE.contains(&&*key.text) => {}
                    Value::Map(_) | Value::Seq(_) => typed(value),
                    _ if QUANTITY.contains(&&*key.text) => canonical(value),
                    _ => {}
                }
            }
        }
        Value::Seq(items) => Arc::make_mut(items).iter_mut().for_each(typed),
        _ => {}
    }
}

fn is_empty(node: &Node) -> bool {
    node.as_map().is_some_and(Map::is_empty) || node.as_seq().is_some_and(<[Node]>::is_empty)
}

fn canonical(node: &mut Node) {
    let text = match &node.value {
        Value::Str(text) => text.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Float(n) => n.to_string(),
        _ => return,
    };
    if let Some(form) = quantity::canonical(&text) {
        node.value = Value::Str(Arc::from(form));
    }
}

fn durations(node: &mut Node) {
    let Value::Map(entries) = &mut node.value else { return };
    let Some(Node { value: Value::Map(spec), .. }) = Arc::make_mut(entries).get_mut("spec") else { return };
    for key in ["duration", "renewBefore"] {
        if let Some(value) = Arc::make_mut(spec).get_mut(key)
            && let Some(form) = value.as_str().and_then(quantity::duration)
        {
            value.value = Value::Str(Arc::from(form));
        }
    }
}
