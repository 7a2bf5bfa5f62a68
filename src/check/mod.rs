//! Stage 5: what can only be seen when the whole platform is known. One file for each rule; [`RULES`] registers them.

mod shared_object;
mod unknown_kind;
mod waive;

use crate::diagnostic::{Code, Severity, Sink};
use crate::render::Rendered;

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
pub const RULES: &[Rule] = &[shared_object::RULE, unknown_kind::RULE];

/// Runs all checks; findings that a layer waives are left out.
pub fn check(rendered: &Rendered<'_>, sink: &mut Sink) {
    let mut waivers = waive::Waivers::new(&rendered.platform.settings);
    for rule in RULES {
        let mut report = Report { rule, waivers: &mut waivers, sink };
        (rule.run)(rendered, &mut report);
    }
    waivers.unused(sink);
}

pub use waive::Report;
