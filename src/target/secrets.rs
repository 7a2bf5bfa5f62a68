//! `secrets.yaml`: every secret that the platform expects, where it is kept and who reads it. Never a value.

use std::collections::BTreeMap;

use super::TargetFile;
use crate::render::Rendered;
use crate::yaml::{Node, Order};

#[derive(Default)]
struct Entry<'a> {
    manual: bool,
    /// Property to description.
    properties: BTreeMap<&'a str, Option<&'a str>>,
    readers: Vec<Node>,
}

pub(super) fn list(rendered: &Rendered<'_>) -> Option<TargetFile> {
    let mut entries: BTreeMap<&str, Entry<'_>> = BTreeMap::new();
    for instance in &rendered.platform.instances {
        for secret in &instance.secrets {
            let entry = entries.entry(&secret.entry.path.text).or_default();
            entry.manual |= secret.entry.manual;
            for (key, from) in &secret.entry.keys {
                let description = entry.properties.entry(&from.property.text).or_default();
                *description = description.or(from.description.as_ref().map(|d| &*d.text));
                entry.readers.push(Node::map([
                    ("component", Node::str(&instance.name)),
                    ("namespace", Node::str(&secret.namespace)),
                    ("secret", Node::str(&secret.entry.name.text)),
                    ("key", Node::str(&key.text)),
                    ("property", Node::str(&from.property.text)),
                ]));
            }
        }
    }
    if entries.is_empty() {
        return None;
    }
    let store = rendered.platform.provider("secrets").and_then(|p| p.published.get("secrets"));
    let fact = |name: &str| store.and_then(|s| s.get(name)).cloned();
    let mut document: Vec<(&str, Node)> = Vec::new();
    document.extend(fact("store").map(|store| ("store", store)));
    document.extend(fact("prefix").map(|prefix| ("prefix", prefix)));
    document.push(("secrets", Node::seq(entries.into_iter().map(|(path, entry)| entry.node(path)).collect())));
    let mut file = TargetFile::yaml("secrets.yaml".into(), &Node::map(document), Order::AsIs);
    file.text.insert_str(0, "# Every secret that this environment expects: fill these paths before the first sync. Paths stand below the prefix.\n\
        # `manual` ones are Kubernetes Secrets that must be made by hand, before the platform stands.\n");
    Some(file)
}

impl Entry<'_> {
    fn node(self, path: &str) -> Node {
        let properties = self.properties.into_iter().map(|(name, description)| {
            let description = description.map(|d| ("description", Node::str(d)));
            Node::map([("name", Node::str(name))].into_iter().chain(description))
        });
        Node::map([
            ("path", Node::str(path)),
            ("manual", Node::bool(self.manual)),
            ("properties", Node::seq(properties.collect())),
            ("readers", Node::seq(self.readers)),
        ])
    }
}
