//! Logs, traces and metrics: what sends is told the address, user and CA of what keeps.

use std::collections::BTreeSet;

use stackgen::diagnostic::Sink;
use stackgen::yaml::{FileId, Map, Node, Value, parse};

use crate::output::{Output, items, outputs, store_path, text, texts};

/// Scheme, host and port of an address that may have a path.
fn parts(address: &str) -> (&str, &str, &str) {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let authority = rest.trim_start_matches('/').split('/').next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    (scheme, host, port)
}

fn number(node: Option<&Node>) -> String {
    match node.map(|node| &node.value) {
        Some(Value::Int(number)) => number.to_string(),
        _ => unreachable!("no number: {node:?}"),
    }
}

fn keys(node: Option<&Node>) -> BTreeSet<&str> {
    node.and_then(Node::as_map).into_iter().flat_map(Map::keys).map(|key| &*key.text).collect()
}

/// An object by kind and name.
fn named(output: &Output, kind: &str, name: &str) -> Option<Node> {
    output.objects(kind).into_iter().find(|object| text(object, &["metadata", "name"]) == Some(name))
}

/// The address that ECK gives to the platform's Elasticsearch.
fn elasticsearch(output: &Output) -> Option<String> {
    let object = output.objects("Elasticsearch").pop()?;
    let (name, namespace) = (text(&object, &["metadata", "name"])?, text(&object, &["metadata", "namespace"])?);
    let tls = object.at(&["spec", "http", "tls", "certificate", "secretName"]).is_some();
    Some(format!("{}://{name}-es-http.{namespace}.svc:9200", if tls { "https" } else { "http" }))
}

/// That Elasticsearch has this user, that it may write into an index, and that both sides get one password.
fn writes(output: &Output, user: &str, index: &str, (namespace, secret): (&str, &str)) {
    let account = named(output, "ConfigMap", &format!("elasticsearch-user-{user}")).expect("the user's role");
    let role = text(&account, &["data", "role"]).expect("a role");
    let role = parse(FileId(0), role, &mut Sink::default()).expect("JSON");
    let allowed = items(&role, &["indices"]).iter().any(|entry| {
        let fits = |pattern: &Node| {
            let pieces: Vec<&str> = pattern.as_str().unwrap_or_default().split('*').collect();
            index.starts_with(pieces[0]) && pieces.iter().all(|piece| index.contains(piece))
        };
        let may = |right: &Node| matches!(right.as_str(), Some("create_doc" | "write"));
        items(entry, &["names"]).iter().any(fits) && items(entry, &["privileges"]).iter().any(may)
    });
    assert!(allowed, "{}: {user} may not write {index}", output.name);
    let there = text(&account, &["metadata", "namespace"]).expect("a namespace");
    let password = store_path(output, there, &format!("elasticsearch-user-{user}"), "password");
    assert!(password.is_some(), "{}: nobody makes the password of {user}", output.name);
    assert_eq!(password, store_path(output, namespace, secret, "password"), "{}: {user}", output.name);
}

/// That a Certificate fills this Secret, by the issuer of Elasticsearch's own.
fn trusts(output: &Output, namespace: &str, secret: &str) {
    let certificates = output.objects("Certificate");
    let issuer = |namespace: Option<&str>, secret: &str| {
        let made = certificates.iter().find(|object| {
            text(object, &["metadata", "namespace"]) == namespace
                && text(object, &["spec", "secretName"]) == Some(secret)
        });
        made.and_then(|object| text(object, &["spec", "issuerRef", "name"])).map(str::to_owned)
    };
    let store = output.objects("Elasticsearch").pop().expect("a store");
    let own = text(&store, &["spec", "http", "tls", "certificate", "secretName"]).expect("TLS");
    let signed = issuer(text(&store, &["metadata", "namespace"]), own);
    assert!(signed.is_some(), "{}: nobody makes {own}", output.name);
    assert_eq!(signed, issuer(Some(namespace), secret), "{}: {secret}", output.name);
}

/// That a flow lets a component's pods out to a port of a namespace.
fn may_call(output: &Output, flow: &str, from: &str, to: &str, port: &str) {
    if output.values("calico").is_none() {
        return;
    }
    let Some(policy) = named(output, "GlobalNetworkPolicy", &format!("flow-{flow}")) else {
        unreachable!("{}: no flow {flow}", output.name)
    };
    let selects = |node: &Node, path: &[&str], namespace: &str| {
        text(node, path) == Some(&format!("projectcalico.org/name == '{namespace}'"))
    };
    assert!(selects(&policy, &["spec", "namespaceSelector"], from), "{}: {flow}", output.name);
    let allowed = items(&policy, &["spec", "egress"]).iter().any(|rule| {
        selects(rule, &["destination", "namespaceSelector"], to)
            && items(rule, &["destination", "ports"]).iter().any(|open| number(Some(open)) == port)
    });
    assert!(allowed, "{}: {flow} does not open {port} of {to}", output.name);
}

#[test]
fn fluent_bit_writes_where_its_user_may() {
    let mut seen = 0;
    for output in outputs() {
        let (Some(values), Some(store)) = (output.values("fluent-bit"), elasticsearch(&output)) else { continue };
        let (scheme, host, port) = parts(&store);
        let configuration = text(&values, &["config", "extraFiles", "fluent-bit.yaml"]).expect("a configuration");
        let configuration = parse(FileId(0), configuration, &mut Sink::default()).expect("YAML");
        let tags: BTreeSet<&str> =
            items(&configuration, &["pipeline", "inputs"]).iter().filter_map(|input| text(input, &["tag"])).collect();
        let secret = text(&items(&values, &["env"])[0], &["valueFrom", "secretKeyRef", "name"]).expect("a Secret");
        for sink in items(&configuration, &["pipeline", "outputs"]) {
            assert_eq!(text(sink, &["host"]), Some(host), "{}", output.name);
            assert_eq!(number(sink.get("port")), port, "{}", output.name);
            assert!(tags.contains(text(sink, &["match"]).expect("a tag")), "{}", output.name);
            let index = text(sink, &["index"]).expect("an index");
            writes(&output, text(sink, &["http_user"]).expect("a user"), index, ("logging", secret));
            let variable = text(&items(&values, &["env"])[0], &["name"]).expect("a name");
            assert_eq!(text(sink, &["http_passwd"]), Some(&*format!("${{{variable}}}")), "{}", output.name);
            if scheme == "https" {
                // The file is in a mounted volume, that of a Secret, and that of a Certificate.
                let file = text(sink, &["tls.ca_file"]).expect("a CA");
                let mount = items(&values, &["extraVolumeMounts"])
                    .iter()
                    .find(|mount| file.starts_with(text(mount, &["mountPath"]).unwrap_or("?")))
                    .expect("a mount");
                let volume = items(&values, &["extraVolumes"])
                    .iter()
                    .find(|volume| text(volume, &["name"]) == text(mount, &["name"]))
                    .expect("a volume");
                trusts(&output, "logging", text(volume, &["secret", "secretName"]).expect("a Secret"));
            }
            seen += 1;
        }
        may_call(&output, "fluent-bit-log-store", "logging", "elastic-stack", port);
    }
    assert!(seen >= 6);
}

#[test]
fn what_fluent_bit_writes_has_its_own_template() {
    let mut seen = 0;
    for output in outputs() {
        let (Some(values), Some(setup)) =
            (output.values("fluent-bit"), named(&output, "ConfigMap", "elasticsearch-setup"))
        else {
            continue;
        };
        let template = text(&setup, &["data", "kubernetes.json"]).expect("a template");
        let template = parse(FileId(0), template, &mut Sink::default()).expect("JSON");
        let prefix = text(&items(&template, &["index_patterns"])[0], &[]).expect("a pattern").trim_end_matches("*-*");
        let configuration = text(&values, &["config", "extraFiles", "fluent-bit.yaml"]).expect("a configuration");
        for line in configuration.lines().filter_map(|line| line.trim().strip_prefix("index: ")) {
            assert!(line.starts_with(prefix), "{}: {line} is none of {prefix}", output.name);
            seen += 1;
        }
    }
    assert!(seen >= 6);
}

#[test]
fn every_exporter_of_a_collector_leads_to_something() {
    let mut seen = 0;
    for output in outputs() {
        for collector in output.objects("OpenTelemetryCollector") {
            let name = text(&collector, &["metadata", "name"]).expect("a name");
            let config = collector.at(&["spec", "config"]).expect("a configuration");
            let connectors = keys(config.get("connectors"));
            for kind in ["receivers", "processors", "exporters"] {
                let mut used: BTreeSet<&str> = BTreeSet::new();
                for pipeline in
                    config.at(&["service", "pipelines"]).and_then(Node::as_map).into_iter().flat_map(Map::values)
                {
                    used.extend(items(pipeline, &[kind]).iter().filter_map(Node::as_str));
                }
                let defined = keys(config.get(kind));
                let known: BTreeSet<&str> = defined.union(&connectors).copied().collect();
                assert!(used.is_subset(&known), "{}: {name}: {kind} {used:?} of {known:?}", output.name);
                assert!(defined.is_subset(&used), "{}: {name}: {kind} {defined:?} beside {used:?}", output.name);
            }
            seen += 1;
        }
        let Some(node) = named(&output, "OpenTelemetryCollector", "node") else { continue };
        let gateway = named(&output, "OpenTelemetryCollector", "gateway").expect("a gateway");
        // The operator names the Service by the collector, and gives it the ports of the receivers.
        let (_, host, port) =
            parts(text(&node, &["spec", "config", "exporters", "otlp_grpc", "endpoint"]).expect("an address"));
        let namespace = text(&gateway, &["metadata", "namespace"]).expect("a namespace");
        assert_eq!(host, format!("gateway-collector-headless.{namespace}.svc"), "{}", output.name);
        let listens = |of: &Node, receiver: &[&str]| {
            let path = [&["spec", "config", "receivers"], receiver, &["endpoint"]].concat();
            parts(text(of, &path).expect("an address")).2.to_owned()
        };
        assert_eq!(port, listens(&gateway, &["otlp", "protocols", "grpc"]), "{}", output.name);

        let sends = gateway.at(&["spec", "config", "exporters"]).expect("exporters");
        if let Some(jaeger) = output.values("jaeger") {
            let (_, host, port) = parts(text(sends, &["otlp_grpc/traces", "endpoint"]).expect("an address"));
            assert_eq!(host, "jaeger.jaeger.svc", "{}", output.name);
            let theirs = text(&jaeger, &["userconfig", "receivers", "otlp", "protocols", "grpc", "endpoint"]);
            assert_eq!(port, parts(theirs.expect("an address")).2, "{}", output.name);
            may_call(&output, "opentelemetry-traces", namespace, "jaeger", port);
        }
        if let Some(store) = elasticsearch(&output) {
            let to = sends.get("elasticsearch").expect("the store");
            assert_eq!(items(to, &["endpoints"])[0].as_str(), Some(&*store), "{}", output.name);
            let user = text(to, &["user"]).expect("a user");
            writes(&output, user, "logs-generic.otel-default", (namespace, "collector-log-store"));
            if store.starts_with("https:") {
                trusts(&output, namespace, "collector-log-store-ca");
            }
            may_call(&output, "opentelemetry-log-store", namespace, "elastic-stack", parts(&store).2);
        }
        // Whoever has the address of the collectors has the node's, by a port that it listens on.
        for component in ["harbor", "keycloak"] {
            let mut said = Vec::new();
            output.values(component).iter().for_each(|values| texts(values, &mut said));
            output.objects("Keycloak").iter().for_each(|object| texts(object, &mut said));
            for address in said.iter().filter(|text| text.contains("-collector.")) {
                let (_, host, port) = parts(address);
                assert_eq!(host, format!("node-collector.{namespace}.svc"), "{}: {component}", output.name);
                let ports =
                    [listens(&node, &["otlp", "protocols", "grpc"]), listens(&node, &["otlp", "protocols", "http"])];
                assert!(ports.iter().any(|open| open == port), "{}: {component}: {address}", output.name);
            }
        }
    }
    assert!(seen >= 6);
}

#[test]
fn jaeger_keeps_traces_where_its_user_may() {
    let mut seen = 0;
    for output in outputs() {
        let (Some(values), Some(store)) = (output.values("jaeger"), elasticsearch(&output)) else { continue };
        let backend = ["userconfig", "extensions", "jaeger_storage", "backends", "traces", "elasticsearch"];
        let backend = values.at(&backend).expect("a backend");
        assert_eq!(items(backend, &["server_urls"])[0].as_str(), Some(&*store), "{}", output.name);
        let user = text(backend, &["auth", "basic", "username"]).expect("a user");
        writes(&output, user, "jaeger-span-2026-11-28", ("jaeger", "jaeger-elasticsearch"));
        // The Job that removes old indices finds what Jaeger wrote.
        assert_eq!(text(&values, &["storage", "elasticsearch", "url"]), Some(&*store), "{}", output.name);
        assert_eq!(text(&values, &["storage", "elasticsearch", "user"]), Some(user), "{}", output.name);
        assert!(backend.at(&["indices", "index_prefix"]).is_none(), "{}: the Job would not know", output.name);
        if store.starts_with("https:") {
            trusts(&output, "jaeger", "jaeger-elasticsearch-ca");
        }
        may_call(&output, "jaeger-store", "jaeger", "elastic-stack", parts(&store).2);
        seen += 1;
    }
    assert!(seen >= 3);
}

#[test]
fn data_sources_have_an_id_each_and_point_to_each_other() {
    let mut seen = 0;
    for output in outputs() {
        let Some(values) = output.values("grafana") else { continue };
        let sources = items(&values, &["datasources", "datasources.yaml", "datasources"]);
        let ids: BTreeSet<&str> = sources.iter().filter_map(|source| text(source, &["uid"])).collect();
        let names: BTreeSet<&str> = sources.iter().filter_map(|source| text(source, &["name"])).collect();
        assert_eq!((ids.len(), names.len()), (sources.len(), sources.len()), "{}", output.name);
        let namespaces: BTreeSet<String> = output
            .objects("Namespace")
            .iter()
            .filter_map(|object| text(object, &["metadata", "name"]).map(str::to_owned))
            .collect();
        for source in sources {
            let url = text(source, &["url"]).expect("an address");
            let namespace = parts(url).1.split('.').nth(1).unwrap_or_default();
            assert!(namespaces.contains(namespace), "{}: {url}", output.name);
            let mut others = Vec::new();
            named_values(source, "datasourceUid", &mut others);
            assert!(others.iter().all(|id| ids.contains(id.as_str())), "{}: {others:?}", output.name);
            seen += 1;
        }
    }
    assert!(seen >= 9);
}

/// Every text at a key, however deep.
fn named_values(node: &Node, key: &str, found: &mut Vec<String>) {
    found.extend(text(node, &[key]).map(str::to_owned));
    node.as_seq().into_iter().flatten().for_each(|item| named_values(item, key, found));
    node.as_map().into_iter().flat_map(Map::values).for_each(|item| named_values(item, key, found));
}

#[test]
fn tracee_is_scraped_where_it_listens() {
    let mut seen = 0;
    for output in outputs() {
        let (Some(values), Some(service)) = (output.values("tracee"), named(&output, "Service", "tracee-metrics"))
        else {
            continue;
        };
        let listens = text(&values, &["config", "listenAddr"]).expect("an address").trim_start_matches(':');
        let port = &items(&service, &["spec", "ports"])[0];
        assert_eq!(number(port.get("targetPort")), listens, "{}", output.name);
        let monitor = named(&output, "ServiceMonitor", "tracee").expect("a monitor");
        assert_eq!(
            text(&items(&monitor, &["spec", "endpoints"])[0], &["port"]),
            text(port, &["name"]),
            "{}",
            output.name
        );
        let wanted = monitor.at(&["spec", "selector", "matchLabels"]).and_then(Node::as_map).expect("labels");
        for (label, value) in wanted {
            assert_eq!(service.at(&["metadata", "labels", &*label.text]), Some(value), "{}", output.name);
        }
        seen += 1;
    }
    assert!(seen >= 3);
}

#[test]
fn alerts_have_a_severity_and_a_summary_and_no_namesake() {
    let mut seen = 0;
    for output in outputs() {
        let mut names = BTreeSet::new();
        let (rules, jenkins) = (output.objects("PrometheusRule"), output.values("jenkins"));
        let groups = rules.iter().flat_map(|rule| items(rule, &["spec", "groups"]));
        // The chart makes a PrometheusRule of these.
        let told = jenkins.iter().flat_map(|values| items(values, &["controller", "prometheus", "alertingrules"]));
        for group in groups.chain(told) {
            assert!(text(group, &["name"]).is_some() && !items(group, &["rules"]).is_empty(), "{}", output.name);
            for alert in items(group, &["rules"]) {
                let name = text(alert, &["alert"]).expect("a name").to_owned();
                let severity = text(alert, &["labels", "severity"]);
                assert!(matches!(severity, Some("info" | "warning" | "critical")), "{}: {name}", output.name);
                assert!(text(alert, &["annotations", "summary"]).is_some(), "{}: {name}", output.name);
                assert!(names.insert(name.clone()), "{}: {name} is there twice", output.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn dashboards_are_json_with_an_id_each() {
    let mut seen = 0;
    for output in outputs() {
        let mut ids = BTreeSet::new();
        for map in output.objects("ConfigMap") {
            if text(&map, &["metadata", "labels", "grafana_dashboard"]).is_none() {
                continue;
            }
            for board in map.get("data").and_then(Node::as_map).into_iter().flat_map(Map::values) {
                let board = parse(FileId(0), board.as_str().expect("text"), &mut Sink::default()).expect("JSON");
                let id = text(&board, &["uid"]).expect("an id").to_owned();
                assert!(!items(&board, &["panels"]).is_empty(), "{}: {id}", output.name);
                assert!(ids.insert(id.clone()), "{}: {id} is there twice", output.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}
