//! Stage 3: who is there, who provides what to whom, and every fact that they exchange.
//!
//! [`resolve`] binds capabilities to components, evaluates parameters and published fields in the order of their
//! dependencies, and hands contributions to their providers.

mod bind;
mod contract;
mod contribute;
mod declared;
mod facts;
mod when;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use bind::Because;
pub use contribute::{Secret, SecretEntry};

use crate::chart::ChartId;
use crate::diagnostic::{Sink, codes};
use crate::layer::{Layered, Settings};
use crate::source::{ComponentSource, Delivery, PodSecurity, Program};
use crate::template::{Scope, to_value};
use crate::yaml::{Node, Span, Value};

/// An environment whose names are resolved.
#[derive(Debug)]
pub struct Platform<'p> {
    /// All sources.
    pub program: &'p Program,
    /// What the layers decide.
    pub settings: Settings<'p>,
    /// The components, sorted by name.
    pub instances: Vec<Instance<'p>>,
    /// The provider of each capability that has one.
    pub providers: BTreeMap<Arc<str>, Provider>,
}

/// Who fills a capability.
#[derive(Clone, Copy, Debug)]
pub struct Provider {
    /// Index among the instances.
    pub instance: usize,
    /// The place that decided on it.
    pub span: Span,
}

/// A component in an environment.
#[derive(Debug)]
pub struct Instance<'p> {
    /// Its name.
    pub name: Arc<str>,
    /// Its blueprint.
    pub source: &'p ComponentSource,
    /// Why it is here.
    pub because: Vec<Because>,
    /// The capabilities that it fills here.
    pub fills: Vec<Arc<str>>,
    /// Its pinned chart.
    pub chart: Option<ChartPin>,
    /// The namespace that it is deployed to.
    pub namespace: Arc<str>,
    /// Its parameters.
    pub params: Node,
    /// What it publishes for each capability that it fills.
    pub published: BTreeMap<Arc<str>, Node>,
    /// The Secrets that it reads.
    pub secrets: Vec<Secret>,
    /// The names that its values, objects and files see.
    pub scope: Scope,
}

/// A chart with the version and repository that the layers decided on.
#[derive(Clone, Debug)]
pub struct ChartPin {
    /// Repository.
    pub repository: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// Exact version: the pinned one, or the one that the lock has for a range.
    pub version: Arc<str>,
    /// The version or range, as it is written.
    pub pinned: Arc<str>,
    /// Where the version was decided.
    pub version_span: Span,
    /// Release name.
    pub release: Arc<str>,
    /// Who renders it.
    pub delivery: Delivery,
}

impl ChartPin {
    /// What names it in the lock and in its repository.
    pub fn id(&self) -> ChartId<'_> {
        ChartId { repository: &self.repository, name: &self.name, version: &self.pinned }
    }
}

impl<'p> Instance<'p> {
    /// The patches of all layers.
    pub fn layered<'s>(&self, settings: &'s Settings<'p>) -> Option<&'s Layered<'p>> {
        settings.components.get(&self.name)
    }
}

impl Platform<'_> {
    /// The instance of a name.
    pub fn instance(&self, name: &str) -> Option<&Instance<'_>> {
        self.index(name).map(|i| &self.instances[i])
    }

    /// The index of a name.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.instances.binary_search_by(|i| (*i.name).cmp(name)).ok()
    }

    /// The Pod Security level of each namespace that a component asks for: those who share one share the laxest that one
    /// of them needs.
    pub fn pod_security(&self) -> BTreeMap<Arc<str>, PodSecurity> {
        let mut levels: BTreeMap<Arc<str>, PodSecurity> = BTreeMap::new();
        for instance in &self.instances {
            let Some(spec) = &instance.source.component.namespace else { continue };
            let level = levels.entry(instance.namespace.clone()).or_insert(spec.pod_security);
            *level = spec.pod_security.max(*level);
        }
        levels
    }

    /// The provider of a capability.
    pub fn provider(&self, capability: &str) -> Option<&Instance<'_>> {
        self.providers.get(capability).map(|p| &self.instances[p.instance])
    }
}

/// Resolves an environment. What is wrong is in the sink; the rest is resolved all the same.
pub fn resolve<'p>(program: &'p Program, settings: Settings<'p>, sink: &mut Sink) -> Platform<'p> {
    let mark = sink.mark();
    let binding = bind::bind(program, &settings, sink);
    let mut platform = bind::instantiate(program, settings, binding, sink);
    let mut late = Sink::default();
    facts::evaluate(&mut platform, &mut late);
    when::drop_what_does_not_stand(&mut platform, &mut late);
    contribute::contribute(&mut platform, &mut late);
    if sink.errors_since(mark) {
        // What nobody provides, nobody can name: only the first cause is worth reading.
        late.forget(&codes::templates::UNDEFINED);
    }
    sink.extend(late);
    platform
}

/// `env`, `gitops` and `cluster` as expressions see them.
fn shared_names(settings: &Settings<'_>) -> Vec<(&'static str, minijinja::Value)> {
    let environment = &settings.environment;
    let gitops = Node::map([
        ("repository", Node::str(&settings.gitops.repository.text)),
        ("revision", Node::str(&settings.gitops.revision.text)),
        ("path", Node::str(&settings.path)),
        ("server", Node::str(&settings.gitops.server.text)),
        ("namespace", Node::str(&settings.gitops.namespace.text)),
    ]);
    let env = Node::map([("name", Node::str(&environment.name)), ("path", Node::str(&environment.path))]);
    vec![
        ("cluster", to_value(&settings.cluster_node)),
        ("peers", to_value(&settings.peers)),
        ("env", to_value(&env)),
        ("gitops", to_value(&gitops)),
    ]
}

/// `self` as expressions see it.
fn self_node(instance: &Instance<'_>) -> Node {
    let chart = instance.chart.as_ref().map_or_else(
        || Node::new(Value::Null, Span::BUILT_IN),
        |c| Node::map([("name", Node::str(&c.name)), ("version", Node::str(&c.version))]),
    );
    Node::map([
        ("name", Node::str(&instance.name)),
        ("namespace", Node::str(&instance.namespace)),
        ("fills", Node::seq(instance.fills.iter().map(Node::str).collect())),
        ("chart", chart),
    ])
}
