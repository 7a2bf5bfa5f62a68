//! Where the pods of a workload are described.

use crate::yaml::Node;

/// The path of the pod template of a kind; none if it makes no pods.
pub(super) fn template_path(group: &str, kind: &str) -> Option<&'static [&'static str]> {
    match (group, kind) {
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") => Some(&["spec", "template"]),
        ("argoproj.io", "Rollout") => Some(&["spec", "template"]),
        ("batch", "Job") => Some(&["spec", "template"]),
        ("batch", "CronJob") => Some(&["spec", "jobTemplate", "spec", "template"]),
        _ => None,
    }
}

/// Whether the kind keeps pods running, so that a new template replaces them.
pub(super) fn replaces_pods(group: &str, kind: &str) -> bool {
    matches!(
        (group, kind),
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") | ("argoproj.io", "Rollout")
    )
}

/// The replicas that a workload asks for; one where it says nothing.
pub(super) fn replicas(kind: &str, node: &Node) -> Option<i64> {
    if !matches!(kind, "Deployment" | "StatefulSet" | "ReplicaSet" | "Rollout") {
        return None;
    }
    node.at(&["spec", "replicas"]).map_or(Some(1), super::quantity::integer)
}
