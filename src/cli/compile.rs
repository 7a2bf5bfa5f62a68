//! Environments of a repository into their trees, for the commands that compare or write these.

use std::sync::Arc;

use stackgen::Compiled;
use stackgen::diagnostic::Sink;
use stackgen::emit::{Digest, Tree};
use stackgen::source::{Files, Program};
use stackgen::target::Trees;

use super::progress::Progress;
use super::repository::{Repository, load};

/// Environments that were compiled.
pub(super) struct Made<T> {
    /// The sources.
    pub(super) program: &'static Program,
    /// What was made of each tree, and what was found.
    pub(super) compiled: Compiled<T>,
    /// Whether charts had a part in it, which do not lie among the sources.
    pub(super) has_charts: bool,
}

/// Compiles environments, and makes something of each tree as soon as it is there. `files` are those of the repository, and
/// `known` gives digests of those that were read. A tree that cannot be written anywhere is a finding.
pub(super) fn trees<T: Send>(
    repository: &Repository,
    files: &dyn Files,
    known: impl Fn(&str) -> Option<Digest>,
    paths: &[String],
    progress: &Progress,
    each: impl Fn(&Arc<str>, Tree) -> Option<T> + Sync,
) -> Made<T> {
    let mut sink = Sink::default();
    let program = load(files, paths, &mut sink);
    let trees = Trees::new(program, known);
    let charts = repository.charts(program);
    let compiled = stackgen::compile(program, files, &charts, sink, |rendered, sink| {
        progress.step();
        let tree = trees.tree(&rendered).map_err(|error| sink.push(error.into_diagnostic())).ok()?;
        let path = rendered.platform.settings.environment.path.clone();
        if paths.len() == 1 {
            // As with the sources: the system takes all memory back in less time.
            std::mem::forget(rendered);
        }
        each(&path, tree)
    });
    Made { program, compiled, has_charts: charts.were_asked() }
}
