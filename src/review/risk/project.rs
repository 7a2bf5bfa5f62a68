//! What Applications of a project may do.

use super::changed::{Changed, items, list, texts, without};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::document::json;
use crate::yaml::Node;

const NARROWED: Rule = Rule {
    id: "project-narrowed",
    level: Level::Outage,
    title: "AppProject allows less",
    advice: "Applications that still need it can no longer sync.",
};

const REMOVED: Rule = Rule {
    id: "project-removed",
    level: Level::Outage,
    title: "AppProject is deleted",
    advice: "Applications that still name it can no longer sync.",
};

const WIDENED: Rule = Rule {
    id: "project-widened",
    level: Level::Security,
    title: "AppProject allows more",
    advice: "Every Application of the project may use it. See that one needs it.",
};

pub(super) const RULES: &[&Rule] = &[&NARROWED, &REMOVED, &WIDENED];

/// Lists that allow, with the words for their items.
const ALLOWS: [(&str, &str); 5] = [
    ("sourceRepos", "repository"),
    ("sourceNamespaces", "Applications in"),
    ("destinations", "destination"),
    ("clusterResourceWhitelist", "cluster kind"),
    ("namespaceResourceWhitelist", "kind"),
];
/// Lists that forbid.
const FORBIDS: [(&str, &str); 2] =
    [("clusterResourceBlacklist", "cluster kind"), ("namespaceResourceBlacklist", "kind")];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if !changed.is("argoproj.io", &["AppProject"]) {
        return;
    }
    if changed.is_gone() {
        found.add(&REMOVED, changed, "is deleted");
    }
    let Some((before, after)) = changed.both() else { return };
    let (mut wider, mut narrower) = (Vec::new(), Vec::new());
    for (key, word) in ALLOWS {
        let (old, new) = (entries(before, key, word), entries(after, key, word));
        wider.extend(without(&new, &old));
        narrower.extend(without(&old, &new));
    }
    for (key, word) in FORBIDS {
        let (old, new) = (entries(before, key, word), entries(after, key, word));
        wider.extend(without(&old, &new));
        narrower.extend(without(&new, &old));
    }
    if !wider.is_empty() {
        found.add(&WIDENED, changed, format!("allows {}", list(&wider)));
    }
    if !narrower.is_empty() {
        found.add(&NARROWED, changed, format!("no longer allows {}", list(&narrower)));
    }
}

fn entries(project: &Node, key: &str, word: &str) -> Vec<String> {
    let plain = texts(Some(project), &["spec", key]).into_iter();
    let maps = items(Some(project), &["spec", key]).iter().filter(|item| item.as_map().is_some()).map(entry);
    plain.chain(maps).map(|text| format!("{word} {text}")).collect()
}

fn entry(item: &Node) -> String {
    let text = |key: &str| item.get(key).and_then(Node::as_str);
    match (text("group"), text("kind"), text("namespace")) {
        (Some(""), Some(kind), _) => kind.to_owned(),
        (Some(group), Some(kind), _) => format!("{kind}.{group}"),
        (_, _, Some(namespace)) => format!("{namespace} of {}", text("server").or(text("name")).unwrap_or("*")),
        _ => json(item).to_string(),
    }
}
