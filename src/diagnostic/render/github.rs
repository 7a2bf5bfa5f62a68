//! Findings as workflow commands of GitHub Actions, which become annotations at the lines of a pull request.

use super::notes::notes;
use super::place::{Place, places};
use crate::diagnostic::{Diagnostic, Severity, SourceMap};

pub(super) fn render(found: &[Diagnostic], sources: &SourceMap) -> String {
    found.iter().map(|one| command(one, sources)).collect()
}

fn command(one: &Diagnostic, sources: &SourceMap) -> String {
    let places = places(one, sources);
    // An annotation needs a file of the repository; embedded files are named in the message instead.
    let shown = places.iter().position(|place| !place.is_embedded());
    let mut properties = Vec::new();
    if let Some(place) = shown.and_then(|i| places.get(i)) {
        properties.push(format!("file={}", property(place.file)));
        properties.push(format!("line={}", place.start.line));
        properties.push(format!("endLine={}", place.end.line));
        properties.push(format!("col={}", place.start.column));
    }
    properties.push(format!("title={}", property(&format!("{} {}", one.code.id, one.code.title))));
    let level = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    format!("::{level} {}::{}\n", properties.join(","), data(&message(one, &places, shown)))
}

fn message(one: &Diagnostic, places: &[Place<'_>], shown: Option<usize>) -> String {
    let mut lines = vec![one.message.clone()];
    for (i, place) in places.iter().enumerate() {
        if Some(i) == shown {
            lines.extend((!place.text.is_empty()).then(|| place.text.to_owned()));
        } else {
            lines.push(format!("{}:{}:{} {}", place.file, place.start.line, place.start.column, place.text));
        }
    }
    lines.extend(notes(one).into_iter().map(|(heading, text)| format!("{heading}: {text}")));
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// The escapes of a command's text.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of a property, which commas and colons would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
