//! Two Applications that own one object.

use std::collections::BTreeMap;

use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::checks};
use crate::render::{Object, Rendered, Unit};

pub(super) const RULE: Rule = Rule { code: &checks::SHARED_OBJECT, severity: Severity::Error, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    let mut owners: BTreeMap<_, (&Unit, &Object)> = BTreeMap::new();
    for unit in &rendered.units {
        for object in &unit.objects {
            let id = (object.group(), &*object.kind, object.namespace.as_deref(), &*object.name);
            match owners.get(&id) {
                None => {
                    owners.insert(id, (unit, object));
                }
                Some((first, other)) => {
                    let title = object.title();
                    let message = format!("`{title}` is brought by `{}` and by `{}`", first.name, unit.name);
                    report.find(&[&title, &unit.name, &first.name], object.span(), message, |found| {
                        found.here(format!("in `{}`", unit.name)).label(other.span(), format!("in `{}`", first.name))
                    });
                }
            }
        }
    }
}
