//! Custom resources whose definition no component brings.

use std::collections::BTreeSet;

use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::checks};
use crate::kubernetes;
use crate::render::{Object, Place, Rendered};
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule { code: &checks::UNKNOWN_KIND, severity: Severity::Error, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    let platform = &rendered.platform;
    let brought: Vec<&str> =
        platform.instances.iter().flat_map(|i| &i.source.component.crds).map(|c| &*c.text).collect();
    let rendered_here: BTreeSet<(&str, &str)> =
        rendered.units.iter().flat_map(|u| &u.objects).filter_map(defined).collect();
    for unit in &rendered.units {
        for object in unit.objects.iter().filter(|o| !kubernetes::is_own_group(o.group())) {
            let group = object.group();
            let kind = format!("{}.{group}", object.kind);
            let known = rendered_here.contains(&(group, &*object.kind));
            if known || brought.contains(&group) || brought.contains(&kind.as_str()) {
                continue;
            }
            let bringer = platform
                .program
                .components
                .iter()
                .find(|(_, source)| source.component.crds.iter().any(|c| *c.text == *group || *c.text == *kind));
            report.find(
                &[&unit.name, &object.title()],
                object.span(),
                format!("nothing here defines `{}` of `{group}`", object.kind),
                |found| {
                    let found = found.here(format!("in `{}`", unit.name));
                    match bringer {
                        Some((name, _)) => found.help(format!("switch on `{name}`, which brings it")),
                        None => found.help("name its API group under `crds:` of the component that brings it"),
                    }
                },
            );
        }
    }
}

/// The group and kind that a chart's CustomResourceDefinition defines.
fn defined(object: &Object) -> Option<(&str, &str)> {
    let text = |path: &[&str]| object.node.at(path).and_then(Node::as_str);
    (object.place == Place::Definitions).then_some((text(&["spec", "group"])?, text(&["spec", "names", "kind"])?))
}
