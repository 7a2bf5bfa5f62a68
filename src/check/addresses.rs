//! Addresses that lie outside the ranges that the network plan has for them.

use super::network_plan::pools;
use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::checks};
use crate::network::IpRange;
use crate::render::Rendered;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule { code: &checks::ADDRESSES, severity: Severity::Error, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    let cluster = &rendered.platform.settings.cluster;
    let nets: Vec<IpRange> = cluster.node_cidrs.iter().map(|c| IpRange::of(c.net)).collect();
    for node in cluster.nodes.iter().filter(|_| !nets.is_empty()) {
        if !nets.iter().any(|net| net.contains(node.address.ip)) {
            let message = format!("{} of `{}` lies in none of `cluster.nodeCidrs`", node.address.ip, node.name.0.text);
            report.find(&["cluster", &node.name.0.text], node.address.span, message, |found| {
                cluster.node_cidrs.iter().fold(found, |found, c| found.label(c.span, "a network of machines"))
            });
        }
    }
    ingress(rendered, report);
}

/// The address kept for ingress must be one that the load balancer can give.
fn ingress(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    let Some(provider) = rendered.platform.provider("load-balancer") else { return };
    let Some(kept) = provider.published.get("load-balancer").and_then(|f| f.get("ingressAddress")) else { return };
    let Some(address) = kept.as_str().and_then(|text| text.parse().ok()) else { return };
    let pools = pools(&rendered.platform);
    if !pools.iter().filter_map(Node::as_str).filter_map(IpRange::parse).any(|pool| pool.contains(address)) {
        let message = format!("{address}, kept for ingress, lies in no pool of `{}`", provider.name);
        report.find(&[&provider.name], kept.span, message, |found| {
            pools.iter().fold(found, |found, pool| found.label(pool.span, "a pool"))
        });
    }
}
