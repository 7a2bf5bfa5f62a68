//! The committed output of an environment, as tests read it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use stackgen::diagnostic::Sink;
use stackgen::layer::settle;
use stackgen::source::{Disk, load};
use stackgen::yaml::{FileId, Map, Node, parse};

/// The folder of components of an environment.
#[derive(Clone)]
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// What a test has read, the next one need not read again.
    all: Arc<OnceLock<Vec<Node>>>,
}

/// All environments.
pub(crate) fn outputs() -> Vec<Output> {
    static OUTPUTS: OnceLock<Vec<Output>> = OnceLock::new();
    OUTPUTS.get_or_init(found).clone()
}

fn found() -> Vec<Output> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("out/envs");
    let mut all: Vec<Output> = fs::read_dir(root)
        .expect("the committed output")
        .map(|entry| entry.expect("an entry"))
        .map(|entry| Output::new(entry.file_name().to_string_lossy().into_owned(), entry.path().join("components")))
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(all.len() >= 3);
    all
}

pub(crate) fn read(path: &Path) -> Option<Node> {
    parse(FileId(0), &fs::read_to_string(path).ok()?, &mut Sink::default())
}

impl Output {
    pub(crate) fn new(name: String, folder: PathBuf) -> Self {
        Output { name, folder, all: Arc::default() }
    }

    /// The facts of its cluster, as all layers say them.
    pub(crate) fn cluster(&self) -> Node {
        let files = Disk::new(env!("CARGO_MANIFEST_DIR"));
        let mut sink = Sink::default();
        let program = load(&files, &[format!("envs/{}", self.name)], &mut sink);
        let settings = settle(&program, &program.environments[0], &mut sink);
        settings.expect("the environment's layers").cluster_node
    }

    pub(crate) fn values(&self, component: &str) -> Option<Node> {
        read(&self.folder.join(component).join("values.yaml"))
    }

    /// All objects of a kind, of all components.
    pub(crate) fn objects(&self, kind: &str) -> Vec<Node> {
        let all = self.all.get_or_init(|| {
            let mut found = Vec::new();
            for component in fs::read_dir(&self.folder).expect("components") {
                let resources = component.expect("a component").path().join("resources");
                for file in fs::read_dir(resources).into_iter().flatten() {
                    found.extend(read(&file.expect("a file").path()));
                }
            }
            found
        });
        all.iter().filter(|node| text(node, &["kind"]) == Some(kind)).cloned().collect()
    }
}

pub(crate) fn text<'n>(node: &'n Node, path: &[&str]) -> Option<&'n str> {
    node.at(path).and_then(Node::as_str)
}

pub(crate) fn items<'n>(node: &'n Node, path: &[&str]) -> &'n [Node] {
    node.at(path).and_then(Node::as_seq).unwrap_or_default()
}

/// Every text of a tree.
pub(crate) fn texts(node: &Node, found: &mut Vec<String>) {
    found.extend(node.as_str().map(str::to_owned));
    node.as_seq().into_iter().flatten().for_each(|item| texts(item, found));
    node.as_map().into_iter().flat_map(Map::values).for_each(|item| texts(item, found));
}

/// For a Secret that comes from the store, whoever puts it into the cluster: the path and property that fill a key.
pub(crate) fn store_path(output: &Output, namespace: &str, secret: &str, key: &str) -> Option<(String, String)> {
    external_secret(output, namespace, secret, key).or_else(|| vault_static_secret(output, namespace, secret, key))
}

fn external_secret(output: &Output, namespace: &str, secret: &str, key: &str) -> Option<(String, String)> {
    let made = output.objects("ExternalSecret").into_iter().find(|object| {
        text(object, &["metadata", "namespace"]) == Some(namespace)
            && text(object, &["spec", "target", "name"]) == Some(secret)
    })?;
    let entry = items(&made, &["spec", "data"]).iter().find(|entry| text(entry, &["secretKey"]) == Some(key))?;
    Some((text(entry, &["remoteRef", "key"])?.to_owned(), text(entry, &["remoteRef", "property"])?.to_owned()))
}

fn vault_static_secret(output: &Output, namespace: &str, secret: &str, key: &str) -> Option<(String, String)> {
    let made = output.objects("VaultStaticSecret").into_iter().find(|object| {
        text(object, &["metadata", "namespace"]) == Some(namespace)
            && text(object, &["spec", "destination", "name"]) == Some(secret)
    })?;
    let template = text(&made, &["spec", "destination", "transformation", "templates", key, "text"])?;
    let property = template.strip_prefix("{{ get .Secrets \"")?.strip_suffix("\" }}")?;
    Some((text(&made, &["spec", "path"])?.to_owned(), property.to_owned()))
}
