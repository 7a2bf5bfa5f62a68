//! Findings that a layer accepts, each with a reason.

use super::{RULES, Rule};
use crate::decode::Spanned;
use crate::diagnostic::{Diagnostic, Sink, codes::checks};
use crate::layer::Settings;
use crate::resolve::Platform;
use crate::source::{Day, Files, Waiver};
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
    all: Vec<Entry>,
    today: Option<Day>,
}

#[derive(Clone, Debug)]
struct Entry {
    check: String,
    place: Option<String>,
    span: Span,
    until: Option<Spanned<Day>>,
    used: bool,
}

impl Entry {
    /// The last day that it was good for, where that is over.
    fn ended(&self, today: Option<Day>) -> Option<Spanned<Day>> {
        self.until.filter(|until| today.is_some_and(|today| until.value < today))
    }
}

impl Waivers {
    pub(super) fn new(settings: &Settings<'_>, today: Option<Day>) -> Self {
        let entry = |w: &&Waiver| Entry {
            check: w.check.text.to_uppercase(),
            place: w.place.as_ref().map(|p| p.text.to_string()),
            span: w.check.span,
            until: w.until,
            used: false,
        };
        Waivers { all: settings.waivers.iter().map(entry).collect(), today }
    }

    /// Takes over which were of use to a check that had these to itself.
    pub(super) fn note(&mut self, used: Waivers) {
        for (known, new) in self.all.iter_mut().zip(used.all) {
            known.used |= new.used;
        }
    }

    fn accept(&mut self, check: &str, subjects: &[&str]) -> bool {
        let mut accepted = false;
        for entry in &mut self.all {
            if entry.check == check && entry.place.as_deref().is_none_or(|p| subjects.contains(&p)) {
                entry.used = true;
                accepted |= entry.ended(self.today).is_none();
            }
        }
        accepted
    }

    /// Reports waivers of checks that do not exist, those that nothing needed, and those that have run out. One for a component that is not here is of a
    /// layer that others share.
    pub(super) fn unused(&self, platform: &Platform<'_>, sink: &mut Sink) {
        let elsewhere = |name: &str| platform.program.components.contains_key(name) && platform.index(name).is_none();
        for entry in &self.all {
            let Entry { check: code, place, span, used, .. } = entry;
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
            } else if let Some(until) = entry.ended(self.today).filter(|_| *used) {
                let message = format!("the waiver of {code} ended on {}", until.value);
                sink.push(
                    Diagnostic::error(&checks::ENDED_WAIVER, until.span, message)
                        .here("the last day")
                        .help("do what was put off; or look at the finding again, and write another day"),
                );
            }
        }
    }
}
