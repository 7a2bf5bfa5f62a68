//! What a rule looks at: an object, or the Helm values of a component, before and after.

use std::sync::Arc;

use crate::review::compare::Compared;
use crate::review::document::{ObjectId, scalar};
use crate::review::keys::{Delta, KeyDiff, Step, path_text};
use crate::review::mask;
use crate::yaml::Node;

/// A changed object, or changed Helm values.
pub(super) struct Changed<'a> {
    /// The component.
    pub(super) component: &'a str,
    /// The file: the new one, where there is one.
    pub(super) path: &'a str,
    /// What it is; none for Helm values. For a renamed object: what it was.
    pub(super) id: Option<&'a ObjectId>,
    /// Before; none if it is new.
    pub(super) before: Option<&'a Node>,
    /// After; none if it is gone.
    pub(super) after: Option<&'a Node>,
    delta: Arc<Delta>,
    /// Where an object is gone and one much like it came: what it is called now.
    pub(super) renamed: Option<&'a ObjectId>,
    /// Whether it is what another object is called now.
    pub(super) is_new_name: bool,
    /// The component that had it before, if that was another one.
    pub(super) old_component: Option<&'a str>,
}

impl<'a> Changed<'a> {
    /// An object or values that are told of with a file.
    pub(super) fn new(
        file: &'a Compared,
        path: &'a str,
        id: Option<&'a ObjectId>,
        before: Option<&'a Node>,
        after: Option<&'a Node>,
    ) -> Self {
        let delta = file.delta(before, after);
        Changed {
            component: &file.component,
            path,
            id,
            before,
            after,
            delta,
            renamed: None,
            is_new_name: false,
            old_component: None,
        }
    }

    /// Changed keys: a map or list that came or went is one.
    pub(super) fn keys(&self) -> &[KeyDiff] {
        self.delta.keys()
    }

    /// Changed scalars. Of what came or went as a whole: all of its scalars.
    pub(super) fn leaves(&self) -> &[KeyDiff] {
        self.delta.leaves()
    }

    /// Whether it is the Helm values of a component.
    pub(super) fn is_values(&self) -> bool {
        self.id.is_none()
    }

    /// Its kind; empty for values.
    pub(super) fn kind(&self) -> &'a str {
        self.id.map_or("", |id| id.kind.as_str())
    }

    /// Its API group; empty for values and for Kubernetes' core.
    pub(super) fn group(&self) -> &'a str {
        self.id.map_or("", |id| id.group.as_str())
    }

    /// The component whose Application has it in the cluster.
    pub(super) fn owner(&self) -> &'a str {
        self.old_component.unwrap_or(self.component)
    }

    /// Whether it is of a group and one of its kinds.
    pub(super) fn is(&self, group: &str, kinds: &[&str]) -> bool {
        self.id.is_some_and(|id| id.group == group && kinds.contains(&id.kind.as_str()))
    }

    /// Whether keys such as `replicas` or `image` mean here what they mean elsewhere: in values, workloads and custom resources.
    pub(super) fn has_settings(&self) -> bool {
        let own =
            self.group() == "argoproj.io" && matches!(self.kind(), "Application" | "AppProject" | "ApplicationSet");
        !own && !matches!(self.kind(), "CustomResourceDefinition" | "ConfigMap" | "Secret")
    }

    /// Both sides, where it is on both.
    pub(super) fn both(&self) -> Option<(&'a Node, &'a Node)> {
        Some((self.before?, self.after?))
    }

    /// Whether it is new.
    pub(super) fn is_new(&self) -> bool {
        self.before.is_none()
    }

    /// Whether it is gone.
    pub(super) fn is_gone(&self) -> bool {
        self.after.is_none()
    }

    /// What stands at a path before and after.
    pub(super) fn at(&self, path: &[&str]) -> (Option<&'a Node>, Option<&'a Node>) {
        (self.before.and_then(|n| n.at(path)), self.after.and_then(|n| n.at(path)))
    }

    /// What stands at a path before and after, where both sides are there and differ in it.
    pub(super) fn differs(&self, path: &[&str]) -> Option<(Option<&'a Node>, Option<&'a Node>)> {
        let (before, after) = (self.before?.at(path), self.after?.at(path));
        (before != after).then_some((before, after))
    }

    /// `20Gi → 10Gi`, never with a secret.
    pub(super) fn arrow(&self, key: &KeyDiff) -> String {
        mask::arrow(self.id, &key.path, key.before.as_ref(), key.after.as_ref())
    }

    /// A value for a message, never a secret.
    pub(super) fn words(&self, path: &[Step], node: Option<&Node>) -> String {
        mask::words(self.id, path, node)
    }
}

/// `a → b` of two nodes that hold no secret.
pub(super) fn arrow((before, after): (Option<&Node>, Option<&Node>)) -> String {
    mask::arrow(None, &[], before, after)
}

/// A value for a message.
pub(super) fn words(node: Option<&Node>) -> String {
    mask::words(None, &[], node)
}

/// The text at a path; empty where there is none.
pub(super) fn text<'a>(node: Option<&'a Node>, path: &[&str]) -> &'a str {
    node.and_then(|n| n.at(path)).and_then(Node::as_str).unwrap_or_default()
}

/// The items of the list at a path; none where there is no list.
pub(super) fn items<'a>(node: Option<&'a Node>, path: &[&str]) -> &'a [Node] {
    node.and_then(|n| n.at(path)).and_then(Node::as_seq).unwrap_or_default()
}

/// The scalars of the list at a path.
pub(super) fn texts(node: Option<&Node>, path: &[&str]) -> Vec<String> {
    items(node, path).iter().filter_map(scalar).collect()
}

/// What is in the first list and not in the second, sorted, each once.
pub(super) fn without(first: &[String], second: &[String]) -> Vec<String> {
    let mut found: Vec<String> = first.iter().filter(|item| !second.contains(item)).cloned().collect();
    found.sort();
    found.dedup();
    found
}

/// Names for a message: a few, and how many more.
pub(super) fn list(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let short = |name: &String| {
        if name.chars().count() > 80 {
            format!("{}…", name.chars().take(79).collect::<String>())
        } else {
            name.clone()
        }
    };
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{}`", short(name))).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

/// What changed in the spec: `peerAddress 10.0.0.1 → 10.0.0.2, myASN …`.
pub(super) fn spec_changes(changed: &Changed<'_>) -> String {
    key_changes(changed, |key| key.starts(&["spec"]))
}

/// What changed in some keys of the spec.
pub(super) fn key_changes(changed: &Changed<'_>, keep: impl Fn(&KeyDiff) -> bool) -> String {
    const SHOWN: usize = 4;
    let all: Vec<&KeyDiff> = changed.leaves().iter().filter(|key| keep(key)).collect();
    let words = |key: &&KeyDiff| format!("{} {}", path_text(key.path.get(1..).unwrap_or_default()), changed.arrow(key));
    let mut text = all.iter().take(SHOWN).map(words).collect::<Vec<_>>().join(", ");
    if all.len() > SHOWN {
        text.push_str(&format!(" and {} more", all.len() - SHOWN));
    }
    text
}

impl KeyDiff {
    /// The last key of the path; empty in a list.
    pub(super) fn last(&self) -> &str {
        match self.path.last() {
            Some(Step::Key(key)) => key,
            _ => "",
        }
    }

    /// The keys of the path, without lists' items.
    pub(super) fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.path.iter().filter_map(|step| match step {
            Step::Key(key) => Some(&**key),
            _ => None,
        })
    }

    /// Whether a key of the path is one of these.
    pub(super) fn below(&self, names: &[&str]) -> bool {
        self.names().any(|name| names.contains(&name))
    }

    /// Whether the path starts with these keys.
    pub(super) fn starts(&self, names: &[&str]) -> bool {
        self.path.len() >= names.len()
            && self.path.iter().zip(names).all(|(step, name)| matches!(step, Step::Key(key) if &**key == *name))
    }

    /// The text before; none if it is no string.
    pub(super) fn old_text(&self) -> Option<&str> {
        self.before.as_ref().and_then(Node::as_str)
    }

    /// The text after; none if it is no string.
    pub(super) fn new_text(&self) -> Option<&str> {
        self.after.as_ref().and_then(Node::as_str)
    }
}
