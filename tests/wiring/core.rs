//! The core: sign-in, hosts, addresses, images.

use std::collections::BTreeSet;

use stackgen::network::IpRange;
use stackgen::yaml::Node;

use crate::network::served;
use crate::output::{items, outputs, store_path, text, texts};

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
        let hosts = served(&output);
        let realm = output.objects("KeycloakRealmImport").pop().expect("a realm");
        for client in items(&realm, &["spec", "realm", "clients"]) {
            for uri in items(client, &["redirectUris"]).iter().filter_map(Node::as_str) {
                let Some(rest) = uri.strip_prefix("https://") else { continue };
                let host = rest.split(['/', ':']).next().unwrap_or_default();
                assert!(hosts.contains_key(host), "{}: nothing serves {host}", output.name);
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
    let mut seen = 0;
    for output in outputs() {
        let (Some(values), Some(calico)) = (output.values("ingress-nginx"), output.values("calico")) else { continue };
        seen += 1;
        let annotations = ["controller", "service", "annotations"];
        let address = text(&values, &[&annotations[..], &["metallb.io/loadBalancerIPs"]].concat()).expect("an address");
        let pool = text(&values, &[&annotations[..], &["metallb.io/address-pool"]].concat()).expect("a pool");
        let pools = output.objects("IPAddressPool");
        let named = pools.iter().find(|p| text(p, &["metadata", "name"]) == Some(pool)).expect("the pool");
        let ranges = items(named, &["spec", "addresses"]).iter().filter_map(Node::as_str).filter_map(IpRange::parse);
        let ip = address.parse().expect("an IP address");
        assert!(ranges.into_iter().any(|range| range.contains(ip)), "{}: {address}", output.name);

        let cluster = output.cluster();
        let ours: Vec<&str> = items(&calico, &["installation", "calicoNetwork", "ipPools"])
            .iter()
            .filter_map(|p| text(p, &["cidr"]))
            .collect();
        let theirs: Vec<&str> = items(&cluster, &["podCidrs"]).iter().filter_map(Node::as_str).collect();
        assert_eq!(ours, theirs, "{}", output.name);
    }
    assert!(seen >= 3, "{seen} environments");
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
