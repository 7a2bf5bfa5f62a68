//! Environments of a repository into their trees, for the commands that compare or write these.

use stackgen::Compiled;
use stackgen::diagnostic::Sink;
use stackgen::emit::Tree;
use stackgen::source::{Files, Program};
use stackgen::target::Trees;

use super::progress::Progress;
use super::repository::load;

/// Compiles environments. A tree that cannot be written anywhere is a finding.
pub(super) fn trees(files: &dyn Files, paths: &[String], progress: &Progress) -> (&'static Program, Compiled<Tree>) {
    let mut sink = Sink::default();
    let program = load(files, paths, &mut sink);
    let trees = Trees::new(program);
    let compiled = stackgen::compile(program, files, sink, |rendered, sink| {
        progress.step();
        trees.tree(rendered).map_err(|error| sink.push(error.into_diagnostic())).ok()
    });
    (program, compiled)
}
