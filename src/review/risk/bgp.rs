//! BGP: sessions and the routes that go over them.

use super::changed::{Changed, key_changes};
use super::scene::Scene;
use super::{Found, Level, Rule};

const SESSION: Rule = Rule {
    id: "bgp-session-changed",
    level: Level::Outage,
    title: "BGP session is set up anew",
    advice: "The session goes down and its routes with it, until both ends agree. Change the router at the same time, one peer after another.",
};

const ROUTES: Rule = Rule {
    id: "bgp-routes-changed",
    level: Level::Outage,
    title: "other routes are announced",
    advice: "Traffic may take another way or none. See that routers accept what is announced now.",
};

pub(super) const RULES: &[&Rule] = &[&SESSION, &ROUTES];

/// Kinds that describe sessions.
const SESSIONS: [(&str, &str); 8] = [
    ("cilium.io", "CiliumBGPClusterConfig"),
    ("cilium.io", "CiliumBGPNodeConfigOverride"),
    ("cilium.io", "CiliumBGPPeerConfig"),
    ("crd.projectcalico.org", "BGPPeer"),
    ("frrk8s.metallb.io", "FRRConfiguration"),
    ("metallb.io", "BFDProfile"),
    ("metallb.io", "BGPPeer"),
    ("projectcalico.org", "BGPPeer"),
];

/// Kinds that describe routes.
const ROUTE_KINDS: [(&str, &str); 5] = [
    ("cilium.io", "CiliumBGPAdvertisement"),
    ("crd.projectcalico.org", "BGPFilter"),
    ("metallb.io", "BGPAdvertisement"),
    ("metallb.io", "Community"),
    ("projectcalico.org", "BGPFilter"),
];

/// Keys of Calico's BGPConfiguration that end sessions of the node mesh.
const MESH: [&str; 5] = ["asNumber", "bindMode", "listenPort", "nodeMeshPassword", "nodeToNodeMeshEnabled"];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if changed.both().is_none() {
        return;
    }
    let kind = (changed.group(), changed.kind());
    let is_mesh = matches!(kind.0, "projectcalico.org" | "crd.projectcalico.org") && kind.1 == "BGPConfiguration";
    let rule = match (SESSIONS.contains(&kind), ROUTE_KINDS.contains(&kind)) {
        (true, _) => &SESSION,
        (_, true) => &ROUTES,
        _ if is_mesh => &SESSION,
        _ => return,
    };
    let what = key_changes(changed, |key| key.starts(&["spec"]) && (!is_mesh || key.below(&MESH)));
    if !what.is_empty() {
        found.add(rule, changed, what);
    }
}
