//! Findings for programs: one object, whose fields are only ever added to.

use serde::Serialize;

use super::count;
use super::place::{Place, places};
use crate::diagnostic::{Diagnostic, Severity, SourceMap};

/// Goes up when a field changes its meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    diagnostics: Vec<Finding<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    title: &'a str,
    severity: &'a str,
    message: &'a str,
    cause: Option<&'a str>,
    help: Option<&'a str>,
    environments: Vec<&'a str>,
    places: Vec<JsonPlace<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonPlace<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
}

pub(super) fn render(found: &[Diagnostic], sources: &SourceMap) -> String {
    let report = Report {
        version: VERSION,
        diagnostics: found.iter().map(|one| finding(one, sources)).collect(),
        summary: Summary {
            errors: count(found, Severity::Error),
            warnings: count(found, Severity::Warning),
            notes: count(found, Severity::Note),
        },
    };
    // Strings and numbers only: nothing that JSON cannot hold.
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

fn finding<'a>(one: &'a Diagnostic, sources: &'a SourceMap) -> Finding<'a> {
    Finding {
        code: one.code.id,
        title: one.code.title,
        severity: match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: &one.message,
        cause: one.cause.as_deref(),
        help: one.help.as_deref(),
        environments: one.environments.iter().map(|name| &**name).collect(),
        places: places(one, sources).into_iter().map(json_place).collect(),
    }
}

fn json_place(place: Place<'_>) -> JsonPlace<'_> {
    JsonPlace {
        file: place.file,
        line: place.start.line,
        column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
        text: place.text,
    }
}
