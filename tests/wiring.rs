//! What one component says of another is read at both ends, in the committed output of every environment.

#![allow(clippy::expect_used)] // A test may stop.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use stackgen::diagnostic::Sink;
use stackgen::network::IpRange;
use stackgen::yaml::{FileId, Map, Node, parse};

/// The folder of components of an environment.
struct Output {
    name: String,
    folder: PathBuf,
}

fn outputs() -> Vec<Output> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("out/envs");
    let mut all: Vec<Output> = fs::read_dir(root)
        .expect("the committed output")
        .map(|entry| entry.expect("an entry"))
        .map(|entry| Output {
            name: entry.file_name().to_string_lossy().into_owned(),
            folder: entry.path().join("components"),
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(all.len() >= 3);
    all
}

fn read(path: &Path) -> Option<Node> {
    parse(FileId(0), &fs::read_to_string(path).ok()?, &mut Sink::default())
}

impl Output {
    fn values(&self, component: &str) -> Option<Node> {
        read(&self.folder.join(component).join("values.yaml"))
    }

    /// All objects of a kind, of all components.
    fn objects(&self, kind: &str) -> Vec<Node> {
        let mut found = Vec::new();
        for component in fs::read_dir(&self.folder).expect("components") {
            let resources = component.expect("a component").path().join("resources");
            for file in fs::read_dir(resources).into_iter().flatten() {
                let path = file.expect("a file").path();
                found.extend(read(&path).filter(|node| text(node, &["kind"]) == Some(kind)));
            }
        }
        found
    }
}

fn text<'n>(node: &'n Node, path: &[&str]) -> Option<&'n str> {
    node.at(path).and_then(Node::as_str)
}

fn items<'n>(node: &'n Node, path: &[&str]) -> &'n [Node] {
    node.at(path).and_then(Node::as_seq).unwrap_or_default()
}

/// Every text of a tree.
fn texts(node: &Node, found: &mut Vec<String>) {
    found.extend(node.as_str().map(str::to_owned));
    node.as_seq().into_iter().flatten().for_each(|item| texts(item, found));
    node.as_map().into_iter().flat_map(Map::values).for_each(|item| texts(item, found));
}

/// For a Secret that an ExternalSecret makes: the path and property in the store that fill a key.
fn store_path(output: &Output, namespace: &str, secret: &str, key: &str) -> Option<(String, String)> {
    let made = output.objects("ExternalSecret").into_iter().find(|object| {
        text(object, &["metadata", "namespace"]) == Some(namespace)
            && text(object, &["spec", "target", "name"]) == Some(secret)
    })?;
    let entry = items(&made, &["spec", "data"]).iter().find(|entry| text(entry, &["secretKey"]) == Some(key))?;
    Some((text(entry, &["remoteRef", "key"])?.to_owned(), text(entry, &["remoteRef", "property"])?.to_owned()))
}

#[test]
fn clients_of_the_realm_and_of_those_who_sign_people_in_are_the_same() {
    for output in outputs() {
        let realm = output.objects("KeycloakRealmImport").pop().expect("a realm");
        let issuer = format!(
            "https://{}/realms/{}",
            text(&output.objects("Keycloak")[0], &["spec", "hostname", "hostname"])
                .expect("a host")
                .trim_start_matches("https://"),
            text(&realm, &["spec", "realm", "realm"]).expect("a name"),
        );
        let client = |id: &str| {
            let all = items(&realm, &["spec", "realm", "clients"]);
            all.iter().find(|c| text(c, &["clientId"]) == Some(id)).unwrap_or_else(|| unreachable!("no client {id}"))
        };
        for (component, id, namespace, secret, key) in [
            ("argo-cd", "argocd", "argocd", "argocd-oidc", "clientSecret"),
            ("grafana", "grafana", "monitoring", "grafana-oidc", "client-secret"),
            ("harbor", "harbor", "harbor", "harbor-oidc", "client-secret"),
        ] {
            let mut said = Vec::new();
            texts(&output.values(component).expect("values"), &mut said);
            let said = said.join("\n");
            assert!(said.contains(&issuer), "{}: {component} does not name {issuer}", output.name);
            assert!(said.contains(id), "{}: {component} does not name its client {id}", output.name);
            // The realm's client takes its secret from a placeholder, that from a Secret, and both Secrets from one path.
            let placeholder = text(client(id), &["secret"]).expect("a secret").trim_matches(['$', '{', '}']);
            let source = realm.at(&["spec", "placeholders", placeholder, "secret"]).expect("the placeholder");
            let (name, from) = (text(source, &["name"]).expect("name"), text(source, &["key"]).expect("key"));
            let at_realm = store_path(&output, "keycloak", name, from);
            assert!(at_realm.is_some(), "{}: nobody makes the Secret {name}", output.name);
            assert_eq!(at_realm, store_path(&output, namespace, secret, key), "{}: {component}", output.name);
        }
    }
}

#[test]
fn redirects_go_to_hosts_that_ingress_serves_with_a_certificate() {
    for output in outputs() {
        let ingresses = output.objects("Ingress");
        let hosts: BTreeSet<&str> =
            ingresses.iter().flat_map(|i| items(i, &["spec", "rules"])).filter_map(|r| text(r, &["host"])).collect();
        let realm = output.objects("KeycloakRealmImport").pop().expect("a realm");
        for client in items(&realm, &["spec", "realm", "clients"]) {
            for uri in items(client, &["redirectUris"]).iter().filter_map(Node::as_str) {
                let Some(rest) = uri.strip_prefix("https://") else { continue };
                let host = rest.split(['/', ':']).next().unwrap_or_default();
                assert!(hosts.contains(host), "{}: nothing serves {host}", output.name);
            }
        }
        let issuers: BTreeSet<String> = output
            .objects("ClusterIssuer")
            .iter()
            .filter_map(|i| text(i, &["metadata", "name"]).map(str::to_owned))
            .collect();
        for ingress in &ingresses {
            let issuer = text(ingress, &["metadata", "annotations", "cert-manager.io/cluster-issuer"]);
            assert!(issuer.is_some_and(|i| issuers.contains(i)), "{}: {ingress:?}", output.name);
            for rule in items(ingress, &["spec", "rules"]) {
                let covered = items(ingress, &["spec", "tls"]).iter().flat_map(|t| items(t, &["hosts"]));
                assert!(covered.into_iter().any(|h| h.as_str() == text(rule, &["host"])), "{}", output.name);
            }
        }
    }
}

#[test]
fn the_address_of_ingress_lies_in_a_pool_and_pods_have_the_clusters_range() {
    for output in outputs() {
        let values = output.values("ingress-nginx").expect("values");
        let annotations = ["controller", "service", "annotations"];
        let address = text(&values, &[&annotations[..], &["metallb.io/loadBalancerIPs"]].concat()).expect("an address");
        let pool = text(&values, &[&annotations[..], &["metallb.io/address-pool"]].concat()).expect("a pool");
        let pools = output.objects("IPAddressPool");
        let named = pools.iter().find(|p| text(p, &["metadata", "name"]) == Some(pool)).expect("the pool");
        let ranges = items(named, &["spec", "addresses"]).iter().filter_map(Node::as_str).filter_map(IpRange::parse);
        let ip = address.parse().expect("an IP address");
        assert!(ranges.into_iter().any(|range| range.contains(ip)), "{}: {address}", output.name);

        let overlay = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("overlays/envs/{}.yaml", output.name));
        let cluster = read(&overlay).expect("the overlay");
        let calico = output.values("calico").expect("values");
        let ours: Vec<&str> = items(&calico, &["installation", "calicoNetwork", "ipPools"])
            .iter()
            .filter_map(|p| text(p, &["cidr"]))
            .collect();
        let theirs: Vec<&str> = items(&cluster, &["cluster", "podCidrs"]).iter().filter_map(Node::as_str).collect();
        assert_eq!(ours, theirs, "{}", output.name);
    }
}

#[test]
fn images_may_come_from_harbors_host() {
    for output in outputs() {
        let harbor = output.values("harbor").expect("values");
        let host = text(&harbor, &["externalURL"]).expect("its address").trim_start_matches("https://").to_owned();
        let policies = output.objects("ValidatingPolicy");
        let policy = policies
            .iter()
            .find(|p| text(p, &["metadata", "name"]) == Some("restrict-image-registries"))
            .expect("the policy");
        let mut said = Vec::new();
        texts(policy, &mut said);
        assert!(said.join("\n").contains(&format!("\"{host}\"")), "{}: {host}", output.name);
    }
}
