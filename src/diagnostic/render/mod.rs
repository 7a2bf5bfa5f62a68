//! Findings as text: for people at a terminal, and for programs.
//!
//! One file per format, all from the same [`Diagnostic`]s. Nothing here prints.

mod excerpt;
mod github;
mod human;
mod json;
mod notes;
mod place;
mod sarif;

use std::fmt;
use std::str::FromStr;

pub(super) use notes::wrap;

use super::{Diagnostic, Severity, SourceMap};

/// Who reads the findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A person at a terminal.
    #[default]
    Human,
    /// A program: one JSON object.
    Json,
    /// GitHub Actions: workflow commands that become annotations.
    Github,
    /// Code scanning: SARIF 2.1.0.
    Sarif,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 4] = [Format::Human, Format::Json, Format::Github, Format::Sarif];

    /// The word for `--format`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::Github => "github",
            Format::Sarif => "sarif",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Format::ALL.into_iter().find(|format| format.name() == word);
        known.ok_or_else(|| format!("unknown format `{word}`: human, json, github or sarif"))
    }
}

/// How text for people looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Style {
    /// No colours, 100 columns: what a file or a pipe gets.
    pub const PLAIN: Style = Style { color: false, width: 100 };
}

/// All findings in a format. `style` matters for people only.
pub fn render(format: Format, found: &[Diagnostic], sources: &SourceMap, style: Style) -> String {
    match format {
        Format::Human => human::render(found, sources, style),
        Format::Json => json::render(found, sources),
        Format::Github => github::render(found, sources),
        Format::Sarif => sarif::render(found, sources),
    }
}

/// How many findings of each severity there are.
fn count(found: &[Diagnostic], severity: Severity) -> usize {
    found.iter().filter(|d| d.severity == severity).count()
}
