//! The objects of Argo CD: Applications, the AppProjects that they need, and the root of all.
//!
//! What Argo CD asks of a generator, and where that is written, is told in `docs/argocd.md`.

mod application;
mod kustomize;
mod project;
mod root;

pub use application::application;
pub use kustomize::kustomization;
pub use project::{PROJECT_WAVE, projects};
pub use root::root;

use std::sync::Arc;

use crate::render::Rendered;
use crate::resolve::Platform;
use crate::yaml::{Node, Span, Value};

/// The API server of the cluster that Argo CD itself runs in.
const OWN_CLUSTER: &str = "https://kubernetes.default.svc";

/// Deletes an Application's objects before the Application.
const CASCADE: &str = "resources-finalizer.argocd.argoproj.io";

/// The name of an Application or AppProject. An Argo CD that deploys to another cluster serves several: then names carry the environment.
pub fn object_name(platform: &Platform<'_>, name: &str) -> String {
    let settings = &platform.settings;
    if &*settings.gitops.server.text == OWN_CLUSTER {
        name.to_owned()
    } else {
        format!("{}-{name}", settings.environment.name)
    }
}

/// The kind, with metadata and spec, of Argo CD's own API group.
fn object(kind: &str, metadata: Vec<(&str, Node)>, spec: Vec<(&str, Node)>) -> Node {
    Node::map([
        ("apiVersion", Node::str("argoproj.io/v1alpha1")),
        ("kind", Node::str(kind)),
        ("metadata", Node::map(metadata)),
        ("spec", Node::map(spec)),
    ])
}

fn shared(text: &Arc<str>) -> Node {
    Node::new(Value::Str(text.clone()), Span::BUILT_IN)
}

fn texts<'a>(items: impl IntoIterator<Item = &'a str>) -> Node {
    Node::seq(items.into_iter().map(Node::str).collect())
}

/// The repository that `out/` is committed to, and what of it Argo CD follows.
fn git_source(rendered: &Rendered<'_>, rest: Vec<(&str, Node)>) -> Node {
    let gitops = &rendered.platform.settings.gitops;
    let head = [("repoURL", shared(&gitops.repository.text)), ("targetRevision", shared(&gitops.revision.text))];
    Node::map(head.into_iter().chain(rest))
}

/// Sync options of every Application.
const ALWAYS: [&str; 2] = ["FailOnSharedResource=true", "PruneLast=true"];

/// What every Application does by itself, with its options.
fn sync_policy(options: Vec<&str>) -> Node {
    Node::map([
        ("automated", Node::map([("prune", Node::bool(true)), ("selfHeal", Node::bool(true))])),
        ("retry", retry()),
        ("syncOptions", texts(options)),
    ])
}

/// Commits that failed are tried again: CRDs, webhooks and providers of an earlier wave may need a while.
fn retry() -> Node {
    let backoff = [("duration", Node::str("10s")), ("factor", Node::int(2)), ("maxDuration", Node::str("3m"))];
    Node::map([("limit", Node::int(10)), ("backoff", Node::map(backoff)), ("refresh", Node::bool(true))])
}
