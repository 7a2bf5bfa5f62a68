//! How many pods a drain may take at once.

use super::changed::{Changed, words};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::yaml::{Node, Value};

const GONE: Rule = Rule {
    id: "disruption-budget-removed",
    level: Level::Outage,
    title: "disruption budget is removed",
    advice: "A drain of nodes may take all its pods at once.",
};

const CHANGED: Rule = Rule {
    id: "disruption-budget-changed",
    level: Level::Outage,
    title: "disruption budget is another one",
    advice: "A drain of nodes may take more pods at once than before, or wait for ever where none may go.",
};

pub(super) const RULES: &[&Rule] = &[&GONE, &CHANGED];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if changed.is("policy", &["PodDisruptionBudget"]) {
        if changed.is_gone() {
            found.add(&GONE, changed, "is deleted");
        }
        for key in ["minAvailable", "maxUnavailable"] {
            if let Some((old, new)) = changed.differs(&["spec", key]) {
                found.named(&CHANGED, changed, &format!("spec.{key}"), format!("{} → {}", words(old), words(new)));
            }
        }
        return;
    }
    if changed.both().is_none() || !changed.has_settings() {
        return;
    }
    let is = |node: Option<&Node>, wanted: bool| node.is_some_and(|n| matches!(n.value, Value::Bool(b) if b == wanted));
    for key in changed.leaves().iter().filter(|key| key.below(&["pdb", "podDisruptionBudget"])) {
        match key.last() {
            "enabled" | "create" if is(key.before.as_ref(), true) && is(key.after.as_ref(), false) => {
                found.at(&GONE, changed, key, changed.arrow(key));
            }
            "minAvailable" | "maxUnavailable" if key.before.is_some() => {
                found.at(&CHANGED, changed, key, changed.arrow(key))
            }
            _ => {}
        }
    }
}
