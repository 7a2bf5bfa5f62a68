//! The platform of this repository: its environments compile without a finding, in every size, and with any one component
//! switched off.

#![allow(clippy::expect_used)] // A test may stop.

mod said;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use stackgen::diagnostic::Sink;
use stackgen::render::NoCharts;
use stackgen::source::{Disk, Files, environments_below, load};

/// The repository, with environments that only the test has.
struct WithMore {
    disk: Disk,
    more: BTreeMap<String, String>,
}

impl Files for WithMore {
    fn read(&self, path: &str) -> io::Result<Option<Arc<str>>> {
        match self.more.get(path) {
            Some(text) => Ok(Some(Arc::from(text.as_str()))),
            None => self.disk.read(path),
        }
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.disk.list(folder)
    }
}

fn repository(more: BTreeMap<String, String>) -> WithMore {
    WithMore { disk: Disk::new(env!("CARGO_MANIFEST_DIR")), more }
}

/// The codes of what is found in each environment of these paths, and all of it as people see it.
fn findings(files: &WithMore, paths: &[String]) -> (BTreeSet<String>, String) {
    let (found, said) = said::findings(files, paths);
    (found.iter().map(|d| d.code.id.to_owned()).collect(), said)
}

fn environments() -> Vec<String> {
    environments_below(&repository(BTreeMap::new()), "envs").expect("the repository can be listed")
}

/// An environment of the test: another one, and what it says besides.
fn variant(of: &str, name: &str, says: &str) -> (String, String) {
    let text = format!(
        "apiVersion: stackgen.dev/v1\nkind: Environment\nmetadata: {{ name: {name} }}\nextends: [{of}]\n{says}\n"
    );
    (format!("overlays/envs/{name}.yaml"), text)
}

#[test]
fn its_environments_have_no_findings() {
    let paths = environments();
    assert!(!paths.is_empty());
    let (codes, shown) = findings(&repository(BTreeMap::new()), &paths);
    assert!(codes.is_empty(), "{shown}");
}

#[test]
fn every_environment_compiles_in_every_size() {
    let mut more = BTreeMap::new();
    let mut paths = Vec::new();
    for of in environments() {
        for size in ["small", "standard", "ha"] {
            let name = format!("{}-{size}", of.replace('/', "-"));
            more.extend([variant(&of, &name, &format!("cluster: {{ size: {size} }}"))]);
            paths.push(format!("envs/{name}"));
        }
    }
    let (codes, shown) = findings(&repository(more), &paths);
    assert!(codes.is_empty(), "{shown}");
}

/// Components that others cannot do without: switching one off without another in its place is an error that says who
/// (SG0404) or what (SG0609).
const NEEDED: [&str; 14] = [
    "aws-load-balancer-controller",
    "aws-vpc-cni",
    "calico",
    "cert-manager",
    "cilium",
    "cilium-gateway",
    "external-object-storage",
    "istio",
    "istio-gateway",
    "keycloak",
    "metallb",
    "rook-ceph-object-store",
    "terraform",
    "vault",
];

/// What uses a capability works without it. That nobody brings a kind (SG0606) is told; anything else is a template that
/// counts on what may be absent.
#[test]
fn any_component_can_be_switched_off() {
    let mut needed = BTreeSet::new();
    for of in environments() {
        let (mut more, mut paths) = (BTreeMap::new(), BTreeMap::new());
        for component in components(&of) {
            let name = format!("{}-without-{component}", of.replace('/', "-"));
            // A cluster's name is part of others', which must not grow too long.
            let switch = format!("cluster: {{ name: test }}\ncomponents: {{ {component}: {{ enabled: false }} }}");
            more.extend([variant(&of, &name, &switch)]);
            paths.insert(format!("envs/{name}"), component);
        }
        let (found, shown) = said::findings(&repository(more), &paths.keys().cloned().collect::<Vec<_>>());
        for (path, component) in &paths {
            let codes: BTreeSet<&str> = found
                .iter()
                .filter(|d| d.environments.iter().any(|e| **e == **path))
                .map(|d| d.code.id)
                .filter(|id| *id != "SG0606")
                .collect();
            if codes.contains("SG0404") || codes.contains("SG0609") {
                needed.insert(component.clone());
            } else {
                assert!(codes.is_empty(), "{path}: {codes:?}\n{shown}");
            }
        }
    }
    assert_eq!(needed.iter().map(String::as_str).collect::<Vec<_>>(), NEEDED);
}

/// The components that stand in an environment.
fn components(environment: &str) -> Vec<String> {
    let files = repository(BTreeMap::new());
    let mut sink = Sink::default();
    let program = load(&files, &[environment.to_owned()], &mut sink);
    let compiled = stackgen::compile(&program, &files, &NoCharts, sink, |rendered, _| {
        Some(rendered.platform.instances.iter().map(|i| i.name.to_string()).collect::<Vec<_>>())
    });
    compiled.outputs.into_iter().flat_map(|(_, names)| names).collect()
}
