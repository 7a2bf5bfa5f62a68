//! Machines that cannot be told apart, or that are in places which the cluster does not have.

use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::checks, nearest};
use crate::layer::NodeFact;
use crate::render::Rendered;
use crate::yaml::Span;

pub(super) const RULE: Rule = Rule { code: &checks::MACHINES, severity: Severity::Error, run };

/// The roles that blueprints look for. Others are a platform's own.
const ROLES: [&str; 2] = ["control-plane", "worker"];

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    let cluster = &rendered.platform.settings.cluster;
    for (index, node) in cluster.nodes.iter().enumerate() {
        let earlier = &cluster.nodes[..index];
        if let Some(twin) = earlier.iter().find(|other| other.name.0.text == node.name.0.text) {
            let message = format!("two machines are called `{}`", node.name.0.text);
            twice(node, node.name.0.span, twin.name.0.span, message, report);
        }
        if let Some(twin) = earlier.iter().find(|other| other.address.ip == node.address.ip) {
            let message = format!("`{}` and `{}` have one address", twin.name.0.text, node.name.0.text);
            twice(node, node.address.span, twin.address.span, message, report);
        }
        if let Some(zone) = node
            .zone
            .as_ref()
            .filter(|zone| !cluster.zones.is_empty() && !cluster.zones.iter().any(|z| z.text == zone.text))
        {
            let message = format!("`{}` is in zone `{}`, which the cluster does not have", node.name.0.text, zone.text);
            report.find(&["cluster", &node.name.0.text], zone.span, message, |found| {
                found.here("not in `cluster.zones`").suggest(&zone.text, cluster.zones.iter().map(|z| &*z.text))
            });
        }
        for role in node.roles.iter().filter(|role| !ROLES.contains(&&*role.text)) {
            if let Some(meant) = nearest(&role.text, ROLES) {
                let message = format!("`{}` has the role `{}`, which nothing looks for", node.name.0.text, role.text);
                report.find(&["cluster", &node.name.0.text], role.span, message, |found| {
                    found.help(format!("did you mean `{meant}`?"))
                });
            }
        }
    }
}

fn twice(node: &NodeFact, span: Span, first: Span, message: String, report: &mut Report<'_>) {
    report.find(&["cluster", &node.name.0.text], span, message, |found| {
        found.here("again here").label(first, "first here")
    });
}
