//! How many pods run.

use super::changed::Changed;
use super::quantity::integer;
use super::scene::Scene;
use super::workload::replicas;
use super::{Found, Level, Rule};
use crate::review::keys::KeyDiff;

const ZERO: Rule = Rule {
    id: "replicas-zero",
    level: Level::Outage,
    title: "nothing runs any more",
    advice: "All pods are stopped. Merge it only if that is meant.",
};

const SINGLE: Rule = Rule {
    id: "replicas-single",
    level: Level::Outage,
    title: "only one replica is left",
    advice: "When its node is drained, or it starts anew, nobody answers.",
};

const LOWERED: Rule = Rule {
    id: "replicas-lowered",
    level: Level::Info,
    title: "fewer replicas",
    advice: "See that the rest can carry the load, and that programs which vote still have a majority.",
};

pub(super) const RULES: &[&Rule] = &[&ZERO, &SINGLE, &LOWERED];

/// Keys that say how many.
const NAMES: [&str; 7] = [
    "controlPlaneReplicas",
    "instances",
    "minReplicaCount",
    "minReplicas",
    "replicaCount",
    "replicas",
    "replicasCount",
];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    let Some((before, after)) = changed.both().filter(|_| changed.has_settings()) else { return };
    if let (Some(old), Some(new)) = (replicas(changed.kind(), before), replicas(changed.kind(), after)) {
        if let Some(rule) = rule(old, new) {
            found.named(rule, changed, "spec.replicas", format!("{old} → {new}"));
        }
        return;
    }
    for key in changed.leaves().iter().filter(|key| NAMES.contains(&key.last())) {
        let numbers = |key: &KeyDiff| Some((integer(key.before.as_ref()?)?, integer(key.after.as_ref()?)?));
        if let Some(rule) = numbers(key).and_then(|(old, new)| rule(old, new)) {
            found.at(rule, changed, key, changed.arrow(key));
        }
    }
}

fn rule(old: i64, new: i64) -> Option<&'static Rule> {
    match (old, new) {
        _ if new >= old => None,
        (_, 0) => Some(&ZERO),
        (_, 1) => Some(&SINGLE),
        _ => Some(&LOWERED),
    }
}
