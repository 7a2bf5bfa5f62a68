//! Which kinds belong to no namespace.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Object;
use crate::kubernetes;
use crate::resolve::Platform;

/// Kinds without namespace that are not Kubernetes' own, as (group, kind).
#[derive(Debug, Default)]
pub struct Scopes {
    cluster: BTreeSet<(Arc<str>, Arc<str>)>,
}

impl Scopes {
    /// What the components' blueprints say of the kinds that they bring.
    pub(super) fn of(platform: &Platform<'_>) -> Self {
        let mut cluster = BTreeSet::new();
        for component in platform.instances.iter().map(|i| &i.source.component) {
            let crds = component.cluster_crds.iter().filter_map(|name| name.text.split_once('.'));
            cluster.extend(crds.map(|(kind, group)| (Arc::from(group), Arc::from(kind))));
            let kinds = component.chart.iter().flat_map(|chart| &chart.cluster_kinds);
            let kinds = kinds.filter_map(|kind| kind.text.rsplit_once('/'));
            cluster.extend(kinds.map(|(group, kind)| (Arc::from(group), Arc::from(kind))));
        }
        Scopes { cluster }
    }

    /// Adds what a CustomResourceDefinition says.
    pub(super) fn learn(&mut self, definition: &Object) {
        let text = |path: &[&str]| definition.node.at(path).and_then(crate::yaml::Node::as_str);
        if text(&["spec", "scope"]) == Some("Cluster")
            && let (Some(group), Some(kind)) = (text(&["spec", "group"]), text(&["spec", "names", "kind"]))
        {
            self.cluster.insert((Arc::from(group), Arc::from(kind)));
        }
    }

    /// Whether an object belongs to no namespace, by Kubernetes itself or by the component that brings its kind.
    pub fn is_cluster_scoped(&self, object: &Object) -> bool {
        let group = object.group();
        if kubernetes::is_own_group(group) {
            return kubernetes::is_cluster_scoped(group, &object.kind);
        }
        self.cluster.contains(&(Arc::from(group), object.kind.clone()))
    }
}
