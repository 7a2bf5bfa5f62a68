//! Stage 4: what each component puts into its environment: values, objects, files, and the order of all.
//!
//! [`render`] turns a resolved [`Platform`] into [`Rendered`]: one [`Unit`] for each Application that Argo CD will have.

mod files;
mod kustomize;
mod namespaces;
mod object;
mod objects;
mod order;
mod sync;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use files::TextFile;
pub use object::Object;
pub use order::{Edge, Reason};
pub use sync::SyncRules;
pub use values::value_layers;

use crate::diagnostic::{Diagnostic, Sink, codes::rendering};
use crate::kubernetes;
use crate::resolve::Platform;
use crate::source::{ComponentSource, Deletion, KustomizeBase};
use crate::yaml::{Node, Span};

/// Everything of an environment, before it becomes files.
#[derive(Debug)]
pub struct Rendered<'p> {
    /// The resolved environment.
    pub platform: Platform<'p>,
    /// One for each Application, sorted by name.
    pub units: Vec<Unit>,
    /// Who waits for whom, sorted.
    pub edges: Vec<Edge>,
    /// Files for machines, pipelines and people, by path.
    pub files: BTreeMap<String, TextFile>,
}

/// What one Application brings.
#[derive(Debug)]
pub struct Unit {
    /// The Application's name: the component's, `namespaces` or `policies`.
    pub name: Arc<str>,
    /// The component among the platform's instances; none where stackgen makes the Application itself.
    pub instance: Option<usize>,
    /// The namespace that it is deployed to.
    pub namespace: Arc<str>,
    /// Its AppProject.
    pub project: Arc<str>,
    /// Its Helm values.
    pub values: Option<Node>,
    /// Its remote kustomizations.
    pub bases: Vec<KustomizeBase>,
    /// Its objects.
    pub objects: Vec<Object>,
    /// API versions that its chart is told of, and where.
    pub api_versions: Vec<(Arc<str>, Span)>,
    /// How Argo CD syncs it.
    pub sync: SyncRules,
    /// Its sync wave.
    pub wave: u32,
}

/// The Application of all namespaces.
pub const NAMESPACES: &str = "namespaces";
/// The Application of all policies.
pub const POLICIES: &str = "policies";

impl Unit {
    /// Whether it is the Application of all namespaces.
    pub fn makes_namespaces(&self) -> bool {
        self.instance.is_none() && &*self.name == NAMESPACES
    }

    /// Its blueprint.
    pub fn source<'p>(&self, platform: &Platform<'p>) -> Option<&'p ComponentSource> {
        Some(platform.instances.get(self.instance?)?.source)
    }
}

impl Rendered<'_> {
    /// The Application of a name.
    pub fn unit(&self, name: &str) -> Option<&Unit> {
        self.units.binary_search_by(|u| (*u.name).cmp(name)).ok().map(|i| &self.units[i])
    }

    /// What must stand before Argo CD works: the components marked so, and what they cannot be applied without. In order of waves.
    pub fn bootstrap(&self) -> Vec<&Unit> {
        let marked = |u: &Unit| u.source(&self.platform).is_some_and(|s| s.component.bootstrap);
        let mut chosen: Vec<bool> = self.units.iter().map(marked).collect();
        let mut queue: Vec<usize> = (0..chosen.len()).filter(|i| chosen[*i]).collect();
        while let Some(unit) = queue.pop() {
            for edge in self.edges.iter().filter(|e| e.from == unit && e.reason.is_hard()) {
                if !std::mem::replace(&mut chosen[edge.to], true) {
                    queue.push(edge.to);
                }
            }
        }
        let mut units: Vec<&Unit> =
            self.units.iter().zip(chosen).filter_map(|(u, chosen)| chosen.then_some(u)).collect();
        units.sort_by_key(|u| (u.wave, u.name.clone()));
        units
    }
}

/// Renders an environment. What is wrong is in the sink; the rest is rendered all the same.
pub fn render<'p>(platform: Platform<'p>, sink: &mut Sink) -> Rendered<'p> {
    let mut units = Vec::with_capacity(platform.instances.len() + 2);
    let mut policies = Vec::new();
    for index in 0..platform.instances.len() {
        units.extend(component(&platform, index, &mut policies, sink));
    }
    if let Some(provider) = platform.provider("policy").filter(|_| !policies.is_empty()) {
        let project = project(provider.source);
        units.push(own_unit(POLICIES, &provider.namespace, project, policies));
    }
    let namespaces = namespaces::namespaces(&platform, sink);
    if !namespaces.is_empty() {
        units.push(own_unit(NAMESPACES, &Arc::from("default"), Arc::from("platform"), namespaces));
    }
    units.sort_by(|a, b| a.name.cmp(&b.name));
    let edges = order::edges(&platform, &units);
    let waves = order::waves(&units, &edges, sink);
    for (unit, wave) in units.iter_mut().zip(waves) {
        unit.wave = wave;
    }
    scopes(&platform, &units, sink);
    let files = files::files(&platform, sink);
    Rendered { platform, units, edges, files }
}

/// The Application of a component; none where it has nothing for the cluster.
fn component(platform: &Platform<'_>, index: usize, policies: &mut Vec<Object>, sink: &mut Sink) -> Option<Unit> {
    let instance = &platform.instances[index];
    let made = objects::objects(platform, instance, sink);
    policies.extend(made.policies);
    let values = values::values(&platform.settings, instance, sink);
    let bases = kustomize::bases(instance, sink);
    if values.is_none() && made.resources.is_empty() && bases.is_empty() {
        return None;
    }
    let api_versions = objects::api_versions(instance, sink);
    Some(Unit {
        name: instance.name.clone(),
        instance: Some(index),
        namespace: instance.namespace.clone(),
        project: project(instance.source),
        values,
        bases,
        sync: sync::rules(platform, instance, &made.resources),
        objects: made.resources,
        api_versions,
        wave: 0,
    })
}

fn project(source: &ComponentSource) -> Arc<str> {
    source.component.metadata.category.as_ref().map_or_else(|| Arc::from("platform"), |c| c.text.clone())
}

fn own_unit(name: &str, namespace: &Arc<str>, project: Arc<str>, objects: Vec<Object>) -> Unit {
    let mut sync = SyncRules::for_objects(&objects);
    sync.server_side_apply = true;
    // Without this Application nothing would own the namespaces: they, and all in them, stay when it goes.
    sync.deletion = if name == NAMESPACES { Deletion::Orphan } else { Deletion::Cascade };
    Unit {
        name: Arc::from(name),
        instance: None,
        namespace: namespace.clone(),
        project,
        values: None,
        bases: Vec::new(),
        objects,
        api_versions: Vec::new(),
        sync,
        wave: 0,
    }
}

/// Whether an object belongs to no namespace, by Kubernetes itself or by the component that brings its kind.
pub fn is_cluster_scoped(platform: &Platform<'_>, object: &Object) -> bool {
    let group = object.group();
    if kubernetes::is_own_group(group) {
        return kubernetes::is_cluster_scoped(group, &object.kind);
    }
    let matches = |name: &str| name.strip_prefix(&*object.kind).and_then(|rest| rest.strip_prefix('.')) == Some(group);
    platform.instances.iter().any(|i| i.source.component.cluster_crds.iter().any(|name| matches(&name.text)))
}

fn scopes(platform: &Platform<'_>, units: &[Unit], sink: &mut Sink) {
    for object in units.iter().flat_map(|u| &u.objects) {
        if object.namespace.is_some() && is_cluster_scoped(platform, object) {
            let span = object.node.at(&["metadata", "namespace"]).map_or(object.span(), |n| n.span);
            sink.push(
                Diagnostic::error(&rendering::SCOPE, span, format!("`{}` belongs to no namespace", object.title()))
                    .help("remove `metadata.namespace`"),
            );
        }
    }
}
