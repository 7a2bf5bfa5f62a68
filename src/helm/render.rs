//! A chart and values into manifests.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::capabilities::KubeVersion;
use super::chart::{Chart, Template, coalesce, is_compatible, process};
use super::data::Data;
use super::error::{Error, Fault};
use super::functions::{Seed, State, base, without_no_value};
use super::manifests::{Document, Printed, sort};
use super::objects::Object;
use super::parallel::mapped;
use super::report::{parse_error, run_error};
use super::schema;
use super::table::Table;
use super::template::{Run, Set, Shared};
use super::value::{Kind, Map, Value};

/// What `helm template` takes from its command line.
#[derive(Clone, Debug)]
pub struct ReleaseOptions {
    /// The name of the release.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The version of Kubernetes; Helm's default where there is none.
    pub kube_version: Option<String>,
    /// API versions that the cluster has beside those that Helm knows of.
    pub api_versions: Vec<String>,
    /// Whether what is in `crds/` comes first in the output.
    pub include_crds: bool,
    /// Whether values may differ from what the chart's schema says.
    pub skip_schema: bool,
    /// Whether templates see an upgrade rather than an installation.
    pub is_upgrade: bool,
    /// The moment that `now` gives, in seconds since 1970.
    pub now: i64,
}

impl Default for ReleaseOptions {
    fn default() -> Self {
        ReleaseOptions {
            name: "release-name".into(),
            namespace: "default".into(),
            kube_version: None,
            api_versions: Vec::new(),
            include_crds: false,
            skip_schema: false,
            is_upgrade: false,
            now: 0,
        }
    }
}

/// A rendered chart.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// What is in `crds/`, if it was asked for: one document per file.
    pub crds: Vec<Document>,
    /// The manifests in Helm's order of installation.
    pub manifests: Vec<Document>,
    /// The hooks, which Helm prints last.
    pub hooks: Vec<Document>,
    /// The functions whose answers real Helm takes from chance, the clock or a cluster, sorted.
    pub unrepeatable: Vec<Unrepeatable>,
}

/// A call of a function that real Helm answers differently each time, or from a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrepeatable {
    /// The function.
    pub function: &'static str,
    /// The path of the template that was rendered.
    pub template: String,
}

impl Unrepeatable {
    /// Whether only a cluster could answer: without one, real Helm gives the same as this engine.
    pub fn needs_cluster(&self) -> bool {
        self.function == "lookup"
    }
}

/// How much stack a rendering may use: templates that include templates nest deep.
const STACK: usize = 512 << 20;

/// Renders a chart with the user's values.
///
/// # Errors
/// Where Helm has one, with its text: values that do not fit, a template that fails, output that is no YAML.
pub fn render(chart: &Chart, values: &Table, options: &ReleaseOptions) -> Result<Rendered, Error> {
    stacker::grow(STACK, || render_here(chart, values, options))
}

fn render_here(chart: &Chart, user: &Table, options: &ReleaseOptions) -> Result<Rendered, Error> {
    check_installable(chart)?;
    let mut chart = chart.clone();
    process(&mut chart, user)?;
    let kube = KubeVersion::parse(options.kube_version.as_deref())?;
    let values = coalesce(&chart, user, false)?;
    if !options.skip_schema {
        schema::validate(&chart, &values)?;
    }
    check_kube_version(&chart, &kube)?;
    let state = State::new(seed(&chart, &values, options), options.now);
    let shared = Shared::new(state);
    let printed = Renderer::new(&chart, &values, options, &kube).run(&shared)?;
    let (manifests, hooks) = sort(printed)?;
    let noted = shared.state.noted().into_iter();
    let unrepeatable = noted.map(|(function, template)| Unrepeatable { function, template }).collect();
    let mut crds = Vec::new();
    if options.include_crds {
        collect_crds(&chart, chart.name(), &mut crds);
    }
    match chart.unreadable() {
        Some(problem) => Err(problem.clone()),
        None => Ok(Rendered { crds, manifests, hooks, unrepeatable }),
    }
}

fn check_installable(chart: &Chart) -> Result<(), Error> {
    if chart.is_library() {
        return Err(Error::new(format!("{} charts are not installable", chart.metadata.kind)));
    }
    let there = |name: &str| chart.dependencies.iter().any(|inner| inner.name() == name);
    let wanted = chart.metadata.dependencies.iter().map(|dependency| dependency.name.as_str());
    let missing: Vec<&str> = wanted.filter(|name| !there(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!(
        "an error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch \
         missing dependencies: found in Chart.yaml, but missing in charts/ directory: {}",
        missing.join(", ")
    )))
}

fn check_kube_version(chart: &Chart, kube: &KubeVersion) -> Result<(), Error> {
    let wanted = &chart.metadata.kube_version;
    if wanted.is_empty() || is_compatible(wanted, &kube.normalized) {
        return Ok(());
    }
    let version = &kube.version;
    Err(Error::new(format!("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}")))
}

/// The seed of random functions: everything that the output depends on.
fn seed(chart: &Chart, values: &Table, options: &ReleaseOptions) -> Seed {
    let names = [chart.name(), &chart.metadata.version, &options.name, &options.namespace];
    let (names, values) = (names.map(str::to_owned), values.clone());
    Box::new(move || {
        let mut bytes = Vec::new();
        for name in &names {
            bytes.extend_from_slice(name.as_bytes());
            bytes.push(0);
        }
        for (key, value) in &values {
            add_entry(&mut bytes, key, value);
        }
        Sha256::digest(bytes).into()
    })
}

fn add_entry(bytes: &mut Vec<u8>, key: &str, value: &Data) {
    bytes.extend_from_slice(key.as_bytes());
    match value {
        Data::Null => bytes.extend([0, 0]),
        Data::Bool(b) => bytes.extend([0, 1, u8::from(*b)]),
        Data::Number(n) => bytes.extend(n.to_be_bytes()),
        Data::Int(n) => bytes.extend(n.to_be_bytes()),
        Data::Str(text) => {
            bytes.extend([0, 3]);
            bytes.extend_from_slice(text.as_bytes());
        }
        Data::List(items) => items.iter().for_each(|item| add_entry(bytes, "-", item)),
        Data::Map(table) => table.iter().for_each(|(k, v)| add_entry(bytes, k, v)),
    }
    bytes.push(0xFF);
}

fn collect_crds(chart: &Chart, path: &str, crds: &mut Vec<Document>) {
    let is_manifest = |name: &str| {
        let extension = base(name).rsplit_once('.').map_or("", |(_, extension)| extension);
        ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    };
    for (name, file) in chart.files.iter().filter(|(name, _)| name.starts_with("crds/") && is_manifest(name)) {
        crds.push(Document::crd(format!("{path}/{name}"), &file.data()));
    }
    for inner in &chart.dependencies {
        collect_crds(inner, &format!("{path}/charts/{}", inner.name()), crds);
    }
}

/// A template, its full path, and what it sees.
struct Job<'c> {
    template: &'c Arc<Template>,
    scope: Map,
    base_path: String,
}

/// All templates of a chart and its sub-charts by their full paths.
struct Renderer<'c> {
    jobs: BTreeMap<String, Job<'c>>,
}

impl<'c> Renderer<'c> {
    fn new(chart: &'c Chart, values: &Table, options: &ReleaseOptions, kube: &KubeVersion) -> Self {
        let release = Value::map([
            ("Name", Value::str(options.name.as_str())),
            ("Namespace", Value::str(options.namespace.as_str())),
            ("IsUpgrade", Value::Bool(options.is_upgrade)),
            ("IsInstall", Value::Bool(!options.is_upgrade)),
            ("Revision", Value::Int(1)),
            ("Service", Value::str("Helm")),
        ]);
        let top = Map::of(Kind::Values, values.clone());
        let mut renderer = Renderer { jobs: BTreeMap::new() };
        let common = Common { release, capabilities: kube.capabilities(&options.api_versions) };
        renderer.add(chart, chart.name(), true, Value::Map(top), &common);
        renderer
    }

    /// Adds a chart's templates and gives what they see.
    fn add(&mut self, chart: &'c Chart, path: &str, is_root: bool, values: Value, common: &Common) -> Map {
        let subcharts = Map::empty();
        let scope = Map::new(
            Kind::Any,
            BTreeMap::from([
                (Arc::from("Chart"), chart.metadata.value(is_root)),
                (Arc::from("Files"), Value::Object(Rc::new(Object::Files(chart.files.clone())))),
                (Arc::from("Release"), common.release.clone()),
                (Arc::from("Capabilities"), common.capabilities.clone()),
                (Arc::from("Values"), values.clone()),
                (Arc::from("Subcharts"), Value::Map(subcharts.clone())),
            ]),
        );
        for inner in &chart.dependencies {
            let own = values.as_map().and_then(|map| map.get(inner.name())).filter(|own| own.as_map().is_some());
            let own = match own {
                Some(Value::Map(own)) => own.viewed_as(Kind::Values),
                _ => Map::new(Kind::Values, BTreeMap::new()),
            };
            let inner_path = format!("{path}/charts/{}", inner.name());
            let inner_scope = self.add(inner, &inner_path, false, Value::Map(own), common);
            subcharts.set(inner.name().into(), Value::Map(inner_scope));
        }
        for template in &chart.templates {
            if chart.is_library() && !base(&template.name).starts_with('_') {
                continue;
            }
            let job = Job { template, scope: scope.clone(), base_path: format!("{path}/templates") };
            self.jobs.insert(format!("{path}/{}", template.name), job);
        }
        scope
    }

    /// The paths in Helm's order: the deepest first, and in each depth the last of the alphabet first.
    fn order(&self) -> Vec<&String> {
        let mut paths: Vec<&String> = self.jobs.keys().collect();
        paths.sort_by_cached_key(|path| std::cmp::Reverse((path.matches('/').count(), *path)));
        paths
    }

    fn run(&self, shared: &Shared) -> Result<Printed, Error> {
        let order = self.order();
        let templates: Vec<(&String, &Arc<Template>)> =
            order.iter().filter_map(|path| Some((*path, self.jobs.get(*path)?.template))).collect();
        let mut set = Set::default();
        for parsed in mapped(&templates, |(path, template)| template.parsed(path).map_err(|e| parse_error(path, &e))) {
            for (name, tree) in &parsed?.trees {
                if !(tree.is_empty() && set.contains_key(name)) {
                    set.insert(name.clone(), tree.clone());
                }
            }
        }
        let set = Rc::new(set);
        // All files print into one text: many large ones would each take pages of their own from the system.
        let sources: usize = self.jobs.values().map(|job| job.template.len()).sum();
        let mut printed = Printed { text: String::with_capacity(sources + sources / 8), files: BTreeMap::new() };
        for path in order {
            let Some(job) = self.jobs.get(path).filter(|_| !base(path).starts_with('_')) else { continue };
            let about = [("Name", Value::str(path.as_str())), ("BasePath", Value::str(job.base_path.as_str()))];
            job.scope.set("Template".into(), Value::map(about));
            shared.state.random.enter(path);
            let start = printed.text.len();
            let text = std::mem::take(&mut printed.text);
            let text = Run::append(shared, &set, path, Value::Map(job.scope.clone()), text);
            printed.text = text.map_err(|fault: Fault| run_error(path, &fault))?;
            if path.ends_with("NOTES.txt") {
                printed.text.truncate(start);
                continue;
            }
            without_no_value(&mut printed.text, start);
            printed.files.insert(path.clone(), start..printed.text.len());
        }
        Ok(printed)
    }
}

/// What is the same for all charts of a rendering.
struct Common {
    release: Value,
    capabilities: Value,
}
