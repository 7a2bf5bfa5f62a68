//! Parameters and published fields, evaluated in the order in which they need each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::contract::{contract, lacks_fields, wanted_fields};
use super::declared::declared;
use super::{Platform, self_node, shared_names};
use crate::diagnostic::{Diagnostic, Sink, codes::resolution};
use crate::layer::merge;
use crate::source::Component;
use crate::template::{Failed, Reference, Scope, Template, to_value};
use crate::types;
use crate::yaml::{Map, Node, Span, Value};

/// One value to find: a parameter, or what a component publishes for a capability. By index in the component's document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Param(usize),
    Published(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    UnderWay,
    Done,
    /// It has no value, and why was reported: what depends on it has none either, without a word.
    Failed,
}

/// Progress of one instance.
struct Progress {
    params: Vec<State>,
    published: Vec<State>,
    values: Map,
    facts: BTreeMap<Arc<str>, Node>,
    own: minijinja::Value,
    /// The capabilities that it sees.
    visible: Vec<Arc<str>>,
}

pub(super) fn evaluate(platform: &mut Platform<'_>, sink: &mut Sink) {
    let shared = shared_names(&platform.settings);
    let progress = platform
        .instances
        .iter()
        .map(|instance| {
            let component = &instance.source.component;
            Progress {
                params: vec![State::Waiting; component.parameters.len()],
                published: vec![State::Waiting; component.provides.len()],
                values: Map::with_capacity_and_hasher(component.parameters.len(), Default::default()),
                facts: BTreeMap::new(),
                own: to_value(&self_node(instance)),
                visible: visible(component),
            }
        })
        .collect();
    let mut evaluation = Evaluation { platform, shared, progress, stack: Vec::new(), sink };
    for instance in 0..evaluation.progress.len() {
        declared(&platform.instances[instance], &platform.settings, evaluation.sink);
        for slot in evaluation.slots(instance) {
            evaluation.slot(instance, slot, Span::BUILT_IN);
        }
    }
    let scopes: Vec<Scope> =
        (0..evaluation.progress.len()).map(|i| evaluation.scope(i).lacking(evaluation.failed(i))).collect();
    let progress = evaluation.progress;
    for ((instance, progress), scope) in platform.instances.iter_mut().zip(progress).zip(scopes) {
        instance.params = Node::new(Value::Map(Arc::new(progress.values)), Span::BUILT_IN);
        instance.published = progress.facts;
        instance.scope = scope;
    }
    wanted_fields(platform, sink);
}

struct Evaluation<'a, 'p> {
    platform: &'a Platform<'p>,
    shared: Vec<(&'static str, minijinja::Value)>,
    progress: Vec<Progress>,
    /// The slots under way, each with the place that asked for it.
    stack: Vec<(usize, Slot, Span)>,
    sink: &'a mut Sink,
}

impl<'p> Evaluation<'_, 'p> {
    fn component(&self, instance: usize) -> &'p Component {
        &self.platform.instances[instance].source.component
    }

    fn slots(&self, instance: usize) -> Vec<Slot> {
        let component = self.component(instance);
        let params = (0..component.parameters.len()).map(Slot::Param);
        // Only what is filled here counts: offers that nobody chose may lack their inputs.
        let fills = &self.platform.instances[instance].fills;
        let published = component.provides.keys().enumerate().filter(|(_, key)| fills.contains(&key.text));
        params.chain(published.map(|(i, _)| Slot::Published(i))).collect()
    }

    fn state(&mut self, instance: usize, slot: Slot) -> &mut State {
        let progress = &mut self.progress[instance];
        match slot {
            Slot::Param(i) => &mut progress.params[i],
            Slot::Published(i) => &mut progress.published[i],
        }
    }

    /// Finds a slot's value; whether it has one.
    fn slot(&mut self, instance: usize, slot: Slot, asked: Span) -> bool {
        match *self.state(instance, slot) {
            State::Done => return true,
            State::Failed => return false,
            State::UnderWay => {
                self.cycle(instance, slot, asked);
                return false;
            }
            State::Waiting => *self.state(instance, slot) = State::UnderWay,
        }
        self.stack.push((instance, slot, asked));
        let templates = self.templates(instance, slot);
        let mut sound = true;
        for template in &templates {
            for (reference, span) in template.references() {
                sound &= self.needs(instance, reference, span);
            }
        }
        let mark = self.sink.mark();
        match slot {
            Slot::Param(index) if sound => self.parameter(instance, index, &templates),
            Slot::Published(index) if sound => self.published(instance, index),
            _ => self.without_value(instance, slot),
        }
        sound &= !self.sink.errors_since(mark);
        self.stack.pop();
        *self.state(instance, slot) = if sound { State::Done } else { State::Failed };
        sound
    }

    fn without_value(&mut self, instance: usize, slot: Slot) {
        let component = self.component(instance);
        let null = Node::new(Value::Null, Span::BUILT_IN);
        match slot {
            Slot::Param(index) => {
                let key = component.parameters.get_index(index).map(|(key, _)| key.clone());
                self.progress[instance].values.extend(key.map(|key| (key, null)));
            }
            Slot::Published(index) => {
                let key = component.provides.get_index(index).map(|(key, _)| key.text.clone());
                self.progress[instance].facts.extend(key.map(|key| (key, null)));
            }
        }
    }

    /// The templates whose values make a slot's value, from general to special.
    fn templates(&self, instance: usize, slot: Slot) -> Vec<&'p Template> {
        let component = self.component(instance);
        match slot {
            Slot::Published(index) => component.provides.get_index(index).into_iter().map(|(_, t)| t).collect(),
            Slot::Param(index) => {
                let Some((key, spec)) = component.parameters.get_index(index) else { return Vec::new() };
                let own = &self.platform.instances[instance];
                let layered = own.layered(&self.platform.settings);
                let size = layered.and_then(|l| l.size()).unwrap_or(self.platform.settings.cluster.size.value);
                let default = spec.sizes.get(size.word()).or(spec.default.as_ref());
                let patches = layered.into_iter().flat_map(|l| &l.patches).filter_map(|p| p.parameters.get(&*key.text));
                let all: Vec<&Template> = default.into_iter().chain(patches).collect();
                // What a scalar or a plain list replaces need not be evaluated, and cannot make a circle.
                let first = all.iter().rposition(|t| t.replaces()).unwrap_or(0);
                all[first..].to_vec()
            }
        }
    }

    /// Evaluates what a name refers to; whether all of it has a value.
    fn needs(&mut self, instance: usize, reference: &Reference, span: Span) -> bool {
        let path = &reference.path;
        match (path.first().map(|n| &**n), path.get(1)) {
            (Some("params"), Some(name)) => {
                let index = self.component(instance).parameters.get_index_of(&**name);
                index.is_none_or(|index| self.slot(instance, Slot::Param(index), span))
            }
            (Some("params"), None) => {
                let count = self.component(instance).parameters.len();
                (0..count).fold(true, |sound, index| sound & self.slot(instance, Slot::Param(index), span))
            }
            (Some("caps"), Some(capability)) => self.needs_capability(capability, span),
            (Some("caps"), None) => {
                let visible = self.progress[instance].visible.clone();
                visible.iter().fold(true, |sound, capability| sound & self.needs_capability(capability, span))
            }
            _ => true,
        }
    }

    fn needs_capability(&mut self, capability: &str, span: Span) -> bool {
        let Some(provider) = self.platform.providers.get(capability).map(|p| p.instance) else { return true };
        let index = self.component(provider).provides.get_index_of(capability);
        index.is_none_or(|index| self.slot(provider, Slot::Published(index), span))
    }

    fn scope(&self, instance: usize) -> Scope {
        self.scope_of(instance, |_, _| true)
    }

    /// The names that a template refers to. Each of a component's parameters is found in a scope of its own: with all
    /// names in each, that would be much copying.
    fn scope_for(&self, instance: usize, template: &Template) -> Scope {
        let references = template.references();
        self.scope_of(instance, |root, name| {
            references.iter().any(|(reference, _)| {
                reference.path.first().is_some_and(|first| &**first == root)
                    && reference.path.get(1).is_none_or(|second| &**second == name)
            })
        })
    }

    fn scope_of(&self, instance: usize, wanted: impl Fn(&str, &str) -> bool) -> Scope {
        let progress = &self.progress[instance];
        let params = progress.values.iter().filter(|(key, _)| wanted("params", &key.text));
        let params = params.map(|(key, value)| (key.clone(), value.clone())).collect();
        let params = Node::new(Value::Map(Arc::new(params)), Span::BUILT_IN);
        let visible = progress.visible.iter().filter(|capability| wanted("caps", capability));
        let caps = Node::map(visible.map(|capability| {
            let provider = self.platform.providers.get(capability);
            let fact = provider.and_then(|p| self.progress[p.instance].facts.get(capability).cloned());
            (&**capability, fact.unwrap_or_else(|| Node::new(Value::Null, Span::BUILT_IN)))
        }));
        let own = [("params", to_value(&params)), ("caps", to_value(&caps)), ("self", progress.own.clone())];
        Scope::new(self.shared.iter().cloned().chain(own))
    }

    /// The names in a component's scope that have no value, and why was reported.
    fn failed(&self, instance: usize) -> Vec<Failed> {
        let component = self.component(instance);
        let states = &self.progress[instance].params;
        let params = component.parameters.keys().zip(states).filter(|(_, state)| **state == State::Failed);
        let params = params.map(|(key, _)| ("params", key.text.clone()));
        let visible = self.progress[instance].visible.iter().cloned();
        let caps = visible.filter(|capability| match self.platform.providers.get(capability) {
            Some(provider) => {
                let keys = self.component(provider.instance).provides.keys();
                let mut states = keys.zip(&self.progress[provider.instance].published);
                states.any(|(key, state)| key.text == *capability && *state == State::Failed)
                    || lacks_fields(self.platform, instance, capability, &self.progress[provider.instance].facts)
            }
            None => component.requires.iter().any(|want| want.capability.text == *capability),
        });
        params.chain(caps.map(|capability| ("caps", capability))).collect()
    }

    /// What a template gives with the names that it refers to. Where that fails, it fails again with all names there are: one of
    /// those may be what was meant.
    fn with_names(
        &mut self,
        instance: usize,
        template: &Template,
        evaluate: impl Fn(&Template, &Scope, &mut Sink) -> Option<Node>,
    ) -> Option<Node> {
        let mut found = Sink::default();
        let value = evaluate(template, &self.scope_for(instance, template), &mut found);
        if found.is_empty() { value } else { evaluate(template, &self.scope(instance), self.sink) }
    }

    fn evaluate(&mut self, instance: usize, template: &Template) -> Option<Node> {
        match template.as_literal() {
            Some(node) => Some(node.clone()),
            None => self.with_names(instance, template, Template::evaluate),
        }
    }

    fn parameter(&mut self, instance: usize, index: usize, templates: &[&Template]) {
        let Some((key, spec)) = self.component(instance).parameters.get_index(index) else { return };
        let mark = self.sink.mark();
        let path = format!("components.{}.parameters.{}", self.platform.instances[instance].name, key.text);
        let values: Vec<Node> = templates.iter().filter_map(|t| self.evaluate(instance, t)).collect();
        let value = match values.as_slice() {
            [] => None,
            [only] if only.tag.is_none() => Some(only.clone()),
            [base, patches @ ..] if base.tag.is_none() => merge(Some(base.clone()), patches, &path, self.sink),
            patches => merge(None, patches, &path, self.sink),
        };
        let value = match value {
            Some(value) => {
                let before = self.sink.mark();
                let value = types::check(&value, spec, &path, self.sink);
                self.show_layers(instance, &key.text, before);
                self.show_origin(templates, before);
                value
            }
            None if !spec.required || self.sink.errors_since(mark) => Node::new(Value::Null, key.span),
            None => {
                self.sink.push(
                    Diagnostic::error(&resolution::NO_VALUE, key.span, format!("the parameter `{path}` has no value"))
                        .here("declared here, without a default")
                        .help(format!("set `{path}` in an overlay")),
                );
                Node::new(Value::Null, key.span)
            }
        };
        self.progress[instance].values.insert(key.clone(), value);
    }

    /// Adds the more general layers that set a parameter to what was found after a mark.
    fn show_layers(&mut self, instance: usize, parameter: &str, mark: usize) {
        if !self.sink.errors_since(mark) {
            return;
        }
        let layered = self.platform.instances[instance].layered(&self.platform.settings);
        let patches = layered.into_iter().flat_map(|l| &l.patches).filter_map(|p| p.parameters.get(parameter));
        let mut places: Vec<Span> = patches.map(Template::span).collect();
        places.pop();
        places.reverse();
        self.sink.amend(mark, |found| {
            places.iter().fold(found, |found, place| found.label(*place, "a more general layer sets it here"))
        });
    }

    /// Says what a wrong value was made from, where an expression of a blueprint made it.
    fn show_origin(&mut self, templates: &[&Template], mark: usize) {
        if !self.sink.errors_since(mark) {
            return;
        }
        let references: Vec<(&Reference, Span)> = templates.iter().flat_map(|t| t.references()).collect();
        self.sink.amend(mark, |found| {
            let Some(place) = found.labels.first().map(|l| l.span).filter(|_| found.help.is_none()) else {
                return found;
            };
            let within = |span: &Span| span.file == place.file && place.start <= span.start && span.end <= place.end;
            let mut names: Vec<String> = references
                .iter()
                .filter(|(reference, span)| within(span) && is_fact(reference))
                .map(|(reference, _)| format!("`{}`", reference.path.join(".")))
                .collect();
            names.dedup();
            match names.as_slice() {
                [] => found,
                names => found.help(format!("it is made from {}", names.join(", "))),
            }
        });
    }

    fn published(&mut self, instance: usize, index: usize) {
        let Some((key, template)) = self.component(instance).provides.get_index(index) else { return };
        let mark = self.sink.mark();
        let value = match template.as_literal() {
            Some(node) => Some(node.clone()),
            None => self.with_names(instance, template, Template::evaluate_facts),
        };
        let value = value.unwrap_or_else(|| Node::map([]));
        let Some(capability) = self.platform.program.capabilities.get(&key.text) else { return };
        // A field that failed was reported: that it is missing too would say the same again.
        let failed = self.sink.errors_since(mark);
        let name = self.platform.instances[instance].name.clone();
        let value = contract(&name, key.span, &value, capability, failed, self.sink);
        self.show_origin(&[template], mark);
        self.progress[instance].facts.insert(key.text.clone(), value);
    }

    fn cycle(&mut self, instance: usize, slot: Slot, asked: Span) {
        let Some(start) = self.stack.iter().position(|(i, s, _)| (*i, *s) == (instance, slot)) else { return };
        let steps: Vec<(String, Span)> = self.stack[start..]
            .iter()
            .skip(1)
            .map(|(i, s, span)| (self.slot_name(*i, *s), *span))
            .chain([(self.slot_name(instance, slot), asked)])
            .collect();
        let first = self.slot_name(instance, slot);
        let ring: Vec<&str> = std::iter::once(first.as_str()).chain(steps.iter().map(|(n, _)| n.as_str())).collect();
        let mut found = Diagnostic::error(
            &resolution::FACT_CYCLE,
            steps.first().map_or(asked, |(_, span)| *span),
            format!("values depend on each other in a circle: {}", ring.join(" → ")),
        );
        for (at, (name, span)) in steps.iter().enumerate() {
            let said = format!("needs {name}");
            found = if at == 0 { found.here(said) } else { found.label(*span, said) };
        }
        self.sink.push(found.help("give one of them a value that does not depend on the others"));
    }

    fn slot_name(&self, instance: usize, slot: Slot) -> String {
        let name = &self.platform.instances[instance].name;
        let component = self.component(instance);
        match slot {
            Slot::Param(i) => {
                format!("{name}.parameters.{}", component.parameters.get_index(i).map_or("?", |(k, _)| &*k.text))
            }
            Slot::Published(i) => {
                format!("{name}.provides.{}", component.provides.get_index(i).map_or("?", |(k, _)| &*k.text))
            }
        }
    }
}

/// The capabilities that a component sees.
fn visible(component: &Component) -> Vec<Arc<str>> {
    let mut all: Vec<Arc<str>> = component.wants().map(|(want, _)| want.capability.text.clone()).collect();
    all.extend(component.provides.keys().map(|k| k.text.clone()));
    all.sort();
    all.dedup();
    all
}

/// Whether a name is one that layers give a value.
fn is_fact(reference: &Reference) -> bool {
    reference.path.len() > 1
        && reference.path.first().is_some_and(|root| matches!(&**root, "cluster" | "params" | "gitops"))
}
