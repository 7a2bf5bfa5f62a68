//! `stackgen render`: a chart's output, as `helm template` prints it.

mod chart;
mod component;
mod values;

use std::path::Path;

use clap::Args;

use stackgen::helm::{Output, ReleaseOptions};

use super::Session;
use super::outcome::{Failure, Outcome};
use values::ValueOptions;

/// Print what a chart makes, byte for byte as `helm template` does
///
/// Renders the chart of a component with the values of an environment; or any chart, in a folder or an archive, with the
/// options of `helm template`, which this command can stand in for. Nothing is written, and no network is used.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Render {
    /// A component, or a chart's folder or archive (a name with `/`, `.` or `.tgz`), or a release's name before a chart
    #[arg(value_name = "COMPONENT|CHART")]
    subject: String,
    /// The component's environment; the chart, where a release's name comes first
    #[arg(value_name = "ENVIRONMENT|CHART")]
    second: Option<String>,
    #[command(flatten)]
    values: ValueOptions,
    #[command(flatten)]
    release: Release,
    #[command(flatten)]
    output: Shown,
}

/// What the chart is told.
#[derive(Debug, Args)]
struct Release {
    /// The release's name; `release-name` by default, or what the component says
    #[arg(long, visible_alias = "release-name", value_name = "NAME")]
    name: Option<String>,
    /// The release's namespace; `default` by default, or what the component says
    #[arg(short, long)]
    namespace: Option<String>,
    /// The version of Kubernetes
    #[arg(long, value_name = "VERSION")]
    kube_version: Option<String>,
    /// Further API versions that the cluster has
    #[arg(short, long, value_name = "VERSIONS", value_delimiter = ',')]
    api_versions: Vec<String>,
    /// Do not compare values with the chart's schema
    #[arg(long)]
    skip_schema_validation: bool,
    /// Let the chart see an upgrade
    #[arg(long)]
    is_upgrade: bool,
}

/// What is printed.
#[derive(Debug, Args)]
struct Shown {
    /// Print what is in `crds/` too; a component's chart does so unless its blueprint says `skipCrds`
    #[arg(long)]
    include_crds: bool,
    /// Leave out what is in `crds/`
    #[arg(long)]
    skip_crds: bool,
    /// Leave out hooks
    #[arg(long)]
    no_hooks: bool,
    /// Leave out tests
    #[arg(long)]
    skip_tests: bool,
    /// Only what comes from these templates, such as `templates/service.yaml`
    #[arg(short, long, value_name = "TEMPLATES", value_delimiter = ',')]
    show_only: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  stackgen render grafana envs/prod --charts vendor        what Argo CD would make of the chart
  stackgen render grafana prod --set replicas=3            and what a value would change
  stackgen render ./charts/app -f values.yaml              instead of helm template ./charts/app -f values.yaml
  stackgen render my-release ./app-1.2.3.tgz --set a.b=1   the same, with a release's name";

impl Render {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let rendered = match (&*self.subject, self.second.as_deref()) {
            (chart, None) if is_chart(chart) => self.chart(session, None, chart)?,
            (release, Some(chart)) if is_chart(chart) => self.chart(session, Some(release), chart)?,
            (component, environment) => match self.component(session, component, environment)? {
                Some(rendered) => rendered,
                None => return Ok(Outcome::Found),
            },
        };
        let parts = rendered.print(&self.output()).map_err(|error| Failure::usage(error.message()))?;
        session.terminal.answer_in_parts(&parts)?;
        std::mem::forget(rendered);
        Ok(Outcome::Well)
    }

    /// The release as the command line has it, over what is known of it.
    fn options(&self, mut known: ReleaseOptions) -> ReleaseOptions {
        let release = &self.release;
        known.name = release.name.clone().unwrap_or(known.name);
        known.namespace = release.namespace.clone().unwrap_or(known.namespace);
        known.kube_version = release.kube_version.clone().or(known.kube_version);
        known.api_versions.extend(release.api_versions.iter().cloned());
        known.is_upgrade |= release.is_upgrade;
        known.skip_schema |= release.skip_schema_validation;
        known.include_crds = (known.include_crds || self.output.include_crds) && !self.output.skip_crds;
        known
    }

    fn output(&self) -> Output {
        let shown = &self.output;
        Output { no_hooks: shown.no_hooks, skip_tests: shown.skip_tests, show_only: shown.show_only.clone() }
    }
}

/// Whether a word names a chart rather than a component or an environment.
fn is_chart(word: &str) -> bool {
    let path = Path::new(word);
    word.ends_with(".tgz") || word == "." || path.join("Chart.yaml").is_file() || (word.contains('/') && path.is_dir())
}
