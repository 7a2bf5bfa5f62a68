//! One environment, compiled for a question about it.

use stackgen::diagnostic::{Sink, SourceMap};
use stackgen::render::Rendered;

use super::outcome::Failure;
use super::repository::Repository;
use super::targets::Targets;
use super::{Session, findings, pool};

/// Compiles the one environment that a target names, and gives what the question makes of it.
///
/// Errors of the sources do not stop it: an answer about a broken environment is often what mends it.
pub(super) fn ask<T: Send>(
    session: &Session,
    target: Option<&str>,
    question: impl FnOnce(&Rendered<'_>, &SourceMap) -> T + Send,
) -> Result<T, Failure> {
    let repository = Repository::find(session)?;
    let chosen = repository.select(&Targets::of(target))?;
    let path = match chosen.as_slice() {
        [one] => one.clone(),
        many => {
            return Err(Failure::usage("one environment is wanted").help(format!("name one of: {}", many.join(", "))));
        }
    };
    let terminal = &session.terminal;
    pool::run(session.jobs, move || {
        let mut sink = Sink::default();
        let program = repository.load(std::slice::from_ref(&path), &mut sink);
        let environment = program.environments.first();
        let sound = !sink.has_errors();
        let rendered = environment.and_then(|e| {
            stackgen::render_environment(program, e, &repository.files, &repository.charts(program), sound, &mut sink)
        });
        let Some(rendered) = rendered else {
            findings::tell(terminal, &sink.into_sorted(&program.sources), &program.sources);
            return Err(Failure::usage(format!("the sources of `{path}` do not say enough to answer")));
        };
        if sink.has_errors() {
            terminal.inform(&format!(
                "note: `{path}` has errors, so that this may not be all; `stackgen check {path}` shows them\n"
            ));
        }
        Ok(question(&rendered, &program.sources))
    })?
}
