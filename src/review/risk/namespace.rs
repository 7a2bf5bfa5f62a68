//! Where objects live, and which Application they belong to.

use super::application::is_application;
use super::changed::{Changed, arrow};
use super::scene::Scene;
use super::{Found, Level, Rule};

const NAMESPACE: Rule = Rule {
    id: "destination-namespace-changed",
    level: Level::DataLoss,
    title: "Application moves to another namespace",
    advice: "Objects that name no namespace are made anew in the new one and pruned from the old one, volume claims too. Move data first.",
};

const CLUSTER: Rule = Rule {
    id: "destination-cluster-changed",
    level: Level::Outage,
    title: "Application moves to another cluster",
    advice: "All is made in the other cluster. What is in the old one stays there, and nothing manages it any more.",
};

const OWNER: Rule = Rule {
    id: "owner-changed",
    level: Level::Outage,
    title: "object moves to another Application",
    advice: "Until the old Application has synced, both claim the object: the sync of the new one fails, or the old one prunes what the new \
             one has just taken. Watch both while it is rolled out.",
};

pub(super) const RULES: &[&Rule] = &[&NAMESPACE, &CLUSTER, &OWNER];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if is_application(changed) {
        if let Some(sides) = changed.differs(&["spec", "destination", "namespace"]) {
            found.named(&NAMESPACE, changed, "spec.destination.namespace", arrow(sides));
        }
        for key in ["server", "name"] {
            if let Some(sides) = changed.differs(&["spec", "destination", key]) {
                found.named(&CLUSTER, changed, &format!("spec.destination.{key}"), arrow(sides));
            }
        }
    } else if let Some(from) = changed.old_component.filter(|_| changed.both().is_some()) {
        found.add(&OWNER, changed, format!("moves from `{from}` to `{}`", changed.component));
    }
}
