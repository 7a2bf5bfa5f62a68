//! What is compared: a chart, values, and the flags of an environment.

use std::fs;
use std::path::{Path, PathBuf};

use stackgen::diagnostic::{Sink, SourceMap};
use stackgen::helm::Chart;
use stackgen::yaml::{self, Node};

/// One rendering.
#[derive(Debug)]
pub(crate) struct Case {
    /// The chart and what is special here.
    pub(crate) title: String,
    /// The chart's folder or archive.
    pub(crate) chart: PathBuf,
    /// Values files.
    pub(crate) values: Vec<PathBuf>,
    pub(crate) release: String,
    pub(crate) namespace: String,
    pub(crate) kube_version: Option<String>,
    pub(crate) api_versions: Vec<String>,
}

impl Case {
    fn new(title: String, chart: &Path, values: Vec<PathBuf>) -> Self {
        Case {
            title,
            chart: chart.to_owned(),
            values,
            release: "release-name".into(),
            namespace: "default".into(),
            kube_version: None,
            api_versions: Vec::new(),
        }
    }

    /// The arguments of `helm template`; those of `stackgen render` are the same.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let mut words = vec![self.release.clone(), self.chart.display().to_string()];
        words.extend(["--namespace".into(), self.namespace.clone(), "--include-crds".into()]);
        for file in &self.values {
            words.extend(["--values".into(), file.display().to_string()]);
        }
        words.extend(self.kube_version.iter().flat_map(|version| ["--kube-version".into(), version.clone()]));
        words.extend(self.api_versions.iter().flat_map(|version| ["--api-versions".into(), version.clone()]));
        words
    }
}

/// All cases, by chart.
pub(crate) fn find(charts: &Path, out: Option<&Path>) -> Vec<Case> {
    let mut cases = Vec::new();
    for chart in sorted(charts) {
        let packed = chart.extension().is_some_and(|e| e == "tgz");
        if !packed && !chart.join("Chart.yaml").is_file() {
            continue;
        }
        let name = chart.file_name().unwrap_or_default().to_string_lossy().into_owned();
        cases.push(Case::new(name.clone(), &chart, Vec::new()));
        for file in
            sorted(&chart.join("ci")).into_iter().filter(|f| f.extension().is_some_and(|e| e == "yaml" || e == "yml"))
        {
            let title = format!("{name} + ci/{}", file.file_name().unwrap_or_default().to_string_lossy());
            cases.push(Case::new(title, &chart, vec![file]));
        }
        if let Some(out) = out {
            cases.extend(emitted(out, &chart));
        }
    }
    cases
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut found: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    found
}

/// The chart as the environments below a folder use it.
fn emitted(out: &Path, chart: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    let Ok(loaded) = Chart::open(chart) else { return cases };
    let (name, version) = (&loaded.metadata().name, loaded.metadata().version.trim_start_matches('v'));
    for environment in sorted(&out.join("envs")) {
        for application in sorted(&environment.join("apps")) {
            let Some(node) = read(&application) else { continue };
            let spec = |path: &[&str]| node.at(path).and_then(Node::as_str).unwrap_or_default().to_owned();
            let sources = node.at(&["spec", "sources"]).and_then(Node::as_seq).unwrap_or_default();
            let one = node.at(&["spec", "source"]);
            let text = |source: &Node, key: &str| source.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
            // In a registry a chart's name is the last part of its path.
            let is_it = |source: &&Node| {
                text(source, "chart").rsplit('/').next() == Some(name)
                    && text(source, "targetRevision").trim_start_matches('v') == version
            };
            let Some(source) = sources.iter().chain(one).find(is_it) else { continue };
            let component = application.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let file = environment.join("components").join(&component).join("values.yaml");
            let place = environment.file_name().unwrap_or_default().to_string_lossy();
            let mut case = Case::new(format!("{name} in {place}"), chart, vec![file]);
            let text = |path: &[&str]| source.at(path).and_then(Node::as_str).map(str::to_owned);
            case.release = text(&["helm", "releaseName"]).unwrap_or(component);
            case.namespace = spec(&["spec", "destination", "namespace"]);
            case.kube_version = text(&["helm", "kubeVersion"]);
            let versions = source.at(&["helm", "apiVersions"]).and_then(Node::as_seq).unwrap_or_default();
            case.api_versions = versions.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect();
            cases.push(case);
        }
    }
    cases
}

fn read(path: &Path) -> Option<Node> {
    let mut sources = SourceMap::default();
    let text = fs::read_to_string(path).ok()?;
    let file = sources.add(path.display().to_string(), text.as_str());
    yaml::parse(file, &text, &mut Sink::default())
}
