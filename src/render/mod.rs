//! Stage 4: what each component puts into its environment: values, objects, files, and the order of all.
//!
//! [`render`] turns a resolved [`Platform`] into [`Rendered`]: one [`Unit`] for each Application that Argo CD will have.

mod charts;
mod files;
mod kustomize;
mod manifests;
mod namespaces;
mod normal;
mod object;
mod objects;
mod order;
mod quantity;
mod scopes;
mod sync;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use charts::{Charts, NoCharts, ReadyChart, StoredCharts};
pub use files::TextFile;
pub use manifests::{HOOK, Unrepeatable, failed, release_options, table};
pub use object::{Object, Place};
pub use order::{Edge, Reason};
pub use scopes::Scopes;
pub use sync::SyncRules;
pub use values::value_layers;

use rayon::prelude::*;

use manifests::Manifests;

use crate::diagnostic::{Diagnostic, Sink, codes::rendering};
use crate::emit::Digest;
use crate::resolve::{ChartPin, Platform};
use crate::share;
use crate::source::{ComponentSource, Deletion, Delivery, KustomizeBase};
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
    /// Which kinds belong to no namespace.
    pub scopes: Scopes,
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
    /// Calls in its rendered chart whose answers real Helm does not repeat.
    pub unrepeatable: Vec<Unrepeatable>,
    /// The digest of its rendered chart.
    pub chart_digest: Option<Digest>,
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

    /// Its chart where Argo CD renders it.
    pub fn remote_chart<'a>(&self, platform: &'a Platform<'_>) -> Option<&'a ChartPin> {
        let chart = platform.instances.get(self.instance?)?.chart.as_ref()?;
        (chart.delivery == Delivery::Helm).then_some(chart)
    }

    /// Whether all that it brings lies in git.
    pub fn is_plain(&self, platform: &Platform<'_>) -> bool {
        let kustomize = self.source(platform).is_some_and(|s| s.component.kustomize.is_some());
        !kustomize && self.remote_chart(platform).is_none()
    }

    /// Whether it has objects of a place.
    pub fn has(&self, place: Place) -> bool {
        self.objects.iter().any(|object| object.place == place)
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
pub fn render<'p>(platform: Platform<'p>, charts: &dyn Charts, sink: &mut Sink) -> Rendered<'p> {
    let mut scopes = Scopes::of(&platform);
    let drafts = drafts(&platform, charts, sink);
    for object in drafts.iter().flat_map(|draft| &draft.manifests.objects) {
        if object.place == Place::Definitions {
            scopes.learn(object);
        }
    }
    let (mut units, texts) = units(&platform, drafts, &scopes, sink);
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
    check_scopes(&scopes, &units, sink);
    let files = files::files(texts, sink);
    Rendered { platform, units, edges, files, scopes }
}

/// What must be known of all components before the objects of any are complete.
struct Draft {
    values: Option<Node>,
    api_versions: Vec<(Arc<str>, Span)>,
    manifests: Manifests,
}

/// Values of all components, and the objects of those charts that are rendered here. Neither components nor charts see each
/// other: each is a turn of its own.
fn drafts(platform: &Platform<'_>, charts: &dyn Charts, sink: &mut Sink) -> Vec<Draft> {
    let instances = share::among(platform.instances.len(), platform.instances.par_iter());
    let valued: Vec<(Draft, Sink)> = instances
        .map(|instance| {
            let mut sink = Sink::default();
            let values = values::values(&platform.settings, instance, &mut sink);
            let api_versions = objects::api_versions(instance, &mut sink);
            (Draft { values, api_versions, manifests: Manifests::default() }, sink)
        })
        .collect();
    let mut drafts = Vec::with_capacity(valued.len());
    let mut work = Vec::new();
    for (index, (instance, (draft, found))) in platform.instances.iter().zip(valued).enumerate() {
        let here = instance.chart.as_ref().is_some_and(|chart| chart.delivery == Delivery::Rendered);
        // Values that are wrong themselves would only make the chart say so again.
        if here && draft.values.is_some() && !found.has_errors() {
            work.push(index);
        }
        sink.extend(found);
        drafts.push(draft);
    }
    let done: Vec<(usize, Manifests, Sink)> = work
        .into_par_iter()
        // One by one, since some are many times the work of others.
        .with_max_len(1)
        .filter_map(|index| {
            let (instance, draft) = (platform.instances.get(index)?, drafts.get(index)?);
            let mut sink = Sink::default();
            let values = draft.values.as_ref()?;
            let made = manifests::manifests(platform, instance, values, &draft.api_versions, charts, &mut sink);
            Some((index, made, sink))
        })
        .collect();
    for (index, made, found) in done {
        sink.extend(found);
        if let Some(draft) = drafts.get_mut(index) {
            draft.manifests = made;
        }
    }
    drafts
}

/// The Applications of all components, with the one of their policies, and their text files.
fn units(
    platform: &Platform<'_>,
    drafts: Vec<Draft>,
    scopes: &Scopes,
    sink: &mut Sink,
) -> (Vec<Unit>, Vec<files::Texts>) {
    let made: Vec<_> = share::among(platform.instances.len(), drafts.into_par_iter())
        .enumerate()
        .map(|(index, draft)| {
            let (mut sink, mut policies) = (Sink::default(), Vec::new());
            let unit = component(platform, index, draft, scopes, &mut policies, &mut sink);
            (unit, policies, files::texts(&platform.instances[index]), sink)
        })
        .collect();
    let mut units = Vec::with_capacity(made.len() + 2);
    let mut policies = Vec::new();
    let mut texts = Vec::with_capacity(made.len());
    for (unit, more, text, found) in made {
        units.extend(unit);
        policies.extend(more);
        texts.push(text);
        sink.extend(found);
    }
    if let Some(provider) = platform.provider("policy").filter(|_| !policies.is_empty()) {
        let project = project(provider.source);
        units.push(own_unit(POLICIES, &provider.namespace, project, policies));
    }
    (units, texts)
}

/// The Application of a component; none where it has nothing for the cluster.
fn component(
    platform: &Platform<'_>,
    index: usize,
    mut draft: Draft,
    scopes: &Scopes,
    policies: &mut Vec<Object>,
    sink: &mut Sink,
) -> Option<Unit> {
    let instance = &platform.instances[index];
    let unrepeatable = std::mem::take(&mut draft.manifests.unrepeatable);
    let chart_digest = draft.manifests.digest;
    let made = objects::objects(platform, instance, draft.manifests, scopes, sink);
    policies.extend(made.policies);
    let bases = kustomize::bases(instance, sink);
    if draft.values.is_none() && made.resources.is_empty() && bases.is_empty() {
        return None;
    }
    Some(Unit {
        name: instance.name.clone(),
        instance: Some(index),
        namespace: instance.namespace.clone(),
        project: project(instance.source),
        values: draft.values,
        bases,
        sync: sync::rules(platform, instance, &made.resources),
        objects: made.resources,
        api_versions: draft.api_versions,
        wave: 0,
        unrepeatable,
        chart_digest,
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
        unrepeatable: Vec::new(),
        chart_digest: None,
    }
}

fn check_scopes(scopes: &Scopes, units: &[Unit], sink: &mut Sink) {
    for object in units.iter().flat_map(|u| &u.objects) {
        if object.namespace.is_some() && scopes.is_cluster_scoped(object) {
            let span = object.node.at(&["metadata", "namespace"]).map_or(object.span(), |n| n.span);
            sink.push(
                Diagnostic::error(&rendering::SCOPE, span, format!("`{}` belongs to no namespace", object.title()))
                    .help("remove `metadata.namespace`"),
            );
        }
    }
}
