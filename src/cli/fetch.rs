//! `stackgen fetch`: the archives of all locked charts.

use std::path::PathBuf;

use clap::Args;

use stackgen::chart::{LOCK_PATH, Lock, fetch};
use stackgen::diagnostic::{Sink, SourceMap};
use stackgen::source::Files;
use stackgen::yaml::Span;

use super::charts::{self, Network};
use super::outcome::{Failure, Outcome};
use super::progress::Progress;
use super::report::count;
use super::repository::Repository;
use super::{Session, findings};

/// Download the archives of all locked charts, and compare each with the lock
///
/// They go into the cache: the folder that STACKGEN_CACHE names, or `stackgen` in the user's folder for caches.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Fetch {
    /// Put the archives into this folder too, from which they can be committed; `charts` is found without being named
    #[arg(long, value_name = "DIR")]
    vendor: Option<PathBuf>,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Examples:
  stackgen fetch
  stackgen fetch --vendor charts    for builds without a network or a cache
  stackgen fetch --offline          is everything there?";

impl Fetch {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let repository = Repository::find(session)?;
        let mut sources = SourceMap::default();
        let mut sink = Sink::default();
        let path = repository.root.join(LOCK_PATH);
        let text = repository.files.read(LOCK_PATH).map_err(|error| Failure::io("read", &path, &error))?;
        let text = text.ok_or_else(|| {
            Failure::usage(format!("there is no `{LOCK_PATH}`"))
                .help("`stackgen lock` writes it, and fetches the charts")
        })?;
        let file = sources.add(LOCK_PATH, text);
        let Some(lock) = Lock::read(&sources, file, &mut sink) else {
            findings::tell(&session.terminal, &sink.into_sorted(&sources), &sources);
            return Ok(Outcome::Found);
        };
        let (repositories, cache) = (self.network.repositories()?, charts::cache()?);
        let vendor = self.vendor.map(|folder| match session.directory.as_deref() {
            Some(directory) if folder.is_relative() => directory.join(folder),
            _ => folder,
        });
        let progress = Progress::of(&session.terminal, "fetching", "chart", lock.charts().len());
        let fetched = fetch(&lock, &repositories, &cache, vendor.as_deref(), || progress.step());
        drop(progress);
        for error in fetched.errors {
            sink.push(error.into_diagnostic(Span::BUILT_IN));
        }
        let broken = sink.has_errors();
        findings::tell(&session.terminal, &sink.into_sorted(&sources), &sources);
        let mut said =
            format!("{} downloaded, {} in the cache already", count(fetched.downloaded, "chart"), fetched.kept);
        if let Some(folder) = &vendor {
            said.push_str(&format!(", {} written to {}", fetched.vendored, folder.display()));
        }
        session.terminal.inform(&format!("{said}\n"));
        Ok(Outcome::found_if(broken))
    }
}
