//! `stackgen diff`: what a change of the sources means.

use clap::{Args, ValueEnum};

use stackgen::review::{self, Markdown, Options, Review};

use super::outcome::{Failure, Outcome};
use super::progress::Progress;
use super::repository::Repository;
use super::targets::Targets;
use super::{Session, compile, findings, pool, sides};

/// Show what the sources would change in `out/`, by component, and what that can do
///
/// Compares what the sources say with `out/` on disk, or with `out/` in a git revision. Changes nothing.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Diff {
    #[command(flatten)]
    targets: Targets,
    /// Compare with `out/` of this git revision, instead of the one on disk
    #[arg(long, value_name = "REVISION")]
    against: Option<String>,
    /// Only count, for each component
    #[arg(long)]
    stat: bool,
    /// How to show it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Unchanged lines around a change
    #[arg(long, value_name = "LINES", default_value_t = 3)]
    context: usize,
    /// Bytes that Markdown may have; GitHub takes 65,536 characters for a comment
    #[arg(long, value_name = "BYTES", default_value_t = 65_536)]
    limit: usize,
}

/// How a comparison is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with changed words marked
    #[default]
    Terminal,
    /// For a comment at a pull request
    Markdown,
    /// One JSON object
    Json,
}

const EXAMPLES: &str = "\
Examples:
  stackgen diff                                            what `build` would change
  stackgen diff envs/prod --stat                           how much, for each component
  stackgen diff --against origin/main --format markdown    a comment for a pull request";

impl Diff {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        if self.stat && self.format != Format::Terminal {
            return Err(Failure::usage("`--stat` is for terminals: the other formats have these numbers anyway"));
        }
        let repository = Repository::find(session)?;
        let paths = repository.select(&self.targets)?;
        let progress = Progress::start(&session.terminal, "comparing", paths.len());
        let review = pool::run(session.jobs, || self.review(session, &repository, &paths, &progress))??;
        drop(progress);
        let Some(review) = review else { return Ok(Outcome::Found) };
        session.terminal.answer(&self.text(session, &review))?;
        if review.is_empty() && self.format == Format::Terminal {
            session.terminal.inform("no difference\n");
        }
        Ok(Outcome::found_if(!review.is_empty()))
    }

    /// None where the sources have errors, which were then told.
    fn review(
        &self,
        session: &Session,
        repository: &Repository,
        paths: &[String],
        progress: &Progress,
    ) -> Result<Option<Review>, Failure> {
        let compile::Made { program, compiled, .. } =
            compile::trees(repository, &repository.files, |_| None, paths, progress, |_, tree| Some(tree));
        if findings::has_errors(&compiled.findings) {
            findings::tell(&session.terminal, &compiled.findings, &program.sources);
            return Ok(None);
        }
        // Only where all environments are compared, those that are gone can be told.
        let named = (!self.targets.is_all()).then_some(paths);
        let (name, before) = match &self.against {
            Some(revision) => sides::in_git(repository, revision, named)?,
            None => ("out/".to_owned(), sides::on_disk(repository, named)?),
        };
        let options = Options { before: name, after: "the sources".to_owned(), context: self.context };
        Ok(Some(review::review(&before, &sides::of_trees(compiled.outputs), &options)))
    }

    fn text(&self, session: &Session, review: &Review) -> String {
        let style = session.terminal.stdout_style();
        match self.format {
            Format::Terminal if review.is_empty() => String::new(),
            Format::Terminal if self.stat => review::render_stat(review, style),
            Format::Terminal => review::render_terminal(review, style),
            Format::Markdown => {
                let against =
                    self.against.as_ref().map_or_else(String::new, |revision| format!(" --against {revision}"));
                let command = format!("stackgen diff{against}");
                review::render_markdown(review, &Markdown { limit: self.limit, command })
            }
            Format::Json => review::render_json(review),
        }
    }
}
