//! What stackgen tells people: codes, places, causes, and what to do.
//!
//! Stages collect [`Diagnostic`]s in a [`Sink`] and go on, so that one run reports all it can find.
//! Rendering (terminal, JSON, GitHub annotations, SARIF) happens at the edge, from the same values.

pub mod codes;
mod explain;
mod nearest;
pub(crate) mod paint;
mod render;
mod source_map;

use std::sync::Arc;

pub use codes::Code;
pub use explain::{UnknownCode, explain, find_code};
pub use nearest::nearest;
pub use render::{Format, Style, render};
pub use source_map::{SourceFile, SourceMap};

use codes::shape;

use crate::yaml::Span;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is written while there is one.
    Error,
    /// Worth a look; the build goes on.
    Warning,
    /// Good to know.
    Note,
}

/// A place that takes part in a finding, and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What to say there.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Its code, with title and explanation.
    pub code: &'static Code,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one line, lower case, without a full stop.
    pub message: String,
    /// The places: the first is the one that the finding is filed under.
    pub labels: Vec<Label>,
    /// Why it is so, where the message alone does not say it.
    pub cause: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// The environments in which it was found, in order; empty where it does not depend on one.
    pub environments: Vec<Arc<str>>,
    /// Whether the values at the places are secrets: they are then never shown.
    pub secret: bool,
    /// Whether it only follows from another error, which is the one to read.
    pub follows: bool,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, message)
    }

    /// A warning at a place.
    pub fn warning(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, message)
    }

    /// A finding at a place ([`Span::BUILT_IN`] where there is none).
    pub fn new(code: &'static Code, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        let labels = if span.is_built_in() { Vec::new() } else { vec![Label { span, text: String::new() }] };
        Diagnostic {
            code,
            severity,
            message: message.into(),
            labels,
            cause: None,
            help: None,
            environments: Vec::new(),
            secret: false,
            follows: false,
        }
    }

    /// What to say at the first place.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// A further place. Places that stackgen made itself are left out.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        if !span.is_built_in() {
            self.labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// The values at the places are secrets. Its own words must not hold them either.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// It only follows from another error: it is left out where that one is told.
    #[must_use]
    pub fn follows(mut self) -> Self {
        self.follows = true;
        self
    }

    /// Why it is so.
    #[must_use]
    pub fn cause(mut self, text: impl Into<String>) -> Self {
        self.cause = Some(text.into());
        self
    }

    /// What to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// "did you mean …", where one of `names` is close to `wrong`.
    #[must_use]
    pub fn suggest<'a>(self, wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        match nearest(wrong, names.iter().copied()) {
            Some(right) => self.help(format!("did you mean `{right}`?")),
            None if !names.is_empty() && names.len() <= 12 => self.help(format!(
                "known names: {}",
                names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
            )),
            None => self,
        }
    }
}

/// Where stages put what they find.
#[derive(Debug, Default)]
pub struct Sink {
    found: Vec<Diagnostic>,
}

impl Sink {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds all that another sink has.
    pub fn extend(&mut self, other: Sink) {
        self.found.extend(other.found);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether there is an error.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is a finding of a code.
    pub fn has(&self, code: &Code) -> bool {
        self.found.iter().any(|d| d.code.id == code.id)
    }

    /// How many findings there are: with [`Sink::errors_since`], tells whether a step added one.
    pub fn mark(&self) -> usize {
        self.found.len()
    }

    /// Whether an error came after a mark.
    pub fn errors_since(&self, mark: usize) -> bool {
        self.found.get(mark..).is_some_and(|new| new.iter().any(|d| d.severity == Severity::Error))
    }

    /// Adds to all findings after a mark.
    pub fn amend(&mut self, mark: usize, change: impl Fn(Diagnostic) -> Diagnostic) {
        let late = self.found.split_off(mark.min(self.found.len()));
        self.found.extend(late.into_iter().map(change));
    }

    /// Drops findings of a code: those that only follow from what was found before.
    pub fn forget(&mut self, code: &Code) {
        self.found.retain(|d| d.code.id != code.id);
    }

    /// Notes the environment on all findings after a mark.
    pub fn note_environment(&mut self, mark: usize, environment: &Arc<str>) {
        for found in self.found.iter_mut().skip(mark) {
            found.environments.push(environment.clone());
        }
    }

    /// Marks values that blueprints made of what overlays say, where those could not be read in full.
    pub fn follow_values(&mut self, sources: &SourceMap) {
        let derived = [shape::WRONG_TYPE.id, shape::BAD_VALUE.id, codes::resolution::NO_VALUE.id];
        for found in &mut self.found {
            let in_overlay = found.labels.first().is_some_and(|l| sources.name(l.span.file).starts_with("overlays/"));
            found.follows |= derived.contains(&found.code.id) && !in_overlay;
        }
    }

    /// Marks what fails in the templates of components whose own conditions are not met.
    pub fn follow_assertions(&mut self, sources: &SourceMap) {
        let folder =
            |label: &Label| sources.name(label.span.file).rsplit_once("component.yaml").map(|(f, _)| f.to_owned());
        let unfit: Vec<String> = self
            .found
            .iter()
            .filter(|d| d.code.id == codes::checks::ASSERTION.id && d.severity == Severity::Error)
            .flat_map(|d| d.labels.iter().filter_map(folder))
            .collect();
        for found in &mut self.found {
            let template = codes::templates::ALL.iter().any(|code| code.id == found.code.id);
            let file = found.labels.first().map_or("", |label| sources.name(label.span.file));
            found.follows |= template && unfit.iter().any(|folder| file.starts_with(&**folder));
        }
    }

    /// All findings: sorted by file, place and code; the same finding from several environments is one. What only follows
    /// from another error is left out.
    pub fn into_sorted(self, sources: &SourceMap) -> Vec<Diagnostic> {
        let mut all = self.found;
        if all.iter().any(|d| d.severity == Severity::Error && !d.follows) {
            all.retain(|d| !d.follows);
        }
        let place =
            |d: &Diagnostic| d.labels.first().map(|l| (sources.name(l.span.file).to_owned(), l.span.start, l.span.end));
        all.sort_by_cached_key(|d| {
            (place(d).is_none(), place(d), d.code.id, d.message.clone(), d.environments.clone())
        });
        all.dedup_by(|next, kept| {
            let same = next.code.id == kept.code.id
                && next.message == kept.message
                && next.labels == kept.labels
                && next.help == kept.help;
            if same {
                for environment in next.environments.drain(..) {
                    if !kept.environments.contains(&environment) {
                        kept.environments.push(environment);
                    }
                }
            }
            same
        });
        one_for_each_place(all)
    }
}

/// A value that is wrong in itself is wrong for everybody who reads it: only the plainest of such errors at one place stays.
fn one_for_each_place(all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let wrong_value = |d: &Diagnostic| [shape::WRONG_TYPE.id, shape::BAD_VALUE.id].contains(&d.code.id);
    let place = |d: &Diagnostic| d.labels.first().map(|l| l.span);
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(all.len());
    for next in all {
        let start = kept.iter().rposition(|k| place(k) != place(&next)).map_or(0, |at| at + 1);
        let here = kept.get_mut(start..).unwrap_or_default().iter_mut().find(|k| k.severity == Severity::Error);
        match here.filter(|_| next.severity == Severity::Error && wrong_value(&next) && place(&next).is_some()) {
            Some(first) if wrong_value(first) && next.labels.len() < first.labels.len() => *first = next,
            Some(_) => {}
            None => kept.push(next),
        }
    }
    kept
}
