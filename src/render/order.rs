//! Who waits for whom, and the waves that follow from it: for each Application the longest path to one that waits for nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Unit;
use crate::diagnostic::{Diagnostic, Sink, codes::resolution};
use crate::kubernetes;
use crate::resolve::Platform;
use crate::yaml::Span;

/// One Application waits for another.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Index of the one that waits.
    pub from: usize,
    /// Index of the one that comes first.
    pub to: usize,
    /// Why.
    pub reason: Reason,
    /// The place that says so.
    pub span: Span,
}

/// Why one Application waits for another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It lives in a namespace that the other makes.
    Namespace,
    /// It comes with the other.
    Companion,
    /// Its objects are of an API group whose CustomResourceDefinitions the other brings.
    CustomResource(Arc<str>),
    /// It requires or uses the capability.
    Capability(Arc<str>),
}

impl Reason {
    /// In words that follow "because".
    pub fn words(&self) -> String {
        match self {
            Reason::Namespace => "it lives in its namespace".into(),
            Reason::Companion => "it comes with it".into(),
            Reason::CustomResource(group) => format!("it brings the custom resources of `{group}`"),
            Reason::Capability(capability) => format!("it provides `{capability}`"),
        }
    }

    /// Whether the one that waits cannot even be applied without the other.
    pub fn is_hard(&self) -> bool {
        !matches!(self, Reason::Capability(_))
    }
}

/// All edges, sorted: by who waits, for whom, and why.
pub(super) fn edges(platform: &Platform<'_>, units: &[Unit]) -> Vec<Edge> {
    let by_instance: BTreeMap<usize, usize> =
        units.iter().enumerate().filter_map(|(unit, u)| u.instance.map(|i| (i, unit))).collect();
    let mut edges = Vec::new();
    let crds = Crds::new(platform, &by_instance);
    let namespaces = units.iter().position(|u| u.makes_namespaces());
    for (from, unit) in units.iter().enumerate() {
        if let Some(to) = namespaces.filter(|to| *to != from) {
            edges.push(Edge { from, to, reason: Reason::Namespace, span: Span::BUILT_IN });
        }
        crds.edges(from, unit, &mut edges);
        let Some(instance) = unit.instance else { continue };
        let component = &platform.instances[instance].source.component;
        for companion in &component.companions {
            let to = platform.index(&companion.text).and_then(|i| by_instance.get(&i));
            edges.extend(to.map(|to| Edge { from, to: *to, reason: Reason::Companion, span: companion.span }));
        }
        for (want, _) in component.wants().filter(|(want, _)| want.wait) {
            let provider = platform.providers.get(&want.capability.text);
            let to = provider.and_then(|p| by_instance.get(&p.instance)).filter(|to| **to != from);
            let reason = Reason::Capability(want.capability.text.clone());
            edges.extend(to.map(|to| Edge { from, to: *to, reason, span: want.capability.span }));
        }
    }
    edges.sort_by(|a, b| (a.from, a.to, &a.reason, a.span).cmp(&(b.from, b.to, &b.reason, b.span)));
    edges.dedup_by(|b, a| (a.from, a.to, &a.reason) == (b.from, b.to, &b.reason));
    edges
}

/// Which Application brings the CustomResourceDefinitions of a group, or of a kind of a group.
struct Crds<'a>(BTreeMap<&'a str, usize>);

impl<'a> Crds<'a> {
    fn new(platform: &'a Platform<'_>, by_instance: &BTreeMap<usize, usize>) -> Self {
        let mut crds = BTreeMap::new();
        for (instance, unit) in by_instance {
            for name in &platform.instances[*instance].source.component.crds {
                crds.entry(&*name.text).or_insert(*unit);
            }
        }
        Crds(crds)
    }

    fn bringer(&self, group: &str, kind: Option<&str>) -> Option<usize> {
        let by_kind = kind.and_then(|kind| self.0.get(&*format!("{kind}.{group}")));
        by_kind.or_else(|| self.0.get(group)).copied()
    }

    fn edges(&self, from: usize, unit: &Unit, edges: &mut Vec<Edge>) {
        let objects = unit.objects.iter().map(|o| (o.group(), Some(&*o.kind), o.span()));
        let announced = unit.api_versions.iter().map(|(version, span)| {
            let mut parts = version.split('/');
            (parts.next().unwrap_or(""), parts.nth(1), *span)
        });
        for (group, kind, span) in objects.chain(announced).filter(|(group, ..)| !kubernetes::is_own_group(group)) {
            if let Some(to) = self.bringer(group, kind).filter(|to| *to != from) {
                edges.push(Edge { from, to, reason: Reason::CustomResource(Arc::from(group)), span });
            }
        }
    }
}

/// The wave of each Application; a circle is a finding, and its members get the wave that they have without it.
pub(super) fn waves(units: &[Unit], edges: &[Edge], sink: &mut Sink) -> Vec<u32> {
    let mut walk = Walk {
        units,
        edges,
        starts: starts(units.len(), edges),
        state: vec![State::New; units.len()],
        path: Vec::new(),
        sink,
    };
    (0..units.len()).map(|unit| walk.wave(unit)).collect()
}

/// The index of each Application's first edge, and one more.
fn starts(units: usize, edges: &[Edge]) -> Vec<usize> {
    (0..=units).map(|unit| edges.partition_point(|e| e.from < unit)).collect()
}

#[derive(Clone, Copy)]
enum State {
    New,
    UnderWay,
    Done(u32),
}

struct Walk<'a> {
    units: &'a [Unit],
    edges: &'a [Edge],
    starts: Vec<usize>,
    state: Vec<State>,
    /// Edges from the start of the walk to here.
    path: Vec<usize>,
    sink: &'a mut Sink,
}

impl Walk<'_> {
    fn wave(&mut self, unit: usize) -> u32 {
        match self.state[unit] {
            State::Done(wave) => return wave,
            State::UnderWay => {
                self.cycle(unit);
                return 0;
            }
            State::New => self.state[unit] = State::UnderWay,
        }
        let mut wave = 0;
        for edge in self.starts[unit]..self.starts[unit + 1] {
            self.path.push(edge);
            wave = wave.max(self.wave(self.edges[edge].to) + 1);
            self.path.pop();
        }
        self.state[unit] = State::Done(wave);
        wave
    }

    fn cycle(&mut self, unit: usize) {
        let start = self.path.iter().position(|e| self.edges[*e].from == unit).unwrap_or(0);
        let ring: Vec<&Edge> = self.path[start..].iter().map(|e| &self.edges[*e]).collect();
        let name = |unit: usize| &*self.units[unit].name;
        let names: Vec<&str> = ring.iter().map(|e| name(e.from)).chain([name(unit)]).collect();
        let first = ring.first().map_or(Span::BUILT_IN, |e| e.span);
        let message = format!("components wait for each other in a circle: {}", names.join(" → "));
        let mut found = Diagnostic::error(&resolution::ORDER_CYCLE, first, message);
        for (at, edge) in ring.iter().enumerate() {
            let said = format!("`{}` waits for `{}`: {}", name(edge.from), name(edge.to), edge.reason.words());
            found = if at == 0 { found.here(said) } else { found.label(edge.span, said) };
        }
        self.sink.push(found.help(
            "where one only needs facts of the other and not the other itself, write `{ capability: …, wait: false }`",
        ));
    }
}
