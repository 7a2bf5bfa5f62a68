//! What is found in a platform, for the tests that compare it.

use stackgen::diagnostic::{Diagnostic, Format, Sink, Style, render};
use stackgen::source::{Files, load};

/// The findings in environments of these paths, and all of them as people see them.
pub(crate) fn findings(files: &dyn Files, paths: &[String]) -> (Vec<Diagnostic>, String) {
    let mut sink = Sink::default();
    let program = load(files, paths, &mut sink);
    let compiled = stackgen::compile(&program, files, &stackgen::render::NoCharts, sink, |_, _| Some(()));
    let said = render(Format::Human, &compiled.findings, &program.sources, Style::PLAIN);
    (compiled.findings, said)
}
