//! The root: the one Application to apply by hand, and a project that lets it make nothing but Argo CD's own objects.

use super::{ALWAYS, CASCADE, OWN_CLUSTER, git_source, object, object_name, shared, sync_policy, texts};
use crate::render::Rendered;
use crate::yaml::Node;

/// The AppProject and the Application.
pub fn root(rendered: &Rendered<'_>) -> [Node; 2] {
    let settings = &rendered.platform.settings;
    let name = Node::str(object_name(&rendered.platform, "root"));
    let labels = Node::map([("stackgen.dev/environment", shared(&settings.environment.name))]);
    let metadata = || {
        vec![("name", name.clone()), ("namespace", shared(&settings.gitops.namespace.text)), ("labels", labels.clone())]
    };
    let destination =
        || Node::map([("server", Node::str(OWN_CLUSTER)), ("namespace", shared(&settings.gitops.namespace.text))]);
    let own = |kind: &str| Node::map([("group", Node::str("argoproj.io")), ("kind", Node::str(kind))]);
    let project = vec![
        ("description", Node::str("The root: Applications and AppProjects, nothing else.")),
        ("sourceRepos", texts([&*settings.gitops.repository.text])),
        ("destinations", Node::seq(vec![destination()])),
        ("clusterResourceWhitelist", Node::seq(Vec::new())),
        ("namespaceResourceWhitelist", Node::seq(vec![own("AppProject"), own("Application")])),
    ];
    let apps = Node::str(format!("{}/apps", settings.path));
    let application = vec![
        ("project", name.clone()),
        ("source", git_source(rendered, vec![("path", apps)])),
        ("destination", destination()),
        ("syncPolicy", sync_policy(ALWAYS.to_vec())),
    ];
    let mut head = metadata();
    head.push(("annotations", Node::map([("argocd.argoproj.io/manifest-generate-paths", Node::str("."))])));
    if settings.gitops.root_finalizer {
        head.push(("finalizers", texts([CASCADE])));
    }
    [object("AppProject", metadata(), project), object("Application", head, application)]
}
