//! Reads what the chosen environments need, once, and in parallel.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::catalogue::{Catalogue, Origin};
use super::day::Day;
use super::document::parse_kind;
use super::files::Files;
use super::{Architecture, Capability, Component, Overlay};
use crate::chart::{LOCK_PATH, Lock};
use crate::diagnostic::{Diagnostic, Sink, SourceMap, codes::resolution, codes::shape};
use crate::template::{Template, TextTemplate};
use crate::yaml::{FileId, Span};

/// All sources of a run.
#[derive(Debug, Default)]
pub struct Program {
    /// The files, for findings.
    pub sources: SourceMap,
    /// Capabilities by name.
    pub capabilities: BTreeMap<Arc<str>, Capability>,
    /// Components by name, with their templates.
    pub components: BTreeMap<Arc<str>, ComponentSource>,
    /// Architectures by name.
    pub architectures: BTreeMap<Arc<str>, Architecture>,
    /// What each chart was when it was locked, if `blueprints/charts.lock` is there.
    pub lock: Option<Lock>,
    /// The chosen environments, sorted by path.
    pub environments: Vec<EnvironmentSource>,
    /// The day by which waivers may have run out. None for a build: what it gives must not depend on when it runs.
    pub today: Option<Day>,
}

/// A component with its templates.
#[derive(Debug)]
pub struct ComponentSource {
    /// The document.
    pub component: Component,
    /// Where it comes from.
    pub origin: Origin,
    /// All its files.
    pub all_files: Vec<FileId>,
    /// Its Helm values.
    pub values: Option<Template>,
    /// Its objects.
    pub resources: Vec<SourceTemplate>,
    /// Its policies.
    pub policies: Vec<SourceTemplate>,
    /// Its text templates, by path below `files/`.
    pub files: BTreeMap<String, TextTemplate>,
}

/// A file of objects.
#[derive(Debug)]
pub struct SourceTemplate {
    /// The file.
    pub file: FileId,
    /// Its template.
    pub template: Template,
}

/// An environment and its layers.
#[derive(Debug)]
pub struct EnvironmentSource {
    /// Path below `overlays/` and `out/`: `envs/prod`.
    pub path: Arc<str>,
    /// The last part of the path.
    pub name: Arc<str>,
    /// Where its `metadata.name` stands.
    pub span: Span,
    /// base, profiles, extended environments, and itself: from general to special.
    pub layers: Vec<Arc<Overlay>>,
    /// The environments that serve with it.
    pub peers: Vec<Peer>,
}

/// An environment that another one names as its peer.
#[derive(Debug)]
pub struct Peer {
    /// Path below `overlays/`.
    pub path: Arc<str>,
    /// The last part of the path.
    pub name: Arc<str>,
    /// Where it is named.
    pub span: Span,
    /// Its layers, from general to special.
    pub layers: Vec<Arc<Overlay>>,
    /// Paths of its own peers.
    pub peers: Vec<Arc<str>>,
}

/// Reads the environments of these paths (`envs/prod`) and all that they need.
pub fn load(files: &dyn Files, paths: &[String], sink: &mut Sink) -> Program {
    let mut loader = Loader::new(files, sink);
    loader.lock();
    loader.environments(paths);
    loader.architectures();
    loader.components();
    loader.capabilities();
    loader.program
}

/// Reads all blueprints that there are: the repository's own, and those that are embedded. No environment.
pub fn load_blueprints(files: &dyn Files, sink: &mut Sink) -> Program {
    let mut loader = Loader::new(files, sink);
    loader.everything();
    loader.program
}

pub(super) struct Loader<'a> {
    files: &'a dyn Files,
    pub(super) catalogue: Catalogue<'a>,
    pub(super) program: Program,
    /// Overlay files that were read, by path; none where one is missing or broken.
    overlays: BTreeMap<String, Option<Arc<Overlay>>>,
    pub(super) sink: &'a mut Sink,
}

/// The files of an environment: `envs/prod.yaml`, or those of `envs/prod/` with `environment.yaml` first.
fn environment_files(files: &dyn Files, path: &str) -> std::io::Result<Vec<String>> {
    let folder = format!("overlays/{path}");
    let entries = files.list(&folder)?;
    if !entries.iter().any(|e| e == "environment.yaml") {
        return Ok(vec![format!("{folder}.yaml")]);
    }
    let rest = entries.iter().filter(|e| e.ends_with(".yaml") && *e != "environment.yaml");
    let mut found = vec![format!("{folder}/environment.yaml")];
    found.extend(rest.map(|e| format!("{folder}/{e}")));
    Ok(found)
}

impl<'a> Loader<'a> {
    fn new(files: &'a dyn Files, sink: &'a mut Sink) -> Self {
        let catalogue = Catalogue::new(files);
        Loader { files, catalogue, program: Program::default(), overlays: BTreeMap::new(), sink }
    }

    pub(super) fn unreadable(&mut self, path: &str, error: &std::io::Error) {
        self.sink.push(Diagnostic::error(&shape::NO_FILE, Span::BUILT_IN, format!("cannot read `{path}`: {error}")));
    }

    /// Reads overlay files that were not read yet; the result does not depend on the order of work.
    fn read_overlays(&mut self, mut paths: Vec<String>) {
        paths.retain(|path| !self.overlays.contains_key(path));
        paths.sort();
        paths.dedup();
        let files = self.files;
        let texts: Vec<_> = paths.par_iter().map(|path| files.read(path)).collect();
        let mut read = Vec::new();
        for (path, text) in paths.into_iter().zip(texts) {
            match text {
                Ok(Some(text)) => {
                    let file = self.program.sources.add(path.as_str(), text);
                    read.push((path, file));
                }
                Ok(None) => {
                    self.overlays.insert(path, None);
                }
                Err(error) => {
                    self.unreadable(&path, &error);
                    self.overlays.insert(path, None);
                }
            }
        }
        let sources = &self.program.sources;
        let parsed: Vec<_> = read
            .par_iter()
            .map(|(path, file)| {
                let mut sink = Sink::default();
                let overlay = parse_kind::<Overlay>(sources, *file, overlay_name(path).as_deref(), &mut sink);
                (overlay.map(|(overlay, _)| Arc::new(overlay)), sink)
            })
            .collect();
        for ((path, _), (overlay, sink)) in read.into_iter().zip(parsed) {
            self.sink.extend(sink);
            self.overlays.insert(path, overlay);
        }
    }

    fn overlay(&mut self, path: &str) -> Option<Arc<Overlay>> {
        if !self.overlays.contains_key(path) {
            self.read_overlays(vec![path.to_owned()]);
        }
        self.overlays.get(path).cloned().flatten()
    }

    fn lock(&mut self) {
        match self.files.read(LOCK_PATH) {
            Ok(Some(text)) => {
                let file = self.program.sources.add(LOCK_PATH, text);
                self.program.lock = Lock::read(&self.program.sources, file, self.sink);
            }
            Ok(None) => {}
            Err(error) => self.unreadable(LOCK_PATH, &error),
        }
    }

    fn environments(&mut self, paths: &[String]) {
        let mut own = Vec::new();
        for path in paths {
            match environment_files(self.files, path) {
                Ok(files) => own.push((path, files)),
                Err(error) => self.unreadable(path, &error),
            }
        }
        let mut all: Vec<String> = own.iter().flat_map(|(_, files)| files.clone()).collect();
        all.push("overlays/base.yaml".into());
        self.read_overlays(all);
        // Together, since chains ask for them one by one.
        let known = self.overlays.values().flatten();
        let profiles = known.flat_map(|overlay| &overlay.profiles).map(|profile| profile_path(&profile.text)).collect();
        self.read_overlays(profiles);
        for (path, files) in own {
            let Some(first) = self.overlay(&files[0]) else { continue };
            let layers = self.layers(&files);
            let peers = self.peers(&files);
            self.program.environments.push(EnvironmentSource {
                path: Arc::from(path.as_str()),
                name: last_part(path),
                span: first.metadata.name.span,
                layers,
                peers,
            });
        }
    }

    fn layers(&mut self, files: &[String]) -> Vec<Arc<Overlay>> {
        let mut chain = Chain::default();
        self.chain(files, &mut chain, &mut Vec::new());
        chain.into_layers()
    }

    /// The peers that an environment's own files name.
    fn peers(&mut self, files: &[String]) -> Vec<Peer> {
        let own: Vec<Arc<Overlay>> = files.iter().filter_map(|file| self.overlay(file)).collect();
        let mut peers = Vec::new();
        for named in own.iter().flat_map(|overlay| &overlay.peers) {
            let Some((path, theirs)) = self.named_environment(named) else { continue };
            if files == theirs.as_slice() {
                let message = format!("`{path}` names itself as its peer");
                self.sink.push(
                    Diagnostic::error(&shape::BAD_VALUE, named.span, message)
                        .help("name the environments that stand beside it, or remove `peers:`"),
                );
                continue;
            }
            let overlays: Vec<Arc<Overlay>> = theirs.iter().filter_map(|file| self.overlay(file)).collect();
            peers.push(Peer {
                name: last_part(&path),
                path: Arc::from(path),
                span: named.span,
                layers: self.layers(&theirs),
                peers: overlays.iter().flat_map(|o| &o.peers).map(|p| Arc::from(environment_path(&p.text))).collect(),
            });
        }
        peers
    }

    /// Path and files of an environment that another one names; none where there is no such environment, which is reported.
    fn named_environment(&mut self, named: &crate::decode::Text) -> Option<(String, Vec<String>)> {
        let path = environment_path(&named.text);
        let files = environment_files(self.files, &path).unwrap_or_default();
        if files.first().is_some_and(|first| self.overlay(first).is_some()) {
            return Some((path, files));
        }
        let names: Vec<String> = super::environments_below(self.files, "envs").unwrap_or_default();
        self.sink.push(
            Diagnostic::error(
                &resolution::UNKNOWN_OVERLAY,
                named.span,
                format!("there is no environment `{}`", named.text),
            )
            .suggest(&path, names.iter().map(String::as_str)),
        );
        None
    }

    /// Puts an environment's layers, and those that they name, into a chain.
    fn chain(&mut self, files: &[String], chain: &mut Chain, under_way: &mut Vec<String>) {
        if let Some(base) = self.overlay("overlays/base.yaml")
            && chain.base.is_none()
        {
            self.profiles(&base, chain);
            chain.base = Some(base);
        }
        let own: Vec<Arc<Overlay>> = files.iter().filter_map(|file| self.overlay(file)).collect();
        let Some(key) = files.first().cloned() else { return };
        under_way.push(key);
        for overlay in &own {
            for parent in &overlay.extends {
                self.parent(parent, chain, under_way);
            }
            self.profiles(overlay, chain);
        }
        under_way.pop();
        chain.environments.extend(own);
    }

    fn parent(&mut self, parent: &crate::decode::Text, chain: &mut Chain, under_way: &mut Vec<String>) {
        let Some((_, files)) = self.named_environment(parent) else { return };
        if files.first().is_some_and(|first| under_way.contains(first)) {
            self.sink.push(Diagnostic::error(
                &resolution::UNKNOWN_OVERLAY,
                parent.span,
                format!("`{}` extends itself, by way of {}", parent.text, under_way.join(" → ")),
            ));
        } else {
            self.chain(&files, chain, under_way);
        }
    }

    fn profiles(&mut self, overlay: &Overlay, chain: &mut Chain) {
        for profile in &overlay.profiles {
            let path = profile_path(&profile.text);
            match self.overlay(&path) {
                Some(found) => {
                    if !chain.profiles.iter().any(|known| Arc::ptr_eq(known, &found)) {
                        chain.profiles.push(found);
                    }
                }
                None if self.program.sources.files().any(|(_, f)| *f.name == *path) => {}
                None => {
                    let names = self.files.list("overlays/profiles").unwrap_or_default();
                    self.sink.push(
                        Diagnostic::error(
                            &resolution::UNKNOWN_OVERLAY,
                            profile.span,
                            format!("there is no profile `{}`", profile.text),
                        )
                        .here(format!("`{path}` does not exist"))
                        .suggest(&profile.text, names.iter().filter_map(|n| n.strip_suffix(".yaml"))),
                    );
                }
            }
        }
    }
}

/// The layers of an environment by their place in the order.
#[derive(Default)]
struct Chain {
    base: Option<Arc<Overlay>>,
    profiles: Vec<Arc<Overlay>>,
    environments: Vec<Arc<Overlay>>,
}

impl Chain {
    fn into_layers(self) -> Vec<Arc<Overlay>> {
        let mut layers: Vec<Arc<Overlay>> = self.base.into_iter().chain(self.profiles).collect();
        for overlay in self.environments {
            // Two parents may share a grandparent: its first place counts.
            if !layers.iter().any(|known| Arc::ptr_eq(known, &overlay)) {
                layers.push(overlay);
            }
        }
        layers
    }
}

fn profile_path(name: &str) -> String {
    format!("overlays/profiles/{name}.yaml")
}

/// The path of an environment by its name, `prod` or `envs/prod`.
fn environment_path(name: &str) -> String {
    if name.contains('/') { name.to_owned() } else { format!("envs/{name}") }
}

fn last_part(path: &str) -> Arc<str> {
    Arc::from(path.rsplit('/').next().unwrap_or(path))
}

/// What `metadata.name` of an overlay file must be: the file's name, or the folder's for `environment.yaml`.
fn overlay_name(path: &str) -> Option<String> {
    let stem = path.strip_suffix(".yaml")?;
    let (folder, name) = stem.rsplit_once('/')?;
    let name = if name == "environment" { folder.rsplit('/').next()? } else { name };
    Some(name.to_owned())
}
