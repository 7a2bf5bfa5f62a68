//! Reads the blueprints that environments need: architectures, components with their companions, capabilities.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::catalogue::CatalogueFile;
use super::component_files::parse_component;
use super::document::{Document, parse_kind};
use super::load::Loader;
use crate::diagnostic::{Diagnostic, Sink, codes::resolution};
use crate::yaml::{FileId, Span};

impl Loader<'_> {
    /// Single-file blueprints by their names; a finding where one is named that does not exist.
    fn blueprints<T: Document + Send>(
        &mut self,
        folder: &str,
        what: &str,
        wanted: BTreeMap<Arc<str>, Span>,
    ) -> BTreeMap<Arc<str>, T> {
        let wanted: Vec<_> = wanted.into_iter().collect();
        let catalogue = &self.catalogue;
        let texts: Vec<_> = wanted.par_iter().map(|(name, _)| catalogue.read(folder, name)).collect();
        let mut read = Vec::with_capacity(wanted.len());
        for ((name, span), text) in wanted.into_iter().zip(texts) {
            match text {
                Ok(Some((shown, text))) => read.push((name, self.program.sources.add(shown, text))),
                Ok(None) => self.unknown_blueprint(folder, what, &name, span),
                Err(error) => self.unreadable(&format!("blueprints/{folder}/{name}.yaml"), &error),
            }
        }
        let sources = &self.program.sources;
        let parsed: Vec<_> = read
            .par_iter()
            .map(|(name, file)| {
                let mut sink = Sink::default();
                (parse_kind::<T>(sources, *file, Some(name), &mut sink), sink)
            })
            .collect();
        let mut found = BTreeMap::new();
        for ((name, _), (parsed, sink)) in read.into_iter().zip(parsed) {
            self.sink.extend(sink);
            found.extend(parsed.map(|(document, _)| (name, document)));
        }
        found
    }

    fn unknown_blueprint(&mut self, folder: &str, what: &str, name: &str, wanted: Span) {
        let known = self.catalogue.names(folder).unwrap_or_default();
        let found = Diagnostic::error(&resolution::UNKNOWN_BLUEPRINT, wanted, format!("there is no {what} `{name}`"))
            .here("named here")
            .suggest(name, known.iter().map(|(n, _)| n.as_str()));
        self.sink.push(match found.help {
            None if !known.is_empty() => found.help(format!("`stackgen list {folder}` shows all {}", known.len())),
            _ => found,
        });
    }

    pub(super) fn architectures(&mut self) {
        let mut wanted: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        for environment in &self.program.environments {
            for name in environment.layers.iter().filter_map(|layer| layer.architecture.as_ref()) {
                wanted.entry(name.text.clone()).or_insert(name.span);
            }
        }
        self.program.architectures = self.blueprints("architectures", "architecture", wanted);
    }

    /// All components that an environment may need, in rounds: each round's companions are the next round's names.
    pub(super) fn components(&mut self) {
        self.read_components(self.wanted_components());
        self.check_component_names();
    }

    /// All blueprints that there are, whether an environment needs them or not.
    pub(super) fn everything(&mut self) {
        let all = |names: Vec<Arc<str>>| names.into_iter().map(|name| (name, Span::BUILT_IN)).collect();
        let architectures = all(self.names("architectures"));
        self.program.architectures = self.blueprints("architectures", "architecture", architectures);
        self.read_components(all(self.names("components")));
        let capabilities = all(self.names("capabilities"));
        self.program.capabilities = self.blueprints("capabilities", "capability", capabilities);
    }

    fn names(&self, folder: &str) -> Vec<Arc<str>> {
        let names = self.catalogue.names(folder).unwrap_or_default();
        names.into_iter().map(|(name, _)| Arc::from(name)).collect()
    }

    fn read_components(&mut self, mut next: BTreeMap<Arc<str>, Span>) {
        let mut known: BTreeSet<Arc<str>> = BTreeSet::new();
        while !next.is_empty() {
            let wanted: Vec<_> =
                std::mem::take(&mut next).into_iter().filter(|(name, _)| known.insert(name.clone())).collect();
            let catalogue = &self.catalogue;
            // One by one, since some are many times larger than others.
            let read: Vec<_> =
                wanted.par_iter().with_max_len(1).map(|(name, _)| catalogue.component_files(name)).collect();
            let mut round = Vec::new();
            for ((name, span), found) in wanted.into_iter().zip(read) {
                match found {
                    Ok(Some((origin, files))) => round.push((name, origin, self.add_files(files))),
                    Ok(None) => self.unknown_blueprint("components", "component", &name, span),
                    Err(error) => self.unreadable(&format!("blueprints/components/{name}"), &error),
                }
            }
            let sources = &self.program.sources;
            let parsed: Vec<_> = round
                .par_iter()
                .with_max_len(1)
                .map(|(name, origin, files)| {
                    let mut sink = Sink::default();
                    (parse_component(sources, name, files, *origin, &mut sink), sink)
                })
                .collect();
            for ((name, ..), (component, sink)) in round.into_iter().zip(parsed) {
                self.sink.extend(sink);
                if let Some(component) = component {
                    for companion in &component.component.companions {
                        next.entry(companion.text.clone()).or_insert(companion.span);
                    }
                    self.program.components.insert(name, component);
                }
            }
        }
    }

    fn add_files(&mut self, files: Vec<CatalogueFile>) -> Vec<(String, FileId)> {
        files.into_iter().map(|(inner, shown, text)| (inner, self.program.sources.add(shown, text))).collect()
    }

    fn wanted_components(&self) -> BTreeMap<Arc<str>, Span> {
        let mut wanted = BTreeMap::new();
        let mut want = |text: &crate::decode::Text| {
            wanted.entry(text.text.clone()).or_insert(text.span);
        };
        for architecture in self.program.architectures.values() {
            let removed = |t: &&crate::decode::Text| !architecture.removed.contains_key(&*t.text);
            architecture.bindings.values().chain(&architecture.include).filter(removed).for_each(&mut want);
        }
        let layers = || self.program.environments.iter().flat_map(|e| &e.layers);
        let removed = |name: &str| self.program.architectures.values().any(|a| a.removed.contains_key(name));
        layers().flat_map(|l| l.select.values()).filter(|t| !removed(&t.text)).for_each(&mut want);
        for (name, patch) in layers().flat_map(|l| &l.components) {
            if patch.enabled.is_some_and(|e| e.value) && !removed(&name.text) {
                wanted.entry(name.text.clone()).or_insert(name.span);
            }
        }
        wanted
    }

    /// A layer may speak of a component that its environment has not, but not of one that nobody knows.
    fn check_component_names(&mut self) {
        let mut unknown = Vec::new();
        let mut catalogue: Option<Vec<(String, _)>> = None;
        let layers = self.program.environments.iter().flat_map(|e| e.layers.iter().map(|l| &l.components));
        let architectures = self.program.architectures.values().map(|a| &a.components);
        for name in layers.chain(architectures).flat_map(|components| components.keys()) {
            if self.program.components.contains_key(&name.text)
                || self.program.architectures.values().any(|a| a.removed.contains_key(&*name.text))
            {
                continue;
            }
            let known = catalogue.get_or_insert_with(|| self.catalogue.names("components").unwrap_or_default());
            if known.binary_search_by(|(n, _)| n.as_str().cmp(&name.text)).is_err() {
                unknown.push((name.text.clone(), name.span));
            }
        }
        unknown.sort();
        unknown.dedup();
        for (name, span) in unknown {
            self.unknown_blueprint("components", "component", &name, span);
        }
    }

    pub(super) fn capabilities(&mut self) {
        let mut wanted: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        for architecture in self.program.architectures.values() {
            for key in architecture.bindings.keys() {
                wanted.entry(key.text.clone()).or_insert(key.span);
            }
        }
        for component in self.program.components.values().map(|c| &c.component) {
            for (want, _) in component.wants() {
                wanted.entry(want.capability.text.clone()).or_insert(want.capability.span);
            }
            for key in component.provides.keys() {
                wanted.entry(key.text.clone()).or_insert(key.span);
            }
        }
        for key in self.program.environments.iter().flat_map(|e| &e.layers).flat_map(|l| l.select.keys()) {
            wanted.entry(key.text.clone()).or_insert(key.span);
        }
        self.program.capabilities = self.blueprints("capabilities", "capability", wanted);
    }
}
