//! What lies where in an environment's tree: every file's path and text.
//!
//! The layout is described in `docs/output.md`.

mod bootstrap;
mod hooks;
mod secrets;
mod tree;

pub use tree::Trees;

use rayon::prelude::*;

use crate::argocd;
use crate::layer::ValuesMode;
use crate::render::{Object, Place, Rendered, Unit};
use crate::share;
use crate::yaml::{self, Node, Order};

/// A file of the tree.
#[derive(Debug)]
pub struct TargetFile {
    /// Path from the environment's folder.
    pub path: String,
    /// The text.
    pub text: String,
    /// Whether people run it.
    pub executable: bool,
}

impl TargetFile {
    fn yaml(path: String, node: &Node, order: Order) -> Self {
        let mut text = String::with_capacity(1024);
        yaml::write(node, order, &mut text);
        TargetFile { path, text, executable: false }
    }
}

/// All files of an environment, in no particular order.
pub fn files(rendered: &Rendered<'_>) -> Vec<TargetFile> {
    let units = || -> Vec<TargetFile> {
        let units = share::among(rendered.units.len(), rendered.units.par_iter());
        units.flat_map_iter(|unit| of_unit(rendered, unit)).collect()
    };
    // What is made of the environment as a whole takes about as long as one component, and is the first to be given away.
    let (mut files, whole) = share::join(rendered.units.len(), units, || of_all(rendered));
    files.extend(whole);
    files
}

fn of_unit(rendered: &Rendered<'_>, unit: &Unit) -> Vec<TargetFile> {
    let application = argocd::application(rendered, unit);
    let mut files = Vec::with_capacity(unit.objects.len() + 2);
    files.push(TargetFile::yaml(format!("apps/{}.yaml", unit.name), &application, Order::Object));
    component(rendered, unit, &mut files);
    files
}

/// The files of no unit.
fn of_all(rendered: &Rendered<'_>) -> Vec<TargetFile> {
    let mut files = Vec::with_capacity(rendered.files.len() + 32);
    root(rendered, &mut files);
    for (name, project) in argocd::projects(rendered) {
        files.push(TargetFile::yaml(format!("apps/project-{name}.yaml"), &project, Order::Object));
    }
    for (path, file) in &rendered.files {
        files.push(TargetFile { path: path.clone(), text: file.text.clone(), executable: path.ends_with(".sh") });
    }
    bootstrap::steps(rendered, &mut files);
    files.extend(secrets::list(rendered));
    files
}

fn root(rendered: &Rendered<'_>, files: &mut Vec<TargetFile>) {
    let mut text = String::new();
    for (index, object) in argocd::root(rendered).iter().enumerate() {
        if index > 0 {
            text.push_str("---\n");
        }
        yaml::write(object, Order::Object, &mut text);
    }
    files.push(TargetFile { path: "root.yaml".into(), text, executable: false });
}

fn component(rendered: &Rendered<'_>, unit: &Unit, files: &mut Vec<TargetFile>) {
    let folder = format!("components/{}", unit.name);
    if let Some(values) = &unit.values
        && rendered.platform.settings.gitops.values == ValuesMode::File
        && unit.remote_chart(&rendered.platform).is_some()
    {
        files.push(TargetFile::yaml(format!("{folder}/values.yaml"), values, Order::Sorted));
    }
    for object in &unit.objects {
        let inner = match object.place {
            Place::Resources => "resources",
            Place::Manifests => "manifests",
            Place::Definitions => "manifests/crds",
            Place::Hooks => "manifests/hooks",
        };
        let path = format!("{folder}/{inner}/{}", file_name(unit, object));
        files.push(TargetFile::yaml(path, &object.node, Order::Object));
    }
}

/// `kind-name.yaml`, with the namespace between the two where an equal name stands in several namespaces.
fn file_name(unit: &Unit, object: &Object) -> String {
    let twin =
        |other: &&Object| other.kind == object.kind && other.name == object.name && other.group() == object.group();
    let shared_kind =
        |other: &&Object| other.kind == object.kind && other.name == object.name && other.group() != object.group();
    let mut name = object.kind.to_lowercase();
    if unit.objects.iter().any(|o| shared_kind(&o)) {
        name = format!("{name}.{}", object.group());
    }
    if unit.objects.iter().filter(twin).count() > 1 {
        name = format!("{name}-{}", object.namespace.as_deref().unwrap_or("cluster"));
    }
    // Names of RBAC objects may hold colons, which not every file system takes.
    format!("{name}-{}.yaml", object.name.replace([':', '/'], "_"))
}
