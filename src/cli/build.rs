//! `stackgen build`: compiles environments into `out/`.

use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use stackgen::diagnostic::SourceMap;
use stackgen::emit::{self, Edits, Tree};
use stackgen::source::Recorder;

use super::findings::{self, FindingsFormat};
use super::outcome::{Failure, Outcome};
use super::output::{Environment, Output, Report};
use super::progress::Progress;
use super::repository::Repository;
use super::targets::Targets;
use super::{Session, compile, pool, unchanged};

/// Compile environments into `out/`
///
/// Writes only what changed, removes what it wrote earlier and no longer makes, and puts each environment in place in
/// one step. Where anything is wrong, nothing changes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Build {
    #[command(flatten)]
    targets: Targets,
    /// Change nothing; name each file of `out/` that is not what the sources say, and why
    #[arg(long)]
    check: bool,
    /// Drop edits that people made to files in `out/`
    #[arg(long, conflicts_with = "check")]
    overwrite_edits: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t)]
    format: FindingsFormat,
}

const EXAMPLES: &str = "\
Examples:
  stackgen build                 all environments
  stackgen build envs/prod       one of them
  stackgen build --check         for CI: is `out/` what the sources say?
  stackgen build --shard 3/10    the third of ten machines' share";

impl Build {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let start = Instant::now();
        let repository = Repository::find(session)?;
        let paths = repository.select(&self.targets)?;
        let progress = Progress::start(&session.terminal, "building", paths.len());
        let mut report = pool::run(session.jobs, || {
            let mut report = Report::new(SourceMap::default(), Vec::new());
            if let Some(environments) = self.unchanged(session, &repository, &paths) {
                report.environments = environments;
                return Ok(report);
            }
            let files = Recorder::new(&repository.files);
            let edits = if self.overwrite_edits { Edits::Overwrite } else { Edits::Refuse };
            let out = repository.root.join("out");
            let output = Output::new(&out, (!self.check).then_some(edits), &session.terminal);
            let take = |path: &Arc<str>, tree: Tree| output.take(path, &tree);
            let made = compile::trees(&repository, &files, |path| files.digest(path), &paths, &progress, take);
            report.sources = made.program.sources.clone();
            report.findings = made.compiled.findings;
            let outputs = made.compiled.outputs;
            if findings::has_errors(&report.findings) {
                output.abandon(outputs.into_iter().map(|(_, taken)| taken).collect());
                return Ok(report);
            }
            let reads = files.reads().filter(|_| !made.has_charts);
            let build = reads.and_then(|reads| unchanged::Build::new(&outputs, reads));
            // Only a build of everything knows which environments are gone.
            let known = if self.targets.is_all() { Some(repository.environments()?) } else { None };
            output.finish(outputs.into_iter().map(|(_, taken)| taken).collect(), known.as_deref(), &mut report);
            // What was found has to be said again.
            if let Some(build) = build.filter(|_| !self.check && report.findings.is_empty()) {
                build.keep(&repository.root, &repository.files);
            }
            Ok::<_, Failure>(report)
        })??;
        drop(progress);
        report.seconds = Some(start.elapsed().as_secs_f64());
        report.show(&session.terminal, self.format, self.check)
    }

    /// What the last build left, where nothing has changed since.
    fn unchanged(&self, session: &Session, repository: &Repository, paths: &[String]) -> Option<Vec<Environment>> {
        let out = repository.root.join("out");
        let build = unchanged::Build::last(&repository.root)?;
        let waiting = || session.terminal.inform("waiting for another build\n");
        let environments = build.again(&repository.files, &out, paths, waiting)?;
        // An environment whose overlay is gone has to be taken away.
        let none_gone = || Some(emit::written(&out).ok()?.iter().all(|path| paths.binary_search(path).is_ok()));
        (!self.targets.is_all() || none_gone()?).then_some(environments)
    }
}
