//! The network: who serves hosts, where addresses come from, who may talk, which cluster answers, where the mesh's spans go.
//!
//! What committed environments do not choose, platforms of the test do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use stackgen::diagnostic::{Format, Sink, Style, render};
use stackgen::network::IpRange;
use stackgen::source::{Memory, load};
use stackgen::yaml::{Map, Node, Value};

use crate::output::{Output, items, outputs, text, texts};

const CLUSTER: &str = "
architecture: standard-2024
gitops: { repository: \"https://git.example.com/platform/gitops.git\" }
cluster:
  domain: test.example.com
  kubernetes: \"1.34.2\"
  podCidrs: [10.244.0.0/16]
  serviceCidrs: [10.96.0.0/12]
  nodeCidrs: [192.168.10.0/24]
  nodes: [{ name: a, address: 192.168.10.11, roles: [control-plane, worker] }]
  apiServer: { host: 192.168.10.10 }
";

/// Istio serves hosts, and somebody takes spans.
const ISTIO: &str = "
select: { ingress: istio-gateway, telemetry: spans }
components:
  istio: { parameters: { members: [monitoring] } }
  metallb: { parameters: { pools: [{ name: default, addresses: 192.168.10.200-192.168.10.219 }] } }
";

/// Cilium does all that it can.
const CILIUM: &str = "
select: { cni: cilium, load-balancer: cilium, ingress: cilium-gateway, gateway: cilium-gateway }
components:
  cilium: { parameters: { pools: [{ name: default, addresses: 192.168.10.200-192.168.10.219 }] } }
  grafana: { parameters: { globalHost: grafana.global.test.example.com } }
";

const SPANS: &str = "
kind: Component
metadata: { name: spans, title: Spans }
provides:
  telemetry: { otlpGrpc: \"spans.observability.svc:4317\", otlpHttp: \"http://spans.observability.svc:4318\", namespace: observability }
contributes:
  route:
    - { name: spans, host: spans.test.example.com, service: spans, port: 4317, protocol: grpc, tlsSecret: spans-tls }
    - { name: spans-sealed, host: sealed.test.example.com, service: spans, port: 8443, protocol: tls, tlsSecret: sealed-tls }
namespace: { name: observability }
";

/// A platform of the test, written as a build would write it.
pub(crate) fn platform(name: &str, says: &str) -> Output {
    let mut files = Memory::default();
    let head = |rest: &str| format!("apiVersion: stackgen.dev/v1{rest}");
    files.insert("blueprints/components/spans/component.yaml", head(SPANS));
    files.insert("overlays/base.yaml", head(&format!("\nkind: Overlay\nmetadata: {{ name: base }}{CLUSTER}")));
    let environment = format!("\nkind: Environment\nmetadata: {{ name: {name} }}{says}");
    files.insert(format!("overlays/envs/{name}.yaml"), head(&environment));
    let mut sink = Sink::default();
    let program = load(&files, &[format!("envs/{name}")], &mut sink);
    let mut compiled = stackgen::compile(&program, &files, &stackgen::render::NoCharts, sink, |rendered, _| {
        Some(stackgen::target::files(&rendered))
    });
    let said = render(Format::Human, &compiled.findings, &program.sources, Style::PLAIN);
    let (_, tree) = compiled.outputs.pop().unwrap_or_else(|| unreachable!("{said}"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wiring").join(name);
    let _ = fs::remove_dir_all(&folder);
    for file in tree {
        let path = folder.join(file.path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, file.text).expect("a file");
    }
    Output::new(name.to_owned(), folder.join("components"))
}

fn every_platform(test: &str) -> Vec<Output> {
    let mut all = outputs();
    all.push(platform(&format!("{test}-istio"), ISTIO));
    all.push(platform(&format!("{test}-cilium"), CILIUM));
    all
}

fn strings<'n>(node: &'n Node, path: &[&str]) -> Vec<&'n str> {
    items(node, path).iter().filter_map(Node::as_str).collect()
}

fn id(node: &Node) -> (&str, &str) {
    (text(node, &["metadata", "namespace"]).unwrap_or(""), text(node, &["metadata", "name"]).unwrap_or(""))
}

/// The Gateway of the platform's hosts.
fn gateway(output: &Output) -> Node {
    let ours = output.objects("Gateway").into_iter().find(|g| matches!(id(g).1, "platform" | "cilium"));
    ours.unwrap_or_else(|| unreachable!("{}: no Gateway", output.name))
}

/// Hosts that are served, each with how many serve it.
pub(crate) fn served(output: &Output) -> BTreeMap<String, usize> {
    let mut hosts = BTreeMap::new();
    for ingress in output.objects("Ingress") {
        for host in items(&ingress, &["spec", "rules"]).iter().filter_map(|r| text(r, &["host"])) {
            *hosts.entry(host.to_owned()).or_default() += 1;
        }
    }
    for kind in ["HTTPRoute", "GRPCRoute", "TLSRoute"] {
        for route in output.objects(kind) {
            for host in strings(&route, &["spec", "hostnames"]) {
                *hosts.entry(host.to_owned()).or_default() += 1;
            }
        }
    }
    hosts
}

#[test]
fn every_host_that_a_system_believes_to_have_is_served_once() {
    for output in every_platform("hosts") {
        let hosts = served(&output);
        let mut looked_at = 0;
        for (component, path) in [
            ("argo-cd", &["global", "domain"][..]),
            ("grafana", &["grafana.ini", "server", "domain"]),
            ("harbor", &["externalURL"]),
            ("kiali", &["server", "web_fqdn"]),
        ] {
            let Some(values) = output.values(component) else { continue };
            let host = text(&values, path).expect("a host").trim_start_matches("https://");
            assert_eq!(hosts.get(host), Some(&1), "{}: {host} of {component}", output.name);
            looked_at += 1;
        }
        assert!(looked_at > 2, "{}", output.name);
    }
}

#[test]
fn gateways_may_read_the_certificates_of_the_hosts_that_routes_attach_to() {
    for (output, service) in [
        (platform("gateways-istio", ISTIO), "metallb.io/loadBalancerIPs: 192.168.10.200"),
        (platform("gateways-cilium", CILIUM), "lbipam.cilium.io/ips: 192.168.10.200"),
    ] {
        let gateway = &gateway(&output);
        let (certificates, grants) = (output.objects("Certificate"), output.objects("ReferenceGrant"));
        let (space, _) = id(gateway);
        let mut attached = 0;
        for route in output.objects("HTTPRoute").iter().filter(|r| r.at(&["spec", "hostnames"]).is_some()) {
            let [host] = strings(route, &["spec", "hostnames"])[..] else { unreachable!("one host") };
            let parent = &items(route, &["spec", "parentRefs"])[0];
            assert_eq!((text(parent, &["namespace"]), text(parent, &["name"])), (Some(space), Some(id(gateway).1)));
            let listeners = items(gateway, &["spec", "listeners"]);
            let listener = listeners.iter().find(|l| text(l, &["name"]) == text(parent, &["sectionName"]));
            let listener = listener.unwrap_or_else(|| unreachable!("{}: no listener for {host}", output.name));
            assert_eq!(text(listener, &["hostname"]), Some(host));
            let allowed = &items(listener, &["allowedRoutes", "namespaces", "selector", "matchExpressions"])[0];
            assert_eq!(strings(allowed, &["values"]), [id(route).0], "{host}");
            let reference = &items(listener, &["tls", "certificateRefs"])[0];
            let secret =
                (text(reference, &["namespace"]).expect("namespace"), text(reference, &["name"]).expect("name"));
            assert!(
                certificates.iter().any(|c| id(c).0 == secret.0
                    && text(c, &["spec", "secretName"]) == Some(secret.1)
                    && strings(c, &["spec", "dnsNames"]) == [host]),
                "{}: nobody makes {secret:?}",
                output.name
            );
            assert!(
                grants.iter().any(|g| id(g).0 == secret.0
                    && text(&items(g, &["spec", "from"])[0], &["namespace"]) == Some(space)
                    && items(g, &["spec", "to"]).iter().any(|to| text(to, &["name"]) == Some(secret.1))),
                "{}: {secret:?} is not granted",
                output.name
            );
            attached += 1;
        }
        assert!(attached > 4);
        // The address kept for hosts, at whatever the Service is made of.
        let mut said = Vec::new();
        texts(gateway, &mut said);
        output.objects("ConfigMap").iter().for_each(|map| texts(map, &mut said));
        let asked = service.split_once(": ").expect("an annotation");
        let annotation = gateway.at(&["spec", "infrastructure", "annotations", asked.0]).and_then(Node::as_str);
        assert!(annotation == Some(asked.1) || said.iter().any(|t| t.contains(service)), "{}: {service}", output.name);
    }
}

#[test]
fn grpc_and_sealed_hosts_have_routes_of_their_own() {
    let output = platform("sealed", ISTIO);
    let gateway = &gateway(&output);
    let listener = |host: &str| {
        let all = items(gateway, &["spec", "listeners"]);
        all.iter().find(|l| text(l, &["name"]) == Some(host)).expect("a listener").clone()
    };
    let grpc = &output.objects("GRPCRoute")[0];
    assert_eq!(strings(grpc, &["spec", "hostnames"]), ["spans.test.example.com"]);
    assert_eq!(text(&listener("spans.test.example.com"), &["tls", "mode"]), Some("Terminate"));
    let rule =
        output.objects("DestinationRule").into_iter().find(|r| id(r).1 == "gateway-spans").expect("HTTP/2 behind it");
    assert_eq!(text(&rule, &["spec", "host"]), Some("spans.observability.svc.cluster.local"));
    let sealed = &output.objects("TLSRoute")[0];
    assert_eq!(strings(sealed, &["spec", "hostnames"]), ["sealed.test.example.com"]);
    assert_eq!(text(&listener("sealed.test.example.com"), &["tls", "mode"]), Some("Passthrough"));
    // Nobody here has its certificate.
    assert!(output.objects("Certificate").iter().all(|c| text(c, &["spec", "secretName"]) != Some("sealed-tls")));
}

#[test]
fn the_gateways_differ_in_their_name_alone() {
    let file = |component: &str| {
        let path = format!("blueprints/components/{component}/resources/routes.yaml");
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the routes")
    };
    let ours =
        file("istio-gateway").replace("name: platform", "name: cilium").replace("gateway-platform", "gateway-cilium");
    assert_eq!(ours, file("cilium-gateway"));
}

#[test]
fn addresses_that_services_ask_for_are_in_pools_that_are_announced() {
    let mut asked = 0;
    for output in every_platform("addresses") {
        let mut pools: Vec<IpRange> = Vec::new();
        for pool in output.objects("IPAddressPool") {
            pools.extend(strings(&pool, &["spec", "addresses"]).into_iter().filter_map(IpRange::parse));
        }
        for pool in output.objects("CiliumLoadBalancerIPPool") {
            for block in items(&pool, &["spec", "blocks"]) {
                let range = match (text(block, &["start"]), text(block, &["stop"])) {
                    (Some(start), Some(stop)) => format!("{start}-{stop}"),
                    _ => text(block, &["cidr"]).expect("addresses").to_owned(),
                };
                pools.extend(IpRange::parse(&range));
            }
            assert!(
                !output.objects("CiliumL2AnnouncementPolicy").is_empty()
                    || !output.objects("CiliumBGPAdvertisement").is_empty()
            );
        }
        let mut said = Vec::new();
        for component in fs::read_dir(&output.folder).expect("components") {
            let name = component.expect("a component").file_name().to_string_lossy().into_owned();
            output.values(&name).iter().for_each(|values| annotations(values, &mut said));
        }
        for address in said {
            let ip = address.parse().expect("an IP address");
            assert!(pools.iter().any(|pool| pool.contains(ip)), "{}: {address}", output.name);
            asked += 1;
        }
    }
    assert!(asked > 3);
}

/// The addresses that Services in a tree ask for.
fn annotations(node: &Node, found: &mut Vec<String>) {
    for (key, value) in node.as_map().into_iter().flat_map(Map::iter) {
        if matches!(&*key.text, "metallb.io/loadBalancerIPs" | "lbipam.cilium.io/ips") {
            found.extend(value.as_str().map(str::to_owned));
        }
        annotations(value, found);
    }
    node.as_seq().into_iter().flatten().for_each(|item| annotations(item, found));
}

#[test]
fn cilium_lets_through_what_calico_does() {
    // The same platform but for the pod network.
    let calico = platform(
        "flows-calico",
        "\ncomponents: { metallb: { parameters: { pools: [{ name: default, addresses: 192.168.10.200-192.168.10.219 }] } } }\n",
    );
    let cilium = platform(
        "flows-cilium",
        "\nselect: { cni: cilium }\ncomponents: { metallb: { parameters: { pools: [{ name: default, addresses: 192.168.10.200-192.168.10.219 }] } } }\n",
    );
    let names = |objects: Vec<Node>| -> BTreeSet<String> {
        // Calico's own namespaces are exempt there and not there at all here.
        objects.iter().map(|o| id(o).1.to_owned()).filter(|n| !n.contains("calico") && !n.contains("tigera")).collect()
    };
    let (theirs, ours) =
        (names(calico.objects("GlobalNetworkPolicy")), names(cilium.objects("CiliumClusterwideNetworkPolicy")));
    assert!(theirs.len() > 20);
    assert_eq!(theirs, ours);
    for policy in calico.objects("GlobalNetworkPolicy").iter().filter(|p| id(p).1.starts_with("flow-")) {
        let other = cilium.objects("CiliumClusterwideNetworkPolicy").into_iter().find(|o| id(o).1 == id(policy).1);
        let other = other.expect("the same name");
        let ports = |rules: &[Node], path: &[&str]| -> BTreeSet<String> {
            rules
                .iter()
                .flat_map(|r| items(r, path))
                .map(|p| p.as_str().map_or_else(|| format!("{:?}", p.value), str::to_owned))
                .collect()
        };
        for direction in ["ingress", "egress"] {
            let said = ports(items(policy, &["spec", direction]), &["destination", "ports"]).len();
            let rules = items(&other, &["spec", direction]);
            let kept: usize =
                rules.iter().flat_map(|r| items(r, &["toPorts"])).map(|t| items(t, &["ports"]).len()).sum();
            assert_eq!(said, kept, "{}", id(policy).1);
        }
    }
    let everything = cilium.objects("CiliumClusterwideNetworkPolicy");
    let denying: Vec<&str> = everything
        .iter()
        .filter(|p| {
            p.at(&["spec", "enableDefaultDeny", "ingress"]).is_none_or(|n| matches!(n.value, Value::Bool(true)))
        })
        .map(|p| id(p).1)
        .collect();
    assert_eq!(denying, ["default-deny"]);
}

#[test]
fn clusters_that_share_a_zone_know_each_other_by_their_tags() {
    let mut zones: BTreeMap<String, Vec<(String, String, BTreeSet<String>)>> = BTreeMap::new();
    for output in outputs() {
        let Some(values) = output.values("k8gb") else { continue };
        let zone = text(&items(&values, &["k8gb", "dnsZones"])[0], &["loadBalancedZone"]).expect("a zone").to_owned();
        let own = text(&values, &["k8gb", "clusterGeoTag"]).expect("a tag").to_owned();
        let said = text(&values, &["k8gb", "extGslbClustersGeoTags"]).expect("tags");
        let others: BTreeSet<String> = said.split(',').filter(|t| !t.is_empty()).map(str::to_owned).collect();
        // What owns the records of the delegation has the tag in its name.
        if let Some(owner) = text(&values, &["extdns", "txtOwnerId"]) {
            assert!(owner.ends_with(&own), "{}: {owner}", output.name);
        }
        if !others.is_empty() {
            zones.entry(zone).or_default().push((output.name.clone(), own, others));
        }
    }
    assert!(zones.values().any(|clusters| clusters.len() > 1), "no two clusters share a zone");
    for clusters in zones.values() {
        let tags: BTreeSet<String> = clusters.iter().map(|(_, own, _)| own.clone()).collect();
        assert_eq!(tags.len(), clusters.len(), "two clusters have one tag");
        for (name, own, others) in clusters {
            let expected: BTreeSet<String> = tags.iter().filter(|t| *t != own).cloned().collect();
            assert_eq!(others, &expected, "{name}");
        }
    }
}

#[test]
fn a_balanced_host_looks_at_the_route_that_serves_it() {
    let output = platform("balanced", CILIUM);
    let [host] = &output.objects("Gslb")[..] else { unreachable!("one balanced host") };
    let kind = text(host, &["spec", "resourceRef", "kind"]).expect("a kind");
    let name = text(host, &["spec", "resourceRef", "name"]).expect("a name");
    let routes = output.objects(kind);
    let route = routes.iter().find(|r| id(r) == (id(host).0, name)).expect("the route");
    let values = output.values("k8gb").expect("values");
    let zone = text(&items(&values, &["k8gb", "dnsZones"])[0], &["loadBalancedZone"]).expect("a zone");
    assert!(strings(route, &["spec", "hostnames"]).iter().all(|h| h.ends_with(zone)));
    assert_eq!(text(host, &["spec", "strategy", "primaryGeoTag"]), text(&values, &["k8gb", "clusterGeoTag"]));
}

#[test]
fn the_mesh_sends_spans_to_the_collector_and_labels_its_members() {
    let output = platform("mesh", ISTIO);
    let values = output.values("istiod").expect("values");
    let provider = &items(&values, &["meshConfig", "extensionProviders"])[0];
    assert_eq!(text(provider, &["opentelemetry", "service"]), Some("spans.observability.svc.cluster.local"));
    assert!(provider.at(&["opentelemetry", "port"]).is_some_and(|n| matches!(n.value, Value::Int(4317))));
    let telemetry = output.objects("Telemetry").pop().expect("the object");
    let named = &items(&items(&telemetry, &["spec", "tracing"])[0], &["providers"])[0];
    assert_eq!(text(named, &["name"]), text(provider, &["name"]));
    for namespace in output.objects("Namespace") {
        let member = text(&namespace, &["metadata", "labels", "istio.io/dataplane-mode"]) == Some("ambient");
        assert_eq!(member, id(&namespace).1 == "monitoring", "{}", id(&namespace).1);
    }
    let sidecars = platform("mesh-sidecars", &ISTIO.replace("members:", "mode: sidecar, members:"));
    assert!(sidecars.values("istio-ztunnel").is_none(), "nobody needs it there");
    let injected = |n: &Node| text(n, &["metadata", "labels", "istio-injection"]) == Some("enabled");
    // Kubeflow's namespace has sidecars whatever the mesh is.
    let members = sidecars.objects("Namespace").into_iter().filter(|n| injected(n) && id(n).1 != "kubeflow");
    let members: Vec<Node> = members.collect();
    assert!(members.len() == 1 && id(&members[0]).1 == "monitoring");
    // Where somebody takes spans in a committed environment, they come there too.
    let mut meshes = 0;
    for output in outputs() {
        let Some(values) = output.values("istiod") else { continue };
        meshes += 1;
        let collectors: Vec<String> = output
            .objects("OpenTelemetryCollector")
            .iter()
            .map(|c| format!("{}-collector.{}.svc.cluster.local", id(c).1, id(c).0))
            .collect();
        for provider in items(&values, &["meshConfig", "extensionProviders"]) {
            let service = text(provider, &["opentelemetry", "service"]).expect("a Service");
            assert!(collectors.iter().any(|c| c == service), "{}: {service}", output.name);
        }
        let traced = output.objects("Telemetry").iter().any(|t| !items(t, &["spec", "tracing"]).is_empty());
        assert_eq!(traced, !items(&values, &["meshConfig", "extensionProviders"]).is_empty(), "{}", output.name);
        // The node's proxy is there where istiod expects it.
        let ambient = text(&values, &["profile"]) == Some("ambient");
        assert_eq!(ambient, output.values("istio-ztunnel").is_some(), "{}", output.name);
    }
    assert!(meshes > 0);
}

#[test]
fn kiali_and_analyses_ask_the_prometheus_that_is_there() {
    let mut asked = 0;
    for output in outputs() {
        let Some(values) = output.values("kiali") else { continue };
        let url = text(&values, &["external_services", "prometheus", "url"]).expect("an address");
        for template in output.objects("ClusterAnalysisTemplate") {
            for metric in items(&template, &["spec", "metrics"]) {
                assert_eq!(text(metric, &["provider", "prometheus", "address"]), Some(url), "{}", output.name);
                asked += 1;
            }
        }
    }
    assert!(asked > 0);
}
