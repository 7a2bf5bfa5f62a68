//! What can be reached from outside: hosts, ports, TLS.

use super::changed::{Changed, arrow, items, list, text, texts, without};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::document::scalar;
use crate::yaml::Node;

const HOST_GONE: Rule = Rule {
    id: "host-removed",
    level: Level::Outage,
    title: "host no longer answers",
    advice: "Whoever still uses the name gets an error. Keep the old name until nobody does, and change redirect URIs with it.",
};

const CLASS: Rule = Rule {
    id: "ingress-class-changed",
    level: Level::Outage,
    title: "other controller serves the host",
    advice: "It answers on another address, and it may not know the annotations of the old one. Change DNS with it.",
};

const SERVICE_TYPE: Rule = Rule {
    id: "service-type-changed",
    level: Level::Outage,
    title: "Service loses its way in from outside",
    advice: "Its load balancer address or node port no longer answers.",
};

const PORT_GONE: Rule = Rule {
    id: "port-removed",
    level: Level::Outage,
    title: "port of a Service or Gateway is gone",
    advice: "What connects to it fails. See that nothing does any more.",
};

const TLS_GONE: Rule = Rule {
    id: "tls-removed",
    level: Level::Security,
    title: "host is no longer served with its own TLS",
    advice: "It answers in plain HTTP, or with the default certificate of the controller.",
};

const EXPOSED: Rule = Rule {
    id: "service-exposed",
    level: Level::Security,
    title: "Service can be reached from outside the cluster",
    advice: "See that it asks who is there, and that the network lets in only who should come.",
};

const SOURCES: Rule = Rule {
    id: "source-ranges-widened",
    level: Level::Security,
    title: "more addresses may connect",
    advice: "The list of addresses that may connect is longer, or gone: then all may.",
};

const HOST_CAME: Rule = Rule {
    id: "host-added",
    level: Level::Info,
    title: "new host",
    advice: "It needs a name in DNS and a certificate.",
};

pub(super) const RULES: &[&Rule] =
    &[&HOST_GONE, &CLASS, &SERVICE_TYPE, &PORT_GONE, &TLS_GONE, &EXPOSED, &SOURCES, &HOST_CAME];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if changed.is_values() {
        return values(changed, found);
    }
    if changed.is("", &["Service"]) {
        service(changed, found);
    }
    let Some((before, after)) = changed.both() else { return };
    if let Some(hosts) = hosts(changed) {
        compare_hosts(changed, &hosts(before), &hosts(after), found);
    }
    if changed.is("networking.k8s.io", &["Ingress"]) {
        if let Some(sides) = changed.differs(&["spec", "ingressClassName"]) {
            found.named(&CLASS, changed, "spec.ingressClassName", arrow(sides));
        }
        // A host that is gone altogether is told of as that.
        let served = each(after, "rules", "host");
        let had: Vec<String> = tls_hosts(before).into_iter().filter(|host| served.contains(host)).collect();
        tls(changed, &had, &tls_hosts(after), found);
    }
    if changed.is("gateway.networking.k8s.io", &["Gateway"]) {
        if let Some(sides) = changed.differs(&["spec", "gatewayClassName"]) {
            found.named(&CLASS, changed, "spec.gatewayClassName", arrow(sides));
        }
        let secure = |gateway| named(gateway, "listeners", |l| l.get("tls").is_some());
        let all = named(after, "listeners", |_| true);
        tls(changed, &without(&secure(before), &without(&secure(before), &all)), &secure(after), found);
        let gone = without(&named(before, "listeners", |_| true), &all);
        if !gone.is_empty() {
            found.named(&PORT_GONE, changed, "spec.listeners", format!("no longer has {}", list(&gone)));
        }
    }
}

fn named(node: &Node, list: &str, keep: fn(&Node) -> bool) -> Vec<String> {
    items(Some(node), &["spec", list])
        .iter()
        .filter(|item| keep(item))
        .filter_map(|item| Some(item.get("name")?.as_str()?.to_owned()))
        .collect()
}

fn each(node: &Node, list: &str, key: &str) -> Vec<String> {
    items(Some(node), &["spec", list]).iter().filter_map(|item| Some(item.get(key)?.as_str()?.to_owned())).collect()
}

/// How to read the hosts of a kind; none if it has none.
fn hosts(changed: &Changed<'_>) -> Option<fn(&Node) -> Vec<String>> {
    match (changed.group(), changed.kind()) {
        ("networking.k8s.io", "Ingress") => Some(|node| each(node, "rules", "host")),
        ("gateway.networking.k8s.io", "Gateway") => Some(|node| each(node, "listeners", "hostname")),
        ("gateway.networking.k8s.io", "HTTPRoute" | "GRPCRoute" | "TLSRoute") => {
            Some(|node| texts(Some(node), &["spec", "hostnames"]))
        }
        ("k8s.keycloak.org", "Keycloak") => {
            Some(|node| node.at(&["spec", "hostname", "hostname"]).and_then(scalar).into_iter().collect())
        }
        ("networking.istio.io", "VirtualService") => Some(|node| texts(Some(node), &["spec", "hosts"])),
        ("networking.istio.io", "Gateway") => Some(|node| {
            items(Some(node), &["spec", "servers"]).iter().flat_map(|server| texts(Some(server), &["hosts"])).collect()
        }),
        _ => None,
    }
}

fn compare_hosts(changed: &Changed<'_>, before: &[String], after: &[String], found: &mut Found) {
    let (gone, came) = (without(before, after), without(after, before));
    if !gone.is_empty() {
        let instead = if came.is_empty() { String::new() } else { format!("; new: {}", list(&came)) };
        found.add(&HOST_GONE, changed, format!("no longer answers for {}{instead}", list(&gone)));
    } else if !came.is_empty() {
        found.add(&HOST_CAME, changed, format!("answers for {} now", list(&came)));
    }
}

fn tls_hosts(ingress: &Node) -> Vec<String> {
    items(Some(ingress), &["spec", "tls"]).iter().flat_map(|entry| texts(Some(entry), &["hosts"])).collect()
}

fn tls(changed: &Changed<'_>, before: &[String], after: &[String], found: &mut Found) {
    let gone = without(before, after);
    if !gone.is_empty() {
        found.add(&TLS_GONE, changed, format!("no longer has TLS for {}", list(&gone)));
    }
}

fn service(changed: &Changed<'_>, found: &mut Found) {
    let kind = |node: Option<&Node>| match text(node, &["spec", "type"]) {
        "" => "ClusterIP".to_owned(),
        kind => kind.to_owned(),
    };
    let is_open = |kind: &str| matches!(kind, "LoadBalancer" | "NodePort");
    let (old, new) = (kind(changed.before), kind(changed.after));
    if changed.is_gone() {
        return;
    }
    if changed.is_new() {
        if is_open(&new) {
            found.named(&EXPOSED, changed, "spec.type", format!("is new and a {new}"));
        }
        return;
    }
    if old != new && is_open(&new) && !is_open(&old) {
        found.named(&EXPOSED, changed, "spec.type", format!("{old} → {new}"));
    } else if old != new && is_open(&old) {
        found.named(&SERVICE_TYPE, changed, "spec.type", format!("{old} → {new}"));
    }
    let ports = |node| {
        items(node, &["spec", "ports"]).iter().filter_map(|p| p.get("port").and_then(scalar)).collect::<Vec<_>>()
    };
    let gone = without(&ports(changed.before), &ports(changed.after));
    if !gone.is_empty() {
        found.named(&PORT_GONE, changed, "spec.ports", format!("no longer has {}", list(&gone)));
    }
    ranges(
        changed,
        &texts(changed.before, &["spec", "loadBalancerSourceRanges"]),
        &texts(changed.after, &["spec", "loadBalancerSourceRanges"]),
        found,
    );
}

fn ranges(changed: &Changed<'_>, before: &[String], after: &[String], found: &mut Found) {
    let came = without(after, before);
    let key = "spec.loadBalancerSourceRanges";
    if !before.is_empty() && after.is_empty() {
        found.named(&SOURCES, changed, key, "is gone: every address may connect");
    } else if !before.is_empty() && !came.is_empty() {
        found.named(&SOURCES, changed, key, format!("has {} now", list(&came)));
    }
}

/// Keys that charts use by convention.
fn values(changed: &Changed<'_>, found: &mut Found) {
    if changed.both().is_none() {
        return;
    }
    for key in changed.leaves() {
        let about_ingress = key.below(&["ingress", "httpRoute", "route", "gateway", "expose"]);
        let is_host = matches!(key.last(), "host" | "hostname") || key.below(&["hosts", "hostnames"]);
        let is_class = matches!(key.last(), "ingressClassName" | "ingressClass");
        let of_service = key.names().rev().nth(1) == Some("service");
        let is_open = |text: Option<&str>| matches!(text, Some("LoadBalancer" | "NodePort"));
        let is_tls = key.below(&["tls"]);
        match (key.old_text().filter(|t| !t.is_empty()), key.new_text()) {
            (Some(_), _) if is_class => found.at(&CLASS, changed, key, changed.arrow(key)),
            (Some(_), _) if about_ingress && is_host && !is_tls => {
                found.at(&HOST_GONE, changed, key, changed.arrow(key))
            }
            (None, Some(_)) if about_ingress && is_host && !is_tls => {
                found.at(&HOST_CAME, changed, key, changed.arrow(key))
            }
            (old, new) if key.last() == "type" && of_service && is_open(new) && !is_open(old) => {
                found.at(&EXPOSED, changed, key, changed.arrow(key));
            }
            (old, new) if key.last() == "type" && of_service && is_open(old) && !is_open(new) => {
                found.at(&SERVICE_TYPE, changed, key, changed.arrow(key));
            }
            _ => {}
        }
    }
}
