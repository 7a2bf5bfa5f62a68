//! What containers and namespaces may use.

use super::changed::Changed;
use super::quantity::quantity;
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::keys::KeyDiff;

const QUOTA: Rule = Rule {
    id: "quota-lowered",
    level: Level::Outage,
    title: "namespace may use less",
    advice: "Pods beyond the quota are refused when they start anew. Look at what is in use now.",
};

const LIMIT: Rule = Rule {
    id: "limit-lowered",
    level: Level::Restart,
    title: "containers may use less",
    advice: "Beyond its memory limit a container is killed and starts anew, beyond its CPU limit it waits. Look at what it uses now.",
};

const REQUEST: Rule = Rule {
    id: "request-lowered",
    level: Level::Restart,
    title: "containers are promised less",
    advice: "When the node is full they get no more than this, and with memory they are among the first to be evicted.",
};

pub(super) const RULES: &[&Rule] = &[&QUOTA, &LIMIT, &REQUEST];

/// Resources that containers use. Volumes ask for `storage` under the same keys.
const RESOURCES: [&str; 3] = ["cpu", "ephemeral-storage", "memory"];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if changed.both().is_none() || !changed.has_settings() {
        return;
    }
    for key in changed.leaves() {
        if !is_less(key) {
            continue;
        }
        let parent = key.names().rev().nth(1).unwrap_or_default();
        match parent {
            "hard" if changed.is("", &["ResourceQuota"]) => found.at(&QUOTA, changed, key, changed.arrow(key)),
            "limits" if RESOURCES.contains(&key.last()) => found.at(&LIMIT, changed, key, changed.arrow(key)),
            "requests" if RESOURCES.contains(&key.last()) => found.at(&REQUEST, changed, key, changed.arrow(key)),
            _ => {}
        }
    }
}

fn is_less(key: &KeyDiff) -> bool {
    let amounts = key.before.as_ref().and_then(quantity).zip(key.after.as_ref().and_then(quantity));
    amounts.is_some_and(|(old, new)| new < old)
}

/// Whether a key is a limit or request of a container that goes down.
pub(super) fn is_lowered(key: &KeyDiff) -> bool {
    let parent = key.names().rev().nth(1).unwrap_or_default();
    matches!(parent, "limits" | "requests") && RESOURCES.contains(&key.last()) && is_less(key)
}
