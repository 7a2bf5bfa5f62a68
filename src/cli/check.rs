//! `stackgen check`: compiles and writes nothing.

use clap::Args;

use stackgen::diagnostic::Sink;

use super::findings::{self, FindingsFormat};
use super::outcome::{Failure, Outcome};
use super::progress::Progress;
use super::report::count;
use super::repository::Repository;
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
}

const EXAMPLES: &str = "\
Examples:
  stackgen check                          all environments
  stackgen check envs/prod                one of them
  stackgen check --format sarif > x.sarif for code scanning";

impl Check {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let repository = Repository::find(session)?;
        let paths = repository.select(&self.targets)?;
        let progress = Progress::start(&session.terminal, "checking", paths.len());
        let (program, compiled) = pool::run(session.jobs, || {
            let mut sink = Sink::default();
            let program = repository.load(&paths, &mut sink);
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
