//! Custom resource definitions: what goes with them.

use std::collections::BTreeMap;

use super::changed::{Changed, items, list, text, words};
use super::deletion::{Fate, fate};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::keys::Step;
use crate::yaml::{Node, Value};

const DELETED: Rule = Rule {
    id: "crd-deleted",
    level: Level::DataLoss,
    title: "custom resource definition is deleted",
    advice: "Kubernetes deletes every object of the kind with it, in all namespaces. Keep the definition until none is left.",
};

const VERSION_GONE: Rule = Rule {
    id: "crd-version-removed",
    level: Level::Outage,
    title: "API version of a custom resource is no longer served",
    advice: "Objects and clients that still use the version are refused. See that all manifests and `status.storedVersions` are past it.",
};

const IDENTITY: Rule = Rule {
    id: "crd-identity-changed",
    level: Level::Outage,
    title: "scope or names of a custom resource change",
    advice: "The API server refuses to change a definition's scope, and objects are not carried over to other names.",
};

const FIELD_GONE: Rule = Rule {
    id: "crd-field-removed",
    level: Level::Info,
    title: "fields of a custom resource are removed",
    advice: "The API server drops such fields from objects when they are next written. See that nothing sets them.",
};

pub(super) const RULES: &[&Rule] = &[&DELETED, &VERSION_GONE, &IDENTITY, &FIELD_GONE];

pub(super) fn check(changed: &Changed<'_>, scene: &Scene<'_>, found: &mut Found) {
    if !changed.is("apiextensions.k8s.io", &["CustomResourceDefinition"]) {
        return;
    }
    if let Some(node) = changed.before.filter(|_| changed.is_gone()) {
        let fate = fate(scene, changed.owner(), node);
        if fate != Fate::Kept {
            let kind = text(Some(node), &["spec", "names", "kind"]);
            found.add(
                &DELETED,
                changed,
                format!("is deleted, and every {kind} of the cluster with it{}", fate.words()),
            );
        }
    }
    let Some((before, after)) = changed.both() else { return };
    for path in [&["spec", "scope"][..], &["spec", "names", "plural"], &["spec", "names", "kind"]] {
        if let Some((old, new)) = changed.differs(path) {
            found.named(&IDENTITY, changed, &path.join("."), format!("{} → {}", words(old), words(new)));
        }
    }
    let served = served(after);
    for name in self::served(before).keys().filter(|name| !served.contains_key(*name)) {
        found.named(
            &VERSION_GONE,
            changed,
            &format!("spec.versions[name={name}]"),
            format!("version {name} is no longer served"),
        );
    }
    let gone = removed_fields(changed);
    if !gone.is_empty() {
        found.add(&FIELD_GONE, changed, format!("loses {}", list(&gone)));
    }
}

fn served(definition: &Node) -> BTreeMap<&str, ()> {
    items(Some(definition), &["spec", "versions"])
        .iter()
        .filter(|version| !version.get("served").is_some_and(|n| matches!(n.value, Value::Bool(false))))
        .filter_map(|version| Some((version.get("name")?.as_str()?, ())))
        .collect()
}

/// Fields that were in the schema of a version and are not any more: `v1 spec.size`.
fn removed_fields(changed: &Changed<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for key in changed.keys().iter().filter(|key| key.after.is_none()) {
        let [Step::Key(spec), Step::Key(versions), Step::Item(_, version), Step::Key(schema), Step::Key(_), rest @ ..] =
            &key.path[..]
        else {
            continue;
        };
        let parent = rest.len().checked_sub(2).and_then(|at| rest.get(at));
        let is_field = matches!(parent, Some(Step::Key(name)) if &**name == "properties");
        if is_field && &**spec == "spec" && &**versions == "versions" && &**schema == "schema" {
            let field: Vec<String> = rest
                .iter()
                .filter_map(|step| match step {
                    Step::Key(name) if &**name == "properties" => None,
                    Step::Key(name) if &**name == "items" => Some("[]".to_owned()),
                    Step::Key(name) => Some(name.to_string()),
                    _ => None,
                })
                .collect();
            found.push(format!("{version} {}", field.join(".").replace(".[]", "[]")));
        }
    }
    found
}
