//! What is said below a finding: cause, help, environments; and lines that fit the terminal.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::paint::clean;

/// More environments than this are counted, not named.
const NAMED_ENVIRONMENTS: usize = 8;

/// The notes of a finding, each with its heading.
pub(super) fn notes(found: &Diagnostic) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    notes.extend(found.cause.as_ref().map(|text| ("cause", text.clone())));
    notes.extend(found.help.as_ref().map(|text| ("help", text.clone())));
    match found.environments.as_slice() {
        [] => {}
        [one] => notes.push(("environment", one.to_string())),
        many => notes.push(("environments", environments(many))),
    }
    notes
}

fn environments(names: &[std::sync::Arc<str>]) -> String {
    let named = names.iter().take(NAMED_ENVIRONMENTS).map(|name| &**name).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED_ENVIRONMENTS) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// Text broken at blanks into lines of at most `width` characters. Line breaks in the text stay, and so do
/// the blanks at the start of a line; a word longer than a line is left whole.
pub(in crate::diagnostic) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in clean(text).lines() {
        let indent: String = paragraph.chars().take_while(|c| *c == ' ').collect();
        let mut line = indent.clone();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let filled = line.chars().count() > indent.len();
            if filled && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::replace(&mut line, indent.clone()));
            } else if filled {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}
