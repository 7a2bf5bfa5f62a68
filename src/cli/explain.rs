//! `stackgen explain`: what a code means, or where a value came from.

use clap::Args;
use serde_json::{Value as Json, json};

use stackgen::diagnostic::{self, SourceMap, nearest};
use stackgen::render::Rendered;
use stackgen::trace::{self, Overview, Path, Trace, UnknownPath};

use super::outcome::{Failure, Outcome};
use super::{Session, TextOrJson, environment, history, overview, value};

/// Explain a code, an environment, or where a value comes from
///
/// For a value: what is in force, the file and line that set it, and what each layer says, the most special first.
/// A value that an expression makes is followed to the parameters and facts that the expression reads.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Explain {
    /// A code such as SG0412, or an environment
    #[arg(value_name = "CODE|ENVIRONMENT")]
    subject: String,
    /// A path in the environment; all of it by default: cluster.…, gitops.…, select.…, or components.NAME with .parameters, .values, .resources, .provides, .chart
    path: Option<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

const EXAMPLES: &str = "\
Examples:
  stackgen explain SG0412
  stackgen explain envs/prod
  stackgen explain envs/prod components.grafana
  stackgen explain envs/prod components.grafana.values.persistence.size
  stackgen explain envs/prod 'components.calico.resources.\"IPPool/default\".spec.cidr'
  stackgen explain prod cluster.domain";

impl Explain {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let text = match &self.path {
            None if self.is_code() => self.code(session)?,
            path => self.environment(session, path.as_deref())?,
        };
        session.terminal.answer(&text)?;
        Ok(Outcome::Well)
    }

    fn is_code(&self) -> bool {
        let digits = self.subject.trim_start_matches(['S', 's', 'G', 'g']);
        digits.starts_with(|c: char| c.is_ascii_digit())
    }

    fn code(&self, session: &Session) -> Result<String, Failure> {
        let code = diagnostic::find_code(&self.subject)
            .map_err(|unknown| Failure::usage(unknown.to_string()).help("`stackgen list codes` shows all"))?;
        Ok(match self.format {
            TextOrJson::Human => diagnostic::explain(code, session.terminal.stdout_style()),
            TextOrJson::Json => value::document(
                &json!({ "version": 1, "code": code.id, "title": code.title, "explanation": code.explain }),
            ),
        })
    }

    fn environment(&self, session: &Session, path: Option<&str>) -> Result<String, Failure> {
        let color = session.terminal.stdout_style().color;
        environment::ask(session, Some(&self.subject), |rendered, sources| {
            let answer = path.map(|path| answer(rendered, path)).transpose()?;
            Ok(match (self.format, answer) {
                (TextOrJson::Human, None) => overview::environment(rendered, sources),
                (TextOrJson::Json, None) => value::document(&overview::environment_json(rendered, sources)),
                (TextOrJson::Human, Some(answer)) => answer.text(sources, color),
                (TextOrJson::Json, Some(answer)) => value::document(&answer.json(sources)),
            })
        })?
    }
}

enum Answer {
    Component(String, Overview),
    Value(Trace),
}

fn answer(rendered: &Rendered<'_>, path: &str) -> Result<Answer, Failure> {
    let name = path.strip_prefix("components.").unwrap_or(path);
    if let Some(overview) = trace::overview(rendered, name) {
        return Ok(Answer::Component(name.to_owned(), overview));
    }
    trace::trace(rendered, &Path::parse(path)).map(Answer::Value).map_err(unknown_path)
}

fn unknown_path(unknown: UnknownPath) -> Failure {
    let UnknownPath { known, name, names } = unknown;
    let failure = match (known.as_str(), name.as_str()) {
        (known, "") => Failure::usage(format!("what of `{known}`?")),
        ("", name) => Failure::usage(format!("there is nothing called `{name}`")),
        (known, name) => Failure::usage(format!("`{known}` has no `{name}`")),
    };
    match nearest(&name, names.iter().map(String::as_str)) {
        Some(right) => failure.help(format!("did you mean `{right}`?")),
        None if names.is_empty() => failure,
        None => failure.help(format!("there are: {}", names.join(", "))),
    }
}

impl Answer {
    fn text(&self, sources: &SourceMap, color: bool) -> String {
        match self {
            Answer::Component(name, overview) => overview::component(name, overview, sources),
            Answer::Value(trace) => history::text(trace, sources, color),
        }
    }

    fn json(&self, sources: &SourceMap) -> Json {
        match self {
            Answer::Component(name, overview) => overview::component_json(name, overview, sources),
            Answer::Value(trace) => history::json_of(trace, sources),
        }
    }
}
