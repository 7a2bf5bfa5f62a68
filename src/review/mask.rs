//! Secrets are not shown, wherever they stand: a review is read in places that the repository's readers are not asked about.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::document::{Content, Document, ObjectId, scalar};
use super::keys::{Step, path_text};
use super::short::{short, short_pair};
use crate::yaml::{Node, Span, Value};

/// What stands in place of a secret.
const HIDDEN: &str = "<hidden>";
/// What stands in place of a secret that is another one than before.
const CHANGED: &str = "<hidden, changed>";

/// Ends of keys whose strings are secrets themselves. Keys that name a Secret (`passwordKey`, `existingSecret`) end otherwise.
const SECRET_ENDS: [&str; 8] =
    ["password", "passwd", "passphrase", "token", "privatekey", "clientsecret", "secretaccesskey", "apikey"];

/// Secrets by what tells them from others: the object, or the document's place in the file, and the path.
type Found<'a> = BTreeMap<String, (Span, &'a str)>;

/// The lines of both sides with secrets hidden.
pub(super) fn lines(before: &Content, after: &Content) -> (String, String) {
    let mut known = Found::new();
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for (index, document) in before.trees().iter().enumerate() {
        let found = secrets(document, index);
        old.extend(found.values().map(|(span, _)| (document.start, *span, HIDDEN)));
        known.extend(found);
    }
    for (index, document) in after.trees().iter().enumerate() {
        for (path, (span, value)) in secrets(document, index) {
            let differs = known.get(&path).is_some_and(|(_, before)| *before != value);
            new.push((document.start, span, if differs { CHANGED } else { HIDDEN }));
        }
    }
    (hidden(before, old), hidden(after, new))
}

fn hidden(content: &Content, ranges: Vec<(usize, Span, &str)>) -> String {
    match content.documents {
        Some(_) => replaced(content.lines(), ranges),
        None => content.lines().split_inclusive('\n').map(plain_line).collect(),
    }
}

/// A line of a file that is no YAML, or cannot be read: what stands behind `password:` or `password =` is hidden.
fn plain_line(line: &str) -> Cow<'_, str> {
    let Some((key, value)) = line.split_once([':', '=']) else { return Cow::Borrowed(line) };
    let name = key.trim().trim_start_matches("- ").trim_matches(['"', '\'']);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    if !is_name || !is_secret_key(name) || value.trim().is_empty() {
        return Cow::Borrowed(line);
    }
    let end = &line[line.trim_end_matches('\n').len()..];
    Cow::Owned(format!("{}{} {HIDDEN}{end}", key, &line[key.len()..=key.len()]))
}

/// Whether a file that cannot be read may hold a Secret.
pub(super) fn may_hold_secret(content: &Content) -> bool {
    content.documents.is_none()
        && content.lines().lines().any(|line| is_secret_kind(line.trim_start_matches("- ").trim()))
}

fn is_secret_kind(line: &str) -> bool {
    line.strip_prefix("kind:").is_some_and(|kind| kind.trim().trim_matches(['"', '\'']) == "Secret")
}

/// Whether the value at a path is a secret.
pub(crate) fn is_secret(id: Option<&ObjectId>, path: &[Step]) -> bool {
    let of_secret = id.is_some_and(|id| id.kind == "Secret" && id.group.is_empty());
    let holds_data = matches!(path.first(), Some(Step::Key(key)) if matches!(&**key, "data" | "stringData"));
    (of_secret && holds_data) || matches!(path.last(), Some(Step::Key(key)) if is_secret_key(key))
}

fn is_secret_key(key: &str) -> bool {
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    !plain.starts_with("existing") && SECRET_ENDS.iter().any(|end| plain.ends_with(end))
}

/// A value as JSON; a secret, and all secrets in it, hidden.
pub(super) fn value(id: Option<&ObjectId>, path: &[Step], node: &Node) -> Json {
    let deeper = |step: Step, node: &Node| value(id, &[path, &[step]].concat(), node);
    match &node.value {
        Value::Map(map) => Json::Object(
            map.iter().map(|(key, node)| (key.text.to_string(), deeper(Step::Key(key.text.clone()), node))).collect(),
        ),
        Value::Seq(items) => {
            Json::Array(items.iter().enumerate().map(|(i, item)| deeper(Step::Index(i), item)).collect())
        }
        _ if hides(id, path, node) => Json::from(HIDDEN),
        _ => super::document::json(node),
    }
}

/// Numbers and booleans under such keys are settings, such as `automountServiceAccountToken: true`; so are empty strings.
fn hides(id: Option<&ObjectId>, path: &[Step], node: &Node) -> bool {
    node.as_str().is_some_and(|text| !text.is_empty()) && is_secret(id, path)
}

fn secrets(document: &Document, index: usize) -> Found<'_> {
    let mut found = BTreeMap::new();
    let name = document.id.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
    collect(document.id.as_ref(), &mut Vec::new(), &document.node, &name, &mut found);
    found
}

fn collect<'a>(id: Option<&ObjectId>, path: &mut Vec<Step>, node: &'a Node, name: &str, found: &mut Found<'a>) {
    match &node.value {
        Value::Map(map) => {
            for (key, node) in map.iter() {
                path.push(Step::Key(key.text.clone()));
                collect(id, path, node, name, found);
                path.pop();
            }
        }
        Value::Seq(items) => {
            for (i, node) in items.iter().enumerate() {
                path.push(Step::Index(i));
                collect(id, path, node, name, found);
                path.pop();
            }
        }
        Value::Str(text) if hides(id, path, node) => {
            found.insert(format!("{name} {}", path_text(path)), (node.span, text));
        }
        _ => {}
    }
}

/// The text with ranges replaced. A range that does not fit the text hides the whole text: better nothing than a secret.
fn replaced(text: &str, mut ranges: Vec<(usize, Span, &str)>) -> String {
    ranges.sort_by_key(|(start, span, _)| start + span.start as usize);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, span, new) in ranges {
        let (from, to) = (start + span.start as usize, start + span.end as usize);
        let (Some(kept), Some(old)) = (text.get(at..from), text.get(from..to)) else { return format!("{HIDDEN}\n") };
        out.push_str(kept);
        out.push_str(new);
        out.push_str(&old[old.trim_end_matches('\n').len()..]);
        at = to;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Characters that a value has in a message.
const MAX_CHARS: usize = 60;

/// A short text of a value for a message; never a secret.
pub(crate) fn words(id: Option<&ObjectId>, path: &[Step], node: Option<&Node>) -> String {
    short(&all_words(id, path, node), MAX_CHARS)
}

/// `before → after`, each in short, and never a secret.
pub(crate) fn arrow(id: Option<&ObjectId>, path: &[Step], before: Option<&Node>, after: Option<&Node>) -> String {
    let (before, after) = short_pair(&all_words(id, path, before), &all_words(id, path, after), MAX_CHARS);
    format!("{before} → {after}")
}

fn all_words(id: Option<&ObjectId>, path: &[Step], node: Option<&Node>) -> String {
    let Some(node) = node else { return "unset".to_owned() };
    if hides(id, path, node) {
        return HIDDEN.to_owned();
    }
    let text = match &node.value {
        Value::Map(map) => format!("{{{}}}", map.keys().map(|k| k.text.to_string()).collect::<Vec<_>>().join(", ")),
        Value::Seq(items) => {
            let texts: Option<Vec<String>> = items.iter().map(scalar).collect();
            texts.map_or_else(|| format!("[{} items]", items.len()), |texts| format!("[{}]", texts.join(", ")))
        }
        _ => scalar(node).unwrap_or_default(),
    };
    if text.is_empty() { "\"\"".to_owned() } else { text.replace(['\n', '\r', '\t'], " ") }
}

#[cfg(test)]
mod tests {
    use super::{is_secret_key, plain_line};

    #[test]
    fn lines_that_are_no_yaml_are_hidden_by_their_key() {
        assert_eq!(plain_line("  - adminPassword: hunter1\n"), "  - adminPassword: <hidden>\n");
        assert_eq!(plain_line("db.password=hunter1"), "db.password= <hidden>");
        assert_eq!(plain_line("password:\n"), "password:\n");
        assert_eq!(plain_line("echo the password: yes\n"), "echo the password: yes\n");
    }

    #[test]
    fn keys_that_name_a_secret_are_not_secrets() {
        for key in ["password", "adminPassword", "client-secret", "auth_token", "AWS_SECRET_ACCESS_KEY"] {
            assert!(is_secret_key(key), "{key}");
        }
        for key in [
            "passwordKey",
            "existingSecret",
            "secretName",
            "tokenTTL",
            "passwordSecretRef",
            "existingSecretAdminPassword",
        ] {
            assert!(!is_secret_key(key), "{key}");
        }
    }
}
