//! A component's objects: its resources and policies, with every layer's patches.

use std::sync::Arc;

use super::manifests::Manifests;
use super::{Object, Place, Scopes};
use crate::diagnostic::{Diagnostic, Sink, codes::layers};
use crate::layer::merge;
use crate::resolve::{Instance, Platform};
use crate::source::SourceTemplate;
use crate::yaml::{Key, Node, Span, Tag};

/// The objects of one component.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) resources: Vec<Object>,
    pub(super) policies: Vec<Object>,
    /// Whether objects are missing, which was found before.
    incomplete: bool,
}

/// All objects of a component, with those of its rendered chart.
pub(super) fn objects(
    platform: &Platform<'_>,
    instance: &Instance<'_>,
    manifests: Manifests,
    scopes: &Scopes,
    sink: &mut Sink,
) -> Made {
    let mut made = Made { resources: evaluate(&instance.source.resources, instance, sink), ..Made::default() };
    made.resources.extend(manifests.objects);
    made.incomplete = manifests.failed;
    if platform.providers.contains_key("policy") {
        made.policies = evaluate(&instance.source.policies, instance, sink);
    }
    for patch in instance.layered(&platform.settings).into_iter().flat_map(|l| &l.patches) {
        for (key, template) in &patch.resources {
            if let Some(change) = template.evaluate(&instance.scope, sink) {
                made.patch(key, &change, instance, sink);
            }
        }
        if let Some(template) = &patch.add_resources {
            let more = template.evaluate_items(&instance.scope, sink);
            made.resources.extend(more.into_iter().filter_map(|node| Object::new(node, template.span(), sink)));
        }
    }
    for object in made.resources.iter_mut().chain(&mut made.policies) {
        match (&object.namespace, scopes.is_cluster_scoped(object)) {
            (None, false) => object.set_namespace(&instance.namespace),
            // Charts write a namespace everywhere; the API server drops it, and a difference would stay for ever.
            (Some(_), true) if object.place != Place::Resources => object.clear_namespace(),
            _ => {}
        }
    }
    made
}

fn evaluate(templates: &[SourceTemplate], instance: &Instance<'_>, sink: &mut Sink) -> Vec<Object> {
    let mut objects = Vec::new();
    for source in templates {
        let place = source.template.span();
        for node in source.template.evaluate_items(&instance.scope, sink) {
            objects.extend(Object::new(node, place, sink));
        }
    }
    objects
}

impl Made {
    fn patch(&mut self, key: &Key, change: &Node, instance: &Instance<'_>, sink: &mut Sink) {
        let mut hit = false;
        for list in [&mut self.resources, &mut self.policies] {
            let matches = |o: &Object| o.title() == *key.text;
            hit |= list.iter().any(matches);
            if change.tag == Some(Tag::Unset) {
                list.retain(|object| !matches(object));
                continue;
            }
            for object in list.iter_mut().filter(|o| matches(o)) {
                *object = patched(object, change, instance, sink).unwrap_or_else(|| object.clone());
            }
        }
        if !hit && !self.incomplete {
            let names: Vec<String> = self.resources.iter().chain(&self.policies).map(Object::title).collect();
            sink.push(
                Diagnostic::error(
                    &layers::PATCH_NOTHING,
                    key.span,
                    format!("`{}` has no object `{}`", instance.name, key.text),
                )
                .here("patched here, as `Kind/name`")
                .suggest(&key.text, names.iter().map(String::as_str)),
            );
        }
    }
}

fn patched(object: &Object, change: &Node, instance: &Instance<'_>, sink: &mut Sink) -> Option<Object> {
    let root = format!("components.{}.resources.\"{}\"", instance.name, object.title());
    let node = merge(Some(object.node.clone()), std::slice::from_ref(change), &root, sink)?;
    Some(Object { place: object.place, ..Object::new(node, change.span, sink)? })
}

/// The API versions that the chart is told of.
pub(super) fn api_versions(instance: &Instance<'_>, sink: &mut Sink) -> Vec<(Arc<str>, Span)> {
    let chart = instance.source.component.chart.as_ref();
    let Some(template) = chart.and_then(|c| c.api_versions.as_ref()) else { return Vec::new() };
    let nodes = template.evaluate_items(&instance.scope, sink);
    nodes.iter().filter_map(|n| n.as_str().map(|t| (Arc::from(t), place(n, template.span())))).collect()
}

fn place(node: &Node, otherwise: Span) -> Span {
    if node.span.is_built_in() { otherwise } else { node.span }
}
