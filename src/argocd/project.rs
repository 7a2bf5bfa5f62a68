//! AppProjects: each allows what its Applications really need, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::application::repository;
use super::{object, object_name, shared, texts};
use crate::render::{Rendered, Unit, is_cluster_scoped};
use crate::yaml::Node;

/// AppProjects stand before the Applications that name them.
pub const PROJECT_WAVE: i32 = -1;

#[derive(Default)]
struct Needs<'a> {
    repositories: BTreeSet<&'a str>,
    namespaces: BTreeSet<&'a str>,
    /// (group, kind)
    cluster_kinds: BTreeSet<(&'a str, &'a str)>,
    titles: Vec<&'a str>,
}

/// The AppProjects of an environment, by name.
pub fn projects(rendered: &Rendered<'_>) -> Vec<(Arc<str>, Node)> {
    let mut all: BTreeMap<Arc<str>, Needs<'_>> = BTreeMap::new();
    for unit in &rendered.units {
        all.entry(unit.project.clone()).or_default().add(rendered, unit);
    }
    all.into_iter().map(|(name, needs)| (name.clone(), needs.project(rendered, &name))).collect()
}

impl<'a> Needs<'a> {
    fn add(&mut self, rendered: &'a Rendered<'_>, unit: &'a Unit) {
        self.titles.push(&unit.name);
        self.namespaces.insert(&unit.namespace);
        for object in &unit.objects {
            if is_cluster_scoped(&rendered.platform, object) {
                self.cluster_kinds.insert((object.group(), &object.kind));
            }
            self.namespaces.extend(object.namespace.as_deref());
        }
        let Some(instance) = unit.instance.map(|i| &rendered.platform.instances[i]) else {
            self.repositories.insert(&rendered.platform.settings.gitops.repository.text);
            return;
        };
        let component = &instance.source.component;
        self.repositories.extend(instance.chart.as_ref().map(|c| repository(&c.repository)));
        if let Some(chart) = &component.chart {
            self.cluster_kinds.extend(chart.cluster_kinds.iter().map(|k| group_kind(&k.text)));
            self.namespaces.extend(chart.namespaces.iter().map(|n| &*n.text));
        }
        if let Some(remote) = &component.kustomize {
            self.repositories.insert(&remote.repository.text);
            self.cluster_kinds.extend(remote.cluster_kinds.iter().map(|k| group_kind(&k.text)));
            self.namespaces.extend(remote.namespaces.iter().map(|n| &*n.text));
        }
        if !component.crds.is_empty() {
            self.cluster_kinds.insert(("apiextensions.k8s.io", "CustomResourceDefinition"));
        }
        if !unit.objects.is_empty() || instance.chart.is_some() {
            self.repositories.insert(&rendered.platform.settings.gitops.repository.text);
        }
    }

    fn project(&self, rendered: &Rendered<'_>, name: &Arc<str>) -> Node {
        let settings = &rendered.platform.settings;
        let destination = |namespace: &&str| {
            Node::map([("server", shared(&settings.gitops.server.text)), ("namespace", Node::str(namespace))])
        };
        let kind = |(group, kind): &(&str, &str)| Node::map([("group", Node::str(group)), ("kind", Node::str(kind))]);
        let metadata = vec![
            ("name", Node::str(object_name(&rendered.platform, name))),
            ("namespace", shared(&settings.gitops.namespace.text)),
            ("labels", Node::map([("stackgen.dev/environment", shared(&settings.environment.name))])),
            ("annotations", Node::map([("argocd.argoproj.io/sync-wave", Node::str(PROJECT_WAVE.to_string()))])),
            ("finalizers", texts([super::CASCADE])),
        ];
        let spec = vec![
            ("description", Node::str(self.titles.join(", "))),
            ("sourceRepos", texts(self.repositories.iter().copied())),
            ("destinations", Node::seq(self.namespaces.iter().map(destination).collect())),
            ("clusterResourceWhitelist", Node::seq(self.cluster_kinds.iter().map(kind).collect())),
            // Which namespaced kinds a chart renders is not known here; its namespaces bound them.
            ("namespaceResourceWhitelist", Node::seq(vec![kind(&("*", "*"))])),
        ];
        object("AppProject", metadata, spec)
    }
}

fn group_kind(text: &str) -> (&str, &str) {
    text.rsplit_once('/').unwrap_or(("", text))
}
