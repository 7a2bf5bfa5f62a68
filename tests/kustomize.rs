//! Remote kustomizations: what is chosen and changed by parameters reaches Argo CD, and the bootstrap steps.

#![allow(clippy::expect_used)] // A test may stop.

use std::collections::BTreeMap;

use stackgen::diagnostic::{Diagnostic, Sink};
use stackgen::source::{Memory, load};
use stackgen::yaml::{FileId, Node, parse};

const COMPONENT: &str = r#"
parameters:
  tag: { type: string, default: "2.1", description: Tag. }
  view: { type: boolean, default: true, description: Whether there is a view. }
bootstrap: true
kustomize:
  repository: https://git.example.com/apps.git
  revision: v1
"#;

const BASES: &str = r#"
  path: crds
  bases:
    - path: app/overlays/one
      namespace: here
      images: [{ name: example.com/app, newName: mirror.example.com/app, newTag: "${{ params.tag }}" }, { name: side, newTag: "3" }]
      patches:
        - patch: { apiVersion: v1, kind: ConfigMap, metadata: { name: settings }, data: { tag: "${{ params.tag }}", $$patch: merge } }
        - target: { kind: Deployment, labelSelector: app=one }
          patch: [{ op: remove, path: /spec/replicas }]
    - { $if: params.view, path: view }
"#;

fn platform(kustomize: &str, parameters: &str) -> Memory {
    let head =
        |kind: &str, name: &str| format!("apiVersion: stackgen.dev/v1\nkind: {kind}\nmetadata: {{ name: {name} }}\n");
    let mut files = Memory::default();
    files.insert("blueprints/architectures/one.yaml", head("Architecture", "one") + "include: [app]\n");
    files.insert(
        "blueprints/components/app/component.yaml",
        head("Component", "app") + COMPONENT + kustomize + "\nnamespace: { name: app }\n",
    );
    files.insert(
        "overlays/base.yaml",
        head("Overlay", "base")
            + "architecture: one\ncluster: { domain: example.com, kubernetes: \"1.34.2\" }\ngitops: { repository: \"https://git.example.com/g.git\" }\n",
    );
    files.insert(
        "overlays/envs/dev.yaml",
        format!("{}components: {{ app: {{ parameters: {{ {parameters} }} }} }}\n", head("Environment", "dev")),
    );
    files
}

fn compiled(files: &Memory) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let program = load(files, &["envs/dev".into()], &mut sink);
    let mut compiled = stackgen::compile(&program, files, &stackgen::render::NoCharts, sink, |rendered, _| {
        Some(stackgen::target::files(&rendered))
    });
    let tree = compiled.outputs.pop().map(|(_, tree)| tree).unwrap_or_default();
    (tree.into_iter().map(|file| (file.path, file.text)).collect(), compiled.findings)
}

fn read(tree: &BTreeMap<String, String>, path: &str) -> Node {
    parse(FileId(0), tree.get(path).expect("the file"), &mut Sink::default()).expect("what is written can be read")
}

fn sources(application: &Node) -> Vec<Node> {
    let many = application.at(&["spec", "sources"]).and_then(Node::as_seq).map(<[Node]>::to_vec);
    many.unwrap_or_else(|| application.at(&["spec", "source"]).into_iter().cloned().collect())
}

#[test]
fn each_base_is_a_source_with_its_changes() {
    let (tree, findings) = compiled(&platform(BASES, ""));
    assert!(findings.is_empty(), "{findings:?}");
    let sources = sources(&read(&tree, "apps/app.yaml"));
    let text = |node: &Node, path: &[&str]| node.at(path).and_then(Node::as_str).map(str::to_owned);
    let paths: Vec<_> = sources.iter().filter_map(|s| text(s, &["path"])).collect();
    assert_eq!(paths, ["crds", "app/overlays/one", "view"]);
    assert!(sources.iter().all(|s| text(s, &["targetRevision"]).as_deref() == Some("v1")));
    assert!(sources[0].at(&["kustomize"]).is_none() && sources[2].at(&["kustomize"]).is_none());
    let changes = sources[1].at(&["kustomize"]).expect("changes");
    assert_eq!(text(changes, &["namespace"]).as_deref(), Some("here"));
    let images: Vec<_> =
        changes.at(&["images"]).and_then(Node::as_seq).expect("images").iter().filter_map(Node::as_str).collect();
    assert_eq!(images, ["example.com/app=mirror.example.com/app:2.1", "side:3"]);
    let patches = changes.at(&["patches"]).and_then(Node::as_seq).expect("patches");
    let merged = text(&patches[0], &["patch"]).expect("a patch");
    assert!(merged.contains("tag: \"2.1\"") && merged.contains("$patch: merge"), "{merged}");
    assert!(patches[0].at(&["target"]).is_none());
    assert_eq!(text(&patches[1], &["patch"]).as_deref(), Some("- op: remove\n  path: /spec/replicas\n"));
    assert_eq!(text(&patches[1], &["target", "labelSelector"]).as_deref(), Some("app=one"));
    // The project lets Argo CD read the repository.
    let project = tree.iter().find(|(path, _)| path.starts_with("apps/project-platform")).expect("a project").1;
    assert!(project.contains("https://git.example.com/apps.git"), "{project}");
}

/// Argo CD would look for changes in our folder alone.
#[test]
fn objects_beside_bases_do_not_hide_changes_of_the_bases() {
    let mut files = platform(BASES, "");
    files.insert(
        "blueprints/components/app/resources/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\ndata: { a: b }\n",
    );
    let (tree, findings) = compiled(&files);
    assert!(findings.is_empty(), "{findings:?}");
    let application = read(&tree, "apps/app.yaml");
    assert_eq!(sources(&application).len(), 4);
    let path = ["metadata", "annotations", "argocd.argoproj.io/manifest-generate-paths"];
    assert!(application.at(&path).is_none());
}

#[test]
fn parameters_choose_bases() {
    let (tree, _) = compiled(&platform(BASES, "view: false"));
    assert_eq!(sources(&read(&tree, "apps/app.yaml")).len(), 2);
}

#[test]
fn a_bootstrap_step_applies_the_same() {
    let (tree, _) = compiled(&platform(BASES, ""));
    let step = tree.iter().find(|(path, _)| path.ends_with("-app.sh")).expect("a step").1;
    for said in [
        "https://git.example.com/apps.git//app/overlays/one?ref=v1",
        "newName: mirror.example.com/app",
        "namespace: here",
    ] {
        assert!(step.contains(said), "{step}");
    }
}

#[test]
fn a_kustomization_has_a_path() {
    let (_, findings) = compiled(&platform("", ""));
    let told: Vec<&str> = findings.iter().map(|d| &*d.message).collect();
    assert_eq!(told, ["the key `path` is missing"]);
    let (_, findings) = compiled(&platform("  bases: [{ path: a, image: [] }]", ""));
    let told: Vec<&str> = findings.iter().map(|d| &*d.message).collect();
    assert_eq!(told, ["unknown key `image`"]);
}
