//! The cluster as a whole: Secrets and who reads them, pods and what their namespaces allow, addresses and namespaces.
//!
//! What charts make is not seen here; what is said to them is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use stackgen::yaml::{Map, Node};

use crate::output::{Output, items, outputs, read, text, texts};

/// Secrets whose names programs have built in, so that nobody says them.
const BUILT_IN: [&str; 3] = ["katib-mysql-secrets", "repo-platform", "velero-repo-credentials"];

/// The pods that components' own objects make: namespace, name and template each.
fn pods(output: &Output) -> Vec<(String, String, Node)> {
    let mut found = Vec::new();
    for (kind, path) in [
        ("Deployment", &["spec", "template"][..]),
        ("StatefulSet", &["spec", "template"]),
        ("DaemonSet", &["spec", "template"]),
        ("Job", &["spec", "template"]),
        ("CronJob", &["spec", "jobTemplate", "spec", "template"]),
    ] {
        for object in output.objects(kind) {
            let word = |key| text(&object, &["metadata", key]).expect("a name and a namespace").to_owned();
            found.push((word("namespace"), word("name"), object.at(path).expect("a template").clone()));
        }
    }
    found
}

fn containers(pod: &Node) -> impl Iterator<Item = &Node> {
    items(pod, &["spec", "initContainers"]).iter().chain(items(pod, &["spec", "containers"]))
}

fn keys(node: Option<&Node>) -> impl Iterator<Item = String> {
    node.and_then(Node::as_map).into_iter().flat_map(Map::keys).map(|key| key.text.to_string())
}

/// A Secret or ConfigMap: its kind, namespace and name.
type Id = (&'static str, String, String);

/// Secrets and ConfigMaps that objects, stores, certificates and operators make, with their keys.
fn made(output: &Output) -> BTreeMap<Id, BTreeSet<String>> {
    let mut all: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
    let mut add = |kind, object: &Node, name: &str, keys: Vec<String>| {
        let namespace = text(object, &["metadata", "namespace"]).unwrap_or_default().to_owned();
        all.entry((kind, namespace, name.to_owned())).or_default().extend(keys);
    };
    for kind in ["ConfigMap", "Secret"] {
        for object in output.objects(kind) {
            let said = ["data", "stringData", "binaryData"].iter().flat_map(|part| keys(object.at(&[part]))).collect();
            add(kind, &object, text(&object, &["metadata", "name"]).expect("a name"), said);
        }
    }
    for object in output.objects("ExternalSecret") {
        let said = items(&object, &["spec", "data"]).iter().filter_map(|e| text(e, &["secretKey"]).map(str::to_owned));
        let templated = keys(object.at(&["spec", "target", "template", "data"]));
        let said = said.chain(templated).collect();
        add("Secret", &object, text(&object, &["spec", "target", "name"]).expect("a name"), said);
    }
    for object in output.objects("VaultStaticSecret") {
        let said = keys(object.at(&["spec", "destination", "transformation", "templates"])).collect();
        add("Secret", &object, text(&object, &["spec", "destination", "name"]).expect("a name"), said);
    }
    for object in output.objects("Certificate") {
        let said = ["tls.crt", "tls.key", "ca.crt"].map(str::to_owned).to_vec();
        add("Secret", &object, text(&object, &["spec", "secretName"]).expect("a name"), said);
    }
    for object in output.objects("Ingress") {
        let issuer = ["metadata", "annotations", "cert-manager.io/cluster-issuer"];
        for host in items(&object, &["spec", "tls"]).iter().filter(|_| object.at(&issuer).is_some()) {
            let said = ["tls.crt", "tls.key", "ca.crt"].map(str::to_owned).to_vec();
            add("Secret", &object, text(host, &["secretName"]).expect("a name"), said);
        }
    }
    for object in output.objects("Elasticsearch") {
        let name = text(&object, &["metadata", "name"]).expect("a name");
        add("Secret", &object, &format!("{name}-es-elastic-user"), vec!["elastic".to_owned()]);
    }
    all
}

/// What a pod reads, each with the keys that it insists on.
fn read_by(pod: &Node) -> Vec<(&'static str, String, Vec<String>)> {
    let mut found = Vec::new();
    let listed = |source: &Node| {
        let listed = items(source, &["items"]).iter().filter_map(|item| text(item, &["key"]).map(str::to_owned));
        listed.collect::<Vec<_>>()
    };
    for volume in items(pod, &["spec", "volumes"]) {
        let parts: Vec<&str> = containers(pod)
            .flat_map(|container| items(container, &["volumeMounts"]))
            .filter(|mount| text(mount, &["name"]) == text(volume, &["name"]))
            .filter_map(|mount| text(mount, &["subPath"]))
            .collect();
        for source in items(volume, &["projected", "sources"]).iter().chain([volume]) {
            for (field, kind, name) in
                [("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"), ("secret", "Secret", "name")]
            {
                let Some(source) = source.get(field) else { continue };
                let Some(name) = text(source, &[name]) else { continue };
                let mut wanted = listed(source);
                if wanted.is_empty() {
                    wanted.extend(parts.iter().map(|part| (*part).to_owned()));
                }
                found.push((kind, name.to_owned(), wanted));
            }
        }
    }
    for container in containers(pod) {
        let env = items(container, &["env"]).iter().filter_map(|e| e.get("valueFrom"));
        for from in env.chain(items(container, &["envFrom"])) {
            for (field, kind) in [
                ("configMapKeyRef", "ConfigMap"),
                ("secretKeyRef", "Secret"),
                ("configMapRef", "ConfigMap"),
                ("secretRef", "Secret"),
            ] {
                let Some(source) = from.get(field) else { continue };
                let name = text(source, &["name"]).expect("a name").to_owned();
                found.push((kind, name, text(source, &["key"]).map(str::to_owned).into_iter().collect()));
            }
        }
    }
    found
}

#[test]
fn pods_of_ours_find_what_they_read() {
    for output in outputs() {
        let (made, mut looked_at) = (made(&output), 0);
        for (namespace, pod, template) in pods(&output) {
            for (kind, name, wanted) in read_by(&template) {
                let Some(keys) = made.get(&(kind, namespace.clone(), name.clone())) else {
                    unreachable!("{}: nobody makes the {kind} {namespace}/{name} that {pod} reads", output.name)
                };
                let lacking: Vec<_> = wanted.iter().filter(|key| !keys.contains(*key)).collect();
                assert!(lacking.is_empty(), "{}: {kind} {namespace}/{name} lacks {lacking:?} for {pod}", output.name);
                looked_at += 1;
            }
        }
        assert!(looked_at > 10, "{}", output.name);
    }
}

#[test]
fn every_secret_of_the_store_is_read_by_somebody() {
    for output in outputs() {
        let mut said = Vec::new();
        for component in fs::read_dir(&output.folder).expect("components") {
            let folder = component.expect("a component").path();
            read(&folder.join("values.yaml")).iter().for_each(|values| texts(values, &mut said));
            for file in fs::read_dir(folder.join("resources")).into_iter().flatten() {
                let object = read(&file.expect("a file").path()).expect("an object");
                if !matches!(text(&object, &["kind"]), Some("ExternalSecret" | "VaultStaticSecret")) {
                    texts(&object, &mut said);
                }
            }
        }
        let said = said.join("\n");
        let whole = |name: &str| {
            let edge = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
            said.match_indices(name)
                .any(|(at, _)| edge(said[..at].chars().next_back()) && edge(said[at + name.len()..].chars().next()))
        };
        let list = read(&output.folder.with_file_name("secrets.yaml")).expect("the list of secrets");
        let readers: BTreeSet<&str> = items(&list, &["secrets"])
            .iter()
            .flat_map(|secret| items(secret, &["readers"]))
            .filter_map(|reader| text(reader, &["secret"]))
            .collect();
        assert!(readers.len() > 20, "{}", output.name);
        for name in readers {
            assert!(whole(name) || BUILT_IN.contains(&name), "{}: nobody reads the Secret {name}", output.name);
        }
    }
}

fn level(output: &Output, namespace: &str) -> String {
    let spaces = output.objects("Namespace");
    let space = spaces.iter().find(|n| text(n, &["metadata", "name"]) == Some(namespace)).expect("the namespace");
    let label = text(space, &["metadata", "labels", "pod-security.kubernetes.io/enforce"]);
    label.expect("a level").to_owned()
}

fn is(node: &Node, path: &[&str], wanted: bool) -> bool {
    node.at(path) == Some(&Node::bool(wanted))
}

#[test]
fn namespaces_admit_the_pods_of_ours() {
    let mut strict = 0;
    for output in outputs() {
        for (namespace, name, pod) in pods(&output) {
            let level = level(&output, &namespace);
            let at = format!("{}: {namespace}/{name}", output.name);
            if level == "privileged" {
                continue;
            }
            for field in ["hostNetwork", "hostPID", "hostIPC"] {
                assert!(!is(&pod, &["spec", field], true), "{at}: {field}");
            }
            assert!(items(&pod, &["spec", "volumes"]).iter().all(|v| v.get("hostPath").is_none()), "{at}: hostPath");
            for container in containers(&pod) {
                assert!(!is(container, &["securityContext", "privileged"], true), "{at}: privileged");
                if level == "baseline" {
                    continue;
                }
                let context = ["spec", "securityContext"];
                let own = ["securityContext"];
                let either = |rest: &[&str], fits: &dyn Fn(&Node) -> bool| {
                    let inner = container.at(&[&own[..], rest].concat());
                    inner.or_else(|| pod.at(&[&context[..], rest].concat())).is_some_and(fits)
                };
                assert!(either(&["runAsNonRoot"], &|n| *n == Node::bool(true)), "{at}: runAsNonRoot");
                let profiles = ["RuntimeDefault", "Localhost"];
                let profile = |n: &Node| n.as_str().is_some_and(|p| profiles.contains(&p));
                assert!(either(&["seccompProfile", "type"], &profile), "{at}: seccompProfile");
                assert!(is(container, &["securityContext", "allowPrivilegeEscalation"], false), "{at}: escalation");
                let dropped = items(container, &["securityContext", "capabilities", "drop"]);
                assert!(dropped.iter().any(|c| c.as_str() == Some("ALL")), "{at}: capabilities");
                strict += 1;
            }
        }
        // Its chart leaves the profile open, and its namespace does not.
        if let Some(values) = output.values("kubeflow-gateway") {
            assert_eq!(level(&output, "kubeflow"), "restricted");
            let profile = text(&values, &["securityContext", "seccompProfile", "type"]);
            assert_eq!(profile, Some("RuntimeDefault"), "{}", output.name);
        }
    }
    assert!(strict > 6, "{strict}");
}

#[test]
fn addresses_inside_the_cluster_are_of_namespaces_that_are_there() {
    for output in outputs() {
        let there: BTreeSet<String> = output
            .objects("Namespace")
            .iter()
            .filter_map(|n| text(n, &["metadata", "name"]).map(str::to_owned))
            .chain(["default", "kube-system"].map(str::to_owned))
            .collect();
        let mut looked_at = 0;
        for component in fs::read_dir(&output.folder).expect("components") {
            let folder = component.expect("a component").path();
            for (file, said) in said_in(&folder) {
                for address in
                    said.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '*' | '$' | '}')))
                {
                    let parts: Vec<&str> = address.split('.').collect();
                    let Some(svc) = parts.iter().position(|part| *part == "svc") else { continue };
                    let Some(namespace) = svc.checked_sub(1).map(|at| parts[at]).filter(|_| svc > 1) else { continue };
                    if namespace.is_empty() || namespace.contains(['*', '$', '}']) {
                        continue;
                    }
                    assert!(there.contains(namespace), "{}: {address} in {file}", output.name);
                    looked_at += 1;
                }
            }
        }
        assert!(looked_at > 30, "{}: {looked_at}", output.name);
    }
}

/// The texts of a component's values and objects, each with its file.
fn said_in(folder: &Path) -> Vec<(String, String)> {
    let resources = fs::read_dir(folder.join("resources")).into_iter().flatten();
    let files = resources.map(|file| file.expect("a file").path()).chain([folder.join("values.yaml")]);
    let mut found = Vec::new();
    for path in files {
        let mut said = Vec::new();
        read(&path).iter().for_each(|node| texts(node, &mut said));
        found.extend(said.into_iter().map(|text| (path.display().to_string(), text)));
    }
    found
}

/// Charts that keep their replicas apart but have no budget for them: ours stands beside them.
#[test]
fn replicas_of_charts_without_a_budget_have_one() {
    let (mut with, mut without) = (0, 0);
    for output in outputs() {
        for (component, path) in
            [("kubeflow-trainer", &["manager", "replicas"][..]), ("trivy-operator", &["operator", "replicas"])]
        {
            let Some(values) = output.values(component) else { continue };
            let several = values.at(path).is_some_and(|n| *n != Node::int(1));
            let budgets = output.objects("PodDisruptionBudget");
            let label = ["spec", "selector", "matchLabels", "app.kubernetes.io/name"];
            let has = budgets.iter().any(|budget| text(budget, &label) == Some(component));
            assert_eq!(several, has, "{}: {component}", output.name);
            *(if several { &mut with } else { &mut without }) += 1;
        }
    }
    assert!(with > 1 && without > 1);
}
