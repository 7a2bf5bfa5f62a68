//! `stackgen lock`: writes down which archive each chart is.

use clap::Args;

use stackgen::chart::{LOCK_PATH, Lock, Locking, Pin, differences};
use stackgen::diagnostic::Sink;

use super::charts::{self, Network};
use super::outcome::{Failure, Outcome};
use super::progress::Progress;
use super::report::count;
use super::repository::Repository;
use super::{Session, findings};

/// Write down which archive each chart is, in `blueprints/charts.lock`
///
/// Asks the repositories for charts that are not locked yet, and forgets those that no environment has any more. What
/// is locked stays as it is.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LockCommand {
    /// Ask for charts that are locked already too: has one of them changed?
    #[arg(long)]
    refresh: bool,
    /// Change nothing; name each chart that the lock lacks, or has and should not. Needs no network
    #[arg(long, conflicts_with = "refresh")]
    check: bool,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Examples:
  stackgen lock              after a chart or its version changed
  stackgen lock --check      for CI: does the lock have every chart?
  stackgen lock --refresh    has a version that is locked been replaced?";

impl LockCommand {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let repository = Repository::find(session)?;
        let Some((program, pins)) = charts::pinned(session, &repository)? else { return Ok(Outcome::Found) };
        let old = program.lock.as_ref();
        if self.check {
            return check(session, old, &pins);
        }
        let (repositories, cache) = (self.network.repositories()?, charts::cache()?);
        let progress = Progress::of(&session.terminal, "locking", "chart", pins.len());
        let locking = Locking { old, repositories: &repositories, cache: &cache, refresh: self.refresh };
        let (lock, found) = locking.run(&pins, || progress.step());
        drop(progress);
        if !found.is_empty() {
            let mut sink = Sink::default();
            found.into_iter().for_each(|one| sink.push(one));
            findings::tell(&session.terminal, &sink.into_sorted(&program.sources), &program.sources);
            session.terminal.inform(&format!("`{LOCK_PATH}` was not changed\n"));
            return Ok(Outcome::Found);
        }
        let said = differences(old, &lock);
        if old != Some(&lock) {
            charts::write(&repository, LOCK_PATH, &lock.write())?;
        }
        for line in &said {
            session.terminal.inform(&format!("{line}\n"));
        }
        let charts = count(lock.charts().len(), "chart");
        let changed = if said.is_empty() { "nothing changed".to_owned() } else { format!("{} changed", said.len()) };
        session.terminal.inform(&format!("locked {charts}, {changed}\n"));
        Ok(Outcome::Well)
    }
}

/// Compares the lock with the pins.
fn check(session: &Session, lock: Option<&Lock>, pins: &[Pin]) -> Result<Outcome, Failure> {
    let empty = Lock::default();
    let lock = lock.unwrap_or(&empty);
    let mut lines: Vec<String> = Vec::new();
    for pin in pins.iter().filter(|pin| lock.find(pin.id()).is_none()) {
        lines.push(format!("{} is not locked\n", pin.id()));
    }
    let wanted = |chart: &&stackgen::chart::Locked| {
        pins.iter().any(|pin| lock.find(pin.id()) == Some(*chart)) || lock.is_part(chart)
    };
    for chart in lock.charts().iter().filter(|chart| !wanted(chart)) {
        lines.push(format!("{} is locked, and in no environment\n", chart.id()));
    }
    lines.sort();
    lines.dedup();
    session.terminal.answer(&lines.concat())?;
    let said = match lines.len() {
        0 => format!("checked {}: the lock has all of them\n", count(lock.charts().len(), "chart")),
        _ => format!("`{LOCK_PATH}` is not what the sources say: run `stackgen lock`\n"),
    };
    session.terminal.inform(&said);
    Ok(Outcome::found_if(!lines.is_empty()))
}
