//! A review as text: for people at a terminal, for a comment at a pull request, for programs. Nothing here prints.

mod escape;
mod json;
mod markdown;
mod rows;
mod stat;
mod terminal;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use json::render_json;
pub use markdown::{Markdown, render_markdown};
pub use stat::render_stat;
pub use terminal::render_terminal;

use serde_json::Value as Json;

use super::model::{ComponentReview, Environments, FileReview, KeyChange, Level, Noise, Review, Risk};
use super::short::{short, short_pair};

/// `prod, staging`, or how many where that is too long for a line.
fn names(environments: &[Arc<str>]) -> String {
    const LONG: usize = 60;
    let all = environments.iter().map(|name| &**name).collect::<Vec<_>>().join(", ");
    match environments {
        [first, _, ..] if all.chars().count() > LONG => format!("{first} and {} more", environments.len() - 1),
        _ => all,
    }
}

/// The environments of a part, where they are not those of the whole.
fn names_unless<'a>(part: &'a Environments, whole: &Environments) -> Option<&'a Environments> {
    (part != whole).then_some(part)
}

/// `1 environment`, `3 files`.
fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// How many risks of each level there are, the worst first: `1 data loss, 2 restart`.
fn risk_counts<'a>(risks: impl Iterator<Item = &'a Risk> + Clone) -> String {
    let of = |level: Level| risks.clone().filter(|risk| risk.rule.level == level).count();
    let counts = Level::ALL.into_iter().map(|level| (of(level), level)).filter(|(count, _)| *count > 0);
    counts.map(|(count, level)| format!("{count} {level}")).collect::<Vec<_>>().join(", ")
}

/// What a risk is about: the object, or the key of values.
fn subject(risk: &Risk) -> String {
    match (&risk.object, &risk.key) {
        (Some(object), Some(key)) => format!("{object}: {key}"),
        (Some(object), None) => object.clone(),
        (None, Some(key)) => format!("values: {key}"),
        (None, None) => risk.path.clone(),
    }
}

/// A path, with the earlier one where the file moved.
fn path(file: &FileReview) -> String {
    match &file.from {
        Some(from) => format!("{from} → {}", file.path),
        None => file.path.clone(),
    }
}

/// A changed key in one line: `spec.replicas: 3 → 1`.
fn key_line(key: &KeyChange) -> String {
    const LONG: usize = 60;
    let object = key.object.as_ref().map(|object| format!("{object}: ")).unwrap_or_default();
    match (&key.before, &key.after) {
        _ if key.reordered => format!("~ {object}{}: same items, other order", key.path),
        (Some(before), Some(after)) => {
            let (before, after) = short_pair(&json_words(before), &json_words(after), LONG);
            format!("~ {object}{}: {before} → {after}", key.path)
        }
        (Some(before), None) => format!("- {object}{}: {}", key.path, short(&json_words(before), LONG)),
        (None, Some(after)) => format!("+ {object}{}: {}", key.path, short(&json_words(after), LONG)),
        (None, None) => format!("~ {object}{}", key.path),
    }
}

fn json_words(value: &Json) -> String {
    match value {
        Json::String(text) if !text.is_empty() => text.replace(['\n', '\r'], "⏎"),
        Json::Array(items) if items.len() > 3 => format!("[{} items]", items.len()),
        Json::Object(map) if map.len() > 3 => format!("{{{} keys}}", map.len()),
        other => other.to_string(),
    }
}

/// Whether there is more to tell of a component than that digests follow from other files.
fn is_told(component: &ComponentReview) -> bool {
    !component.risks.is_empty() || component.files.iter().any(|file| file.noise != Some(Noise::Digests))
}

/// The first line of every summary.
fn headline(review: &Review) -> String {
    if review.is_empty() {
        return format!("no difference between {} and {}", review.before, review.after);
    }
    let lines = review.count();
    let changed: BTreeSet<&Arc<str>> = review.components.iter().flat_map(|c| &c.environments).collect();
    format!(
        "{} changed in {} of {}: +{} −{} lines",
        count(review.components.iter().filter(|c| is_told(c)).count(), "component"),
        changed.len(),
        count(review.environments.len(), "environment"),
        lines.added,
        lines.removed,
    )
}
