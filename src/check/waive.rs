//! Findings that a layer accepts, each with a reason.

use super::{RULES, Rule};
use crate::diagnostic::{Diagnostic, Sink, codes::checks};
use crate::layer::Settings;
use crate::resolve::Platform;
use crate::source::{Files, Waiver};
use crate::yaml::Span;

/// Where a check puts its findings.
pub struct Report<'a> {
    pub(super) rule: &'static Rule,
    /// The repository, with what the last build wrote.
    pub(super) files: &'a dyn Files,
    pub(super) waivers: &'a mut Waivers,
    pub(super) sink: &'a mut Sink,
}

impl std::fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("rule", &self.rule).finish_non_exhaustive()
    }
}

impl Report<'_> {
    /// A finding of the check at a place. `subjects` are the names that a waiver's `where` may give: components, or objects as `Kind/name`.
    pub fn find(
        &mut self,
        subjects: &[&str],
        span: Span,
        message: impl Into<String>,
        more: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        if !self.waivers.accept(self.rule.code.id, subjects) {
            self.sink.push(more(Diagnostic::new(self.rule.code, self.rule.severity, span, message)));
        }
    }
}

/// The waivers of an environment, and which of them were of use.
#[derive(Clone, Debug)]
pub(super) struct Waivers {
    /// (check, where, place, used)
    all: Vec<(String, Option<String>, Span, bool)>,
}

impl Waivers {
    pub(super) fn new(settings: &Settings<'_>) -> Self {
        let entry = |w: &&Waiver| {
            let place = w.place.as_ref().map(|p| p.text.to_string());
            (w.check.text.to_uppercase(), place, w.check.span, false)
        };
        Waivers { all: settings.waivers.iter().map(entry).collect() }
    }

    /// Takes over which were of use to a check that had these to itself.
    pub(super) fn note(&mut self, used: Waivers) {
        for (known, new) in self.all.iter_mut().zip(used.all) {
            known.3 |= new.3;
        }
    }

    fn accept(&mut self, check: &str, subjects: &[&str]) -> bool {
        let mut accepted = false;
        for (code, place, _, used) in &mut self.all {
            if *code == check && place.as_deref().is_none_or(|p| subjects.contains(&p)) {
                *used = true;
                accepted = true;
            }
        }
        accepted
    }

    /// Reports waivers of checks that do not exist, and those that nothing needed. One for a component that is not here is of a
    /// layer that others share.
    pub(super) fn unused(&self, platform: &Platform<'_>, sink: &mut Sink) {
        let elsewhere = |name: &str| platform.program.components.contains_key(name) && platform.index(name).is_none();
        for (code, place, span, used) in &self.all {
            if !RULES.iter().any(|rule| rule.code.id == code) {
                sink.push(
                    Diagnostic::error(
                        &checks::BAD_WAIVER,
                        *span,
                        format!("`{code}` is not a check that can be waived"),
                    )
                    .suggest(code, RULES.iter().map(|rule| rule.code.id)),
                );
            } else if !used && !place.as_deref().is_some_and(elsewhere) {
                let place = place.as_ref().map_or_else(String::new, |p| format!(" at `{p}`"));
                sink.push(
                    Diagnostic::warning(&checks::BAD_WAIVER, *span, format!("nothing is found by {code}{place} here"))
                        .here("this waiver is not needed")
                        .help("remove it, so that it cannot hide a later finding"),
                );
            }
        }
    }
}
