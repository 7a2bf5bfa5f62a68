//! The Application of a unit.

use super::{ALWAYS, CASCADE, git_source, kustomize, object, object_name, shared, sync_policy, texts};
use crate::layer::ValuesMode;
use crate::render::{Place, Rendered, SyncRules, Unit};
use crate::resolve::ChartPin;
use crate::source::{Component, Deletion};
use crate::yaml::Node;

/// The Application that delivers a unit.
pub fn application(rendered: &Rendered<'_>, unit: &Unit) -> Node {
    let settings = &rendered.platform.settings;
    let mut spec = vec![("project", Node::str(object_name(&rendered.platform, &unit.project)))];
    let mut sources = sources(rendered, unit);
    // Argo CD knows two forms: some of its features work with the single one only.
    match sources.pop() {
        Some(only) if sources.is_empty() => spec.push(("source", only)),
        Some(last) => {
            sources.push(last);
            spec.push(("sources", Node::seq(sources)));
        }
        None => {}
    }
    let destination = [("server", shared(&settings.gitops.server.text)), ("namespace", shared(&unit.namespace))];
    spec.push(("destination", Node::map(destination)));
    spec.push(("syncPolicy", sync_policy(sync_options(&unit.sync))));
    if !unit.sync.ignore_differences.is_empty() {
        spec.push(("ignoreDifferences", Node::seq(unit.sync.ignore_differences.clone())));
    }
    object("Application", metadata(rendered, unit), spec)
}

fn metadata(rendered: &Rendered<'_>, unit: &Unit) -> Vec<(&'static str, Node)> {
    let settings = &rendered.platform.settings;
    let mut annotations = vec![("argocd.argoproj.io/sync-wave", Node::str(unit.wave.to_string()))];
    if unit.sync.server_side_apply {
        annotations.push(("argocd.argoproj.io/compare-options", Node::str("ServerSideDiff=true")));
    }
    if unit.remote_chart(&rendered.platform).is_none() && unit.bases.is_empty() && !unit.objects.is_empty() {
        // Commits that touch other folders need no new rendering. With several sources this is known not to work.
        annotations.push(("argocd.argoproj.io/manifest-generate-paths", Node::str(".")));
    }
    let labels = [
        ("stackgen.dev/environment", shared(&settings.environment.name)),
        ("stackgen.dev/category", shared(&unit.project)),
    ];
    let mut metadata = vec![
        ("name", Node::str(object_name(&rendered.platform, &unit.name))),
        ("namespace", shared(&settings.gitops.namespace.text)),
        ("labels", Node::map(labels)),
        ("annotations", Node::map(annotations)),
    ];
    if unit.sync.deletion != Deletion::Orphan {
        metadata.push(("finalizers", texts([CASCADE])));
    }
    metadata
}

fn sources(rendered: &Rendered<'_>, unit: &Unit) -> Vec<Node> {
    let mut sources = Vec::with_capacity(2);
    let path = &rendered.platform.settings.path;
    let folder = format!("{path}/components/{}", unit.name);
    let instance = unit.instance.and_then(|i| rendered.platform.instances.get(i));
    let mut values_file = false;
    let chart = unit.remote_chart(&rendered.platform);
    if let Some((instance, chart)) = instance.zip(chart) {
        values_file = rendered.platform.settings.gitops.values == ValuesMode::File;
        let values_path = values_file.then(|| format!("$values/{folder}/values.yaml"));
        sources.push(chart_source(rendered, unit, chart, &instance.source.component, values_path));
    }
    if let Some(remote) = instance.and_then(|i| i.source.component.kustomize.as_ref()) {
        sources.extend(unit.bases.iter().map(|base| kustomize::source(remote, base)));
    }
    let mut own: Vec<(&str, Node)> = directory(unit, &folder);
    own.extend(values_file.then(|| ("ref", Node::str("values"))));
    if !own.is_empty() {
        sources.push(git_source(rendered, own));
    }
    sources
}

/// The folder of the unit's objects: one source, however many kinds of objects it has.
fn directory(unit: &Unit, folder: &str) -> Vec<(&'static str, Node)> {
    let nested = unit.has(Place::Definitions) || unit.has(Place::Hooks);
    let rendered = unit.has(Place::Manifests) || nested;
    let path = match (unit.has(Place::Resources), rendered) {
        (false, false) => return Vec::new(),
        (true, false) => return vec![("path", Node::str(format!("{folder}/resources")))],
        (false, true) => format!("{folder}/manifests"),
        (true, true) => folder.to_owned(),
    };
    let mut source = vec![("path", Node::str(path))];
    if unit.has(Place::Resources) || nested {
        source.push(("directory", Node::map([("recurse", Node::bool(true))])));
    }
    source
}

fn chart_source(
    rendered: &Rendered<'_>,
    unit: &Unit,
    chart: &ChartPin,
    component: &Component,
    values_path: Option<String>,
) -> Node {
    let mut helm = vec![("releaseName", shared(&chart.release))];
    match values_path {
        Some(path) => helm.push(("valueFiles", texts([path.as_str()]))),
        None => helm.extend(unit.values.clone().map(|values| ("valuesObject", values))),
    }
    // Without these, what a chart renders depends on the cluster that Argo CD happens to see.
    helm.push(("kubeVersion", shared(&rendered.platform.settings.cluster.kubernetes.0.text)));
    if !unit.api_versions.is_empty() {
        helm.push(("apiVersions", texts(unit.api_versions.iter().map(|(version, _)| &**version))));
    }
    if component.chart.as_ref().is_some_and(|c| c.skip_crds) {
        helm.push(("skipCrds", Node::bool(true)));
    }
    Node::map([
        ("repoURL", Node::str(repository(&chart.repository))),
        ("chart", shared(&chart.name)),
        ("targetRevision", shared(&chart.version)),
        ("helm", Node::map(helm)),
    ])
}

/// Argo CD names the OCI repository of a Helm chart without a scheme.
pub(super) fn repository(url: &str) -> &str {
    url.strip_prefix("oci://").unwrap_or(url)
}

fn sync_options(rules: &SyncRules) -> Vec<&str> {
    let mut options = ALWAYS.to_vec();
    if rules.server_side_apply {
        options.push("ServerSideApply=true");
    }
    if rules.custom_resources {
        options.push("SkipDryRunOnMissingResource=true");
    }
    if !rules.ignore_differences.is_empty() {
        options.push("RespectIgnoreDifferences=true");
    }
    if rules.deletion == Deletion::Confirm {
        options.extend(["Prune=confirm", "Delete=confirm"]);
    }
    options.extend(rules.options.iter().map(|o| &**o));
    options.sort_unstable();
    options.dedup();
    options
}
