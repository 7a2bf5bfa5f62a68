//! Why a component is in an environment, why in its wave, and what it exchanges with others.

use std::sync::Arc;

use crate::diagnostic::Sink;
use crate::render::{Edge, NAMESPACES, POLICIES, Rendered, Unit};
use crate::resolve::{Because, Instance};
use crate::yaml::{Node, Span};

/// All that there is to say of a component's place.
#[derive(Debug)]
pub struct Why {
    /// Its name.
    pub name: Arc<str>,
    /// Its name for people.
    pub title: String,
    /// Its chart and the version, where it has one.
    pub chart: Option<(Arc<str>, Arc<str>)>,
    /// Its namespace.
    pub namespace: Arc<str>,
    /// Its sync wave; none where it has no Application.
    pub wave: Option<u32>,
    /// Why it is here, in words, each with its place.
    pub because: Vec<(String, Span)>,
    /// The longest way down to wave 0, from the component itself.
    pub longest: Vec<Step>,
    /// What it requires and uses.
    pub gets: Vec<Wired>,
    /// What it provides, and to whom.
    pub gives: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// Whom it waits for.
    pub waits_for: Vec<Waits>,
    /// Who waits for it.
    pub awaited_by: Vec<Waits>,
    /// What it hands to providers.
    pub contributes: Vec<Contribution>,
    /// What others hand to it.
    pub receives: Vec<Contribution>,
}

/// A step of the longest way.
#[derive(Debug)]
pub struct Step {
    /// The Application.
    pub name: Arc<str>,
    /// Its wave.
    pub wave: u32,
    /// Why it waits for the next one, and the place that says so; none for the last.
    pub waits: Option<(String, Span)>,
}

/// A capability that a component requires or uses.
#[derive(Debug)]
pub struct Wired {
    /// The capability.
    pub capability: Arc<str>,
    /// Who provides it; none where nobody does.
    pub provider: Option<Arc<str>>,
    /// Whether the component cannot do without.
    pub required: bool,
    /// Whether it comes after the provider.
    pub waits: bool,
    /// The place that asks for it.
    pub span: Span,
}

/// One Application waits for another.
#[derive(Debug)]
pub struct Waits {
    /// The other one.
    pub name: Arc<str>,
    /// Its wave.
    pub wave: u32,
    /// Why, in words.
    pub reason: String,
    /// The place that says so.
    pub span: Span,
}

/// What one component hands to another.
#[derive(Debug)]
pub struct Contribution {
    /// Its kind.
    pub kind: Arc<str>,
    /// The other one: who takes it, or who gives it.
    pub other: Arc<str>,
    /// What it is.
    pub items: Vec<Node>,
    /// The place.
    pub span: Span,
}

/// Explains a component, or one of the Applications that stackgen makes itself. None where there is none of this name.
pub fn why(rendered: &Rendered<'_>, name: &str) -> Option<Why> {
    let instance = rendered.platform.instance(name);
    let unit = rendered.units.iter().position(|unit| &*unit.name == name);
    if instance.is_none() && unit.is_none() {
        return None;
    }
    let of_unit = unit.map(|index| &rendered.units[index]);
    let namespace = instance.map(|i| &i.namespace).or(of_unit.map(|u| &u.namespace));
    let mut why = Why {
        name: Arc::from(name),
        title: instance.map_or(name, |i| i.source.component.metadata.title()).to_owned(),
        chart: instance.and_then(|i| i.chart.as_ref()).map(|chart| (chart.name.clone(), chart.version.clone())),
        namespace: namespace.cloned().unwrap_or_else(|| Arc::from("")),
        wave: of_unit.map(|unit| unit.wave),
        because: of_unit.map_or_else(Vec::new, own_application),
        longest: unit.map_or_else(Vec::new, |unit| longest(rendered, unit)),
        gets: Vec::new(),
        gives: Vec::new(),
        waits_for: waits(rendered, |edge| Some(edge.from) == unit, |edge| edge.to),
        awaited_by: waits(rendered, |edge| Some(edge.to) == unit, |edge| edge.from),
        contributes: Vec::new(),
        receives: Vec::new(),
    };
    if let Some(instance) = instance {
        why.because = instance.because.iter().map(because).collect();
        why.gets = gets(rendered, instance);
        why.gives = instance.fills.iter().map(|c| (c.clone(), consumers(rendered, instance, c))).collect();
        let all = contributions(rendered);
        let (mine, theirs) = (|c: &Given| c.from == instance.name, |c: &Given| c.to == instance.name);
        why.contributes = all.iter().filter(|c| mine(c)).map(|c| c.seen_from(&c.to)).collect();
        why.receives = all.iter().filter(|c| theirs(c)).map(|c| c.seen_from(&c.from)).collect();
    }
    Some(why)
}

fn own_application(unit: &Unit) -> Vec<(String, Span)> {
    let said = match &*unit.name {
        NAMESPACES => "it makes the namespaces of all components, before them",
        POLICIES => "it holds the policies of all components, after the provider of `policy`",
        _ => return Vec::new(),
    };
    vec![(said.to_owned(), Span::BUILT_IN)]
}

fn because(because: &Because) -> (String, Span) {
    let said = match because {
        Because::Fills { capability, .. } => format!("it is bound to `{capability}`"),
        Because::Included { .. } => "it is included".to_owned(),
        Because::Companion { of, .. } => format!("it comes with `{of}`"),
    };
    (said, because.span())
}

/// From wave to wave down to one that waits for nothing. Where several ways are as long, the first by name.
fn longest(rendered: &Rendered<'_>, start: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut at = start;
    loop {
        let unit = &rendered.units[at];
        let next = rendered.edges.iter().find(|e| e.from == at && rendered.units[e.to].wave + 1 == unit.wave);
        let waits = next.map(|edge| (edge.reason.words(), edge.span));
        steps.push(Step { name: unit.name.clone(), wave: unit.wave, waits });
        match next {
            Some(edge) => at = edge.to,
            None => return steps,
        }
    }
}

fn waits(rendered: &Rendered<'_>, ours: impl Fn(&Edge) -> bool, other: impl Fn(&Edge) -> usize) -> Vec<Waits> {
    let edges = rendered.edges.iter().filter(|edge| ours(edge));
    let waits = edges.map(|edge| {
        let unit = &rendered.units[other(edge)];
        Waits { name: unit.name.clone(), wave: unit.wave, reason: edge.reason.words(), span: edge.span }
    });
    waits.collect()
}

fn gets(rendered: &Rendered<'_>, instance: &Instance<'_>) -> Vec<Wired> {
    let wired = instance.source.component.wants().map(|(want, required)| Wired {
        capability: want.capability.text.clone(),
        provider: rendered.platform.provider(&want.capability.text).map(|p| p.name.clone()),
        required,
        waits: want.wait,
        span: want.capability.span,
    });
    wired.collect()
}

fn consumers(rendered: &Rendered<'_>, provider: &Instance<'_>, capability: &str) -> Vec<Arc<str>> {
    let wants = |i: &&Instance<'_>| i.source.component.wants().any(|(want, _)| &*want.capability.text == capability);
    let others = rendered.platform.instances.iter().filter(|i| i.name != provider.name);
    others.filter(wants).map(|i| i.name.clone()).collect()
}

struct Given {
    kind: Arc<str>,
    from: Arc<str>,
    to: Arc<str>,
    items: Vec<Node>,
    span: Span,
}

impl Given {
    fn seen_from(&self, other: &Arc<str>) -> Contribution {
        Contribution { kind: self.kind.clone(), other: other.clone(), items: self.items.clone(), span: self.span }
    }
}

/// All contributions that somebody takes.
fn contributions(rendered: &Rendered<'_>) -> Vec<Given> {
    let platform = &rendered.platform;
    let mut all = Vec::new();
    for instance in &platform.instances {
        for (kind, template) in &instance.source.component.contributes {
            let taker = platform.program.capabilities.values().find(|c| c.accepts.contains_key(&*kind.text));
            let provider = taker.and_then(|c| platform.provider(&c.metadata.name.text));
            // What is wrong with a contribution was reported when it was handed over.
            let items = template.evaluate_items(&instance.scope, &mut Sink::default());
            if let Some(provider) = provider.filter(|_| !items.is_empty()) {
                all.push(Given {
                    kind: kind.text.clone(),
                    from: instance.name.clone(),
                    to: provider.name.clone(),
                    items,
                    span: kind.span,
                });
            }
        }
    }
    all
}
