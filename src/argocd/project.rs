//! AppProjects: each allows what its Applications really need, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::application::repository;
use super::{object, object_name, shared, texts};
use crate::render::{Rendered, Unit};
use crate::yaml::Node;

/// AppProjects stand before the Applications that name them.
pub const PROJECT_WAVE: i32 = -1;

#[derive(Default)]
struct Needs<'a> {
    repositories: BTreeSet<&'a str>,
    namespaces: BTreeSet<&'a str>,
    /// (group, kind)
    cluster_kinds: BTreeSet<(&'a str, &'a str)>,
    /// (group, kind)
    namespaced_kinds: BTreeSet<(&'a str, &'a str)>,
    /// Whether a source of it renders what is not known here.
    open: bool,
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
            let kinds = match rendered.scopes.is_cluster_scoped(object) {
                true => &mut self.cluster_kinds,
                false => &mut self.namespaced_kinds,
            };
            kinds.insert((object.group(), &object.kind));
            self.namespaces.extend(object.namespace.as_deref());
        }
        let Some(instance) = unit.instance.map(|i| &rendered.platform.instances[i]) else {
            self.repositories.insert(&rendered.platform.settings.gitops.repository.text);
            return;
        };
        let component = &instance.source.component;
        let remote = unit.remote_chart(&rendered.platform);
        self.open |= !unit.is_plain(&rendered.platform);
        self.repositories.extend(remote.map(|c| repository(&c.repository)));
        if let Some(chart) = component.chart.as_ref().filter(|_| remote.is_some()) {
            self.cluster_kinds.extend(chart.cluster_kinds.iter().map(|k| group_kind(&k.text)));
            self.namespaces.extend(chart.namespaces.iter().map(|n| &*n.text));
        }
        if let Some(remote) = &component.kustomize {
            self.repositories.insert(&remote.repository.text);
            self.cluster_kinds.extend(remote.cluster_kinds.iter().map(|k| group_kind(&k.text)));
            self.namespaces.extend(remote.namespaces.iter().map(|n| &*n.text));
        }
        if !component.crds.is_empty() && !unit.is_plain(&rendered.platform) {
            self.cluster_kinds.insert(("apiextensions.k8s.io", "CustomResourceDefinition"));
        }
        if !unit.objects.is_empty() || remote.is_some() {
            self.repositories.insert(&rendered.platform.settings.gitops.repository.text);
        }
    }

    fn project(&self, rendered: &Rendered<'_>, name: &Arc<str>) -> Node {
        let settings = &rendered.platform.settings;
        let destination = |namespace: &&str| {
            Node::map([("server", shared(&settings.gitops.server.text)), ("namespace", Node::str(namespace))])
        };
        let kind = |(group, kind): &(&str, &str)| Node::map([("group", Node::str(group)), ("kind", Node::str(kind))]);
        // Which namespaced kinds a chart renders is not known where Argo CD renders it; its namespaces bound them.
        let namespaced = match self.open {
            true => vec![kind(&("*", "*"))],
            false => self.namespaced_kinds.iter().map(kind).collect(),
        };
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
            ("namespaceResourceWhitelist", Node::seq(namespaced)),
        ];
        object("AppProject", metadata, spec)
    }
}

fn group_kind(text: &str) -> (&str, &str) {
    text.rsplit_once('/').unwrap_or(("", text))
}
