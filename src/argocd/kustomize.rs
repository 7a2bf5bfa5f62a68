//! Remote kustomizations, as Argo CD builds them.

use super::shared;
use crate::decode::Text;
use crate::source::{Kustomize, KustomizeBase, KustomizeImage, KustomizePatch};
use crate::yaml::{Node, Order, write};

/// The source of a kustomization, with what is changed in it.
pub(super) fn source(remote: &Kustomize, base: &KustomizeBase) -> Node {
    let mut source = vec![
        ("repoURL", shared(&remote.repository.text)),
        ("path", shared(&base.path.text)),
        ("targetRevision", shared(&remote.revision.text)),
    ];
    let images = base.images.iter().map(image).collect();
    let mut changes = changes(base);
    list(&mut changes, "images", images);
    if !changes.is_empty() {
        source.push(("kustomize", Node::map(changes)));
    }
    Node::map(source)
}

/// A kustomization of our own that takes the remote one and changes it, for kustomize itself.
pub fn kustomization(remote: &Kustomize, base: &KustomizeBase) -> Node {
    let url = format!("{}//{}?ref={}", remote.repository.text, base.path.text, remote.revision.text);
    let mut all = vec![
        ("apiVersion", Node::str("kustomize.config.k8s.io/v1beta1")),
        ("kind", Node::str("Kustomization")),
        ("resources", Node::seq(vec![Node::str(url)])),
    ];
    all.extend(changes(base));
    let images = base.images.iter().map(|image| {
        let names =
            [("name", Some(&image.name)), ("newName", image.new_name.as_ref()), ("newTag", image.new_tag.as_ref())];
        Node::map(names.into_iter().filter_map(|(key, text)| Some((key, shared(&text?.text)))))
    });
    list(&mut all, "images", images.collect());
    Node::map(all)
}

/// What both forms write alike.
fn changes(base: &KustomizeBase) -> Vec<(&'static str, Node)> {
    let mut changes = Vec::new();
    changes.extend(base.namespace.iter().map(|n| ("namespace", shared(&n.text))));
    list(&mut changes, "components", base.components.iter().map(|c: &Text| shared(&c.text)).collect());
    list(&mut changes, "patches", base.patches.iter().map(patch).collect());
    changes
}

fn list(all: &mut Vec<(&'static str, Node)>, key: &'static str, items: Vec<Node>) {
    if !items.is_empty() {
        all.push((key, Node::seq(items)));
    }
}

fn image(image: &KustomizeImage) -> Node {
    let mut text = image.name.text.to_string();
    if let Some(name) = &image.new_name {
        text.push('=');
        text.push_str(&name.text);
    }
    if let Some(tag) = &image.new_tag {
        text.push(':');
        text.push_str(&tag.text);
    }
    Node::str(text)
}

fn patch(patch: &KustomizePatch) -> Node {
    let mut text = String::new();
    write(&patch.patch, Order::Object, &mut text);
    let mut entries = Vec::new();
    if !patch.target.is_empty() {
        entries.push(("target", Node::map(patch.target.iter().map(|(key, value)| (&*key.text, shared(&value.text))))));
    }
    entries.push(("patch", Node::str(text)));
    Node::map(entries)
}
