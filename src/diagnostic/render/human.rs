//! Findings for a person: the source line underlined, then why, then what to do.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::Excerpts;
use super::notes::{notes, wrap};
use super::{Style, count};
use crate::diagnostic::paint::{Ink, clean, paint};
use crate::diagnostic::{Diagnostic, Severity, SourceMap};

/// Narrower terminals are written to as if they had this many columns.
const MIN_WIDTH: usize = 40;

pub(super) fn render(found: &[Diagnostic], sources: &SourceMap, style: Style) -> String {
    let style = Style { width: style.width.max(MIN_WIDTH), ..style };
    let handler = handler(style);
    let mut out = String::new();
    for one in found {
        let excerpts = Excerpts::new(one, sources, style.width);
        let report = Report { found: one, excerpts };
        if handler.render_report(&mut out, &report).is_err() {
            // miette refuses only places that are not in the text; the message still counts.
            out.push_str(&format!("{report}\n"));
        }
        add_notes(&mut out, &report, style);
        out.push('\n');
    }
    out.push_str(&summary(found, style));
    out
}

fn handler(style: Style) -> GraphicalReportHandler {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    GraphicalReportHandler::new_themed(theme)
        .with_urls(false)
        .with_width(style.width)
        .with_context_lines(1)
        .without_syntax_highlighting()
}

fn add_notes(out: &mut String, report: &Report<'_>, style: Style) {
    let mut notes = notes(report.found);
    match report.excerpts.left_out {
        0 => {}
        1 => notes.insert(0, ("places", "and one more".to_owned())),
        more => notes.insert(0, ("places", format!("and {more} more"))),
    }
    for (heading, text) in notes {
        let indent = heading.len() + 4;
        for (i, line) in wrap(&text, style.width.saturating_sub(indent)).iter().enumerate() {
            if i == 0 {
                let heading = paint(style.color, Ink::Cyan, &format!("{heading}:"));
                out.push_str(&format!("  {heading} {line}\n"));
            } else {
                out.push_str(format!("{:indent$}{line}", "").trim_end());
                out.push('\n');
            }
        }
    }
}

fn summary(found: &[Diagnostic], style: Style) -> String {
    // The worst of them is what the reader wants to understand first.
    let errors = found.iter().find(|d| d.severity == Severity::Error);
    let Some(first) = errors.or(found.first()) else { return String::new() };
    let part = |severity, ink, one: &str| {
        let number = count(found, severity);
        let plural = if number == 1 { "" } else { "s" };
        (number > 0).then(|| paint(style.color, ink, &format!("{number} {one}{plural}")))
    };
    let parts = [
        part(Severity::Error, Ink::Red, "error"),
        part(Severity::Warning, Ink::Yellow, "warning"),
        part(Severity::Note, Ink::Cyan, "note"),
    ];
    let sum = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let hint = paint(style.color, Ink::Dim, &format!("`stackgen explain {}` tells more", first.code.id));
    format!("{sum}; {hint}\n")
}

/// A finding as miette sees it.
struct Report<'a> {
    found: &'a Diagnostic,
    excerpts: Excerpts,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clean(&self.found.message))
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let word = match self.found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        Some(Box::new(format!("{word}[{}]: {}", self.found.code.id, self.found.code.title)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.found.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpts)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpts.labels()))
    }
}
