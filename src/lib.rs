//! stackgen: a compiler for GitOps. Architecture blueprints and overlays in, a tree that Argo CD syncs out.
//!
//! Data flows one way: [`source`] → [`layer`] → [`resolve`] → [`render`] → [`check`] → [`target`].
//! [`compile`] is the pipeline. Nothing here prints.

pub mod argocd;
#[cfg(test)]
mod chance;
pub mod chart;
pub mod check;
pub mod decode;
pub mod diagnostic;
pub mod emit;
pub mod graph;
pub mod helm;
pub mod kubernetes;
pub mod layer;
pub mod network;
pub mod render;
pub mod resolve;
pub mod review;
pub mod scaffold;
pub mod schema;
pub mod semver;
mod share;
pub mod source;
pub mod target;
pub mod template;
pub mod threads;
pub mod trace;
pub mod types;
pub mod yaml;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use diagnostic::{Diagnostic, Sink, codes};
use render::{Charts, Rendered};
use source::{EnvironmentSource, Files, Program};

/// What compiling gave.
#[derive(Debug)]
pub struct Compiled<T> {
    /// For each environment, in order of their paths, what `each` made of it.
    pub outputs: Vec<(Arc<str>, T)>,
    /// Everything that was found, sorted.
    pub findings: Vec<Diagnostic>,
}

/// Compiles every environment of a program, in parallel, and lets `each` make something of what came out.
///
/// An environment with errors is not given to `each`, and once there is one, the others are not either. `found` is what loading
/// the program has found; `files` is the repository, in which checks look for what the last build wrote; `charts` gives those
/// that are rendered here.
pub fn compile<T: Send>(
    program: &Program,
    files: &dyn Files,
    charts: &dyn Charts,
    mut found: Sink,
    each: impl Fn(Rendered<'_>, &mut Sink) -> Option<T> + Sync,
) -> Compiled<T> {
    let sound = !found.has_errors();
    let all_sound = AtomicBool::new(sound);
    let done: Vec<(Arc<str>, Option<T>, Sink)> = program
        .environments
        .par_iter()
        .map(|environment| {
            let mut sink = Sink::default();
            let rendered = render_environment(program, environment, files, charts, sound, &mut sink);
            if sink.has_errors() {
                all_sound.store(false, Ordering::Relaxed);
            }
            let output = rendered.filter(|_| all_sound.load(Ordering::Relaxed)).and_then(|r| each(r, &mut sink));
            sink.note_environment(0, &environment.path);
            (environment.path.clone(), output, sink)
        })
        .collect();
    let mut outputs = Vec::with_capacity(done.len());
    for (path, output, sink) in done {
        found.extend(sink);
        outputs.extend(output.map(|output| (path, output)));
    }
    Compiled { outputs, findings: found.into_sorted(&program.sources) }
}

/// One environment, through all stages up to the checks. None where its layers do not say enough to go on. `sound` says that
/// loading the program has found no error.
pub fn render_environment<'p>(
    program: &'p Program,
    environment: &'p EnvironmentSource,
    files: &dyn Files,
    charts: &dyn Charts,
    sound: bool,
    sink: &mut Sink,
) -> Option<Rendered<'p>> {
    let settings = layer::settle(program, environment, sink)?;
    let platform = resolve::resolve(program, settings, sink);
    if !sound {
        sink.follow_values(&program.sources);
    }
    let resolved = sound && !sink.has_errors();
    let mut late = Sink::default();
    let rendered = render::render(platform, charts, &mut late);
    if resolved {
        check::check(&rendered, files, &mut late);
        late.follow_assertions(&program.sources);
    } else {
        // What nobody provides, nobody can name: only the first cause is worth reading.
        late.forget(&codes::templates::UNDEFINED);
    }
    sink.extend(late);
    Some(rendered)
}
