//! Pods that are replaced by the change.

use super::changed::{Changed, list, text};
use super::image::part;
use super::scene::Scene;
use super::workload::{replaces_pods, replicas, template_path};
use super::{Found, Level, Rule};
use crate::review::keys::{KeyDiff, path_text};

const RESTART: Rule = Rule {
    id: "pods-restart",
    level: Level::Restart,
    title: "pods start anew",
    advice: "Kubernetes replaces the pods of a workload when their template changes. See that there is more than one, or that nobody minds.",
};

const RECREATE: Rule = Rule {
    id: "pods-stop-first",
    level: Level::Outage,
    title: "all pods stop before new ones start",
    advice: "The workload's strategy is Recreate, so it is away until the new pods are ready. Choose the time.",
};

pub(super) const RULES: &[&Rule] = &[&RECREATE, &RESTART];

/// Keys of values that charts put into pod templates.
const POD_KEYS: [&str; 33] = [
    "additionalArguments",
    "affinity",
    "args",
    "command",
    "containerSecurityContext",
    "env",
    "envFrom",
    "extraArgs",
    "extraContainers",
    "extraEnv",
    "extraEnvFrom",
    "extraEnvVars",
    "extraVolumeMounts",
    "extraVolumes",
    "hostNetwork",
    "initContainers",
    "livenessProbe",
    "nodeSelector",
    "podAnnotations",
    "podLabels",
    "podSecurityContext",
    "priorityClassName",
    "readinessProbe",
    "resources",
    "securityContext",
    "startupProbe",
    "terminationGracePeriodSeconds",
    "tolerations",
    "topologySpreadConstraints",
    "volumeMounts",
    "volumes",
    "extraInitContainers",
    "serviceAccountName",
];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if changed.is_values() {
        return values(changed, found);
    }
    let Some((before, after)) = changed.both().filter(|_| replaces_pods(changed.group(), changed.kind())) else {
        return;
    };
    let Some(path) = template_path(changed.group(), changed.kind()) else { return };
    let keys: Vec<&KeyDiff> = changed.leaves().iter().filter(|key| key.starts(path)).collect();
    if keys.is_empty() && before.at(path) == after.at(path) {
        return;
    }
    let what = list(&names(changed, &keys, path.len()));
    let strategy = text(Some(after), &["spec", "strategy", "type"]);
    if strategy == "Recreate" {
        return found.add(&RECREATE, changed, format!("changed in its pods: {what}"));
    }
    // Images and resources have rules of their own, and those say it.
    if !keys.is_empty() && keys.iter().all(|key| part(key).is_some() || super::limits::is_lowered(key)) {
        return;
    }
    let note = match (text(Some(after), &["spec", "updateStrategy", "type"]), replicas(changed.kind(), after)) {
        ("OnDelete", _) => " (with updateStrategy OnDelete: only when somebody deletes them)",
        (_, Some(1)) => " (there is only one, so it is away meanwhile)",
        _ => "",
    };
    found.add(&RESTART, changed, format!("changed in its pods: {what}{note}"));
}

fn values(changed: &Changed<'_>, found: &mut Found) {
    if changed.both().is_none() {
        return;
    }
    let keys: Vec<&KeyDiff> = changed
        .leaves()
        .iter()
        .filter(|key| {
            key.below(&POD_KEYS)
                && part(key).is_none()
                && !super::limits::is_lowered(key)
                && !key.below(&["persistence"])
        })
        .collect();
    if !keys.is_empty() {
        found.add(&RESTART, changed, format!("pods that take {} start anew", list(&names(changed, &keys, 0))));
    }
}

/// The changed keys that these scalars are in, without the first steps: a map that came as a whole is named once.
fn names(changed: &Changed<'_>, leaves: &[&KeyDiff], skip: usize) -> Vec<String> {
    let holds = |key: &KeyDiff| leaves.iter().any(|leaf| leaf.path.starts_with(&key.path));
    let holding = changed.keys().iter().filter(|key| holds(key));
    let mut names: Vec<String> = holding.map(|key| path_text(key.path.get(skip..).unwrap_or_default())).collect();
    names.sort();
    names.dedup();
    names
}
