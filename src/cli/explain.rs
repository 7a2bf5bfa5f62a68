//! `stackgen explain`: what a code means, or where a value came from.

use clap::Args;
use serde_json::{Value as Json, json};

use stackgen::diagnostic::{self, SourceMap, nearest};
use stackgen::render::Rendered;
use stackgen::trace::{self, How, Overview, Path, Said, Trace, UnknownPath};
use stackgen::yaml::{Node, Value, path_text};

use super::outcome::{Failure, Outcome};
use super::table::table;
use super::value::{self, place, place_json};
use super::{Session, TextOrJson, environment};

/// Explain a code, or where a value comes from
///
/// For a value: what is in force, the file and line that set it, and what each layer says, the most special first.
/// A value that an expression makes is followed to the parameters and facts that the expression reads.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Explain {
    /// A code such as SG0412, or an environment
    #[arg(value_name = "CODE|ENVIRONMENT")]
    subject: String,
    /// A path in the environment: cluster.…, gitops.…, select.…, or components.NAME with .parameters, .values, .resources, .provides, .chart
    path: Option<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

const EXAMPLES: &str = "\
Examples:
  stackgen explain SG0412
  stackgen explain envs/prod components.grafana
  stackgen explain envs/prod components.grafana.values.persistence.size
  stackgen explain envs/prod 'components.calico.resources.\"IPPool/default\".spec.cidr'
  stackgen explain prod cluster.domain";

impl Explain {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let text = match &self.path {
            None => self.code(session)?,
            Some(path) => {
                let color = session.terminal.stdout_style().color;
                let answer = |rendered: &Rendered<'_>, sources: &SourceMap| {
                    let answer = answer(rendered, path)?;
                    Ok(match self.format {
                        TextOrJson::Json => value::document(&answer.json(sources)),
                        TextOrJson::Human => answer.text(sources, color),
                    })
                };
                environment::ask(session, Some(&self.subject), answer)??
            }
        };
        session.terminal.answer(&text)?;
        Ok(Outcome::Well)
    }

    fn code(&self, session: &Session) -> Result<String, Failure> {
        let looks_like_code =
            self.subject.trim_start_matches(['S', 's', 'G', 'g']).starts_with(|c: char| c.is_ascii_digit());
        match diagnostic::find_code(&self.subject) {
            Ok(code) => Ok(match self.format {
                TextOrJson::Human => diagnostic::explain(code, session.terminal.stdout_style()),
                TextOrJson::Json => value::document(
                    &json!({ "version": 1, "code": code.id, "title": code.title, "explanation": code.explain }),
                ),
            }),
            Err(unknown) if looks_like_code => {
                Err(Failure::usage(unknown.to_string()).help("`stackgen list codes` shows all"))
            }
            Err(_) => Err(Failure::usage(format!("what of `{}`?", self.subject))
                .help(format!("name a path too: `stackgen explain {} components.NAME`", self.subject))),
        }
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
            Answer::Component(name, overview) => overview_text(name, overview, sources),
            Answer::Value(trace) => trace_text(trace, sources, color),
        }
    }

    fn json(&self, sources: &SourceMap) -> Json {
        match self {
            Answer::Component(name, overview) => overview_json(name, overview, sources),
            Answer::Value(trace) => trace_json(trace, sources),
        }
    }
}

fn overview_text(name: &str, overview: &Overview, sources: &SourceMap) -> String {
    let chart =
        overview.chart.as_ref().map_or_else(String::new, |(chart, version)| format!(", chart {chart} {version}"));
    let wave = overview.wave.map_or_else(String::new, |wave| format!(", wave {wave}"));
    let mut out = format!("{} (components.{name}){chart}, namespace {}{wave}\n", overview.title, overview.namespace);
    if overview.parameters.is_empty() {
        return out + "\nIt has no parameters.\n";
    }
    out.push_str("\nparameters:\n");
    let rows: Vec<[String; 4]> = overview
        .parameters
        .iter()
        .map(|p| {
            let from = if p.by_default { "by default".to_owned() } else { place(sources, p.span) };
            [p.name.to_string(), value::line(&p.value), p.kind.to_string(), from]
        })
        .collect();
    out + &table(2, &rows)
}

fn overview_json(name: &str, overview: &Overview, sources: &SourceMap) -> Json {
    let parameters = overview.parameters.iter().map(|p| {
        json!({
            "name": &*p.name,
            "type": &*p.kind,
            "description": p.description.as_deref(),
            "value": value::json(&p.value),
            "default": p.by_default,
            "place": place_json(sources, p.span),
        })
    });
    json!({
        "version": 1,
        "component": name,
        "title": overview.title,
        "chart": overview.chart.as_ref().map(|(name, version)| json!({ "name": &**name, "version": &**version })),
        "namespace": &*overview.namespace,
        "wave": overview.wave,
        "parameters": parameters.collect::<Json>(),
    })
}

fn trace_text(trace: &Trace, sources: &SourceMap, color: bool) -> String {
    let (bold, end) = if color { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let is_map = |node: &Node| node.as_map().is_some_and(|map| !map.is_empty());
    let mut out = match &trace.value {
        Some(node) if is_map(node) => {
            let mut rows = Vec::new();
            leaves(node, &mut Vec::new(), sources, &mut rows);
            format!("{bold}{}{end}\n{}", trace.path, table(2, &rows))
        }
        Some(node) => format!("{bold}{} = {}{end}\n", trace.path, value::line(node)),
        None => format!("{bold}{}{end} is not set\n", trace.path),
    };
    out.push('\n');
    out.push_str(&layers_text(trace, sources, 2));
    for read in &trace.reads {
        read_text(read, sources, 2, &mut out);
    }
    out
}

fn layers_text(trace: &Trace, sources: &SourceMap, indent: usize) -> String {
    if trace.layers.is_empty() {
        return format!("{:indent$}by default: no layer says anything of it\n", "");
    }
    let rows: Vec<[String; 4]> = trace.layers.iter().map(|said| layer_row(said, sources)).collect();
    table(indent, &rows)
}

fn layer_row(said: &Said, sources: &SourceMap) -> [String; 4] {
    let how = if said.counts { said.how.word() } else { "hidden" }.to_owned();
    let given = match &said.value {
        Some(node) if said.how == How::Joins || node.as_map().is_some() => keys(node),
        Some(node) => value::line(node),
        None => String::new(),
    };
    let expression = value::expression(sources, said.span).map_or_else(String::new, |text| format!("from {text}"));
    [place(sources, said.span), how, given, expression]
}

fn keys(node: &Node) -> String {
    let keys: Vec<&str> = node.as_map().into_iter().flat_map(|map| map.keys()).map(|key| &*key.text).collect();
    value::cut(&keys.join(", "))
}

fn read_text(read: &Trace, sources: &SourceMap, indent: usize, out: &mut String) {
    let shown = read.value.as_ref().map_or_else(|| "not set".to_owned(), value::line);
    out.push_str(&format!("\n{:indent$}it reads {} = {shown}\n", "", read.path));
    out.push_str(&layers_text(read, sources, indent + 2));
    for deeper in &read.reads {
        read_text(deeper, sources, indent + 2, out);
    }
}

/// All scalars and lists below a map, each with its path and place.
fn leaves<'n>(node: &'n Node, path: &mut Vec<&'n str>, sources: &SourceMap, rows: &mut Vec<[String; 3]>) {
    match &node.value {
        Value::Map(map) if !map.is_empty() => {
            for (key, entry) in map.iter() {
                path.push(&key.text);
                leaves(entry, path, sources, rows);
                path.pop();
            }
        }
        _ => rows.push([path_text(path.iter().copied()), value::line(node), place(sources, node.span)]),
    }
}

fn trace_json(trace: &Trace, sources: &SourceMap) -> Json {
    let mut answer = one_trace(trace, sources);
    if let Json::Object(fields) = &mut answer {
        fields.shift_insert(0, "version".into(), json!(1));
    }
    answer
}

fn one_trace(trace: &Trace, sources: &SourceMap) -> Json {
    let layers = trace.layers.iter().map(|said| {
        json!({
            "does": said.how.word(),
            "counts": said.counts,
            "value": said.value.as_ref().map(value::json),
            "place": place_json(sources, said.span),
        })
    });
    json!({
        "path": trace.path,
        "set": trace.value.is_some(),
        "value": trace.value.as_ref().map(value::json),
        "layers": layers.collect::<Json>(),
        "reads": trace.reads.iter().map(|read| one_trace(read, sources)).collect::<Json>(),
    })
}
