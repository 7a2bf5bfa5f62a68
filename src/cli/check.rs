//! `stackgen check`: compiles and writes nothing.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use stackgen::diagnostic::Sink;
use stackgen::source::Day;

use super::findings::{self, FindingsFormat};
use super::outcome::{Failure, Outcome};
use super::progress::Progress;
use super::report::count;
use super::repository::{Repository, load_on};
use super::targets::Targets;
use super::{Session, pool};

/// Check the sources of environments; nothing is written
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    #[command(flatten)]
    targets: Targets,
    /// How to report findings
    #[arg(long, value_enum, default_value_t)]
    format: FindingsFormat,
    /// Find waivers whose last day (`until`) is over [default: the day of SOURCE_DATE_EPOCH, or of the clock, in UTC]
    #[arg(long, value_name = "DAY", num_args = 0..=1, require_equals = true, value_parser = day)]
    today: Option<Option<Day>>,
}

const EXAMPLES: &str = "\
Examples:
  stackgen check                          all environments
  stackgen check envs/prod                one of them
  stackgen check --format sarif > x.sarif for code scanning
  stackgen check --today                  nightly: has a waiver run out?
  stackgen check --today=2027-01-31       which ones will have by then?";

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day is wanted, such as 2027-01-31".into())
}

/// The present day. Programs that make things again set `SOURCE_DATE_EPOCH`.
fn present() -> Result<Day, Failure> {
    let Some(set) = env::var_os("SOURCE_DATE_EPOCH").filter(|set| !set.is_empty()) else {
        // A clock before 1970 has not been set.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        return Ok(Day::of_seconds(since.as_secs()));
    };
    let seconds = set.to_str().and_then(|text| text.parse().ok());
    let usage = || Failure::usage("`SOURCE_DATE_EPOCH` is not a number of seconds");
    Ok(Day::of_seconds(seconds.ok_or_else(usage)?))
}

impl Check {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let repository = Repository::find(session)?;
        let paths = repository.select(&self.targets)?;
        let today = self.today.map(|named| named.map_or_else(present, Ok)).transpose()?;
        let progress = Progress::start(&session.terminal, "checking", paths.len());
        let (program, compiled) = pool::run(session.jobs, || {
            let mut sink = Sink::default();
            let program = load_on(today, &repository.files, &paths, &mut sink);
            let compiled = stackgen::compile(program, &repository.files, &repository.charts(program), sink, |_, _| {
                progress.step();
                Some(())
            });
            (program, compiled)
        })?;
        drop(progress);
        let outcome = findings::answer(&session.terminal, self.format, &compiled.findings, &program.sources)?;
        if compiled.findings.is_empty() && self.format == FindingsFormat::Human {
            let environments = count(paths.len(), "environment");
            session.terminal.inform(&format!("checked {environments}: nothing found\n"));
        }
        Ok(outcome)
    }
}
