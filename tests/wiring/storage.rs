//! Storage: volumes' classes, buckets and their keys, backups, and what is built on them.

use std::collections::BTreeSet;

use stackgen::yaml::Node;

use crate::output::{Output, items, outputs, read, store_path, text, texts};

/// The bucket that the object store makes by this name, and the path of its owner's keys.
fn made(output: &Output, bucket: &str) -> (String, String) {
    let claims = output.objects("ObjectBucketClaim");
    let claim = claims.iter().find(|c| text(c, &["spec", "bucketName"]) == Some(bucket));
    let claim = claim.unwrap_or_else(|| unreachable!("{}: nobody makes the bucket {bucket}", output.name));
    let class = text(claim, &["spec", "storageClassName"]).expect("a class");
    assert!(classes(output).contains(class), "{}: {bucket} is of the class {class}, which is not there", output.name);
    let owner = text(claim, &["spec", "additionalConfig", "bucketOwner"]).expect("an owner");
    let users = output.objects("CephObjectStoreUser");
    let user = users.iter().find(|u| text(u, &["metadata", "name"]) == Some(owner)).expect("the owner");
    let keys = &items(user, &["spec", "keys"])[0];
    let from = |reference: &str| {
        let place = keys.at(&[reference]).expect("a reference");
        let (secret, key) = (text(place, &["name"]).expect("name"), text(place, &["key"]).expect("key"));
        let namespace = text(user, &["metadata", "namespace"]).expect("a namespace");
        store_path(output, namespace, secret, key).expect("somebody makes the Secret")
    };
    let (access, secret) = (from("accessKeyRef"), from("secretKeyRef"));
    assert_eq!(access.0, secret.0);
    assert_eq!((&*access.1, &*secret.1), ("accessKey", "secretKey"));
    (access.0, owner.to_owned())
}

/// The storage classes that components bring. Those of charts are read where their values name them.
fn classes(output: &Output) -> BTreeSet<String> {
    let objects = output.objects("StorageClass");
    let mut all: BTreeSet<String> =
        objects.iter().filter_map(|c| text(c, &["metadata", "name"]).map(str::to_owned)).collect();
    if let Some(values) = output.values("rook-ceph-cluster") {
        for kind in ["cephBlockPools", "cephFileSystems"] {
            let named = items(&values, &[kind]).iter().filter_map(|p| text(p, &["storageClass", "name"]));
            all.extend(named.map(str::to_owned));
        }
    }
    all
}

#[test]
fn each_bucket_is_made_with_the_keys_that_its_user_has() {
    let mut seen = 0;
    for output in outputs() {
        if output.objects("CephObjectStore").is_empty() {
            continue;
        }
        let mut used = BTreeSet::new();
        if let Some(velero) = output.values("velero") {
            let location = &items(&velero, &["configuration", "backupStorageLocation"])[0];
            let bucket = text(location, &["bucket"]).expect("a bucket");
            let (path, owner) = made(&output, bucket);
            let secret = text(&velero, &["credentials", "extraSecretRef"]).expect("a Secret");
            for (key, property) in [("AWS_ACCESS_KEY_ID", "accessKey"), ("AWS_SECRET_ACCESS_KEY", "secretKey")] {
                let filled = store_path(&output, "velero", secret, key);
                assert_eq!(filled, Some((path.clone(), property.to_owned())), "{}: {key}", output.name);
            }
            assert_eq!(text(location, &["config", "s3Url"]), Some(endpoint(&output).as_str()), "{}", output.name);
            used.insert(owner);
        }
        if let Some(harbor) = output.values("harbor") {
            let s3 = harbor.at(&["persistence", "imageChartStorage", "s3"]).expect("object storage");
            let (path, owner) = made(&output, text(s3, &["bucket"]).expect("a bucket"));
            let secret = text(s3, &["existingSecret"]).expect("a Secret");
            for (key, property) in
                [("REGISTRY_STORAGE_S3_ACCESSKEY", "accessKey"), ("REGISTRY_STORAGE_S3_SECRETKEY", "secretKey")]
            {
                let filled = store_path(&output, "harbor", secret, key);
                assert_eq!(filled, Some((path.clone(), property.to_owned())), "{}: {key}", output.name);
            }
            assert_eq!(text(s3, &["regionendpoint"]), Some(endpoint(&output).as_str()), "{}", output.name);
            used.insert(owner);
        }
        if let Some(elasticsearch) = output.objects("Elasticsearch").pop() {
            let setup = output.objects("ConfigMap");
            let setup = setup
                .iter()
                .find(|c| text(c, &["metadata", "name"]) == Some("elasticsearch-setup"))
                .expect("what is set up");
            let repository = text(setup, &["data", "repository.json"]).expect("a repository");
            let bucket = repository.split("\"bucket\":").nth(1).expect("a bucket").split('"').nth(1).expect("its name");
            let (path, owner) = made(&output, bucket);
            let namespace = text(&elasticsearch, &["metadata", "namespace"]).expect("a namespace");
            let secrets = items(&elasticsearch, &["spec", "secureSettings"]);
            let filled = secrets
                .iter()
                .filter_map(|s| text(s, &["secretName"]))
                .find_map(|secret| store_path(&output, namespace, secret, "s3.client.default.access_key"));
            assert_eq!(filled, Some((path, "accessKey".to_owned())), "{}", output.name);
            let mut said = Vec::new();
            texts(&elasticsearch, &mut said);
            assert!(said.contains(&endpoint(&output)), "{}", output.name);
            used.insert(owner);
        }
        // No two share a user, and with it each other's objects.
        assert!(used.len() >= 2, "{}: {used:?}", output.name);
        seen += 1;
    }
    assert!(seen >= 2);
}

/// The address of the object store: the Service that Rook makes for it.
fn endpoint(output: &Output) -> String {
    let store = output.objects("CephObjectStore").pop().expect("a store");
    let (name, namespace) = (text(&store, &["metadata", "name"]), text(&store, &["metadata", "namespace"]));
    format!("http://rook-ceph-rgw-{}.{}.svc", name.expect("a name"), namespace.expect("a namespace"))
}

#[test]
fn storage_classes_that_are_named_are_there() {
    let mut named = 0;
    for output in outputs() {
        let classes = classes(&output);
        // The class that the cluster has from its installation.
        let site = "local-path";
        let folder = std::fs::read_dir(&output.folder).expect("components");
        for component in folder.filter_map(|c| c.ok()?.file_name().into_string().ok()) {
            let mut found = Vec::new();
            let mut trees: Vec<Node> = output.values(&component).into_iter().collect();
            let resources = std::fs::read_dir(output.folder.join(&component).join("resources")).into_iter().flatten();
            trees.extend(resources.filter_map(|f| read(&f.ok()?.path())));
            trees
                .iter()
                .filter(|t| text(t, &["kind"]) != Some("StorageClass"))
                .for_each(|t| class_names(t, &mut found));
            for class in found {
                let known = classes.contains(&class) || (classes.is_empty() && class == site);
                assert!(known, "{}: {component} names the class {class}, of {classes:?}", output.name);
                named += 1;
            }
        }
    }
    assert!(named >= 6, "{named}");
}

/// What stands under `storageClass` or `storageClassName`.
fn class_names(node: &Node, found: &mut Vec<String>) {
    node.as_seq().into_iter().flatten().for_each(|item| class_names(item, found));
    for (key, value) in node.as_map().into_iter().flatten() {
        if matches!(&*key.text, "storageClass" | "storageClassName") {
            found.extend(value.as_str().filter(|name| !name.is_empty()).map(str::to_owned));
        }
        class_names(value, found);
    }
}

#[test]
fn schedules_copy_namespaces_that_are_there_to_a_place_that_is_there() {
    let mut seen = 0;
    for output in outputs() {
        let Some(velero) = output.values("velero") else { continue };
        let namespaces: BTreeSet<String> = output
            .objects("Namespace")
            .iter()
            // Those make namespaces of their name.
            .chain(&output.objects("Profile"))
            .filter_map(|n| text(n, &["metadata", "name"]).map(str::to_owned))
            .collect();
        let locations: Vec<&str> = items(&velero, &["configuration", "backupStorageLocation"])
            .iter()
            .filter_map(|l| text(l, &["name"]))
            .collect();
        for schedule in output.objects("Schedule") {
            let template = schedule.at(&["spec", "template"]).expect("a template");
            for namespace in items(template, &["includedNamespaces"]).iter().filter_map(Node::as_str) {
                assert!(namespaces.contains(namespace), "{}: no namespace {namespace}", output.name);
            }
            let location = text(template, &["storageLocation"]).expect("a location");
            assert!(locations.contains(&location), "{}: {location}", output.name);
            seen += 1;
        }
    }
    assert!(seen >= 2, "{seen}");
}

#[test]
fn drivers_are_those_that_classes_name() {
    let mut seen = 0;
    for output in outputs() {
        let Some(drivers) = output.values("ceph-csi-drivers") else { continue };
        let names: Vec<&str> =
            ["rbd", "cephfs"].iter().filter_map(|d| text(&drivers, &["drivers", d, "name"])).collect();
        let cluster = output.values("rook-ceph-cluster").expect("values");
        let operator = text(&cluster, &["operatorNamespace"]).expect("the operator's namespace");
        assert_eq!(names, [format!("{operator}.rbd.csi.ceph.com"), format!("{operator}.cephfs.csi.ceph.com")]);
        for class in output.objects("StorageClass") {
            let provisioner = text(&class, &["provisioner"]).expect("a provisioner");
            let known = names.contains(&provisioner) || provisioner == format!("{operator}.ceph.rook.io/bucket");
            assert!(known, "{}: {provisioner}", output.name);
            seen += 1;
        }
    }
    assert!(seen >= 2, "{seen}");
}

#[test]
fn services_get_hosts_below_a_domain_that_the_certificate_is_for() {
    let mut seen = 0;
    for output in outputs() {
        let Some(serving) = output.objects("KnativeServing").pop() else { continue };
        let domains = serving.at(&["spec", "config", "domain"]).and_then(Node::as_map).expect("domains");
        let domain = domains.keys().next().expect("a domain").text.to_string();
        let certificates = output.objects("Certificate");
        let ours = certificates
            .iter()
            .find(|c| text(c, &["spec", "secretName"]) == Some("knative-wildcard-tls"))
            .expect("a certificate");
        assert_eq!(items(ours, &["spec", "dnsNames"])[0].as_str(), Some(&*format!("*.{domain}")), "{}", output.name);
        let mut said = Vec::new();
        texts(&serving, &mut said);
        output.objects("Gateway").iter().for_each(|g| texts(g, &mut said));
        assert!(said.iter().any(|t| t == "knative-wildcard-tls"), "{}", output.name);
        seen += 1;
    }
    assert!(seen >= 1);
}

#[test]
fn whom_the_proxy_signed_in_comes_to_kubeflows_gateway() {
    let mut seen = 0;
    for output in outputs() {
        let Some(gateway) = output.values("kubeflow-gateway") else { continue };
        let name = text(&gateway, &["name"]).expect("a name");
        let label = text(&gateway, &["labels", "istio"]).expect("a label");
        let configs = output.objects("ConfigMap");
        let proxy = configs.iter().find_map(|c| text(c, &["data", "alpha.yaml"])).expect("the proxy");
        assert!(proxy.contains(&format!("uri: http://{name}.kubeflow.svc")), "{proxy}");
        // What the remote manifests say of the mesh's own gateway is changed to this one.
        let apps = output.folder.parent().expect("the environment").join("apps");
        let application = read(&apps.join("kubeflow.yaml")).expect("the Application");
        let mut patches = Vec::new();
        texts(&application, &mut patches);
        let patches = patches.join("\n");
        assert!(patches.contains(&format!("istio: {label}")), "{patches}");
        assert!(patches.matches(&format!("cluster.local/ns/kubeflow/sa/{name}")).count() >= 4, "{patches}");
        let issuer =
            text(&output.objects("KeycloakRealmImport")[0], &["spec", "realm", "realm"]).expect("a realm").to_owned();
        assert!(proxy.contains(&format!("/realms/{issuer}")), "{proxy}");
        assert_eq!(
            store_path(&output, "kubeflow", "oauth2-proxy-client", "client-secret").map(|(_, property)| property),
            Some("clientSecret".to_owned())
        );
        seen += 1;
    }
    assert!(seen >= 1);
}
