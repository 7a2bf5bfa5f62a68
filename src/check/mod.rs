//! Stage 5: what can only be seen when the whole platform is known. One file for each rule; [`RULES`] registers them.

mod addresses;
mod assertion;
mod chart_lock;
mod kubernetes_version;
mod lifecycle;
mod machines;
mod network_plan;
mod peers;
mod random;
mod renamed;
mod secret_value;
mod shared_object;
mod unknown_kind;
mod waive;

use rayon::prelude::*;

use crate::diagnostic::{Code, Severity, Sink};
use crate::render::Rendered;
use crate::share;
use crate::source::Files;

/// A check of a whole platform.
#[derive(Debug)]
pub struct Rule {
    /// The code of its findings.
    pub code: &'static Code,
    /// How much they matter.
    pub severity: Severity,
    /// Finds them.
    run: fn(&Rendered<'_>, &mut Report<'_>),
}

/// All checks, in order of their codes.
pub const RULES: &[Rule] = &[
    network_plan::RULE,
    shared_object::RULE,
    secret_value::RULE,
    kubernetes_version::RULE,
    lifecycle::RULE,
    unknown_kind::RULE,
    renamed::RULE,
    addresses::RULE,
    assertion::RULE,
    peers::RULE,
    random::RULE,
    machines::RULE,
    chart_lock::UNLOCKED,
    chart_lock::BEHIND,
];

/// Runs all checks; findings that a layer waives are left out.
pub fn check(rendered: &Rendered<'_>, files: &dyn Files, sink: &mut Sink) {
    let mut waivers = waive::Waivers::new(&rendered.platform.settings, rendered.platform.program.today);
    let run = |rule: &'static Rule| {
        let (mut waivers, mut sink) = (waivers.clone(), Sink::default());
        (rule.run)(rendered, &mut Report { rule, files, waivers: &mut waivers, sink: &mut sink });
        (waivers, sink)
    };
    let done: Vec<_> = share::among(rendered.platform.instances.len(), RULES.par_iter()).map(run).collect();
    for (used, found) in done {
        waivers.note(used);
        sink.extend(found);
    }
    waivers.unused(&rendered.platform, sink);
}

pub use waive::Report;
