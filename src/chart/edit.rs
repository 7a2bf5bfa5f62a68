//! A new version in the very place where the old one is written.

use crate::diagnostic::SourceMap;
use crate::yaml::{FileId, Resolved, Span, Value, resolve_plain};

/// Files with other versions in them, by their number: the new texts.
///
/// All else stays as it is: quotes, comments, blanks.
pub fn rewrite(sources: &SourceMap, changes: &[(Span, String)]) -> Vec<(FileId, String)> {
    let mut files: Vec<FileId> = changes.iter().map(|(span, _)| span.file).collect();
    files.sort_unstable();
    files.dedup();
    let mut texts = Vec::new();
    for file in files {
        let Some(source) = sources.file(file) else { continue };
        let mut places: Vec<&(Span, String)> = changes.iter().filter(|(span, _)| span.file == file).collect();
        // From the end, so that earlier places stay where they are.
        places.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        places.dedup_by_key(|(span, _)| span.start);
        let mut text = source.text.to_string();
        for (span, version) in places {
            let range = span.start as usize..span.end as usize;
            let Some(old) = text.get(range.clone()) else { continue };
            let new = scalar(old, version);
            text.replace_range(range, &new);
        }
        texts.push((file, text));
    }
    texts
}

/// The version in the quotes of the old one, or in some where it would be a number without.
fn scalar(old: &str, version: &str) -> String {
    let plain = matches!(resolve_plain(version), Resolved::Value(Value::Str(_)));
    match old.chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{version}{quote}"),
        _ if plain => version.to_owned(),
        _ => format!("\"{version}\""),
    }
}
