//! What is YAML, but is refused in sources: the words for it.

use super::scalar::{Plain, WORD, classify};
use super::{FileId, Node, Span};
use crate::diagnostic::{Diagnostic, codes::reading};

/// Longer texts are not repeated in a message.
const LONG: usize = 40;

pub(super) fn directive(span: Span) -> Diagnostic {
    Diagnostic::error(&reading::DIRECTIVE, span, "a YAML directive")
        .here("not allowed in sources")
        .help("remove the line")
}

pub(super) fn second_document(span: Span) -> Diagnostic {
    Diagnostic::error(&reading::SECOND_DOCUMENT, span, "a second document in the file")
        .here("it starts here")
        .help("put it into a file of its own, or remove the `---`")
}

/// Text that only quotes make text.
pub(super) fn unquoted(text: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::error(&reading::UNQUOTED, span, "this text needs quotes")
        .here(why)
        .help(format!("quote it: {}", quoted(text)))
}

/// An anchor or an alias.
pub(super) fn anchor(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(&reading::ANCHOR, span, format!("{what} is not allowed"))
        .here(what)
        .help("write the value out, or make it a parameter and use an expression; quote it if it is text")
}

fn merge_key(span: Span) -> Diagnostic {
    Diagnostic::error(&reading::ANCHOR, span, "the merge key `<<` is not allowed")
        .here("a merge key")
        .help("write the entries out; layers and `$merge: expr` join maps")
}

pub(super) fn tab_before_value(span: Span) -> Diagnostic {
    Diagnostic::error(&reading::TAB, span, "a tab before a value").here("a tab").help("use spaces")
}

pub(super) fn tag_at_key(span: Span) -> Diagnostic {
    Diagnostic::error(&reading::BAD_TAG, span, "a tag at a key")
        .here("tags stand before values")
        .help("write `key: !tag value`")
}

pub(super) fn word(text: &str, value: bool, span: Span) -> Diagnostic {
    ambiguous(text, WORD, span).help(format!("write `{value}` for the boolean, or `\"{text}\"` for the text"))
}

pub(super) fn disputed(text: &str, why: &str, span: Span) -> Diagnostic {
    ambiguous(text, why, span).help(match meant(text) {
        Some(number) => format!("write `{number}` for the number, or {} for the text", quoted(text)),
        None => format!("quote it: {}", quoted(text)),
    })
}

fn ambiguous(text: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::error(&reading::AMBIGUOUS, span, format!("{} is not the same to every reader", shown(text))).here(why)
}

pub(super) fn rewritten(text: &str, why: &str, value: f64, span: Span) -> Diagnostic {
    let mut number = String::new();
    super::write::number(value, &mut number);
    Diagnostic::error(&reading::REWRITTEN, span, format!("{} would become `{number}`", shown(text)))
        .here(why)
        .help(format!("write {} for a version or other text, or `{number}` for the number", quoted(text)))
}

pub(super) fn missing_space(name: &str, value: &str, file: FileId, start: u32) -> Diagnostic {
    let end = start + name.len() as u32 + 1;
    // It looks like a space, and comes with text that is copied from a page.
    if let Some(sign) = value.chars().next().filter(|c| c.is_whitespace()) {
        let span = Span { file, start: end, end: end + sign.len_utf8() as u32 };
        let code = sign as u32;
        let message = format!("after `{name}:` stands a character that only looks like a space (U+{code:04X})");
        return Diagnostic::error(&reading::MISSING_SPACE, span, message)
            .here("this one")
            .help("type a space in its place");
    }
    Diagnostic::error(&reading::MISSING_SPACE, Span { file, start, end }, format!("no space after `{name}:`"))
        .here("a key needs a space after its colon")
        .help(format!("write `{name}: …`; quote it if it is text"))
}

/// What is wrong with a plain key, if anything is.
pub(super) fn key(text: &str, empty: bool, span: Span) -> Option<Diagnostic> {
    if empty {
        let found = Diagnostic::error(&reading::BAD_KEY, span, "a value without a key");
        return Some(
            found.here("a key is missing").help("write the key before the colon; an empty key needs quotes: `\"\": …`"),
        );
    }
    if text == "<<" {
        return Some(merge_key(span));
    }
    let kind = match classify(text) {
        Plain::Text => return None,
        Plain::Null => "null",
        Plain::Bool(_) => "a boolean",
        Plain::Int(_) | Plain::Float(_) | Plain::Rewritten(..) => "a number",
        Plain::Word(_) => "a boolean to Helm and kubectl",
        Plain::Disputed(_) => "not text to every reader",
    };
    let found = Diagnostic::error(&reading::BAD_KEY, span, format!("the key {} is {kind}", shown(text)));
    Some(found.here("keys are text").help(format!("quote it: {}", quoted(text))))
}

pub(super) fn key_with_children(node: &Node) -> Diagnostic {
    let what = node.value.type_name();
    Diagnostic::error(&reading::BAD_KEY, node.span, format!("{what} as a key"))
        .here("keys are text")
        .help("put quotes around text that starts with `[` or `{`, such as an expression")
}

pub(super) fn duplicate(text: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(&reading::DUPLICATE_KEY, second, format!("the key {} stands twice in this map", shown(text)))
        .here("again here")
        .label(first, "first here")
        .help("keep one of the two; if both hold maps, put their entries under one key")
}

/// `${{ … }}` or `{{ … }}` where YAML takes the braces for maps.
pub(super) fn expression(text: &str, span: Span) -> Diagnostic {
    let found = Diagnostic::error(&reading::UNQUOTED_EXPRESSION, span, "this needs quotes")
        .here("YAML reads the braces as maps");
    if text.starts_with('$') {
        found.help(format!("put the whole value in quotes: {}", quoted(text)))
    } else {
        found.help(format!(
            "put the whole value in quotes: {}; stackgen's own expressions are `${{{{ … }}}}`",
            quoted(text)
        ))
    }
}

/// A text in a message.
fn shown(text: &str) -> String {
    if text.chars().count() > LONG { "this text".to_owned() } else { format!("`{text}`") }
}

/// A text in quotes, in a message.
pub(super) fn quoted(text: &str) -> String {
    match text {
        text if text.chars().count() > LONG => "`\"…\"`".to_owned(),
        text if text.contains(['"', '\\']) => format!("`'{}'`", text.replace('\'', "''")),
        text => format!("`\"{text}\"`"),
    }
}

/// The decimal number that was meant by a number in another form.
pub(super) fn meant(text: &str) -> Option<i64> {
    let plain = text.replace('_', "");
    let (sign, unsigned) = plain.strip_prefix('-').map_or((1, plain.as_str()), |rest| (-1, rest));
    let lower = unsigned.to_ascii_lowercase();
    let (digits, base) = match lower.get(..2) {
        Some("0x") => (&lower[2..], 16),
        Some("0o") => (&lower[2..], 8),
        Some("0b") => (&lower[2..], 2),
        _ if lower.len() > 1 && lower.starts_with('0') => (&lower[1..], 8),
        _ if text.contains('_') => (lower.as_str(), 10),
        _ => return None,
    };
    i64::from_str_radix(digits, base).ok().filter(|n| *n <= 1 << 53).map(|n| sign * n)
}
