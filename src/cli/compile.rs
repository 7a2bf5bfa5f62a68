//! Environments of a repository into their trees, for the commands that compare or write these.

use stackgen::Compiled;
use stackgen::diagnostic::Sink;
use stackgen::emit::Tree;
use stackgen::source::{Files, Program};
use stackgen::target::Trees;

use super::progress::Progress;
use super::repository::{Repository, load};

/// Environments that were compiled.
pub(super) struct Made {
    /// The sources.
    pub(super) program: &'static Program,
    /// The trees, and what was found.
    pub(super) compiled: Compiled<Tree>,
    /// Whether charts had a part in it, which do not lie among the sources.
    pub(super) has_charts: bool,
}

/// Compiles environments. `files` are those of the repository. A tree that cannot be written anywhere is a finding.
pub(super) fn trees(repository: &Repository, files: &dyn Files, paths: &[String], progress: &Progress) -> Made {
    let mut sink = Sink::default();
    let program = load(files, paths, &mut sink);
    let trees = Trees::new(program);
    let charts = repository.charts(program);
    let compiled = stackgen::compile(program, files, &charts, sink, |rendered, sink| {
        progress.step();
        trees.tree(rendered).map_err(|error| sink.push(error.into_diagnostic())).ok()
    });
    Made { program, compiled, has_charts: charts.were_asked() }
}
