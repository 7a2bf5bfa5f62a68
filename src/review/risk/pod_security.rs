//! What pods may do to their node.

use super::changed::Changed;
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::keys::{KeyDiff, Step};
use crate::yaml::{Node, Value};

const LOOSENED: Rule = Rule {
    id: "pod-security-loosened",
    level: Level::Security,
    title: "namespace allows more to its pods",
    advice: "Every pod of the namespace may do more to its node, not only the one that needs it. Give that one a namespace of its own.",
};

const TIGHTENED: Rule = Rule {
    id: "pod-security-tightened",
    level: Level::Outage,
    title: "namespace allows less to its pods",
    advice: "Pods that run go on, but those that do not comply are refused when they start anew. Try it with the label `warn` first.",
};

const PRIVILEGE: Rule = Rule {
    id: "pod-privilege-added",
    level: Level::Security,
    title: "pods get more power over their node",
    advice: "See that the program needs it, and only it.",
};

pub(super) const RULES: &[&Rule] = &[&TIGHTENED, &LOOSENED, &PRIVILEGE];

const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// Keys that are a risk when true.
const WHEN_TRUE: [&str; 5] = ["allowPrivilegeEscalation", "hostIPC", "hostNetwork", "hostPID", "privileged"];
/// Keys that are a risk when false, and were true.
const WHEN_FALSE: [&str; 2] = ["readOnlyRootFilesystem", "runAsNonRoot"];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    let is_policy = changed.group().ends_with("kyverno.io") || changed.is_gone();
    if is_policy || !(changed.has_settings() || changed.kind() == "Application") {
        return;
    }
    for key in changed.leaves() {
        if key.last() == ENFORCE && changed.both().is_some() {
            label(changed, key, found);
        } else if changed.kind() != "Application" && is_privilege(key) {
            let what = if key.before.is_some() {
                changed.arrow(key)
            } else {
                format!("is {}", changed.words(&key.path, key.after.as_ref()))
            };
            found.at(&PRIVILEGE, changed, key, what);
        }
    }
}

/// Without the label everything is allowed, unless the API server is set up otherwise.
fn label(changed: &Changed<'_>, key: &KeyDiff, found: &mut Found) {
    let rank = |text: Option<&str>| match text {
        Some("restricted") => 0,
        Some("baseline") => 1,
        _ => 2,
    };
    let (old, new) = (rank(key.old_text()), rank(key.new_text()));
    if new > old {
        found.at(&LOOSENED, changed, key, changed.arrow(key));
    } else if new < old {
        found.at(&TIGHTENED, changed, key, changed.arrow(key));
    }
}

fn is_privilege(key: &KeyDiff) -> bool {
    let is = |node: &Option<Node>, wanted: bool| {
        node.as_ref().is_some_and(|n| matches!(n.value, Value::Bool(b) if b == wanted))
    };
    let is_zero = |node: &Option<Node>| node.as_ref().is_some_and(|n| matches!(n.value, Value::Int(0)));
    let last = key.last();
    (WHEN_TRUE.contains(&last) && is(&key.after, true))
        || (WHEN_FALSE.contains(&last) && is(&key.before, true) && !is(&key.after, true))
        || (matches!(last, "runAsUser" | "runAsGroup") && is_zero(&key.after))
        || (last == "path" && key.below(&["hostPath"]) && key.after.is_some() && key.before != key.after)
        || (last == "type" && key.below(&["seccompProfile"]) && key.new_text() == Some("Unconfined"))
        || (is_added_capability(key) && key.after.is_some())
}

fn is_added_capability(key: &KeyDiff) -> bool {
    let names: Vec<&str> = key.names().collect();
    matches!(key.path.last(), Some(Step::Index(_))) && names.ends_with(&["capabilities", "add"])
}
