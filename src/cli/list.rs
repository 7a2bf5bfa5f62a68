//! `stackgen list`: what there is, and where it comes from.

use clap::{Args, ValueEnum};

use stackgen::diagnostic::{Sink, nearest};
use stackgen::source::{self, Disk, Files, Memory, Program};

use super::listing::{self, Listing};
use super::outcome::{Failure, Outcome};
use super::repository::Repository;
use super::{Session, findings, pool};

/// List components, capabilities, environments, architectures, checks, codes, or the parameters of a component
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct List {
    /// What to list
    #[arg(value_enum, default_value_t)]
    what: What,
    /// The component whose parameters to list
    #[arg(required_if_eq("what", "parameters"))]
    component: Option<String>,
    /// How to list it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum What {
    /// Deployable systems, embedded and of the repository
    #[default]
    Components,
    /// Roles that components fill
    Capabilities,
    /// Choices of a component for each capability
    Architectures,
    /// Clusters of the repository
    Environments,
    /// Checks of a whole platform, which overlays can waive
    Checks,
    /// Codes of all findings
    Codes,
    /// Inputs of a component
    Parameters,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people
    #[default]
    Human,
    /// One JSON object
    Json,
    /// A Markdown table
    Markdown,
}

const EXAMPLES: &str = "\
Examples:
  stackgen list
  stackgen list parameters grafana
  stackgen list environments --format json
  stackgen list components --format markdown > docs/components.md";

impl List {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let (listing, outcome) = match self.what {
            What::Checks => (listing::checks(), Outcome::Well),
            What::Codes => (listing::codes(), Outcome::Well),
            What::Environments => self.environments(session)?,
            _ => self.blueprints(session)?,
        };
        let text = match self.format {
            Format::Human => listing.human(session.terminal.stdout_style().color),
            Format::Json => listing.json(),
            Format::Markdown => listing.markdown(),
        };
        session.terminal.answer(&text)?;
        Ok(outcome)
    }

    fn environments(&self, session: &Session) -> Result<(Listing, Outcome), Failure> {
        let repository = Repository::find(session)?;
        let paths = repository.environments()?;
        pool::run(session.jobs, || {
            let mut sink = Sink::default();
            let program = repository.load(&paths, &mut sink);
            let listing = listing::environments(program, &mut sink);
            (listing, report(session, program, sink))
        })
    }

    /// The embedded catalogue can be listed outside of any repository.
    fn blueprints(&self, session: &Session) -> Result<(Listing, Outcome), Failure> {
        let files: Box<dyn Files + Send> = match Repository::find(session) {
            Ok(repository) => Box::new(Disk::new(repository.root)),
            Err(_) if session.directory.is_none() => Box::new(Memory::default()),
            Err(failure) => return Err(failure),
        };
        pool::run(session.jobs, || {
            let mut sink = Sink::default();
            let program = source::load_blueprints(&*files, &mut sink);
            let listing = self.of_blueprints(&program, &*files)?;
            Ok((listing, report(session, &program, sink)))
        })?
    }

    fn of_blueprints(&self, program: &Program, files: &dyn Files) -> Result<Listing, Failure> {
        match (self.what, &self.component) {
            (What::Parameters, Some(name)) => listing::parameters(program, name).ok_or_else(|| unknown(program, name)),
            (What::Capabilities, _) => Ok(listing::capabilities(program, files)),
            (What::Architectures, _) => Ok(listing::architectures(program, files)),
            _ => Ok(listing::components(program)),
        }
    }
}

fn report(session: &Session, program: &Program, sink: Sink) -> Outcome {
    let has_errors = sink.has_errors();
    findings::tell(&session.terminal, &sink.into_sorted(&program.sources), &program.sources);
    Outcome::found_if(has_errors)
}

fn unknown(program: &Program, name: &str) -> Failure {
    let failure = Failure::usage(format!("there is no component `{name}`"));
    match nearest(name, program.components.keys().map(|known| &**known)) {
        Some(right) => failure.help(format!("did you mean `{right}`?")),
        None => failure.help("`stackgen list components` shows all"),
    }
}
