//! For programs. The schema is written down in `docs/review.md`; a key is never taken away or given another meaning while
//! `schema` is the same.

use serde_json::{Value as Json, json};

use crate::review::model::{ComponentReview, FileReview, Hunk, KeyChange, Lines, Note, Review, Risk};

/// The version of the schema.
const SCHEMA: u32 = 1;

/// The whole review as one JSON object.
pub fn render_json(review: &Review) -> String {
    let value = json!({
        "schema": SCHEMA,
        "before": review.before,
        "after": review.after,
        "environments": review.environments.iter().map(|e| &**e).collect::<Vec<_>>(),
        "worst": review.worst().map(|level| level.id()),
        "lines": lines(review.count()),
        "components": review.components.iter().map(component).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn lines(lines: Lines) -> Json {
    json!({ "added": lines.added, "removed": lines.removed })
}

fn environments(names: &[std::sync::Arc<str>]) -> Json {
    names.iter().map(|name| Json::from(&**name)).collect()
}

fn component(component: &ComponentReview) -> Json {
    json!({
        "name": component.name,
        "environments": environments(&component.environments),
        "lines": lines(component.count()),
        "risks": component.risks.iter().map(risk).collect::<Vec<_>>(),
        "files": component.files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn risk(risk: &Risk) -> Json {
    json!({
        "rule": risk.rule.id,
        "level": risk.rule.level.id(),
        "title": risk.rule.title,
        "message": risk.message,
        "advice": risk.rule.advice,
        "path": risk.path,
        "object": risk.object,
        "key": risk.key,
        "environments": environments(&risk.environments),
    })
}

fn file(file: &FileReview) -> Json {
    json!({
        "path": file.path,
        "from": file.from,
        "change": file.change.id(),
        "noise": file.noise.map(|noise| noise.id()),
        "notes": file.notes.iter().map(note).collect::<Vec<_>>(),
        "environments": environments(&file.environments),
        "lines": lines(file.count()),
        "keys": file.keys.iter().map(key).collect::<Vec<_>>(),
        "hunks": file.hunks.iter().map(hunk).collect::<Vec<_>>(),
    })
}

fn note(note: &Note) -> Json {
    match note {
        Note::Binary { before, after } => json!({ "kind": "binary", "before": before, "after": after }),
        Note::NotYaml => json!({ "kind": "not-yaml" }),
        Note::Withheld => json!({ "kind": "withheld" }),
        Note::LineEnds(crlf) => json!({ "kind": "line-ends", "crlf": crlf }),
    }
}

fn key(key: &KeyChange) -> Json {
    let mut value = json!({
        "object": key.object,
        "path": key.path,
        "reordered": key.reordered,
        "environments": environments(&key.environments),
    });
    // An absent side and a side with `null` are two things, so an absent one has no key.
    if let Json::Object(map) = &mut value {
        map.extend(key.before.clone().map(|before| ("before".to_owned(), before)));
        map.extend(key.after.clone().map(|after| ("after".to_owned(), after)));
    }
    value
}

fn hunk(hunk: &Hunk) -> Json {
    use crate::review::model::LineKind;
    let line = |line: &crate::review::model::Line| {
        let kind = match line.kind {
            LineKind::Context => "context",
            LineKind::Removed => "removed",
            LineKind::Added => "added",
        };
        let mut value = json!({ "kind": kind, "text": line.text() });
        if line.unfinished
            && let Json::Object(map) = &mut value
        {
            map.insert("unfinished".to_owned(), Json::Bool(true));
        }
        value
    };
    json!({
        "before": { "start": hunk.before.0, "count": hunk.before.1 },
        "after": { "start": hunk.after.0, "count": hunk.after.1 },
        "inside": hunk.inside,
        "lines": hunk.lines.iter().map(line).collect::<Vec<_>>(),
        "environments": environments(&hunk.environments),
    })
}
