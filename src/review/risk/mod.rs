//! What a change can do: rules over changed objects and values.
//!
//! Rules stand in families, one file each. A [`Rule`] says what is at stake in words for people; a family's function looks at
//! one changed object (or one component's Helm values) and says which of its rules apply, and why. [`FAMILIES`] is the table:
//! a new rule is a constant in its family's file, a new family one line more here.
//!
//! Rules claim only what the two sides prove. What a chart makes of its values is not known here, so a rule that looks at
//! values says what happens *where* such a value ends in a volume claim, a pod, an Ingress.

mod address;
mod application;
mod bgp;
mod certificate;
mod changed;
mod crd;
mod deletion;
mod disruption;
mod environment;
mod exposure;
mod image;
mod immutable;
mod limits;
mod namespace;
mod network_policy;
mod outside;
mod pod_security;
mod policy;
mod project;
mod quantity;
mod rbac;
mod restart;
mod scale;
mod scene;
mod secret;
mod storage;
mod sync;
mod version;
mod workload;

use std::fmt;

use changed::Changed;
use scene::Scene;

use super::Environment;
use super::compare::Compared;
use super::keys::{KeyDiff, path_text};
use super::model::{Level, Risk};

/// A rule: what a change can do.
#[derive(PartialEq, Eq)]
pub struct Rule {
    /// Its name, for machines and for talking about it.
    pub id: &'static str,
    /// How bad it can get.
    pub level: Level,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// Why it matters and what to do.
    pub advice: &'static str,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// Rules that look at the same thing.
pub struct Family {
    /// What it is about, in a few words.
    pub title: &'static str,
    /// Its rules.
    pub rules: &'static [&'static Rule],
    check: Check,
}

enum Check {
    /// Looks at every changed object, and at every component's changed Helm values.
    Each(fn(&Changed<'_>, &Scene<'_>, &mut Found)),
    /// Looks at a whole environment.
    Whole(fn(&Scene<'_>, &mut Found)),
}

/// All families, in the order in which equal levels are shown.
pub static FAMILIES: [Family; 27] = [
    Family {
        title: "Environments, and files that no rule could read",
        rules: environment::RULES,
        check: Check::Whole(environment::check),
    },
    Family { title: "Deleted and renamed objects", rules: deletion::RULES, check: Check::Each(deletion::check) },
    Family { title: "Custom resource definitions", rules: crd::RULES, check: Check::Each(crd::check) },
    Family { title: "Applications", rules: application::RULES, check: Check::Each(application::check) },
    Family { title: "Volumes and what is kept on them", rules: storage::RULES, check: Check::Each(storage::check) },
    Family { title: "Fields that cannot be changed", rules: immutable::RULES, check: Check::Each(immutable::check) },
    Family { title: "Namespaces and owners of objects", rules: namespace::RULES, check: Check::Each(namespace::check) },
    Family { title: "How Argo CD syncs", rules: sync::RULES, check: Check::Each(sync::check) },
    Family { title: "Versions of charts", rules: version::RULES, check: Check::Each(version::check) },
    Family { title: "Addresses of load balancers and pods", rules: address::RULES, check: Check::Each(address::check) },
    Family { title: "BGP", rules: bgp::RULES, check: Check::Each(bgp::check) },
    Family { title: "Hosts, ports and TLS", rules: exposure::RULES, check: Check::Each(exposure::check) },
    Family { title: "Certificates", rules: certificate::RULES, check: Check::Each(certificate::check) },
    Family { title: "Secrets", rules: secret::RULES, check: Check::Each(secret::check) },
    Family {
        title: "Secrets that must be in the store",
        rules: secret::EXPECTED_RULES,
        check: Check::Whole(secret::check_expected),
    },
    Family { title: "Replicas", rules: scale::RULES, check: Check::Each(scale::check) },
    Family { title: "Disruption budgets", rules: disruption::RULES, check: Check::Each(disruption::check) },
    Family { title: "Policies and webhooks", rules: policy::RULES, check: Check::Each(policy::check) },
    Family { title: "Pod Security", rules: pod_security::RULES, check: Check::Each(pod_security::check) },
    Family { title: "RBAC", rules: rbac::RULES, check: Check::Each(rbac::check) },
    Family { title: "Network policies", rules: network_policy::RULES, check: Check::Each(network_policy::check) },
    Family { title: "AppProjects", rules: project::RULES, check: Check::Each(project::check) },
    Family { title: "Images", rules: image::RULES, check: Check::Each(image::check) },
    Family { title: "Resources", rules: limits::RULES, check: Check::Each(limits::check) },
    Family { title: "Pods that start anew", rules: restart::RULES, check: Check::Each(restart::check) },
    Family { title: "Files that Argo CD does not apply", rules: outside::RULES, check: Check::Whole(outside::check) },
    Family { title: "The compiler", rules: outside::COMPILER_RULES, check: Check::Whole(outside::check_compiler) },
];

/// All rules, in the order of the table.
pub fn all() -> Vec<&'static Rule> {
    FAMILIES.iter().flat_map(|family| family.rules).copied().collect()
}

/// A rule's place in the table.
pub(super) fn place(rule: &Rule) -> usize {
    FAMILIES.iter().flat_map(|family| family.rules).position(|other| other.id == rule.id).unwrap_or(usize::MAX)
}

/// All risks of an environment, each with the component that it belongs to.
pub(super) fn find(environment: &Environment<'_>, files: &[&Compared]) -> Vec<(String, Risk)> {
    let scene = Scene::new(environment, files);
    let mut found = Found::default();
    for family in &FAMILIES {
        match family.check {
            Check::Whole(check) => check(&scene, &mut found),
            Check::Each(check) => scene.changed.iter().for_each(|changed| check(changed, &scene, &mut found)),
        }
    }
    for (_, risk) in &mut found.risks {
        risk.environments = vec![environment.name.clone()];
    }
    found.risks
}

/// Where rules put what they find.
#[derive(Default)]
struct Found {
    risks: Vec<(String, Risk)>,
}

impl Found {
    /// A risk of a changed object or of changed values.
    fn add(&mut self, rule: &'static Rule, changed: &Changed<'_>, message: impl Into<String>) {
        self.push(rule, changed, None, message.into());
    }

    /// A risk of a changed key.
    fn at(&mut self, rule: &'static Rule, changed: &Changed<'_>, key: &KeyDiff, message: impl Into<String>) {
        self.push(rule, changed, Some(path_text(&key.path)), message.into());
    }

    /// A risk of a key that is known by name.
    fn named(&mut self, rule: &'static Rule, changed: &Changed<'_>, key: &str, message: impl Into<String>) {
        self.push(rule, changed, Some(key.to_owned()), message.into());
    }

    /// A risk of a file.
    fn file(&mut self, rule: &'static Rule, component: &str, path: &str, message: impl Into<String>) {
        let risk = Risk {
            rule,
            message: message.into(),
            path: path.to_owned(),
            object: None,
            key: None,
            environments: Vec::new(),
        };
        self.risks.push((component.to_owned(), risk));
    }

    fn push(&mut self, rule: &'static Rule, changed: &Changed<'_>, key: Option<String>, message: String) {
        let risk = Risk {
            rule,
            message,
            path: changed.path.to_owned(),
            object: changed.id.map(ToString::to_string),
            key,
            environments: Vec::new(),
        };
        self.risks.push((changed.component.to_owned(), risk));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_has_its_own_name_and_words() {
        let all = super::all();
        let ids: BTreeSet<_> = all.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), all.len());
        for rule in all {
            assert!(rule.advice.ends_with('.') && !rule.title.ends_with('.'), "{}", rule.id);
        }
    }
}
