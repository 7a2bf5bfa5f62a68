//! Who may do what in the cluster.

use std::collections::BTreeSet;

use super::changed::{Changed, items, list, text, texts, without};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::yaml::Node;

const ADMIN: Rule = Rule {
    id: "cluster-admin-granted",
    level: Level::Security,
    title: "somebody gets all rights in the cluster",
    advice: "Whoever can run code as this subject owns the cluster. Grant only what is needed.",
};

const WILDCARD: Rule = Rule {
    id: "rbac-wildcard",
    level: Level::Security,
    title: "role allows everything of a kind",
    advice: "A `*` also allows what does not exist yet. Name the verbs and resources.",
};

const WIDENED: Rule = Rule {
    id: "rbac-widened",
    level: Level::Security,
    title: "role allows more",
    advice: "Everybody who has the role may do this now. Reading Secrets, making pods, and the verbs bind, escalate and impersonate lead to \
             more rights than they say.",
};

const GRANTED: Rule = Rule {
    id: "rbac-granted",
    level: Level::Security,
    title: "role is given to somebody",
    advice: "See that the subject needs it.",
};

const NARROWED: Rule = Rule {
    id: "rbac-narrowed",
    level: Level::Outage,
    title: "rights are taken away",
    advice: "What still needs them fails from now on.",
};

pub(super) const RULES: &[&Rule] = &[&NARROWED, &ADMIN, &WILDCARD, &WIDENED, &GRANTED];

const GROUP: &str = "rbac.authorization.k8s.io";

/// One thing that a role allows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Right {
    verb: String,
    group: String,
    /// A resource, or a URL.
    resource: String,
    /// The only object that it holds for; empty where it holds for all.
    name: String,
}

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if changed.is(GROUP, &["Role", "ClusterRole"]) {
        role(changed, found);
    } else if changed.is(GROUP, &["RoleBinding", "ClusterRoleBinding"]) {
        binding(changed, found);
    }
}

fn role(changed: &Changed<'_>, found: &mut Found) {
    let (before, after) = (rights(changed.before), rights(changed.after));
    let came: Vec<Right> = after.iter().filter(|right| !is_covered(right, &before)).cloned().collect();
    let gone: Vec<Right> = before.iter().filter(|right| !is_covered(right, &after)).cloned().collect();
    let (stars, others): (Vec<Right>, Vec<Right>) = came.into_iter().partition(Right::has_star);
    if !stars.is_empty() {
        found.add(&WILDCARD, changed, format!("allows {}", list(&words(&stars))));
    }
    // A new role alone gives nobody anything; the binding that does is told of.
    if !others.is_empty() && !changed.is_new() {
        found.add(&WIDENED, changed, format!("allows {}", list(&words(&others))));
    }
    if !gone.is_empty() {
        let what = if changed.is_gone() { "is deleted; it allowed" } else { "no longer allows" };
        found.add(&NARROWED, changed, format!("{what} {}", list(&words(&gone))));
    }
}

impl Right {
    fn has_star(&self) -> bool {
        self.verb == "*" || self.resource == "*" || self.group == "*"
    }
}

fn rights(role: Option<&Node>) -> BTreeSet<Right> {
    let mut found = BTreeSet::new();
    for rule in items(role, &["rules"]) {
        let list = |key: &str| texts(Some(rule), &[key]);
        let names = if list("resourceNames").is_empty() { vec![String::new()] } else { list("resourceNames") };
        for verb in list("verbs") {
            for url in list("nonResourceURLs") {
                found.insert(Right { verb: verb.clone(), group: String::new(), resource: url, name: String::new() });
            }
            for group in list("apiGroups") {
                for resource in list("resources") {
                    for name in &names {
                        found.insert(Right {
                            verb: verb.clone(),
                            group: group.clone(),
                            resource: resource.clone(),
                            name: name.clone(),
                        });
                    }
                }
            }
        }
    }
    found
}

fn is_covered(right: &Right, by: &BTreeSet<Right>) -> bool {
    let one = |wide: &str, narrow: &str| wide == narrow || wide == "*";
    let url = |wide: &str, narrow: &str| {
        wide.starts_with('/') && wide.ends_with('*') && narrow.starts_with(wide.trim_end_matches('*'))
    };
    by.contains(right)
        || by.iter().any(|other| {
            one(&other.verb, &right.verb)
                && one(&other.group, &right.group)
                && (one(&other.resource, &right.resource) || url(&other.resource, &right.resource))
                && (other.name.is_empty() || other.name == right.name)
        })
}

/// `get, list secrets`: verbs of the same resource together.
fn words(rights: &[Right]) -> Vec<String> {
    let resource = |right: &Right| {
        let group = if right.group.is_empty() { String::new() } else { format!(".{}", right.group) };
        let name = if right.name.is_empty() { String::new() } else { format!("/{}", right.name) };
        format!("{}{group}{name}", right.resource)
    };
    let resources: BTreeSet<String> = rights.iter().map(&resource).collect();
    let verbs = |of: &String| {
        rights.iter().filter(|r| resource(r) == *of).map(|r| r.verb.clone()).collect::<Vec<_>>().join(", ")
    };
    resources.iter().map(|of| format!("{} {of}", verbs(of))).collect()
}

fn binding(changed: &Changed<'_>, found: &mut Found) {
    let role =
        |node: Option<&Node>| format!("{} {}", text(node, &["roleRef", "kind"]), text(node, &["roleRef", "name"]));
    let (old, new) = (subjects(changed.before), subjects(changed.after));
    let same_role = changed.both().is_none() || role(changed.before) == role(changed.after);
    let came = if same_role { without(&new, &old) } else { new.clone() };
    let gone = if same_role { without(&old, &new) } else { old.clone() };
    if !came.is_empty() {
        let is_admin =
            text(changed.after, &["roleRef", "name"]) == "cluster-admin" && changed.kind() == "ClusterRoleBinding";
        let rule = if is_admin { &ADMIN } else { &GRANTED };
        found.add(rule, changed, format!("gives {} to {}", role(changed.after), list(&came)));
    }
    if !gone.is_empty() {
        found.add(&NARROWED, changed, format!("takes {} from {}", role(changed.before), list(&gone)));
    }
}

fn subjects(binding: Option<&Node>) -> Vec<String> {
    items(binding, &["subjects"])
        .iter()
        .map(|subject| {
            let part = |key: &str| text(Some(subject), &[key]);
            match part("namespace") {
                "" => format!("{} {}", part("kind"), part("name")),
                namespace => format!("{} {namespace}/{}", part("kind"), part("name")),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Right, is_covered};

    #[test]
    fn a_wider_right_covers_a_narrower_one() {
        let right = |verb: &str, resource: &str, name: &str| Right {
            verb: verb.into(),
            group: "".into(),
            resource: resource.into(),
            name: name.into(),
        };
        let has = [right("*", "pods", ""), right("get", "secrets", "one"), right("get", "/metrics/*", "")]
            .into_iter()
            .collect();
        assert!(is_covered(&right("list", "pods", ""), &has));
        assert!(is_covered(&right("list", "pods", "x"), &has));
        assert!(is_covered(&right("get", "/metrics/a", ""), &has));
        assert!(!is_covered(&right("get", "secrets", ""), &has));
        assert!(!is_covered(&right("list", "secrets", "one"), &has));
    }
}
