//! What a build tells of itself.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use stackgen::diagnostic::{Diagnostic, Format, SourceMap, Style, render};
use stackgen::emit::{Kind, Summary};

use super::findings::{self, FindingsFormat};
use super::outcome::{Failure, Outcome};
use super::output::{Environment, stale};
use super::terminal::{Terminal, is_watched};
use super::value;

/// Findings of a build, and what happened to each environment.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) sources: SourceMap,
    pub(super) findings: Vec<Diagnostic>,
    pub(super) environments: Vec<Environment>,
    /// How long it took.
    pub(super) seconds: Option<f64>,
}

impl Report {
    pub(super) fn new(sources: SourceMap, findings: Vec<Diagnostic>) -> Self {
        Report { sources, findings, environments: Vec::new(), seconds: None }
    }

    pub(super) fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    pub(super) fn has_errors(&self) -> bool {
        findings::has_errors(&self.findings)
    }

    /// Says all of it in a format, and how the build ended.
    pub(super) fn show(mut self, terminal: &Terminal, format: FindingsFormat, check: bool) -> Result<Outcome, Failure> {
        let differs = check && self.environments.iter().any(|environment| !environment.changes.is_empty());
        let outcome = Outcome::found_if(self.has_errors() || differs);
        match format {
            FindingsFormat::Human => self.human(terminal, check)?,
            FindingsFormat::Json => terminal.answer(&self.json())?,
            FindingsFormat::Github | FindingsFormat::Sarif => {
                if check {
                    self.stale_findings();
                }
                terminal.answer(&render(format.into(), &self.findings, &self.sources, Style::PLAIN))?;
            }
        }
        Ok(outcome)
    }

    fn stale_findings(&mut self) {
        for environment in &self.environments {
            for (change, reason) in &environment.changes {
                let mut finding = stale(&mut self.sources, &environment.path, change, reason);
                finding.environments.push(environment.path.clone());
                self.findings.push(finding);
            }
        }
    }

    fn human(&self, terminal: &Terminal, check: bool) -> Result<(), Failure> {
        findings::tell(terminal, &self.findings, &self.sources);
        if self.has_errors() {
            terminal.inform("nothing in `out/` was changed\n");
            return Ok(());
        }
        if !check {
            terminal.inform(&format!("{}{}\n", self.built(), self.time()));
            return Ok(());
        }
        let mut files = 0;
        let mut text = String::new();
        for environment in &self.environments {
            for (change, reason) in &environment.changes {
                files += 1;
                text.push_str(&format!("out/{}/{}: {reason}\n", environment.path, change.path));
            }
        }
        terminal.answer(&text)?;
        let environments = count(self.environments.len(), "environment");
        terminal.inform(&match files {
            0 => format!("checked {environments}: `out/` is what the sources say{}\n", self.time()),
            1 => "1 file of `out/` is not what the sources say: run `stackgen build`\n".to_owned(),
            files => format!("{files} files of `out/` are not what the sources say: run `stackgen build`\n"),
        });
        Ok(())
    }

    /// Times differ from run to run, so that only people get them.
    fn time(&self) -> String {
        let seconds = self.seconds.filter(|_| is_watched());
        seconds.map_or_else(String::new, |seconds| format!(", in {seconds:.2} s"))
    }

    fn built(&self) -> String {
        let sum = |part: fn(&Summary) -> usize| -> usize {
            self.environments.iter().filter_map(|environment| environment.summary.as_ref()).map(part).sum()
        };
        let files = self.environments.iter().map(|environment| environment.files).sum();
        let written = sum(|s| s.added + s.changed + s.restored);
        // Environments that are gone have no files left.
        let built = self.environments.iter().filter(|environment| environment.files > 0).count();
        let mut text = format!("built {}: {}", count(built, "environment"), count(files, "file"));
        match (written, sum(|s| s.removed), sum(|s| s.edits_dropped)) {
            (0, 0, 0) => text.push_str(", nothing changed"),
            (written, removed, edits) => {
                text.push_str(&format!(", {written} written, {removed} removed"));
                if edits > 0 {
                    text.push_str(&format!(", {} dropped", count(edits, "edit")));
                }
            }
        }
        text
    }

    fn json(&self) -> String {
        let findings = render(Format::Json, &self.findings, &self.sources, Style::PLAIN);
        let mut report: Json = serde_json::from_str(&findings).unwrap_or_default();
        report["environments"] = self.environments.iter().map(environment_json).collect();
        value::document(&report)
    }
}

fn environment_json(environment: &Environment) -> Json {
    let changes = environment.changes.iter().map(|(change, reason)| {
        json!({ "path": format!("out/{}/{}", environment.path, change.path), "kind": kind(change.kind), "reason": reason })
    });
    let path: &Arc<str> = &environment.path;
    json!({ "path": &**path, "files": environment.files, "changes": changes.collect::<Json>() })
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Added => "added",
        Kind::Changed => "changed",
        Kind::Mode => "mode",
        Kind::Removed => "removed",
        Kind::Missing => "missing",
        Kind::Edited => "edited",
        Kind::EditedRemoved => "editedRemoved",
        Kind::InTheWay => "inTheWay",
    }
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}
