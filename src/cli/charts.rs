//! What the commands about charts share: the pins, the lock, and how the network may be used.

use std::path::PathBuf;

use clap::Args;

use stackgen::chart::{self, Cache, ChartError, NetworkOptions, Pin, Repositories};
use stackgen::diagnostic::{Sink, nearest};
use stackgen::source::Program;
use stackgen::yaml::Span;

use super::outcome::Failure;
use super::repository::Repository;
use super::targets::Targets;
use super::{Session, findings, pool};

/// How the network may be used.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub(super) struct Network {
    /// Open no connection: use only what is locked and in the cache
    #[arg(long)]
    offline: bool,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Allow plain http to other machines than this one
    #[arg(long)]
    plain_http: bool,
    /// How often to try again where the network fails in passing
    #[arg(long, value_name = "N", default_value_t = 3)]
    retries: u32,
}

impl Network {
    pub(super) fn repositories(&self) -> Result<Repositories, Failure> {
        let options = NetworkOptions {
            offline: self.offline,
            ca_file: self.ca_file.clone(),
            plain_http: self.plain_http,
            retries: self.retries,
        };
        Repositories::new(&options).map_err(|error| Failure::usage(error.to_string()))
    }
}

/// The cache of whoever runs stackgen.
pub(super) fn cache() -> Result<Cache, Failure> {
    Cache::of_user().ok_or_else(|| {
        Failure::usage("there is no folder for the cache").help("name one in `STACKGEN_CACHE`, or set `HOME`")
    })
}

/// The sources, and the charts that all environments pin; none where the sources have errors, which were then told.
pub(super) fn pinned(
    session: &Session,
    repository: &Repository,
) -> Result<Option<(&'static Program, Vec<Pin>)>, Failure> {
    let paths = repository.select(&Targets::of(None))?;
    pool::run(session.jobs, || {
        let mut sink = Sink::default();
        let program = repository.load(&paths, &mut sink);
        let pins = chart::pins(program, &mut sink);
        if !sink.has_errors() {
            return Some((program, pins));
        }
        findings::tell(&session.terminal, &sink.into_sorted(&program.sources), &program.sources);
        None
    })
}

/// The pins of these components; of all where none is named.
pub(super) fn chosen(pins: &[Pin], components: &[String]) -> Result<Vec<Pin>, Failure> {
    for name in components {
        if !pins.iter().any(|pin| pin.components.iter().any(|known| **known == **name)) {
            let failure = Failure::usage(format!("no environment has a component `{name}` with a chart"));
            let known = pins.iter().flat_map(|pin| pin.components.iter().map(|known| &**known));
            return Err(match nearest(name, known) {
                Some(right) => failure.help(format!("did you mean `{right}`?")),
                None => failure,
            });
        }
    }
    let wanted = |pin: &&Pin| {
        components.is_empty() || pin.components.iter().any(|known| components.iter().any(|name| **known == **name))
    };
    Ok(pins.iter().filter(wanted).cloned().collect())
}

/// Tells what is wrong with charts.
pub(super) fn tell(session: &Session, program: &Program, errors: impl IntoIterator<Item = (Span, ChartError)>) -> bool {
    let mut sink = Sink::default();
    for (span, error) in errors {
        sink.push(error.into_diagnostic(span));
    }
    let found = sink.has_errors();
    if found {
        findings::tell(&session.terminal, &sink.into_sorted(&program.sources), &program.sources);
    }
    found
}

/// Writes a file in one step.
pub(super) fn write(repository: &Repository, path: &str, text: &str) -> Result<(), Failure> {
    let path = repository.root.join(path);
    // A file that is a link stays one.
    let path = path.canonicalize().unwrap_or(path);
    chart::write_atomically(&path, text.as_bytes()).map_err(|error| Failure::io("write", &path, &error))
}
