//! Facts of a cluster, and how git and Argo CD reach it.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use serde_json::{Value as Json, json};

use crate::decode::{Context, Decode, Definitions, Named, Spanned, Text, choice, record};
use crate::diagnostic::{Diagnostic, codes::shape};
use crate::source::{Delivery, Size};
use crate::types::Format;
use crate::yaml::{Node, Span};

/// A network with its place.
#[derive(Clone, Copy, Debug)]
pub struct Cidr {
    /// The network.
    pub net: IpNet,
    /// Where it stands.
    pub span: Span,
}

/// An address with its place.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    /// The address.
    pub ip: IpAddr,
    /// Where it stands.
    pub span: Span,
}

/// A host name with its place.
#[derive(Clone, Debug)]
pub struct Host(pub Text);

fn form(node: &Node, format: Format, cx: &mut Context<'_>) -> Option<Text> {
    let text = Text::decode(node, cx)?;
    if let Some(fault) = format.fault(&text.text) {
        let found = Diagnostic::error(&shape::BAD_VALUE, node.span, format!("`{}` cannot stand here", text.text));
        cx.sink.push(if text.text.contains("${{") {
            found.here("an expression").help("`cluster` is read before any expression: write the value itself")
        } else {
            found.here(fault)
        });
        return None;
    }
    Some(text)
}

impl Decode for Cidr {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = form(node, Format::Cidr, cx)?;
        text.text.parse().ok().map(|net| Cidr { net, span: node.span })
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "examples": ["10.0.0.0/16"] })
    }
}

impl Decode for Address {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = form(node, Format::Ip, cx)?;
        text.text.parse().ok().map(|ip| Address { ip, span: node.span })
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "examples": ["10.0.0.1"] })
    }
}

impl Decode for Host {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        form(node, Format::Hostname, cx).map(Host)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "format": "hostname" })
    }
}

/// A Kubernetes version with its place.
#[derive(Clone, Debug)]
pub struct KubernetesVersion(pub Text);

impl Decode for KubernetesVersion {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = form(node, Format::Semver, cx)?;
        if text.text.split('.').count() != 3 || text.text.starts_with('v') {
            cx.sink.push(
                Diagnostic::error(
                    &shape::BAD_VALUE,
                    node.span,
                    format!("`{}` is not a full Kubernetes version", text.text),
                )
                .help("write all three numbers, such as `\"1.34.2\"`: charts compare the patch too"),
            );
            return None;
        }
        Some(KubernetesVersion(text))
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$" })
    }
}

record! {
    /// A machine of the cluster.
    pub struct NodeFact {
        /// Its host name.
        "name" => name: Host,
        /// Its address.
        "address" => address: Address,
        /// `control-plane`, `worker`, or roles of your own.
        "roles" => roles: Vec<Text>,
        /// Its failure zone.
        "zone" => zone: Option<Text>,
        /// Its labels.
        "labels" => labels: Named<Text>,
    }
}

record! {
    /// Where the API server is reached.
    pub struct ApiServer {
        /// Host name or address.
        "host" => host: Text,
        /// Port.
        "port" => port: i64 = 6443,
    }
}

record! {
    /// Facts of a cluster.
    pub struct Cluster {
        /// Its name; the environment's by default.
        "name" => name: Option<Text>,
        /// The domain that hosts of the platform are below.
        "domain" => domain: Host,
        /// The Kubernetes version, with all three numbers.
        "kubernetes" => kubernetes: KubernetesVersion,
        /// How large the platform is: picks parameters' defaults.
        "size" => size: Spanned<Size> = Spanned { value: Size::Standard, span: Span::BUILT_IN },
        /// What runs the machines, such as `bare-metal` or `eks`.
        "provider" => provider: Text = Text::built_in("bare-metal"),
        /// Its region.
        "region" => region: Option<Text>,
        /// Its failure zones.
        "zones" => zones: Vec<Text>,
        /// Address ranges of pods.
        "podCidrs" => pod_cidrs: Vec<Cidr>,
        /// Address ranges of Services.
        "serviceCidrs" => service_cidrs: Vec<Cidr>,
        /// Address ranges of machines.
        "nodeCidrs" => node_cidrs: Vec<Cidr>,
        /// Its machines.
        "nodes" => nodes: Vec<NodeFact>,
        /// Where the API server is reached.
        "apiServer" => api_server: Option<ApiServer>,
        /// The domain of cluster DNS.
        "dnsDomain" => dns_domain: Text = Text::built_in("cluster.local"),
        /// Further facts, for your own blueprints.
        "facts" => facts: Named<Node>,
    }
}

choice! {
    /// How a chart gets its values.
    pub enum ValuesMode {
        /// `values.yaml` beside the Application, reached as `$values`.
        "file" => File,
        /// In the Application itself.
        "inline" => Inline,
    }
}

record! {
    /// Where git is, and how Argo CD reads it.
    pub struct GitOps {
        /// The repository that `out/` is committed to.
        "repository" => repository: Text,
        /// What Argo CD follows.
        "revision" => revision: Text = Text::built_in("refs/heads/main"),
        /// Path of this environment's tree in the repository.
        "path" => path: Option<Text>,
        /// How charts get their values.
        "values" => values: ValuesMode = ValuesMode::File,
        /// Who renders charts: Argo CD, or this build.
        "delivery" => delivery: Delivery = Delivery::Helm,
        /// The API server that Argo CD deploys to.
        "server" => server: Text = Text::built_in("https://kubernetes.default.svc"),
        /// The namespace of Applications.
        "namespace" => namespace: Text = Text::built_in("argocd"),
        /// Whether deleting the root Application deletes everything.
        "rootFinalizer" => root_finalizer: bool = false,
    }
}

impl Cluster {
    /// The facts as expressions see them: what was written, and the defaults of the rest.
    pub fn for_expressions(&self, written: &Node, name: &Arc<str>) -> Node {
        let text = |t: &Text| Node::str(&t.text);
        let optional = |t: Option<&Text>| t.map_or(null(), text);
        let mut all: Vec<(&str, Node)> = vec![
            ("name", self.name.as_ref().map_or_else(|| Node::str(name), text)),
            ("domain", text(&self.domain.0)),
            ("kubernetes", text(&self.kubernetes.0)),
            ("size", Node::str(self.size.value.word())),
            ("provider", text(&self.provider)),
            ("region", optional(self.region.as_ref())),
            ("dnsDomain", text(&self.dns_domain)),
        ];
        for key in ["zones", "podCidrs", "serviceCidrs", "nodeCidrs"] {
            all.push((key, written.get(key).cloned().unwrap_or_else(|| Node::seq(Vec::new()))));
        }
        all.push(("nodes", Node::seq(self.nodes.iter().map(NodeFact::for_expressions).collect())));
        let api = self.api_server.as_ref();
        all.push((
            "apiServer",
            api.map_or_else(null, |a| Node::map([("host", text(&a.host)), ("port", Node::int(a.port))])),
        ));
        all.push(("facts", written.get("facts").cloned().unwrap_or_else(|| Node::map([]))));
        Node::map(all)
    }
}

impl NodeFact {
    fn for_expressions(&self) -> Node {
        let labels: Vec<(&str, Node)> = self.labels.iter().map(|(k, v)| (&*k.text, Node::str(&v.text))).collect();
        Node::map([
            ("name", Node::str(&self.name.0.text)),
            ("address", Node::str(self.address.ip.to_string())),
            ("roles", Node::seq(self.roles.iter().map(|r| Node::str(&r.text)).collect())),
            ("zone", self.zone.as_ref().map_or_else(null, |z| Node::str(&z.text))),
            ("labels", Node::map(labels)),
        ])
    }
}

fn null() -> Node {
    Node::new(crate::yaml::Value::Null, Span::BUILT_IN)
}
