//! Policies and webhooks that let objects in or keep them out.

use super::changed::{Changed, items, list, text, texts, without};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::yaml::Node;

const ENFORCED: Rule = Rule {
    id: "policy-enforced",
    level: Level::Outage,
    title: "policy refuses what it let in before",
    advice: "Objects that break it are refused from now on, pods that start anew among them. Look at its reports first.",
};

const CLOSED: Rule = Rule {
    id: "webhook-fails-closed",
    level: Level::Outage,
    title: "objects are refused while a webhook is away",
    advice: "With failurePolicy Fail nothing that it looks at can be made or changed while it does not answer. Run it with several replicas.",
};

const LOOSENED: Rule = Rule {
    id: "policy-loosened",
    level: Level::Security,
    title: "policy lets in what it refused before",
    advice: "What it was there to keep out can come in.",
};

const DELETED: Rule = Rule {
    id: "policy-deleted",
    level: Level::Security,
    title: "policy is deleted",
    advice: "What it was there to keep out can come in.",
};

const EXCEPTION: Rule = Rule {
    id: "policy-exception",
    level: Level::Security,
    title: "exception from a policy",
    advice: "See that it holds for no more than what needs it, and that it ends some day.",
};

const OPEN: Rule = Rule {
    id: "webhook-fails-open",
    level: Level::Security,
    title: "objects pass while a webhook is away",
    advice: "With failurePolicy Ignore whatever comes while it does not answer is let in unseen.",
};

pub(super) const RULES: &[&Rule] = &[&ENFORCED, &CLOSED, &LOOSENED, &DELETED, &EXCEPTION, &OPEN];

const KYVERNO: [&str; 2] = ["ClusterPolicy", "Policy"];
const CEL: [&str; 4] =
    ["ImageValidatingPolicy", "NamespacedImageValidatingPolicy", "NamespacedValidatingPolicy", "ValidatingPolicy"];

fn is_policy(changed: &Changed<'_>) -> bool {
    changed.is("kyverno.io", &KYVERNO)
        || changed.is("policies.kyverno.io", &CEL)
        || changed.is("policies.kyverno.io", &["MutatingPolicy"])
        || changed.is("admissionregistration.k8s.io", &["ValidatingAdmissionPolicyBinding"])
}

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    webhooks(changed, found);
    if changed.kind() == "PolicyException" && matches!(changed.group(), "kyverno.io" | "policies.kyverno.io") {
        match (changed.before, changed.after) {
            (None, Some(_)) => found.add(&EXCEPTION, changed, "is new"),
            (Some(_), Some(_)) if changed.differs(&["spec"]).is_some() => {
                found.add(&EXCEPTION, changed, "is another one")
            }
            _ => {}
        }
    }
    if !is_policy(changed) {
        return;
    }
    match (changed.before, changed.after) {
        (Some(_), None) => found.add(&DELETED, changed, "is deleted"),
        (None, Some(after)) if refuses(changed, after) => {
            found.add(&ENFORCED, changed, "is new, and refuses what breaks it")
        }
        (Some(before), Some(after)) => modified(changed, before, after, found),
        _ => {}
    }
}

/// Whether a policy refuses objects. Where it says nothing, a ClusterPolicy only audits and a ValidatingPolicy denies.
fn refuses(changed: &Changed<'_>, policy: &Node) -> bool {
    let actions = texts(Some(policy), &["spec", "validationActions"]);
    if actions.is_empty() && changed.is("policies.kyverno.io", &CEL) {
        return true;
    }
    let kyverno = |node: &Node, path: &[&str]| text(Some(node), path).eq_ignore_ascii_case("enforce");
    actions.iter().any(|action| action == "Deny")
        || kyverno(policy, &["spec", "validationFailureAction"])
        || items(Some(policy), &["spec", "rules"]).iter().any(|rule| kyverno(rule, &["validate", "failureAction"]))
}

fn modified(changed: &Changed<'_>, before: &Node, after: &Node, found: &mut Found) {
    match (refuses(changed, before), refuses(changed, after)) {
        (true, false) => return found.add(&LOOSENED, changed, "only reports what breaks it, and refused it before"),
        (false, true) => return found.add(&ENFORCED, changed, "refuses what breaks it, and only reported it before"),
        (false, false) => return,
        (true, true) => {}
    }
    let (gone, came) = (without(&parts(before), &parts(after)), without(&parts(after), &parts(before)));
    if !gone.is_empty() {
        found.add(&LOOSENED, changed, format!("no longer has {}", list(&gone)));
    }
    if !came.is_empty() {
        found.add(&ENFORCED, changed, format!("has {} now", list(&came)));
    }
    let excepts = changed
        .leaves()
        .iter()
        .find(|key| key.below(&["exclude", "excludeResourceRules", "matchConditions"]) && key.after.is_some());
    if let Some(key) = excepts {
        found.at(&LOOSENED, changed, key, "what it leaves out is another set now");
    }
    for key in changed.leaves() {
        let action = matches!(key.last(), "failureAction" | "validationFailureAction");
        let is = |text: Option<&str>, word: &str| text.is_some_and(|t| t.eq_ignore_ascii_case(word));
        if action && is(key.old_text(), "enforce") && !is(key.new_text(), "enforce") && key.after.is_some() {
            found.at(&LOOSENED, changed, key, changed.arrow(key));
        } else if action && !is(key.old_text(), "enforce") && is(key.new_text(), "enforce") && key.before.is_some() {
            found.at(&ENFORCED, changed, key, changed.arrow(key));
        }
    }
}

/// What a policy consists of: names of rules, or expressions.
fn parts(policy: &Node) -> Vec<String> {
    let rules =
        items(Some(policy), &["spec", "rules"]).iter().map(|rule| format!("rule {}", text(Some(rule), &["name"])));
    let expressions = items(Some(policy), &["spec", "validations"])
        .iter()
        .map(|v| text(Some(v), &["expression"]).trim().replace('\n', " "));
    rules.chain(expressions).collect()
}

/// `failurePolicy`, in webhook configurations and in policies.
fn webhooks(changed: &Changed<'_>, found: &mut Found) {
    let configuration =
        changed.is("admissionregistration.k8s.io", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]);
    if changed.both().is_none() || !(configuration || is_policy(changed) || changed.is_values()) {
        return;
    }
    for key in changed.leaves().iter().filter(|key| key.last() == "failurePolicy") {
        match (key.old_text(), key.new_text()) {
            (Some("Ignore"), Some("Fail")) => found.at(&CLOSED, changed, key, changed.arrow(key)),
            (Some("Fail"), Some("Ignore")) => found.at(&OPEN, changed, key, changed.arrow(key)),
            _ => {}
        }
    }
}
