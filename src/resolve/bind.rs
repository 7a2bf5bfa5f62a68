//! Which components are in an environment, and which of them fills each capability.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{ChartPin, Instance, Platform, Provider};
use crate::chart::is_range;
use crate::diagnostic::{Diagnostic, Sink, codes::charts, codes::resolution};
use crate::layer::Settings;
use crate::source::{Component, Program};
use crate::template::Scope;
use crate::yaml::{Node, Span};

/// Why a component is in an environment.
#[derive(Clone, Debug)]
pub enum Because {
    /// It fills a capability.
    Fills {
        /// The capability.
        capability: Arc<str>,
        /// The binding or `select:`.
        span: Span,
    },
    /// The architecture includes it, or a layer switched it on.
    Included {
        /// The place.
        span: Span,
    },
    /// It comes with another component.
    Companion {
        /// The other component.
        of: Arc<str>,
        /// The place.
        span: Span,
    },
}

impl Because {
    /// The place.
    pub fn span(&self) -> Span {
        match self {
            Because::Fills { span, .. } | Because::Included { span } | Because::Companion { span, .. } => *span,
        }
    }
}

/// Components with their reasons, and the provider of each capability.
#[derive(Debug, Default)]
pub(super) struct Binding {
    active: BTreeMap<Arc<str>, Vec<Because>>,
    providers: BTreeMap<Arc<str>, (Arc<str>, Span)>,
    /// Bindings whose component is switched off: capability to component and the place of the switch.
    off: BTreeMap<Arc<str>, (Arc<str>, Span)>,
    /// Capabilities whose choice was refused, with an error.
    refused: BTreeSet<Arc<str>>,
}

pub(super) fn bind(program: &Program, settings: &Settings<'_>, sink: &mut Sink) -> Binding {
    let mut binder = Binder { program, settings, sink, binding: Binding::default() };
    binder.bindings();
    binder.included();
    binder.companions();
    binder.fill_the_rest();
    binder.two_providers();
    binder.required();
    binder.binding
}

struct Binder<'a, 'p> {
    program: &'p Program,
    settings: &'a Settings<'p>,
    sink: &'a mut Sink,
    binding: Binding,
}

impl<'p> Binder<'_, 'p> {
    fn component(&self, name: &str) -> Option<&'p Component> {
        self.program.components.get(name).map(|c| &c.component)
    }

    /// Where a component is switched off.
    fn switched_off(&self, name: &str) -> Option<Span> {
        self.settings.components.get(name)?.enabled().filter(|e| !e.value).map(|e| e.span)
    }

    fn is_removed(&mut self, name: &str, span: Span) -> bool {
        let Some((key, removal)) = self.settings.architecture.removed.get_key_value(name) else { return false };
        self.sink.push(
            Diagnostic::error(&resolution::REMOVED, span, format!("`{name}` was removed from the architecture"))
                .here("chosen here")
                .label(key.span, "removed here")
                .cause(&*removal.reason.text)
                .help(&*removal.instead.text),
        );
        true
    }

    fn bindings(&mut self) {
        let mut choices: BTreeMap<Arc<str>, (Arc<str>, Span)> = BTreeMap::new();
        for (capability, component) in &self.settings.architecture.bindings {
            choices.insert(capability.text.clone(), (component.text.clone(), component.span));
        }
        for (capability, choice) in &self.settings.select {
            choices.insert(capability.clone(), (choice.component.text.clone(), choice.component.span));
        }
        for (capability, (name, span)) in choices {
            if self.is_removed(&name, span) {
                self.binding.refused.insert(capability);
                continue;
            }
            let Some(component) = self.component(&name) else {
                self.binding.refused.insert(capability);
                continue;
            };
            if component.provides_key(&capability).is_none() {
                self.not_a_provider(&capability, &name, component, span);
                self.binding.refused.insert(capability);
                continue;
            }
            if let Some(off) = self.switched_off(&name) {
                self.binding.off.insert(capability, (name, off));
                continue;
            }
            let reasons = self.binding.active.entry(name.clone()).or_default();
            reasons.push(Because::Fills { capability: capability.clone(), span });
            self.binding.providers.insert(capability, (name, span));
        }
    }

    fn not_a_provider(&mut self, capability: &str, name: &str, component: &Component, span: Span) {
        let others: Vec<&str> = self
            .program
            .components
            .iter()
            .filter(|(_, c)| c.component.provides_key(capability).is_some())
            .map(|(n, _)| &**n)
            .collect();
        let found =
            Diagnostic::error(&resolution::NOT_A_PROVIDER, span, format!("`{name}` does not provide `{capability}`"))
                .here("bound here")
                .label(component.metadata.name.span, "it has no such entry under `provides:`");
        self.sink.push(if others.is_empty() {
            found
        } else {
            found.help(format!("components that do: {}", others.join(", ")))
        });
    }

    fn included(&mut self) {
        let enabled = self
            .settings
            .components
            .iter()
            .filter_map(|(name, layered)| layered.enabled().filter(|e| e.value).map(|e| (name.clone(), e.span)));
        let included = self.settings.architecture.include.iter().map(|t| (t.text.clone(), t.span));
        for (name, span) in included.chain(enabled).collect::<Vec<_>>() {
            if !self.is_removed(&name, span) && self.component(&name).is_some() && self.switched_off(&name).is_none() {
                let reasons = self.binding.active.entry(name).or_default();
                if reasons.is_empty() {
                    reasons.push(Because::Included { span });
                }
            }
        }
    }

    fn companions(&mut self) {
        let mut queue: Vec<Arc<str>> = self.binding.active.keys().cloned().collect();
        while let Some(name) = queue.pop() {
            let Some(component) = self.component(&name) else { continue };
            for companion in &component.companions {
                if self.component(&companion.text).is_none() || self.switched_off(&companion.text).is_some() {
                    continue;
                }
                let known = self.binding.active.contains_key(&companion.text);
                let reasons = self.binding.active.entry(companion.text.clone()).or_default();
                reasons.push(Because::Companion { of: name.clone(), span: companion.span });
                if !known {
                    queue.push(companion.text.clone());
                }
            }
        }
        for reasons in self.binding.active.values_mut() {
            reasons.sort_by_key(Because::span);
        }
    }

    /// A capability that nothing is bound to is filled by the one component that could.
    fn fill_the_rest(&mut self) {
        let mut offers: BTreeMap<Arc<str>, Vec<(Arc<str>, Span)>> = BTreeMap::new();
        for name in self.binding.active.keys() {
            for key in self.component(name).iter().flat_map(|c| c.provides.keys()) {
                offers.entry(key.text.clone()).or_default().push((name.clone(), key.span));
            }
        }
        for (capability, offers) in offers {
            if !self.binding.providers.contains_key(&capability)
                && let [(name, span)] = offers.as_slice()
            {
                self.binding.providers.insert(capability, (name.clone(), *span));
            }
        }
    }

    /// A component that is here for another capability may offer more than it fills; one that is here for itself may not.
    fn two_providers(&mut self) {
        let mut found = Vec::new();
        for (name, reasons) in &self.binding.active {
            if reasons.iter().any(|r| matches!(r, Because::Fills { .. })) {
                continue;
            }
            let Some(reason) = reasons.first() else { continue };
            for key in self.component(name).iter().flat_map(|c| c.provides.keys()) {
                let other = match self.binding.providers.get(&key.text) {
                    Some((provider, span)) if provider != name => Some((provider.clone(), *span)),
                    Some(_) => None,
                    None => self.other_offer(&key.text, name),
                };
                if let Some((provider, span)) = other {
                    found.push((key.text.clone(), name.clone(), reason.span(), provider, span));
                }
            }
        }
        for (capability, name, span, provider, provider_span) in found {
            self.sink.push(
                Diagnostic::error(
                    &resolution::TWO_PROVIDERS,
                    span,
                    format!("`{name}` and `{provider}` both provide `{capability}`"),
                )
                .here(format!("`{name}` comes in here"))
                .label(provider_span, format!("`{provider}` comes in here"))
                .help(format!("choose one: `select: {{ {capability}: {name} }}`, or leave `{name}` out")),
            );
        }
    }

    fn other_offer(&self, capability: &str, name: &Arc<str>) -> Option<(Arc<str>, Span)> {
        let (other, reasons) = self.binding.active.iter().find(|(other, _)| {
            *other != name && self.component(other).is_some_and(|c| c.provides_key(capability).is_some())
        })?;
        Some((other.clone(), reasons.first()?.span()))
    }

    fn required(&mut self) {
        for name in self.binding.active.keys().cloned().collect::<Vec<_>>() {
            let Some(component) = self.component(&name) else { continue };
            for want in &component.requires {
                let capability = &want.capability.text;
                // A capability that does not exist was reported when it was looked up, and so was a choice that cannot be.
                if self.binding.providers.contains_key(capability)
                    || self.binding.refused.contains(capability)
                    || !self.program.capabilities.contains_key(capability)
                {
                    continue;
                }
                let found = Diagnostic::error(
                    &resolution::NO_PROVIDER,
                    want.capability.span,
                    format!("`{name}` requires `{capability}`, and nothing here provides it"),
                )
                .here("required here");
                self.sink.push(self.with_candidates(found, capability));
            }
        }
    }

    fn with_candidates(&self, found: Diagnostic, capability: &str) -> Diagnostic {
        if let Some((name, span)) = self.binding.off.get(capability) {
            return found
                .label(*span, format!("`{name}`, which is bound to it, is switched off here"))
                .help(format!("switch `{name}` on, choose another with `select:`, or switch off what requires it"));
        }
        let mut candidates: BTreeSet<&str> = BTreeSet::new();
        for (name, source) in &self.program.components {
            if source.component.provides_key(capability).is_some() {
                candidates.insert(name);
            }
        }
        let example = candidates.first().copied().unwrap_or("…");
        found.help(format!("bind one in the architecture, or `select: {{ {capability}: {example} }}`"))
    }
}

/// The instances of a binding, with everything that needs no expression.
pub(super) fn instantiate<'p>(
    program: &'p Program,
    settings: Settings<'p>,
    binding: Binding,
    sink: &mut Sink,
) -> Platform<'p> {
    let mut instances = Vec::with_capacity(binding.active.len());
    for (name, because) in binding.active {
        let Some(source) = program.components.get(&name) else { continue };
        let component = &source.component;
        let namespace = component.namespace.as_ref().map_or_else(|| name.clone(), |n| n.name.text.clone());
        let fills = binding.providers.iter().filter(|(_, (p, _))| *p == name).map(|(c, _)| c.clone()).collect();
        let chart = chart_pin(program, &settings, &name, component, sink);
        instances.push(Instance {
            name,
            source,
            because,
            fills,
            chart,
            namespace,
            params: Node::map([]),
            published: BTreeMap::new(),
            secrets: Vec::new(),
            scope: Scope::new([]),
        });
    }
    let mut platform = Platform { program, settings, instances, providers: BTreeMap::new() };
    for (capability, (name, span)) in binding.providers {
        if let Some(instance) = platform.index(&name) {
            platform.providers.insert(capability, Provider { instance, span });
        }
    }
    chart_patches_fit(&platform, sink);
    platform
}

/// The pin of a component's chart. A range means what the lock says of it.
fn chart_pin(
    program: &Program,
    settings: &Settings<'_>,
    name: &str,
    component: &Component,
    sink: &mut Sink,
) -> Option<ChartPin> {
    let chart = component.chart.as_ref()?;
    let patches =
        || settings.components.get(name).into_iter().flat_map(|l| &l.patches).filter_map(|p| p.chart.as_ref());
    let version = patches().filter_map(|c| c.version.as_ref()).next_back().unwrap_or(&chart.version);
    let repository = patches().filter_map(|c| c.repository.as_ref()).next_back().unwrap_or(&chart.repository);
    let delivery = patches().filter_map(|c| c.delivery).next_back().unwrap_or(settings.gitops.delivery);
    let mut pin = ChartPin {
        delivery,
        repository: repository.text.clone(),
        name: chart.name.text.clone(),
        version: version.text.clone(),
        pinned: version.text.clone(),
        version_span: version.span,
        release: chart.release_name.as_ref().map_or_else(|| Arc::from(name), |r| r.text.clone()),
    };
    if !is_range(&pin.pinned) {
        return Some(pin);
    }
    match program.lock.as_ref().and_then(|lock| lock.find(pin.id())) {
        Some(locked) => pin.version = locked.version.clone(),
        None => sink.push(
            Diagnostic::error(&charts::OPEN_RANGE, version.span, format!("`{}` is a range of versions", version.text))
                .here(format!("the lock has no version of `{}` for it", pin.name))
                .help("run `stackgen lock`, or write one version"),
        ),
    }
    Some(pin)
}

/// A chart's pin cannot be changed where there is no chart.
fn chart_patches_fit(platform: &Platform<'_>, sink: &mut Sink) {
    for instance in platform.instances.iter().filter(|i| i.chart.is_none()) {
        let patches = instance.layered(&platform.settings).into_iter().flat_map(|l| &l.patches);
        for patch in patches.filter_map(|p| p.chart.as_ref()) {
            sink.push(
                Diagnostic::error(
                    &crate::diagnostic::codes::layers::PATCH_NOTHING,
                    patch.span,
                    format!("`{}` is not delivered by a chart", instance.name),
                )
                .label(instance.source.component.metadata.name.span, "it has no `chart:`"),
            );
        }
    }
}
