//! A component's Helm values: its template, and every layer's patch.

use crate::diagnostic::Sink;
use crate::layer::{Settings, merge};
use crate::resolve::Instance;
use crate::yaml::Node;

/// The values that each layer gives, from general to special: the blueprint's first.
pub fn value_layers(settings: &Settings<'_>, instance: &Instance<'_>, sink: &mut Sink) -> Vec<Node> {
    let own = instance.source.values.as_ref();
    let patches = instance.layered(settings).into_iter().flat_map(|l| &l.patches).filter_map(|p| p.values.as_ref());
    own.into_iter().chain(patches).filter_map(|template| template.evaluate(&instance.scope, sink)).collect()
}

/// The final values; none where the component has no chart.
pub(super) fn values(settings: &Settings<'_>, instance: &Instance<'_>, sink: &mut Sink) -> Option<Node> {
    instance.chart.as_ref()?;
    let mut layers = value_layers(settings, instance, sink).into_iter();
    let base = layers.next().unwrap_or_else(|| Node::map([]));
    let patches: Vec<Node> = layers.collect();
    if patches.is_empty() {
        return Some(base);
    }
    merge(Some(base), &patches, &format!("components.{}.values", instance.name), sink)
}
