//! Findings as SARIF 2.1.0, which code scanning reads.

use serde_json::{Value, json};

use super::notes::notes;
use super::place::{Place, places};
use crate::diagnostic::{Code, Diagnostic, Severity, SourceMap};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn render(found: &[Diagnostic], sources: &SourceMap) -> String {
    let rules = rules(found);
    let results: Vec<Value> = found.iter().map(|one| result(one, &rules, sources)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "stackgen",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "SRCROOT": { "description": { "text": "The platform repository." } } },
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// The codes that were found, in order of their numbers.
fn rules(found: &[Diagnostic]) -> Vec<&'static Code> {
    let mut codes: Vec<&'static Code> = found.iter().map(|one| one.code).collect();
    codes.sort_by_key(|code| code.id);
    codes.dedup_by_key(|code| code.id);
    codes
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "name": pascal_case(code.title),
        "shortDescription": { "text": code.title },
        "fullDescription": { "text": code.explain },
        "help": { "text": code.explain, "markdown": code.explain },
    })
}

fn result(one: &Diagnostic, rules: &[&'static Code], sources: &SourceMap) -> Value {
    let places = places(one, sources);
    let mut lines = vec![one.message.clone()];
    lines.extend(notes(one).into_iter().map(|(heading, text)| format!("{heading}: {text}")));
    let level = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut result = json!({
        "ruleId": one.code.id,
        "ruleIndex": rules.iter().position(|code| code.id == one.code.id),
        "level": level,
        "message": { "text": lines.join("\n") },
        "locations": places.first().map(location).into_iter().collect::<Vec<_>>(),
    });
    if places.len() > 1 {
        let further = places.iter().skip(1).enumerate().map(|(i, place)| related(i + 1, place));
        result["relatedLocations"] = further.collect();
    }
    result
}

fn location(place: &Place<'_>) -> Value {
    let mut physical = json!({
        "artifactLocation": { "uri": uri(place.file) },
        "region": {
            "startLine": place.start.line,
            "startColumn": place.start.column,
            "endLine": place.end.line,
            "endColumn": place.end.column,
        },
    });
    if !place.is_embedded() {
        physical["artifactLocation"]["uriBaseId"] = json!("SRCROOT");
    }
    let mut location = json!({ "physicalLocation": physical });
    if !place.text.is_empty() {
        location["message"] = json!({ "text": place.text });
    }
    location
}

fn related(id: usize, place: &Place<'_>) -> Value {
    let mut location = location(place);
    location["id"] = json!(id);
    location
}

/// A path as a URI: what a URI may not hold is escaped by bytes. An embedded file has a scheme of its own.
fn uri(path: &str) -> String {
    let embedded = path.strip_prefix('<').and_then(|rest| rest.split_once('>'));
    let (scheme, path) = match embedded {
        Some((kind, rest)) => (format!("stackgen:{}", kind.replace(' ', "-")), rest),
        None => (String::new(), path),
    };
    let mut out = scheme;
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn pascal_case(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    words.map(capital).collect()
}
