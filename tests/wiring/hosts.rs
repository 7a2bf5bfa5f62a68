//! Machines and people: addresses of the API server, who it believes, and where images come from.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use stackgen::diagnostic::Sink;
use stackgen::yaml::{FileId, Node, Value, parse};

use crate::network::platform;
use crate::output::{Output, items, outputs, read, text, texts};

/// The folder of an environment.
fn root(output: &Output) -> &Path {
    output.folder.parent().expect("the environment's folder")
}

fn whole(node: &Node) -> Option<i64> {
    if let Value::Int(number) = node.value { Some(number) } else { None }
}

fn api_server(cluster: &Node) -> (String, i64) {
    let host = text(cluster, &["apiServer", "host"]).expect("a host").to_owned();
    (host, cluster.at(&["apiServer", "port"]).and_then(whole).unwrap_or(6443))
}

/// The files of a name, below a folder of an environment.
fn files(folder: &Path, name: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, name, found);
        } else if path.file_name().is_some_and(|n| n == name) {
            found.push(path);
        }
    }
    found.sort();
}

fn all(output: &Output, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    files(root(output), name, &mut found);
    found.iter().map(|path| fs::read_to_string(path).expect("a file")).collect()
}

/// The document of a kind in a file of several.
fn document(file: &str, kind: &str) -> Option<Node> {
    let documents = file.split("\n---\n").filter_map(|text| parse(FileId(0), text, &mut Sink::default()));
    documents.into_iter().find(|node| text(node, &["kind"]) == Some(kind))
}

/// What the API server is told of whom it believes, by either provisioner.
fn authenticators(output: &Output) -> Vec<Node> {
    let kubeadm = root(output).join("hosts/every-control-plane/etc/kubernetes/api-server/authentication.yaml");
    let kubespray = root(output).join("hosts/kubespray/group_vars/k8s_cluster.yml");
    let (file, key) =
        if kubeadm.exists() { (kubeadm, "jwt") } else { (kubespray, "kube_apiserver_authentication_config_jwt") };
    // Others make a cluster that is managed, and tell its API server themselves.
    read(&file).map_or_else(Vec::new, |said| items(&said, &[key]).to_vec())
}

/// The words after a word at the start of lines, as configurations of HAProxy and keepalived have them.
fn lines<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    text.lines().filter_map(|line| line.trim().strip_prefix(word)?.strip_prefix(' ')).collect()
}

#[test]
fn clients_load_balancer_and_certificates_agree_on_the_api_server() {
    let (mut balanced, mut made) = (0, 0);
    for output in outputs() {
        let cluster = output.cluster();
        let (host, port) = api_server(&cluster);
        let kubeconfig = read(&root(&output).join("access/kubeconfig.yaml")).expect("a kubeconfig");
        let server = text(&items(&kubeconfig, &["clusters"])[0], &["cluster", "server"]);
        assert_eq!(server, Some(&*format!("https://{host}:{port}")), "{}", output.name);

        let planes: Vec<&str> = items(&cluster, &["nodes"])
            .iter()
            .filter(|node| items(node, &["roles"]).iter().any(|role| role.as_str() == Some("control-plane")))
            .filter_map(|node| text(node, &["address"]))
            .collect();
        let (mut addresses, mut ports) = (Vec::new(), Vec::new());
        for keepalived in all(&output, "keepalived.conf") {
            let address = lines(&keepalived, "virtual_ipaddress").len();
            assert_eq!(address, 1, "{}", output.name);
            let inside = keepalived.split("virtual_ipaddress {").nth(1).expect("addresses");
            addresses.extend(inside.split_whitespace().next().map(str::to_owned));
        }
        for haproxy in all(&output, "haproxy.cfg") {
            assert_eq!(lines(&haproxy, "bind"), [format!(":{port}")], "{}", output.name);
            let servers: Vec<&str> = lines(&haproxy, "server").iter().filter_map(|s| s.split(' ').nth(1)).collect();
            let hosts: Vec<&str> = servers.iter().filter_map(|s| Some(s.rsplit_once(':')?.0)).collect();
            assert_eq!(hosts, planes, "{}", output.name);
            ports.extend(servers.iter().filter_map(|s| s.rsplit_once(':')?.1.parse::<i64>().ok()));
        }
        balanced += usize::from(!addresses.is_empty());
        // All machines of one environment hold the same address, which is the cluster's where that is no name.
        assert!(addresses.windows(2).all(|pair| pair[0] == pair[1]), "{}: {addresses:?}", output.name);
        let named = host.parse::<std::net::IpAddr>().is_err();
        assert!(named || addresses.iter().all(|address| *address == host), "{}: {addresses:?}", output.name);

        for init in all(&output, "init.yaml") {
            made += 1;
            let said = document(&init, "ClusterConfiguration").expect("the cluster");
            assert_eq!(text(&said, &["controlPlaneEndpoint"]), Some(&*format!("{host}:{port}")), "{}", output.name);
            let sans: Vec<&str> = items(&said, &["apiServer", "certSANs"]).iter().filter_map(Node::as_str).collect();
            assert!(sans.contains(&&*host), "{}: {sans:?}", output.name);
            assert!(addresses.iter().all(|address| sans.contains(&&**address)), "{}: {sans:?}", output.name);
            let first = document(&init, "InitConfiguration").expect("the first node");
            let bind = first.at(&["localAPIEndpoint", "bindPort"]).and_then(whole).expect("a port");
            assert!(ports.iter().all(|port| *port == bind), "{}: {ports:?} and {bind}", output.name);
            assert!(!addresses.is_empty() || bind == port, "{}: nobody leads from {port} to {bind}", output.name);
        }
        if let Some(vars) = read(&root(&output).join("hosts/kubespray/group_vars/all.yml")) {
            made += 1;
            let bind = vars.get("kube_apiserver_port").and_then(whole).expect("a port");
            assert!(ports.iter().all(|port| *port == bind), "{}: {ports:?} and {bind}", output.name);
            assert!(!addresses.is_empty() || bind == port, "{}: nobody leads from {port} to {bind}", output.name);
            let address = text(&vars, &["loadbalancer_apiserver", "address"]);
            assert_eq!(address, addresses.first().map(|a| &**a), "{}", output.name);
        }
    }
    assert!(balanced >= 2 && made >= 3, "{balanced} load balancers, {made} clusters");
}

#[test]
fn people_sign_in_by_a_client_that_the_realm_has_and_the_api_server_believes() {
    let mut seen = 0;
    for output in outputs() {
        let kubeconfig = read(&root(&output).join("access/kubeconfig.yaml")).expect("a kubeconfig");
        let exec = items(&kubeconfig, &["users"])[0].at(&["user", "exec"]).expect("a plugin").clone();
        let args: Vec<&str> = items(&exec, &["args"]).iter().filter_map(Node::as_str).collect();
        let option = |name: &str| args.iter().find_map(|a| a.strip_prefix(name)?.strip_prefix('=')).expect("an option");
        let (issuer, client) = (option("--oidc-issuer-url"), option("--oidc-client-id"));

        let believed = authenticators(&output);
        if believed.is_empty() {
            // A managed API server is told by what makes it.
            let made = all(&output, "cluster.tf").join("\n");
            let told = |name: &str, value: &str| {
                made.lines().any(|l| l.trim().starts_with(name) && l.ends_with(&format!("\"{value}\"")))
            };
            assert!(told("issuer_url", issuer) && told("client_id", client), "{}", output.name);
            continue;
        }
        let said = believed.iter().find(|a| text(a, &["issuer", "url"]) == Some(issuer)).expect("the issuer");
        let audiences = items(said, &["issuer", "audiences"]);
        assert!(audiences.iter().any(|a| a.as_str() == Some(client)), "{}: {audiences:?}", output.name);

        let realm = output.objects("KeycloakRealmImport").pop().expect("a realm");
        let clients = items(&realm, &["spec", "realm", "clients"]);
        let known = clients.iter().find(|c| text(c, &["clientId"]) == Some(client)).expect("the client");
        let public = known.get("publicClient").map(|public| &public.value);
        assert!(matches!(public, Some(Value::Bool(true))), "{}", output.name);
        assert!(known.get("secret").is_none(), "{}", output.name);
        let mut redirects = Vec::new();
        texts(known.get("redirectUris").expect("addresses"), &mut redirects);
        assert_eq!(redirects, ["http://localhost:8000", "http://localhost:18000"], "{}", output.name);

        // The claim that the realm fills is the one that is read, and its groups are bound under their prefix.
        let claim = text(said, &["claimMappings", "groups", "claim"]).expect("a claim");
        let mappers = items(known, &["protocolMappers"]);
        assert!(mappers.iter().any(|m| text(m, &["config", "claim.name"]) == Some(claim)), "{}", output.name);
        let prefix = text(said, &["claimMappings", "groups", "prefix"]).expect("a prefix");
        let groups: Vec<String> = items(&realm, &["spec", "realm", "groups"])
            .iter()
            .filter_map(|group| Some(format!("{prefix}{}", text(group, &["name"])?)))
            .collect();
        for binding in output.objects("ClusterRoleBinding") {
            for subject in items(&binding, &["subjects"]).iter().filter(|s| text(s, &["kind"]) == Some("Group")) {
                let name = text(subject, &["name"]).expect("a name");
                if name.starts_with(prefix) {
                    seen += 1;
                    assert!(groups.iter().any(|group| group == name), "{}: no group {name}", output.name);
                }
            }
        }
    }
    assert!(seen >= 6, "{seen} bindings");
}

#[test]
fn nodes_and_builders_pull_by_way_of_harbors_proxies() {
    let mut seen = 0;
    for output in outputs() {
        let harbor = output.values("harbor").expect("values");
        let url = text(&harbor, &["externalURL"]).expect("its address");
        let host = url.trim_start_matches("https://");
        let setup = output.folder.join("harbor/resources/configmap-harbor-setup-mirrors.yaml");
        let proxies = read(&setup).expect("what Harbor proxies");
        let proxies = proxies.get("data").and_then(Node::as_map).expect("projects");
        let mut is_proxy = |address: &str, before: &str| {
            seen += 1;
            let project = address.strip_prefix(before).expect("Harbor's address");
            assert!(proxies.get(project).is_some(), "{}: Harbor has no project {project}", output.name);
        };
        let mut places = 0;
        for file in all(&output, "hosts.toml") {
            places += 1;
            let address = file.split('"').find(|part| part.starts_with("https://")).expect("a mirror");
            is_proxy(address, &format!("{url}/v2/"));
        }
        if let Some(vars) = read(&root(&output).join("hosts/kubespray/group_vars/all.yml")) {
            for at in items(&vars, &["containerd_registries_mirrors"]).iter().flat_map(|m| items(m, &["mirrors"])) {
                places += 1;
                is_proxy(text(at, &["host"]).expect("a mirror"), &format!("{url}/v2/"));
            }
        }
        // Nodes of a managed cluster are somebody else's.
        assert!(places == proxies.len() || places == 0, "{}: nodes have a mirror for each", output.name);
        for file in all(&output, "buildkitd.toml") {
            for mirrors in lines(&file, "mirrors =") {
                is_proxy(mirrors.trim_matches(['[', ']', '"']), &format!("{host}/"));
            }
        }
        for file in all(&output, "platform.hcl") {
            assert!(file.contains(&format!("default = \"{host}\"")), "{}", output.name);
        }
    }
    assert!(seen >= 12, "{seen} mirrors");
}

#[test]
fn what_prometheus_scrapes_of_the_control_plane_listens_on_the_nodes() {
    let mut scraped = 0;
    for output in outputs() {
        let values = output.values("kube-prometheus-stack").expect("values");
        let enabled = |name: &str| {
            let node = values.at(&[name, "enabled"]).map(|node| &node.value);
            matches!(node, Some(Value::Bool(true)))
        };
        for init in all(&output, "init.yaml") {
            let said = document(&init, "ClusterConfiguration").expect("the cluster");
            for (name, part, option) in [
                ("kubeEtcd", &["etcd", "local"][..], "listen-metrics-urls"),
                ("kubeControllerManager", &["controllerManager"][..], "bind-address"),
                ("kubeScheduler", &["scheduler"][..], "bind-address"),
            ] {
                let arguments = items(&said, &[part, &["extraArgs"]].concat());
                let open = arguments.iter().any(|a| text(a, &["name"]) == Some(option));
                assert_eq!(open, enabled(name), "{}: {name}", output.name);
                scraped += usize::from(open);
            }
            let proxy = document(&init, "KubeProxyConfiguration");
            assert_eq!(proxy.is_some_and(|p| p.get("metricsBindAddress").is_some()), enabled("kubeProxy"));
        }
    }
    assert!(scraped >= 6, "{scraped} parts");
}

#[test]
fn nodes_and_the_pod_network_have_the_same_ranges_and_runtime() {
    let mut seen = 0;
    for output in outputs() {
        let cluster = output.cluster();
        let pods: Vec<&str> = items(&cluster, &["podCidrs"]).iter().filter_map(Node::as_str).collect();
        let services: Vec<&str> = items(&cluster, &["serviceCidrs"]).iter().filter_map(Node::as_str).collect();
        for init in all(&output, "init.yaml") {
            seen += 1;
            let said = document(&init, "ClusterConfiguration").expect("the cluster");
            assert_eq!(text(&said, &["networking", "podSubnet"]), Some(&*pods.join(",")), "{}", output.name);
            assert_eq!(text(&said, &["networking", "serviceSubnet"]), Some(&*services.join(",")), "{}", output.name);
            let socket = fs::read_to_string(root(&output).join("hosts/every-node/etc/containerd/config.toml"))
                .expect("the runtime's configuration");
            let first = document(&init, "InitConfiguration").expect("the first node");
            let asked =
                text(&first, &["nodeRegistration", "criSocket"]).expect("a socket").trim_start_matches("unix://");
            assert!(socket.contains(&format!("address = \"{asked}\"")), "{}: {asked}", output.name);
            let kubelet = document(&init, "KubeletConfiguration").expect("the kubelet");
            let systemd = text(&kubelet, &["cgroupDriver"]) == Some("systemd");
            assert_eq!(systemd, socket.contains("SystemdCgroup = true"), "{}", output.name);
        }
        if let Some(vars) = read(&root(&output).join("hosts/kubespray/group_vars/k8s_cluster.yml")) {
            seen += 1;
            assert_eq!(text(&vars, &["kube_pods_subnet"]), Some(pods[0]), "{}", output.name);
            assert_eq!(text(&vars, &["kube_service_addresses"]), Some(services[0]), "{}", output.name);
            // The pod network is git's.
            assert_eq!(text(&vars, &["kube_network_plugin"]), Some("cni"), "{}", output.name);
        }
    }
    assert!(seen >= 3, "{seen} clusters");
}

/// Machines that Terraform makes.
const AWS: &str = "
cluster:
  provider: aws
  region: eu-central-1
  zones: [eu-central-1a, eu-central-1b]
  nodeCidrs: [10.80.0.0/16]
  nodes:
    - { name: a, address: 10.80.8.11, roles: [control-plane], zone: eu-central-1a }
    - { name: b, address: 10.80.8.21, roles: [worker], zone: eu-central-1a, labels: { disk: nvme, example.com/use: data } }
    - { name: c, address: 10.80.24.21, roles: [worker], zone: eu-central-1b }
  apiServer: { host: api.test.example.com }
components:
  haproxy: { enabled: false }
  metallb: { parameters: { pools: [{ name: default, addresses: 10.80.9.1-10.80.9.9 }] } }
  terraform: { parameters: { image: \"resolve:ssm:/images/node\", keyName: platform, dataDiskSize: 500 } }
";

/// What stands after a word and `=`, in a module of Terraform.
fn said<'t>(module: &'t str, word: &str) -> Vec<&'t str> {
    let after = |line: &'t str| line.trim().strip_prefix(word)?.trim_start().strip_prefix("= ");
    module.lines().filter_map(after).map(|text| text.trim_matches('"')).collect()
}

#[test]
fn machines_at_aws_are_where_the_cluster_is_told_that_they_are() {
    let output = platform("hosts-aws", AWS);
    let module = fs::read_to_string(root(&output).join("hosts/terraform/instances.tf")).expect("machines");
    let addresses = said(&module, "address");
    let init = all(&output, "init.yaml").pop().expect("the first node");
    let first = document(&init, "InitConfiguration").expect("the first node");
    let mut told = vec![text(&first, &["localAPIEndpoint", "advertiseAddress"]).expect("an address").to_owned()];
    for join in all(&output, "join.yaml") {
        let node = document(&join, "JoinConfiguration").expect("a node");
        let arguments = items(&node, &["nodeRegistration", "kubeletExtraArgs"]);
        let address = arguments.iter().find(|a| text(a, &["name"]) == Some("node-ip")).expect("its address");
        told.extend(text(address, &["value"]).map(str::to_owned));
    }
    assert_eq!(addresses, told);

    // Clients, the load balancer and the API server mean the same port of the same name.
    let cluster = document(&init, "ClusterConfiguration").expect("the cluster");
    let endpoint = text(&cluster, &["controlPlaneEndpoint"]).expect("an endpoint");
    let (host, port) = endpoint.rsplit_once(':').expect("a port");
    assert_eq!(said(&module, "api"), [format!("{{ host = \"{host}\", port = {port} }}")]);
    assert_eq!(first.at(&["localAPIEndpoint", "bindPort"]).and_then(whole), port.parse().ok());

    // Nobody signs in to ask how the API server is.
    let believed = root(&output).join("hosts/every-control-plane/etc/kubernetes/api-server/authentication.yaml");
    let believed = read(&believed).expect("who is believed");
    let open = items(&believed, &["anonymous", "conditions"]);
    let asked = said(&module, "path");
    assert_eq!(asked.len(), 1);
    assert!(open.iter().any(|condition| text(condition, &["path"]) == Some(asked[0])), "{asked:?}");
}

#[test]
fn opentofu_makes_machines_at_what_stands_in_for_aws() {
    let folders = env::var_os("PATH").unwrap_or_default();
    let wanted = ["tofu", "../aws/terraform-provider-aws"];
    if !env::split_paths(&folders).any(|folder| wanted.iter().all(|file| folder.join(file).is_file())) {
        assert!(env::var_os("STACKGEN_REQUIRE_TOOLS").is_none(), "tofu is wanted, and what stands in for AWS");
        let _ = writeln!(io::stderr(), "SKIPPED: tofu was not found, or what stands in for AWS");
        return;
    }
    let output = platform("hosts-tofu", AWS);
    let accepts = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/accepts/tofu");
    let ran = Command::new(accepts).arg(root(&output)).output().expect("it starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn pods_take_the_roles_that_the_cluster_makes_for_their_service_accounts() {
    let mut seen = 0;
    for output in outputs() {
        let Ok(module) = fs::read_to_string(root(&output).join("hosts/terraform/cluster.tf")) else { continue };
        let cluster = output.cluster();
        let accounts = said(&module, "account");
        let values = output.values("aws-load-balancer-controller").expect("values");
        let role = text(&values, &["serviceAccount", "annotations", "eks.amazonaws.com/role-arn"]);
        let made = text(&cluster, &["facts", "eks", "roles", "aws-load-balancer-controller"]);
        assert!(role.is_some() && role == made, "{}: {role:?} and {made:?}", output.name);
        // The chart names the service account as everything else.
        let name = text(&values, &["fullnameOverride"]).expect("a name");
        assert!(accounts.contains(&&*format!("aws-load-balancer-controller:{name}")), "{}: {accounts:?}", output.name);
        assert_eq!(text(&values, &["vpcId"]), text(&cluster, &["facts", "eks", "vpcId"]), "{}", output.name);
        for policy in fs::read_dir(root(&output).join("hosts/terraform/roles")).expect("roles") {
            seen += 1;
            let path = policy.expect("a file").path();
            let policy = fs::read_to_string(&path).expect("a policy");
            assert!(!items(&read(&path).expect("a policy"), &["Statement"]).is_empty(), "{policy}");
            // More does IAM not take, white space aside.
            assert!(policy.split_whitespace().map(str::len).sum::<usize>() <= 6144, "{}", path.display());
        }
    }
    assert!(seen >= 1, "{seen} policies");
}

#[test]
fn what_the_timer_starts_lies_on_the_machines_and_asks_etcd_where_it_listens() {
    let mut seen = 0;
    for output in outputs() {
        let machine = root(&output).join("hosts/every-control-plane");
        let file = |path: &str| fs::read_to_string(machine.join(path)).ok();
        let Some(service) = file("etc/systemd/system/etcd-snapshot.service") else { continue };
        seen += 1;
        assert!(file("etc/systemd/system/etcd-snapshot.timer").is_some(), "{}", output.name);
        let script =
            lines(&service.replace('=', " "), "ExecStart").pop().and_then(|s| s.split(' ').nth(1)).map(str::to_owned);
        let script = file(script.expect("a script").trim_start_matches('/')).expect("the script");
        // It writes where etcd's own folder is.
        for init in all(&output, "init.yaml") {
            let said = document(&init, "ClusterConfiguration").expect("the cluster");
            let folder = text(&said, &["etcd", "local", "dataDir"]).expect("a folder");
            assert!(script.contains(&format!("\nnew={folder}/")), "{}", output.name);
        }
        let prepare = fs::read_to_string(root(&output).join("bootstrap/kubeadm/1-prepare.sh")).expect("a step");
        assert!(prepare.contains("systemctl enable etcd-snapshot.timer"), "{}", output.name);
        // The socket is the runtime's.
        let runtime = fs::read_to_string(root(&output).join("hosts/every-node/etc/containerd/config.toml"));
        let socket = script.split("--address ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a socket");
        assert!(runtime.expect("the runtime").contains(&format!("address = \"{socket}\"")), "{}", output.name);
    }
    assert!(seen >= 3, "{seen} clusters");
}
