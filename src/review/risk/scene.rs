//! One environment before and after, as rules see it.

use std::collections::BTreeMap;

use super::changed::Changed;
use crate::review::compare::{Compared, component_of};
use crate::review::document::{Content, Document, ObjectId};
use crate::review::{Environment, Side};
use crate::yaml::Node;

/// An environment with all that changed in it.
pub(super) struct Scene<'a> {
    /// The side before; none if the environment is new.
    pub(super) before: Option<&'a Side>,
    /// The side after; none if the environment is gone.
    pub(super) after: Option<&'a Side>,
    /// Every changed file.
    pub(super) files: &'a [&'a Compared],
    /// Every changed object, and every component's changed Helm values. Empty where the whole environment came or went.
    pub(super) changed: Vec<Changed<'a>>,
    applications: BTreeMap<String, (Option<Node>, Option<Node>)>,
}

/// An object where it stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a Compared,
    path: &'a str,
    node: &'a Node,
}

type Objects<'a> = BTreeMap<&'a ObjectId, Place<'a>>;

impl<'a> Scene<'a> {
    pub(super) fn new(environment: &'a Environment<'a>, files: &'a [&'a Compared]) -> Self {
        let mut scene = Scene {
            before: environment.before,
            after: environment.after,
            files,
            changed: Vec::new(),
            applications: BTreeMap::new(),
        };
        if environment.before.is_some() && environment.after.is_some() {
            scene.changed = objects(files);
            scene.changed.extend(values(files));
            scene.applications = applications(environment, files);
        }
        scene
    }

    /// The Application of a component before.
    pub(super) fn application_before(&self, component: &str) -> Option<&Node> {
        self.applications.get(component)?.0.as_ref()
    }

    /// The Application of a component after.
    pub(super) fn application_after(&self, component: &str) -> Option<&Node> {
        self.applications.get(component)?.1.as_ref()
    }
}

/// Whether Argo CD applies a file's objects.
fn is_applied(path: &str) -> bool {
    path == "root.yaml" || path.starts_with("apps/") || (path.starts_with("components/") && !is_values(path))
}

fn is_values(path: &str) -> bool {
    path.starts_with("components/") && path.ends_with("/values.yaml") && path.matches('/').count() == 2
}

fn objects<'a>(files: &'a [&'a Compared]) -> Vec<Changed<'a>> {
    let (mut old, mut new): (Objects<'_>, Objects<'_>) = (BTreeMap::new(), BTreeMap::new());
    for file in files.iter().filter(|file| file.is_readable()) {
        let from = file.from.as_deref().unwrap_or(&file.path);
        add(&mut old, file, from, file.before.trees());
        add(&mut new, file, &file.path, file.after.trees());
    }
    let renamed = renamed(files, &old, &new);
    let mut found = Vec::new();
    for (id, place) in &old {
        let other = new.get(id);
        if other.is_some_and(|other| other.node == place.node && other.file.component == component_before(place)) {
            continue;
        }
        let new_name = renamed.get(id).copied();
        // What is told of a moved file stands with its new path.
        let at = other.or_else(|| new.get(new_name?));
        let at = at.unwrap_or(place);
        let mut changed = Changed::new(at.file, at.path, Some(id), Some(place.node), other.map(|o| o.node));
        changed.renamed = new_name;
        changed.old_component = Some(component_before(place)).filter(|from| *from != changed.component);
        found.push(changed);
    }
    for (id, place) in new.iter().filter(|(id, _)| !old.contains_key(*id)) {
        let mut changed = Changed::new(place.file, place.path, Some(id), None, Some(place.node));
        changed.is_new_name = renamed.values().any(|new| new == id);
        found.push(changed);
    }
    found
}

fn add<'a>(objects: &mut Objects<'a>, file: &'a Compared, path: &'a str, documents: &'a [Document]) {
    for document in documents.iter().filter(|_| is_applied(path)) {
        if let Some(id) = &document.id {
            objects.entry(id).or_insert(Place { file, path, node: &document.node });
        }
    }
}

/// The component of a path of the side before: a moved file may have had another one.
fn component_before<'a>(place: &Place<'a>) -> &'a str {
    match place.path.strip_prefix("components/") {
        Some(rest) => rest.split('/').next().unwrap_or(rest),
        None if place.file.from.is_some() && place.path.starts_with("apps/") => {
            place.path.trim_start_matches("apps/").trim_end_matches(".yaml")
        }
        None => &place.file.component,
    }
}

/// Objects that are gone, each with the one of the same kind that came in the same file.
fn renamed<'a>(
    files: &'a [&'a Compared],
    old: &Objects<'a>,
    new: &Objects<'a>,
) -> BTreeMap<&'a ObjectId, &'a ObjectId> {
    let mut found = BTreeMap::new();
    for file in files {
        let mut came: Vec<&ObjectId> =
            file.after.trees().iter().filter_map(|d| d.id.as_ref()).filter(|id| !old.contains_key(id)).collect();
        for gone in file.before.trees().iter().filter_map(|d| d.id.as_ref()).filter(|id| !new.contains_key(id)) {
            if let Some(at) = came.iter().position(|id| id.group == gone.group && id.kind == gone.kind) {
                found.insert(gone, came.remove(at));
            }
        }
    }
    found
}

/// The changed Helm values of every component, from its file or from inside of its Application.
fn values<'a>(files: &'a [&'a Compared]) -> Vec<Changed<'a>> {
    type Both<'a> = (&'a Compared, Option<&'a Node>, Option<&'a Node>);
    let mut by_component: BTreeMap<&str, Both<'_>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.is_readable() && (is_values(&file.path) || is_inline_candidate(file))) {
        let (before, after) = match is_values(&file.path) {
            true => (file.before.trees().first().map(|d| &d.node), file.after.trees().first().map(|d| &d.node)),
            false => (inline(&file.before), inline(&file.after)),
        };
        let entry = by_component.entry(&file.component).or_insert((file, None, None));
        entry.1 = entry.1.or(before);
        entry.2 = entry.2.or(after);
        if after.is_some() {
            entry.0 = file;
        }
    }
    by_component
        .into_values()
        .filter(|(_, before, after)| before != after)
        .map(|(file, before, after)| Changed::new(file, &file.path, None, before, after))
        .collect()
}

fn is_inline_candidate(file: &Compared) -> bool {
    inline(&file.before).is_some() || inline(&file.after).is_some()
}

/// The `valuesObject` of an Application.
fn inline(content: &Content) -> Option<&Node> {
    let is_application =
        |d: &&Document| d.id.as_ref().is_some_and(|id| id.kind == "Application" && id.group == "argoproj.io");
    let application = content.trees().iter().find(is_application)?;
    sources(&application.node).into_iter().find_map(|source| source.at(&["helm", "valuesObject"]))
}

/// The sources of an Application, in either of the two forms.
pub(super) fn sources(application: &Node) -> Vec<&Node> {
    let several = application.at(&["spec", "sources"]).and_then(Node::as_seq).unwrap_or_default();
    application.at(&["spec", "source"]).into_iter().chain(several).collect()
}

fn applications(environment: &Environment<'_>, files: &[&Compared]) -> BTreeMap<String, (Option<Node>, Option<Node>)> {
    let mut found = BTreeMap::new();
    let earlier =
        files.iter().filter_map(|file| file.from.as_deref()).map(|from| component_of(from, &Content::default()));
    for component in files.iter().map(|file| file.component.clone()).chain(earlier) {
        found.entry(component).or_insert_with_key(|component| {
            let path = format!("apps/{component}.yaml");
            let read = |side: Option<&Side>| {
                let content = Content::read(&path, side?.files.get(&path)?);
                content
                    .trees()
                    .iter()
                    .find(|d| d.id.as_ref().is_some_and(|id| id.kind == "Application"))
                    .map(|d| d.node.clone())
            };
            (read(environment.before), read(environment.after))
        });
    }
    found
}
