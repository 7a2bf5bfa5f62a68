//! `stackgen outdated`: which charts have newer versions.

use clap::Args;
use serde_json::{Value as Json, json};

use stackgen::chart::{ChartError, Level, Listed, Lock, Pin, available, newer};
use stackgen::source::Program;

use super::charts::{self, Network};
use super::outcome::{Failure, Outcome};
use super::progress::Progress;
use super::repository::Repository;
use super::table::table;
use super::{Session, TextOrJson, value};

/// Show which charts have newer versions
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Outdated {
    /// Only these components
    #[arg(value_name = "COMPONENTS")]
    components: Vec<String>,
    /// How to show them
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Ends with 1 where there is a newer version.

Examples:
  stackgen outdated
  stackgen outdated grafana harbor
  stackgen outdated --format json";

/// A pin and what its repository has.
struct Row<'a> {
    pin: &'a Pin,
    /// The version that it means now; none for a range that is not locked.
    present: Option<&'a str>,
    versions: Vec<Listed>,
}

impl Row<'_> {
    fn newer(&self, level: Level) -> Option<&Listed> {
        newer(&self.versions, self.present?, level)
    }

    fn is_deprecated(&self) -> bool {
        let listed = self.versions.iter().find(|listed| Some(listed.version.as_str()) == self.present);
        listed.is_some_and(|listed| listed.deprecated)
    }
}

impl Outdated {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let repository = Repository::find(session)?;
        let Some((program, pins)) = charts::pinned(session, &repository)? else { return Ok(Outcome::Found) };
        let pins = charts::chosen(&pins, &self.components)?;
        let repositories = self.network.repositories()?;
        let progress = Progress::of(&session.terminal, "asking for", "chart", pins.len());
        let answers = available(&pins, &repositories, || progress.step());
        drop(progress);
        let (mut rows, mut errors): (Vec<Row<'_>>, Vec<_>) = (Vec::new(), Vec::new());
        for (pin, answer) in pins.iter().zip(answers) {
            match answer {
                Ok(versions) => rows.push(Row { pin, present: present(program.lock.as_ref(), pin), versions }),
                Err(error) => errors.push((pin.span, error)),
            }
        }
        self.show(session, program, &rows, errors)
    }

    fn show(
        &self,
        session: &Session,
        program: &Program,
        rows: &[Row<'_>],
        errors: Vec<(stackgen::yaml::Span, ChartError)>,
    ) -> Result<Outcome, Failure> {
        let broken = charts::tell(session, program, errors);
        let outdated: Vec<&Row<'_>> =
            rows.iter().filter(|row| row.newer(Level::Major).is_some() || row.is_deprecated()).collect();
        match self.format {
            TextOrJson::Json => {
                let charts: Json = rows.iter().map(json).collect();
                session.terminal.answer(&value::document(&json!({ "charts": charts })))?;
            }
            TextOrJson::Human => {
                if !outdated.is_empty() {
                    session.terminal.answer(&human(&outdated, session.terminal.stdout_style().color))?;
                }
                let current = rows.len() - outdated.len();
                session
                    .terminal
                    .inform(&format!("{current} of {} are the newest\n", super::report::count(rows.len(), "chart")));
            }
        }
        Ok(Outcome::found_if(broken || !outdated.is_empty()))
    }
}

/// The version that a pin means now.
pub(super) fn present<'a>(lock: Option<&'a Lock>, pin: &'a Pin) -> Option<&'a str> {
    match lock.and_then(|lock| lock.find(pin.id())) {
        Some(locked) => Some(&locked.version),
        None => pin.is_exact().then_some(&*pin.version),
    }
}

fn human(rows: &[&Row<'_>], color: bool) -> String {
    let head = ["COMPONENT", "CHART", "PINNED", "PATCH", "MINOR", "NEWEST", ""];
    let mut cells = vec![
        head.map(|word| if color && !word.is_empty() { format!("\x1b[1m{word}\x1b[0m") } else { word.to_owned() }),
    ];
    for row in rows {
        let newer = |level| row.newer(level).map_or_else(String::new, |listed| listed.version.clone());
        let pinned = match row.present {
            Some(present) if present != &*row.pin.version => format!("{} ({present})", row.pin.version),
            _ => row.pin.version.to_string(),
        };
        let (patch, minor, newest) = (newer(Level::Patch), newer(Level::Minor), newer(Level::Major));
        let remark = if row.is_deprecated() { "deprecated" } else { "" };
        let components: Vec<&str> = row.pin.components.iter().map(|name| &**name).collect();
        cells.push([components.join(", "), row.pin.name.to_string(), pinned, patch, minor, newest, remark.into()]);
    }
    table(0, &cells)
}

fn json(row: &Row<'_>) -> Json {
    let version = |level| row.newer(level).map(|listed| listed.version.clone());
    json!({
        "components": row.pin.components.iter().map(|name| &**name).collect::<Vec<_>>(),
        "environments": row.pin.environments.iter().map(|path| &**path).collect::<Vec<_>>(),
        "repository": &*row.pin.repository,
        "name": &*row.pin.name,
        "pinned": &*row.pin.version,
        "version": row.present,
        "patch": version(Level::Patch),
        "minor": version(Level::Minor),
        "newest": version(Level::Major),
        "deprecated": row.is_deprecated(),
    })
}
