//! Where secrets come from and what they are called; never what they are.

use std::collections::BTreeMap;

use super::changed::{Changed, arrow, items, list, text, without};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::document::Content;
use crate::yaml::Node;

const PATH: Rule = Rule {
    id: "secret-path-changed",
    level: Level::Outage,
    title: "secret is read from another place",
    advice: "It must be there before this is merged, or the Secret is not kept up to date and new pods may not start.",
};

const RENAMED: Rule = Rule {
    id: "secret-renamed",
    level: Level::Outage,
    title: "Secret has another name",
    advice: "Pods that name the old one do not start. Change them with it.",
};

const KEY_GONE: Rule = Rule {
    id: "secret-key-removed",
    level: Level::Outage,
    title: "Secret no longer has a key",
    advice: "Pods that read the key do not start.",
};

const STORE: Rule = Rule {
    id: "secret-store-changed",
    level: Level::Outage,
    title: "secret store is reached in another way",
    advice: "If it cannot be reached, no Secret that comes from it is made or kept up to date.",
};

const REFERENCE: Rule = Rule {
    id: "secret-reference-changed",
    level: Level::Outage,
    title: "other Secret is used",
    advice: "It must exist, with the keys that are read from it, before pods start anew.",
};

const EXPECTED: Rule = Rule {
    id: "secret-expected",
    level: Level::Info,
    title: "secret that the platform did not need before",
    advice: "Put it into the store before this is merged.",
};

pub(super) const RULES: &[&Rule] = &[&PATH, &RENAMED, &KEY_GONE, &STORE, &REFERENCE];
pub(super) const EXPECTED_RULES: &[&Rule] = &[&EXPECTED];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    match (changed.group(), changed.kind()) {
        ("external-secrets.io", "ExternalSecret" | "ClusterExternalSecret") => external(changed, found),
        ("external-secrets.io", "SecretStore" | "ClusterSecretStore") => store(changed, "spec", found),
        ("secrets.hashicorp.com", "VaultConnection" | "VaultAuth") => store(changed, "spec", found),
        ("secrets.hashicorp.com", "VaultStaticSecret" | "VaultDynamicSecret" | "VaultPKISecret") => {
            vault(changed, found)
        }
        ("", "Secret") => plain(changed, found),
        _ if changed.has_settings() => reference(changed, found),
        _ => {}
    }
}

fn external(changed: &Changed<'_>, found: &mut Found) {
    let path: &[&str] =
        if changed.kind() == "ClusterExternalSecret" { &["spec", "externalSecretSpec"] } else { &["spec"] };
    let (old, new) = changed.at(path);
    let Some((before, after)) = old.zip(new) else { return };
    for key in changed.leaves() {
        let remote =
            key.below(&["remoteRef", "extract", "find"]) && matches!(key.last(), "key" | "property" | "version");
        if remote && key.before.is_some() && key.after.is_some() || key.below(&["secretStoreRef"]) {
            found.at(&PATH, changed, key, changed.arrow(key));
        }
    }
    if before.at(&["target", "name"]) != after.at(&["target", "name"]) {
        found.named(
            &RENAMED,
            changed,
            "spec.target.name",
            arrow((before.at(&["target", "name"]), after.at(&["target", "name"]))),
        );
    }
    let keys = |spec: &Node| {
        items(Some(spec), &["data"])
            .iter()
            .filter_map(|d| Some(d.get("secretKey")?.as_str()?.to_owned()))
            .collect::<Vec<_>>()
    };
    let gone = without(&keys(before), &keys(after));
    if !gone.is_empty() {
        found.named(&KEY_GONE, changed, "spec.data", format!("no longer has {}", list(&gone)));
    }
}

fn store(changed: &Changed<'_>, root: &str, found: &mut Found) {
    if changed.both().is_some() {
        for key in changed.leaves().iter().filter(|key| key.starts(&[root])) {
            found.at(&STORE, changed, key, changed.arrow(key));
        }
    }
}

fn vault(changed: &Changed<'_>, found: &mut Found) {
    if changed.both().is_none() {
        return;
    }
    for key in changed.leaves() {
        if key.starts(&["spec", "destination", "name"]) {
            found.at(&RENAMED, changed, key, changed.arrow(key));
        } else if ["mount", "path", "namespace", "role", "vaultAuthRef", "type"]
            .iter()
            .any(|name| key.starts(&["spec", *name]))
        {
            found.at(&PATH, changed, key, changed.arrow(key));
        }
    }
}

fn plain(changed: &Changed<'_>, found: &mut Found) {
    if changed.both().is_none() {
        return;
    }
    let keys = |node: Option<&Node>| {
        let of = |path| {
            node.and_then(|n| n.get(path))
                .and_then(Node::as_map)
                .into_iter()
                .flatten()
                .map(|(key, _)| key.text.to_string())
        };
        of("data").chain(of("stringData")).collect::<Vec<_>>()
    };
    let gone = without(&keys(changed.before), &keys(changed.after));
    if !gone.is_empty() {
        found.named(&KEY_GONE, changed, "data", format!("no longer has {}", list(&gone)));
    }
}

/// Keys by which charts, workloads and custom resources name a Secret.
fn reference(changed: &Changed<'_>, found: &mut Found) {
    if changed.both().is_none() || changed.is("cert-manager.io", &["Certificate"]) {
        return;
    }
    for key in changed.leaves() {
        let last = key.last();
        let parent = key.names().rev().nth(1).unwrap_or_default();
        let is_reference = last.starts_with("existingSecret")
            || last == "secretName" && !key.below(&["tls"])
            || last == "name"
                && (parent.ends_with("SecretRef")
                    || matches!(parent, "secretKeyRef" | "secretRef" | "passwordSecret" | "credentialsSecret"));
        if is_reference && key.old_text().is_some_and(|old| !old.is_empty()) && key.after.is_some() {
            found.at(&REFERENCE, changed, key, changed.arrow(key));
        }
    }
}

/// `secrets.yaml`: what the platform expects in the store.
pub(super) fn check_expected(scene: &Scene<'_>, found: &mut Found) {
    let Some(file) = scene.files.iter().find(|file| file.path == "secrets.yaml").filter(|_| scene.before.is_some())
    else {
        return;
    };
    let tree = |content: &'_ Content| content.trees().first().map(|document| document.node.clone());
    let (before, after) = (tree(&file.before), tree(&file.after));
    let known = expected(before.as_ref());
    for entry in items(after.as_ref(), &["secrets"]) {
        let path = text(Some(entry), &["path"]);
        let came = without(&properties(entry), known.get(path).map_or(&[][..], Vec::as_slice));
        if !came.is_empty() {
            let reader = items(Some(entry), &["readers"])
                .first()
                .map(|reader| text(Some(reader), &["component"]))
                .unwrap_or_default();
            let component = if reader.is_empty() { "(platform)" } else { reader };
            found.file(&EXPECTED, component, &file.path, format!("`{path}` must have {}", list(&came)));
        }
    }
}

fn expected(list: Option<&Node>) -> BTreeMap<&str, Vec<String>> {
    items(list, &["secrets"]).iter().map(|entry| (text(Some(entry), &["path"]), properties(entry))).collect()
}

fn properties(entry: &Node) -> Vec<String> {
    items(Some(entry), &["properties"]).iter().map(|property| text(Some(property), &["name"]).to_owned()).collect()
}
