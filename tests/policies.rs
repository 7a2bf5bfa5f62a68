//! The policies of the catalogue accept and refuse what they say, by Kyverno's own command line.
//!
//! Each folder of `tests/policies` is named as its policy. `good.yaml` holds what must pass or be left alone, `bad.yaml`
//! what must be refused to the last document, `untouched.yaml` what a policy that makes or changes objects leaves as it is.

#![allow(clippy::expect_used)] // A test may stop.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use stackgen::diagnostic::{Format, Sink, Style, render};
use stackgen::source::{Memory, load};
use stackgen::yaml::{self, Order};

/// A platform around the policies: someone who needs what they forbid, two namespaces, a registry, and a signer.
const PLATFORM: [(&str, &str); 6] = [
    (
        "blueprints/components/agent/component.yaml",
        "
kind: Component
metadata: { name: agent, title: Agent }
namespace: { name: calico-system, podSecurity: privileged }
needs: [privileged, host-network, host-path, host-ports, root, capabilities, writable-root]
",
    ),
    ("blueprints/components/first/component.yaml", "\nkind: Component\nmetadata: { name: first }\nnamespace: { name: argocd }\n"),
    ("blueprints/components/second/component.yaml", "\nkind: Component\nmetadata: { name: second }\nnamespace: { name: vault }\n"),
    (
        "blueprints/components/store/component.yaml",
        "
kind: Component
metadata: { name: store }
provides: { registry: { host: harbor.prod.example.com, url: \"https://harbor.prod.example.com\" } }
",
    ),
    (
        "blueprints/architectures/guarded.yaml",
        "
kind: Architecture
metadata: { name: guarded, title: Guarded }
bindings: { policy: kyverno, registry: store }
include: [agent, first, second]
",
    ),
    (
        "overlays/envs/prod.yaml",
        "
kind: Environment
metadata: { name: prod }
architecture: guarded
cluster:
  domain: prod.example.com
  kubernetes: \"1.34.2\"
  size: ha
  podCidrs: [10.244.0.0/16]
  serviceCidrs: [10.96.0.0/12]
  nodeCidrs: [192.168.10.0/24]
  nodes: [{ name: a, address: 192.168.10.11, roles: [control-plane] }]
  apiServer: { host: 192.168.10.11 }
gitops: { repository: \"https://git.example.com/platform/gitops.git\" }
components:
  kyverno:
    parameters:
      imageSigners: [{ name: ci, images: [\"harbor.prod.example.com/apps/*\"], issuer: \"https://ci.example.com\", subject: build }]
",
    ),
];

/// A chart of Kyverno 1.15, which has the old form of policies alone.
const OLD: (&str, &str) = (
    "overlays/base.yaml",
    "\nkind: Overlay\nmetadata: { name: base }\ncomponents: { kyverno: { chart: { version: 3.5.2 } } }\n",
);

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies")
}

/// The policies by name, as YAML.
fn policies(more: &[(&str, &str)]) -> BTreeMap<String, (String, String)> {
    let mut files = Memory::default();
    for (path, text) in PLATFORM.iter().chain(more) {
        files.insert(*path, format!("apiVersion: stackgen.dev/v1{text}"));
    }
    let mut sink = Sink::default();
    let program = load(&files, &["envs/prod".to_owned()], &mut sink);
    let mut compiled = stackgen::compile(&program, &files, &stackgen::render::NoCharts, sink, |rendered, _| {
        let unit = rendered.unit("policies")?;
        let text = |node| {
            let mut text = String::new();
            yaml::write(node, Order::Object, &mut text);
            text
        };
        Some(unit.objects.iter().map(|o| (o.name.to_string(), (o.kind.to_string(), text(&o.node)))).collect())
    });
    let said = render(Format::Human, &compiled.findings, &program.sources, Style::PLAIN);
    assert!(!compiled.outputs.is_empty(), "{said}");
    compiled.outputs.pop().expect("an environment").1
}

#[test]
fn every_policy_has_fixtures_and_both_forms() {
    let (new, old) = (policies(&[]), policies(&[OLD]));
    assert_eq!(new.keys().collect::<Vec<_>>(), old.keys().collect::<Vec<_>>());
    assert!(old.values().all(|(kind, _)| kind == "ClusterPolicy"), "{old:?}");
    assert!(
        new.values()
            .all(|(kind, text)| kind != "ClusterPolicy" && text.starts_with("apiVersion: policies.kyverno.io/v1\n"))
    );
    // Signatures cannot be looked up without a registry.
    let named = |name: &&String| !name.starts_with("verify-image-signatures");
    let folders: BTreeSet<String> = fs::read_dir(fixtures())
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(new.keys().filter(named).cloned().collect::<BTreeSet<_>>(), folders);
}

#[test]
#[ignore = "needs `kyverno`, Kyverno's command line, in PATH: cargo test --test policies -- --ignored"]
fn policies_of_the_new_form_accept_and_refuse() {
    judge("new", &policies(&[]));
}

#[test]
#[ignore = "needs `kyverno`, Kyverno's command line, in PATH: cargo test --test policies -- --ignored"]
fn policies_of_the_old_form_accept_and_refuse() {
    let mut policies = policies(&[OLD]);
    // It asks the API server, for which the command line has no stand-in.
    policies.remove("require-pod-disruption-budget");
    judge("old", &policies);
}

fn judge(form: &str, policies: &BTreeMap<String, (String, String)>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(form);
    fs::create_dir_all(&folder).expect("a folder");
    let mut wrong = Vec::new();
    for (name, (_, text)) in policies {
        let policy = folder.join(format!("{name}.yaml"));
        fs::write(&policy, text).expect("the policy is written");
        for kind in ["good", "bad", "untouched"] {
            let resources = fixtures().join(name).join(format!("{kind}.yaml"));
            if !resources.exists() {
                continue;
            }
            let documents = fs::read_to_string(&resources).expect("the fixture").split("\n---\n").count();
            let verdicts = verdicts(&policy, &resources, &fixtures().join(name).join("context.yaml"));
            if !fits(kind, documents, &verdicts) {
                wrong.push(format!("{name}, {kind}: {verdicts:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What was said of each object, by its kind, namespace and name.
type Verdicts = BTreeMap<[String; 3], BTreeSet<String>>;

fn fits(kind: &str, documents: usize, verdicts: &Verdicts) -> bool {
    let said = |word: &str| verdicts.values().filter(|v| v.contains(word)).count();
    let only = |words: &[&str]| verdicts.values().flatten().all(|word| words.contains(&word.as_str()));
    match kind {
        "good" => said("pass") > 0 && only(&["pass", "skip"]),
        "bad" => said("fail") == documents,
        _ => only(&["skip"]),
    }
}

fn verdicts(policy: &Path, resources: &Path, context: &Path) -> Verdicts {
    let mut command = Command::new("kyverno");
    command.arg("apply").arg(policy).arg("--resource").arg(resources);
    command.args(["--policy-report", "--output-format", "json", "--remove-color"]);
    if context.exists() {
        command.arg("--context-file").arg(context);
    }
    let output = command.output().expect("`kyverno` can be run");
    let text = String::from_utf8_lossy(&output.stdout);
    // What it made or changed stands before the report; where nothing was looked at there is none.
    let Some(start) = text.find("{\"kind\":") else { return Verdicts::new() };
    let report: Value = serde_json::from_str(text[start..].trim()).expect("a report");
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let word = |value: &Value, key: &str| value[key].as_str().unwrap_or("").to_owned();
    let mut verdicts = Verdicts::new();
    for result in list(&report, "results") {
        for object in list(&result, "resources") {
            let key = ["kind", "namespace", "name"].map(|k| word(&object, k));
            verdicts.entry(key).or_default().insert(word(&result, "result"));
        }
    }
    verdicts
}
