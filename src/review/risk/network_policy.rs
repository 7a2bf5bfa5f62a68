//! Who may talk to whom.

use super::changed::{Changed, items, spec_changes, texts, without};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::yaml::Node;

const TIGHTENED: Rule = Rule {
    id: "network-policy-tightened",
    level: Level::Outage,
    title: "network policy lets less through",
    advice: "Traffic that passed until now can be held back. See that nothing needs it, or log what would be dropped first.",
};

const REMOVED: Rule = Rule {
    id: "network-policy-removed",
    level: Level::Security,
    title: "network policy is deleted",
    advice: "What it held back can pass, unless another policy selects the same pods.",
};

const LOOSENED: Rule = Rule {
    id: "network-policy-loosened",
    level: Level::Security,
    title: "network policy lets more through",
    advice: "See that whoever can connect now should.",
};

const CHANGED: Rule = Rule {
    id: "network-policy-changed",
    level: Level::Security,
    title: "network policy is another one",
    advice: "Who can talk to whom is different now, in both directions. Read its rules.",
};

const MTLS: Rule = Rule {
    id: "mtls-loosened",
    level: Level::Security,
    title: "plain text is accepted in the mesh",
    advice: "Workloads take connections without mutual TLS.",
};

pub(super) const RULES: &[&Rule] = &[&TIGHTENED, &REMOVED, &LOOSENED, &CHANGED, &MTLS];

const KINDS: [(&str, &str); 9] = [
    ("cilium.io", "CiliumClusterwideNetworkPolicy"),
    ("cilium.io", "CiliumNetworkPolicy"),
    ("crd.projectcalico.org", "GlobalNetworkPolicy"),
    ("crd.projectcalico.org", "NetworkPolicy"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("policy.networking.k8s.io", "ClusterNetworkPolicy"),
    ("projectcalico.org", "GlobalNetworkPolicy"),
    ("projectcalico.org", "NetworkPolicy"),
    ("security.istio.io", "AuthorizationPolicy"),
];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    mtls(changed, found);
    if !KINDS.contains(&(changed.group(), changed.kind())) {
        return;
    }
    match (changed.before, changed.after) {
        (Some(_), None) => found.add(&REMOVED, changed, "is deleted"),
        (None, Some(_)) => found.add(&TIGHTENED, changed, "is new: what it selects is only reached as policies allow"),
        (Some(before), Some(after)) => modified(changed, before, after, found),
        (None, None) => {}
    }
}

/// Only Kubernetes' own policies always allow: a rule more is more traffic. In the others a rule may also deny.
fn modified(changed: &Changed<'_>, before: &Node, after: &Node, found: &mut Found) {
    if changed.differs(&["spec"]).is_none() {
        return;
    }
    let (mut looser, mut tighter) = (Vec::new(), Vec::new());
    for direction in ["ingress", "egress"] {
        let (old, new) = (items(Some(before), &["spec", direction]), items(Some(after), &["spec", direction]));
        if new.iter().any(|rule| !old.contains(rule)) {
            looser.push(direction);
        }
        if old.iter().any(|rule| !new.contains(rule)) {
            tighter.push(direction);
        }
    }
    let types = |node| texts(Some(node), &["spec", "policyTypes"]);
    let (gone, came) = (without(&types(before), &types(after)), without(&types(after), &types(before)));
    let is_plain = changed.group() == "networking.k8s.io";
    let selects = changed.differs(&["spec", "podSelector"]).is_some();
    match (looser.is_empty() && gone.is_empty(), tighter.is_empty() && came.is_empty()) {
        (false, true) if is_plain && !selects => {
            found.add(&LOOSENED, changed, direction_words("allows more", &looser, &gone))
        }
        (true, false) if is_plain && !selects => {
            found.add(&TIGHTENED, changed, direction_words("allows less", &tighter, &came))
        }
        _ => found.add(&CHANGED, changed, spec_changes(changed)),
    }
}

fn direction_words(what: &str, directions: &[&str], types: &[String]) -> String {
    let names: Vec<String> =
        directions.iter().map(|d| (*d).to_owned()).chain(types.iter().map(|t| t.to_lowercase())).collect();
    format!("{what} ({})", without(&names, &[]).join(", "))
}

fn mtls(changed: &Changed<'_>, found: &mut Found) {
    if !changed.is("security.istio.io", &["PeerAuthentication"]) {
        return;
    }
    if changed.is_gone() {
        found.add(&MTLS, changed, "is deleted");
    }
    for key in changed
        .leaves()
        .iter()
        .filter(|key| key.last() == "mode" && key.old_text() == Some("STRICT") && changed.both().is_some())
    {
        found.at(&MTLS, changed, key, changed.arrow(key));
    }
}
