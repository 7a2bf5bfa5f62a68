//! How findings leave a command.

use stackgen::diagnostic::{Diagnostic, Format, Severity, SourceMap, render};

use super::outcome::{Failure, Outcome};
use super::terminal::Terminal;

/// Who reads the findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FindingsFormat {
    /// For people
    #[default]
    Human,
    /// One JSON object
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

impl From<FindingsFormat> for Format {
    fn from(format: FindingsFormat) -> Self {
        match format {
            FindingsFormat::Human => Format::Human,
            FindingsFormat::Json => Format::Json,
            FindingsFormat::Github => Format::Github,
            FindingsFormat::Sarif => Format::Sarif,
        }
    }
}

/// Whether there is an error among the findings.
pub(super) fn has_errors(found: &[Diagnostic]) -> bool {
    found.iter().any(|one| one.severity == Severity::Error)
}

/// Findings that are the answer of a command: to standard output.
pub(super) fn answer(
    terminal: &Terminal,
    format: FindingsFormat,
    found: &[Diagnostic],
    sources: &SourceMap,
) -> Result<Outcome, Failure> {
    terminal.answer(&render(format.into(), found, sources, terminal.stdout_style()))?;
    Ok(Outcome::found_if(has_errors(found)))
}

/// Findings that stand beside the answer of a command: to standard error.
pub(super) fn tell(terminal: &Terminal, found: &[Diagnostic], sources: &SourceMap) {
    terminal.tell(&render(Format::Human, found, sources, terminal.stderr_style()));
}
