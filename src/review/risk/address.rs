//! Addresses that Services and pods get.

use std::net::IpAddr;

use super::changed::{Changed, arrow, items, list, texts};
use super::deletion::annotation;
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::network::IpRange;
use crate::yaml::Node;

const GONE: Rule = Rule {
    id: "lb-addresses-removed",
    level: Level::Outage,
    title: "addresses are taken out of a load balancer's pool",
    advice: "Services that have one of them lose it and get another one, if there is one. Names and firewalls that point to it break.",
};

const CAME: Rule = Rule {
    id: "lb-addresses-added",
    level: Level::Info,
    title: "addresses come into a load balancer's pool",
    advice: "See that nothing else in the network uses them.",
};

const SERVICE: Rule = Rule {
    id: "lb-address-changed",
    level: Level::Outage,
    title: "Service asks for another address",
    advice: "The old address stops answering. Change names and firewalls with it.",
};

const PODS: Rule = Rule {
    id: "pod-network-changed",
    level: Level::Outage,
    title: "pod network changes",
    advice: "How pods reach each other changes while they run. Expect broken connections, and roll it out node by node where that is possible.",
};

pub(super) const RULES: &[&Rule] = &[&GONE, &SERVICE, &PODS, &CAME];

/// Annotations by which a Service asks for addresses.
const ASKS: [&str; 3] = ["lbipam.cilium.io/ips", "metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs"];
/// Keys of Calico's pools and of Installation's that say how packets travel.
const POOL_KEYS: [&str; 6] = ["disabled", "encapsulation", "ipipMode", "natOutgoing", "nodeSelector", "vxlanMode"];
/// Keys of Cilium's values that say how packets travel.
const CILIUM_KEYS: [&str; 6] = [
    "clusterPoolIPv4MaskSize",
    "clusterPoolIPv4PodCIDRList",
    "kubeProxyReplacement",
    "routingMode",
    "tunnelPort",
    "tunnelProtocol",
];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    let Some((before, after)) = changed.both() else { return };
    if let Some(addresses) = addresses(changed) {
        pool(changed, &addresses(before), &addresses(after), found);
    }
    if changed.is("", &["Service"]) {
        if let Some(sides) = changed.differs(&["spec", "loadBalancerIP"]) {
            found.named(&SERVICE, changed, "spec.loadBalancerIP", arrow(sides));
        }
        for name in ASKS {
            let (old, new) = (annotation(before, name), annotation(after, name));
            if old != new && old.is_some() {
                found.named(
                    &SERVICE,
                    changed,
                    name,
                    format!("{} → {}", old.unwrap_or("unset"), new.unwrap_or("unset")),
                );
            }
        }
    }
    network(changed, found);
}

fn network(changed: &Changed<'_>, found: &mut Found) {
    let in_pool = changed.is("projectcalico.org", &["IPPool"]) || changed.is("crd.projectcalico.org", &["IPPool"]);
    let in_installation = changed.is("operator.tigera.io", &["Installation"]) || changed.is_values();
    if !in_pool && !in_installation {
        return;
    }
    for key in changed.leaves() {
        let of_calico = in_pool && POOL_KEYS.contains(&key.last()) || in_installation && key.below(&["calicoNetwork"]);
        let of_cilium =
            changed.is_values() && changed.component == "cilium" && key.names().any(|name| CILIUM_KEYS.contains(&name));
        if of_calico || of_cilium {
            found.at(&PODS, changed, key, changed.arrow(key));
        } else if changed.is_values()
            && key.last() == "loadBalancerIP"
            && key.old_text().is_some_and(|old| !old.is_empty())
        {
            found.at(&SERVICE, changed, key, changed.arrow(key));
        }
    }
}

/// How to read the addresses of a pool; none if it is no pool.
fn addresses(changed: &Changed<'_>) -> Option<fn(&Node) -> Vec<String>> {
    if changed.is("metallb.io", &["IPAddressPool"]) {
        return Some(|pool| texts(Some(pool), &["spec", "addresses"]));
    }
    if changed.is("cilium.io", &["CiliumLoadBalancerIPPool"]) {
        return Some(|pool| items(Some(pool), &["spec", "blocks"]).iter().filter_map(block).collect());
    }
    if changed.is("projectcalico.org", &["BGPConfiguration"]) {
        return Some(|pool| items(Some(pool), &["spec", "serviceLoadBalancerIPs"]).iter().filter_map(block).collect());
    }
    None
}

fn block(block: &Node) -> Option<String> {
    let text = |key: &str| block.get(key).and_then(Node::as_str);
    text("cidr").map(str::to_owned).or_else(|| Some(format!("{}-{}", text("start")?, text("stop").or(text("start"))?)))
}

fn pool(changed: &Changed<'_>, before: &[String], after: &[String], found: &mut Found) {
    let (gone, came) = (not_covered(before, after), not_covered(after, before));
    if !gone.is_empty() {
        found.add(&GONE, changed, format!("no longer has all of {}", list(&gone)));
    }
    if !came.is_empty() {
        found.add(&CAME, changed, format!("has {} now", list(&came)));
    }
}

/// Those of the first ranges that the second do not hold as a whole.
fn not_covered(ranges: &[String], by: &[String]) -> Vec<String> {
    let mut others: Vec<IpRange> = by.iter().filter_map(|text| IpRange::parse(text)).collect();
    others.sort();
    ranges
        .iter()
        .filter(|text| !by.contains(text) && !IpRange::parse(text).is_some_and(|range| is_covered(range, &others)))
        .cloned()
        .collect()
}

/// Whether sorted ranges hold every address of a range.
fn is_covered(range: IpRange, others: &[IpRange]) -> bool {
    let mut next = range.first;
    for other in others.iter().filter(|other| other.overlaps(range)) {
        if other.first > next {
            return false;
        }
        if other.last >= range.last {
            return true;
        }
        if other.last >= next {
            let Some(after) = successor(other.last) else { return false };
            next = after;
        }
    }
    false
}

fn successor(ip: IpAddr) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(v4) => u32::from(v4).checked_add(1).map(|n| IpAddr::V4(n.into())),
        IpAddr::V6(v6) => u128::from(v6).checked_add(1).map(|n| IpAddr::V6(n.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::not_covered;

    fn texts(items: &[&str]) -> Vec<String> {
        items.iter().map(|item| (*item).to_owned()).collect()
    }

    #[test]
    fn a_range_in_other_words_is_the_same_range() {
        assert!(not_covered(&texts(&["10.0.0.0/30"]), &texts(&["10.0.0.2-10.0.0.9", "10.0.0.0-10.0.0.1"])).is_empty());
        assert!(not_covered(&texts(&["10.0.0.0-10.0.0.3"]), &texts(&["10.0.0.0/24"])).is_empty());
        assert_eq!(not_covered(&texts(&["10.0.0.0/24"]), &texts(&["10.0.0.0/25"])), ["10.0.0.0/24"]);
        assert_eq!(not_covered(&texts(&["fd00::/64"]), &texts(&["10.0.0.0/8"])), ["fd00::/64"]);
    }
}
