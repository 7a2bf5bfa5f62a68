//! What the layers decide for an environment.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Cluster, GitOps, merge};
use crate::decode::{Context, Decode, Spanned, Text};
use crate::diagnostic::{Diagnostic, Sink, codes::resolution, codes::shape};
use crate::source::{Architecture, ComponentPatch, EnvironmentSource, Overlay, Peer, Program, Size, Waiver};
use crate::yaml::{Node, Span, Value};

/// What the layers decide for an environment.
#[derive(Debug)]
pub struct Settings<'p> {
    /// The environment.
    pub environment: &'p EnvironmentSource,
    /// The architecture that it is built from.
    pub architecture: &'p Architecture,
    /// Facts of its cluster.
    pub cluster: Cluster,
    /// Those facts as expressions see them.
    pub cluster_node: Node,
    /// Its peers as expressions see them: `name`, `path` and `cluster` each.
    pub peers: Node,
    /// Where git is.
    pub gitops: GitOps,
    /// Path of its tree in the repository.
    pub path: Arc<str>,
    /// Capability to component, where a layer chose another one than the architecture.
    pub select: BTreeMap<Arc<str>, Choice>,
    /// What the layers say of each component, from general to special.
    pub components: BTreeMap<Arc<str>, Layered<'p>>,
    /// Accepted findings.
    pub waivers: Vec<&'p Waiver>,
}

/// A `select:` entry: where the capability stands, and the component.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Where the capability is named.
    pub key: Span,
    /// The component.
    pub component: Text,
}

/// The patches of one component, from general to special.
#[derive(Debug, Default)]
pub struct Layered<'p> {
    /// All patches.
    pub patches: Vec<&'p ComponentPatch>,
}

impl Layered<'_> {
    /// Whether it is switched on or off.
    pub fn enabled(&self) -> Option<Spanned<bool>> {
        self.patches.iter().rev().find_map(|p| p.enabled)
    }

    /// Its size, where it differs from the cluster's.
    pub fn size(&self) -> Option<Size> {
        self.patches.iter().rev().find_map(|p| p.size).map(|s| s.value)
    }
}

/// Joins the layers of an environment. None where there is not enough to go on; the reasons are in the sink.
pub fn settle<'p>(program: &'p Program, environment: &'p EnvironmentSource, sink: &mut Sink) -> Option<Settings<'p>> {
    let architecture = architecture(program, environment, sink);
    let cluster_node = joined(&environment.layers, environment.span, "cluster", |l| l.cluster.as_ref(), sink);
    let gitops_node = joined(&environment.layers, environment.span, "gitops", |l| l.gitops.as_ref(), sink);
    let peers = environment.peers.iter().filter_map(|peer| peer_node(peer, sink)).collect();
    let cluster = decode::<Cluster>(&cluster_node, sink);
    let gitops = decode::<GitOps>(&gitops_node, sink);
    if let Some(found) = gitops.as_ref().and_then(not_a_repository) {
        sink.push(found);
    }
    let (architecture, cluster, gitops) = (architecture?, cluster?, gitops?);
    let mut components: BTreeMap<Arc<str>, Layered<'p>> = BTreeMap::new();
    let layers = environment.layers.iter().map(|l| &l.components);
    for (name, patch) in std::iter::once(&architecture.components).chain(layers).flatten() {
        components.entry(name.text.clone()).or_default().patches.push(patch);
    }
    let mut select = BTreeMap::new();
    for (key, component) in environment.layers.iter().flat_map(|l| &l.select) {
        select.insert(key.text.clone(), Choice { key: key.span, component: component.clone() });
    }
    let path = gitops.path.as_ref().map_or_else(|| Arc::from(format!("out/{}", environment.path)), |p| p.text.clone());
    Some(Settings {
        environment,
        architecture,
        peers: Node::seq(peers),
        cluster_node: cluster.for_expressions(&cluster_node, &environment.name),
        cluster,
        gitops,
        path,
        select,
        components,
        waivers: environment.layers.iter().flat_map(|l| &l.waive).collect(),
    })
}

/// What git could not clone: neither a URL nor `user@host:path`.
fn not_a_repository(gitops: &GitOps) -> Option<Diagnostic> {
    let text = &gitops.repository.text;
    let short = text.split_once('@').is_some_and(|(_, host)| host.contains(':'));
    (!text.contains("://") && !short).then(|| {
        Diagnostic::error(&shape::BAD_VALUE, gitops.repository.span, format!("`{text}` is not the URL of a repository"))
            .help("write it as `git clone` takes it: `https://git.example.com/platform/gitops.git`")
    })
}

fn architecture<'p>(
    program: &'p Program,
    environment: &EnvironmentSource,
    sink: &mut Sink,
) -> Option<&'p Architecture> {
    let Some(name) = environment.layers.iter().rev().find_map(|l| l.architecture.as_ref()) else {
        let known: Vec<&str> = program.architectures.keys().map(|k| &**k).collect();
        sink.push(
            Diagnostic::error(
                &resolution::NO_ARCHITECTURE,
                environment.span,
                format!("`{}` has no architecture", environment.name),
            )
            .help(format!(
                "write `architecture: {}` in `overlays/base.yaml`",
                known.first().unwrap_or(&"standard-2024")
            )),
        );
        return None;
    };
    // An unknown name was reported when it was looked up.
    program.architectures.get(&name.text)
}

/// A peer as expressions see it.
fn peer_node(peer: &Peer, sink: &mut Sink) -> Option<Node> {
    let written = joined(&peer.layers, peer.span, "cluster", |l| l.cluster.as_ref(), sink);
    let cluster = decode::<Cluster>(&written, sink)?;
    Some(Node::map([
        ("name", Node::str(&peer.name)),
        ("path", Node::str(&peer.path)),
        ("cluster", cluster.for_expressions(&written, &peer.name)),
    ]))
}

fn joined(
    layers: &[Arc<Overlay>],
    span: Span,
    root: &str,
    part: impl Fn(&Overlay) -> Option<&Node>,
    sink: &mut Sink,
) -> Node {
    let patches: Vec<Node> = layers.iter().filter_map(|l| part(l).cloned()).collect();
    merge(None, &patches, root, sink).unwrap_or_else(|| Node::new(Value::Map(Arc::default()), span))
}

/// These parts hold no templates, so no text is needed for places of expressions.
fn decode<T: Decode>(node: &Node, sink: &mut Sink) -> Option<T> {
    T::decode(node, &mut Context { text: "", sink })
}
