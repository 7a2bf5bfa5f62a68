//! Merge tags in a file's text.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::{Span, Tag};
use crate::diagnostic::{Diagnostic, Sink, codes::reading, nearest};

const NAMES: [&str; 5] = ["append", "prepend", "merge", "replace", "unset"];

/// The tag of a source text (`!append`); what is wrong with it goes to the sink.
pub(super) fn read(raw: &str, span: Span, sink: &mut Sink) -> Option<Tag> {
    let name = raw.strip_prefix('!').unwrap_or(raw);
    match name {
        "append" => return Some(Tag::Append),
        "prepend" => return Some(Tag::Prepend),
        "replace" => return Some(Tag::Replace),
        "unset" => return Some(Tag::Unset),
        _ => {}
    }
    match name.strip_prefix("merge") {
        Some("" | ":") => sink.push(
            Diagnostic::error(&reading::BAD_TAG, span, "`!merge` without the key that tells the items apart")
                .here("the key is missing")
                .help("write the key after it, and the list below: `containers: !merge name`"),
        ),
        Some(key) if key.starts_with(':') => return Some(Tag::Merge(Arc::from(&key[1..]))),
        _ => sink.push(unknown(raw, name, span)),
    }
    None
}

fn unknown(raw: &str, name: &str, span: Span) -> Diagnostic {
    let found = Diagnostic::error(&reading::BAD_TAG, span, format!("unknown tag `{raw}`")).here("no such tag");
    if name.starts_with('!') || name.starts_with('<') {
        return found
            .cause("types of values follow from the schema, so tags for types have no place here")
            .help("leave the tag out; quote the value if it is to be text");
    }
    match nearest(name, NAMES) {
        Some(right) => found.help(format!("did you mean `!{right}`?")),
        None => found.help(
            "known tags: `!append`, `!prepend`, `!merge KEY`, `!replace`, `!unset`; text that starts with `!` needs quotes",
        ),
    }
}

/// A text in which every `!merge KEY` is one word, which is what a YAML parser can read as a tag. Places stay the same.
pub(super) struct Joined<'t> {
    /// What to parse.
    pub(super) text: Cow<'t, str>,
    /// Where a space became a colon, in order.
    at: Vec<usize>,
}

impl<'t> Joined<'t> {
    /// Joins all that look like tags, but for those in one of the ranges, which are in order.
    pub(super) fn new(text: &'t str, within: &[Range<usize>]) -> Self {
        let mut at = Vec::new();
        for (start, word) in text.match_indices("!merge ") {
            let space = start + word.len() - 1;
            let next = within.partition_point(|range| range.end <= space);
            let free = within.get(next).is_none_or(|range| space < range.start);
            if free && stands_as_tag(&text[..start], &text[space + 1..]) {
                at.push(space);
            }
        }
        if at.is_empty() {
            return Joined { text: Cow::Borrowed(text), at };
        }
        let mut joined = String::with_capacity(text.len());
        let mut done = 0;
        for space in &at {
            joined.push_str(&text[done..*space]);
            joined.push(':');
            done = space + 1;
        }
        joined.push_str(&text[done..]);
        Joined { text: Cow::Owned(joined), at }
    }

    /// Whether a byte range has a joined place: then it was no tag, but part of a string.
    pub(super) fn touches(&self, range: &Range<usize>) -> bool {
        let first = self.at.partition_point(|at| *at < range.start);
        self.at.get(first).is_some_and(|at| *at < range.end)
    }
}

/// Whether the words around `!merge ` make it a tag: it starts a value, and after the key the line or a flow list follows.
fn stands_as_tag(before: &str, after: &str) -> bool {
    let starts = before.is_empty() || before.ends_with([' ', '\n', '[', ',', '{']);
    let key = after.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/')).count();
    let rest = &after[key..];
    let next = rest.trim_start_matches(' ');
    let spaced = next.len() < rest.len();
    starts && key > 0 && (next.is_empty() || next.starts_with(['\n', '\r']) || (spaced && next.starts_with(['#', '['])))
}
