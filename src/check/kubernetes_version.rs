//! Charts that do not work with the cluster's Kubernetes version.

use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::checks};
use crate::render::Rendered;
use crate::semver::{Constraint, Version};

pub(super) const RULE: Rule = Rule { code: &checks::KUBERNETES_VERSION, severity: Severity::Error, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    let version = &rendered.platform.settings.cluster.kubernetes.0;
    let Some(parsed) = Version::parse(&version.text) else { return };
    for instance in &rendered.platform.instances {
        let Some(wanted) = instance.source.component.chart.as_ref().and_then(|c| c.kubernetes.as_ref()) else {
            continue;
        };
        match Constraint::parse(&wanted.text) {
            Some(constraint) if constraint.allows(&parsed) => {}
            Some(_) => {
                let message = format!(
                    "the chart of `{}` wants Kubernetes {}, the cluster has {}",
                    instance.name, wanted.text, version.text
                );
                report.find(&[&instance.name], version.span, message, |found| {
                    found.here("the cluster's version").label(wanted.span, "what the chart works with")
                });
            }
            None => {
                let message = format!("`{}` is not a version constraint", wanted.text);
                report.find(&[&instance.name], wanted.span, message, |found| {
                    found.help("write it as charts do: `>=1.25.0-0`, `^1.30.0`")
                });
            }
        }
    }
}
