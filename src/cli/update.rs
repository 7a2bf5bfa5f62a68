//! `stackgen update`: newer versions of charts, written where the old ones stand.

use std::fmt::Write as _;

use clap::Args;

use stackgen::chart::{
    self, LOCK_PATH, Level, Lock, Locking, Pin, Repositories, available, between, change_notes, newer, pinned_to,
};
use stackgen::diagnostic::Sink;
use stackgen::source::Program;
use stackgen::yaml::Span;

use super::charts::{self, Network};
use super::outcome::{Failure, Outcome};
use super::outdated::present;
use super::progress::Progress;
use super::repository::Repository;
use super::{Session, findings};

/// Move charts to newer versions, in the files that pin them and in the lock, and show what they changed
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Update {
    /// The components whose charts to update
    #[arg(value_name = "COMPONENTS", required_unless_present = "all")]
    components: Vec<String>,
    /// All charts
    #[arg(long, conflicts_with = "components")]
    all: bool,
    /// Change the third number of a version at most
    #[arg(long, conflicts_with_all = ["minor", "major", "to"])]
    patch: bool,
    /// Change the second number at most; this is what is done where nothing else is said
    #[arg(long, conflicts_with_all = ["major", "to"])]
    minor: bool,
    /// Change any number
    #[arg(long, conflicts_with = "to")]
    major: bool,
    /// Change to this version, newer or older
    #[arg(long, value_name = "VERSION", conflicts_with = "all")]
    to: Option<String>,
    /// Write nothing; show what would change
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Examples:
  stackgen update grafana                to the newest with the same first number
  stackgen update grafana --major
  stackgen update harbor --to 1.18.2
  stackgen update --all --patch --dry-run";

/// More notes than these nobody reads.
const MOST_NOTES: usize = 20;

/// A pin and where it goes.
struct Move<'a> {
    pin: &'a Pin,
    from: Option<String>,
    to: String,
    /// The version to write; none where a range stays and only the lock moves.
    written: Option<String>,
    notes: Vec<(String, Vec<String>)>,
}

impl Update {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let repository = Repository::find(session)?;
        let Some((program, pins)) = charts::pinned(session, &repository)? else { return Ok(Outcome::Found) };
        let chosen = charts::chosen(&pins, &self.components)?;
        let repositories = self.network.repositories()?;
        let progress = Progress::of(&session.terminal, "asking for", "chart", chosen.len());
        let answers = available(&chosen, &repositories, || progress.step());
        drop(progress);
        let (mut moves, mut errors) = (Vec::new(), Vec::new());
        for (pin, answer) in chosen.iter().zip(answers) {
            let versions = match answer {
                Ok(versions) => versions,
                Err(error) => {
                    errors.push((pin.span, error));
                    continue;
                }
            };
            let present = present(program.lock.as_ref(), pin).map(str::to_owned);
            match self.target(pin, present.as_deref(), &versions) {
                Ok(Some(to)) => moves.push(plan(pin, present, to, self.to.is_some(), &versions, &repositories)),
                Ok(None) => {}
                Err(failure) => return Err(failure),
            }
        }
        if charts::tell(session, program, errors) {
            session.terminal.inform("nothing was changed\n");
            return Ok(Outcome::Found);
        }
        self.apply(session, &repository, program, &pins, &moves, &repositories)
    }

    /// The version that a pin goes to; none where it stays.
    fn target(&self, pin: &Pin, present: Option<&str>, versions: &[chart::Listed]) -> Result<Option<String>, Failure> {
        if let Some(to) = &self.to {
            let same = versions.iter().find(|listed| listed.version == *to || pinned_to(to, listed));
            let unknown = || Failure::usage(format!("`{}` has no version {to} of `{}`", pin.repository, pin.name));
            let to = same.map(|listed| listed.version.clone()).ok_or_else(unknown)?;
            return Ok(Some(to).filter(|to| Some(to.as_str()) != present));
        }
        if !pin.is_exact() {
            return Ok(chart::newest_in(versions, &pin.version)
                .map(|l| l.version.clone())
                .filter(|v| Some(v.as_str()) != present));
        }
        let level = match (self.patch, self.major) {
            (true, _) => Level::Patch,
            (_, true) => Level::Major,
            _ => Level::Minor,
        };
        Ok(newer(versions, &pin.version, level).map(|listed| listed.version.clone()))
    }

    fn apply(
        &self,
        session: &Session,
        repository: &Repository,
        program: &Program,
        pins: &[Pin],
        moves: &[Move<'_>],
        repositories: &Repositories,
    ) -> Result<Outcome, Failure> {
        if moves.is_empty() {
            session
                .terminal
                .inform("nothing newer within what was asked for; `stackgen outdated` shows all that there is\n");
            return Ok(Outcome::Well);
        }
        let embedded = |span: Span| program.sources.name(span.file).starts_with('<');
        let (ours, theirs): (Vec<&Move<'_>>, Vec<&Move<'_>>) =
            moves.iter().partition(|one| one.written.is_none() || !embedded(one.pin.span));
        session.terminal.answer(&moves.iter().map(|one| one.text(program)).collect::<String>())?;
        for one in &theirs {
            let names: Vec<String> = one
                .pin
                .components
                .iter()
                .map(|name| format!("  {name}: {{ chart: {{ version: {:?} }} }}", one.to))
                .collect();
            session.terminal.inform(&format!(
                "\n{} is pinned by the catalogue in stackgen. Write into an overlay:\n\ncomponents:\n{}\n",
                one.pin.name,
                names.join("\n")
            ));
        }
        if self.dry_run {
            session.terminal.inform("\nnothing was changed\n");
            return Ok(Outcome::Well);
        }
        if let Some(old) = &program.lock {
            let Some(lock) = relock(session, program, old, pins, &ours, repositories)? else {
                return Ok(Outcome::Found);
            };
            charts::write(repository, LOCK_PATH, &lock.write())?;
        }
        let changes: Vec<(Span, String)> =
            ours.iter().filter_map(|one| Some((one.pin.span, one.written.clone()?))).collect();
        for (file, text) in chart::rewrite(&program.sources, &changes) {
            charts::write(repository, program.sources.name(file), &text)?;
        }
        if !ours.is_empty() {
            session.terminal.inform("\nNext: `stackgen build`, and read `stackgen diff`.\n");
        }
        Ok(Outcome::found_if(!theirs.is_empty()))
    }
}

/// The lock with the new versions; none where one of them cannot be locked, which was then told.
fn relock(
    session: &Session,
    program: &Program,
    old: &Lock,
    pins: &[Pin],
    moves: &[&Move<'_>],
    repositories: &Repositories,
) -> Result<Option<Lock>, Failure> {
    let mut pins: Vec<Pin> = pins.to_vec();
    let mut kept = old.clone();
    for one in moves {
        match &one.written {
            Some(version) => {
                for pin in pins.iter_mut().filter(|pin| pin.span == one.pin.span && pin.name == one.pin.name) {
                    pin.version = version.as_str().into();
                }
            }
            None => kept = kept.without(one.pin.id()),
        }
    }
    let cache = charts::cache()?;
    let progress = Progress::of(&session.terminal, "locking", "chart", pins.len());
    let locking = Locking { old: Some(&kept), repositories, cache: &cache, refresh: false };
    let (lock, found) = locking.run(&pins, || progress.step());
    drop(progress);
    if found.is_empty() {
        return Ok(Some(lock));
    }
    let mut sink = Sink::default();
    found.into_iter().for_each(|one| sink.push(one));
    findings::tell(&session.terminal, &sink.into_sorted(&program.sources), &program.sources);
    session.terminal.inform("nothing was changed\n");
    Ok(None)
}

fn plan<'a>(
    pin: &'a Pin,
    from: Option<String>,
    to: String,
    named: bool,
    versions: &[chart::Listed],
    repositories: &Repositories,
) -> Move<'a> {
    let passed = from.as_deref().map(|from| between(versions, from, &to)).unwrap_or_default();
    // Notes are good to have: a registry that does not give them is no reason to stop.
    let notes = passed.into_iter().take(MOST_NOTES).filter_map(|listed| {
        let text = repositories.changes(&pin.repository, &pin.name, listed).ok().flatten()?;
        Some((listed.version.clone(), change_notes(&text)))
    });
    let notes = notes.collect();
    let written = (named || pin.is_exact()).then(|| to.clone());
    Move { pin, from, to, written, notes }
}

impl Move<'_> {
    fn text(&self, program: &Program) -> String {
        let from = self.from.as_deref().unwrap_or("unlocked");
        let place = match &self.written {
            Some(_) => {
                let (line, _) = program.sources.line_column(self.pin.span.file, self.pin.span.start);
                format!("{}:{line}", program.sources.name(self.pin.span.file))
            }
            None => format!("within {}, in {LOCK_PATH}", self.pin.version),
        };
        let mut text = format!("{} {from} → {}  {place}\n", self.pin.name, self.to);
        for (version, notes) in self.notes.iter().filter(|(_, notes)| !notes.is_empty()) {
            let _ = writeln!(text, "  {version}");
            for note in notes {
                let _ = writeln!(text, "    {note}");
            }
        }
        text
    }
}
