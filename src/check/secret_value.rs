//! Values of secrets in what would be committed.

use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::checks};
use crate::render::{Object, Place, Rendered, Unit};
use crate::yaml::{Node, Span, Value};

pub(super) const RULE: Rule = Rule { code: &checks::SECRET_VALUE, severity: Severity::Error, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    for unit in &rendered.units {
        let mut found = Vec::new();
        if let Some(values) = &unit.values {
            walk(values, None, &mut found);
        }
        for object in &unit.objects {
            if &*object.kind == "Secret" && object.group().is_empty() && object.place != Place::Resources {
                rendered_secret(unit, object, report);
            } else if &*object.kind == "Secret" && object.group().is_empty() {
                let data = ["data", "stringData"].iter().filter_map(|key| object.node.get(key));
                found.extend(
                    data.filter(|d| d.as_map().is_some_and(|m| !m.is_empty()))
                        .map(|d| (d.span, "a Secret with its data")),
                );
            } else {
                walk(&object.node, None, &mut found);
            }
        }
        for (span, what) in found {
            let message = format!("`{}` has {what} in its output", unit.name);
            report.find(&[&unit.name], span, message, |found| {
                found
                    .here("this would be committed to git")
                    .help("name it under the component's `secrets:` and refer to the Secret")
                    .secret()
            });
        }
    }
    for (path, file) in &rendered.files {
        if let Some(what) = token(&file.text) {
            report.find(&[path], file.span, format!("`{path}` has {what} in it"), |found| found.secret());
        }
    }
}

/// A Secret that a chart makes of its values, or draws.
fn rendered_secret(unit: &Unit, object: &Object, report: &mut Report<'_>) {
    let full = |key: &str| object.node.get(key).and_then(Node::as_map).is_some_and(|data| !data.is_empty());
    if !full("data") && !full("stringData") {
        return;
    }
    let title = object.title();
    let message = format!("the chart of `{}` makes `{title}` with its data", unit.name);
    report.find(&[&title, &unit.name], object.span(), message, |found| {
        found
            .here("in this chart")
            .help("set the value that names an existing Secret, `!unset` the object under `resources:`, or set `delivery: helm`")
    });
}

fn walk(node: &Node, key: Option<&str>, found: &mut Vec<(Span, &'static str)>) {
    match &node.value {
        Value::Map(map) => map.iter().for_each(|(key, value)| walk(value, Some(&key.text), found)),
        Value::Seq(items) => items.iter().for_each(|item| walk(item, key, found)),
        Value::Str(text) => {
            if let Some(what) = token(text) {
                found.push((node.span, what));
            } else if key.is_some_and(names_a_secret) && looks_like_a_value(text) {
                found.push((node.span, "text where a secret belongs"));
            }
        }
        _ => {}
    }
}

/// Keys whose text is the secret itself, and not the name of a Secret or of a key in one.
fn names_a_secret(key: &str) -> bool {
    const WHOLE: [&str; 6] = ["token", "apikey", "api_key", "privatekey", "private_key", "passphrase"];
    const ENDS: [&str; 7] =
        ["password", "passwd", "clientsecret", "client_secret", "secretaccesskey", "authtoken", "bearertoken"];
    let ends = |end: &str| {
        key.len() >= end.len() && key.as_bytes()[key.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
    };
    // Harbor's `existingSecretAdminPassword` and its like hold the name of a Secret.
    let names_one = key.len() > 14 && key.as_bytes()[..14].eq_ignore_ascii_case(b"existingsecret");
    !names_one && (WHOLE.iter().any(|whole| key.eq_ignore_ascii_case(whole)) || ENDS.iter().any(|end| ends(end)))
}

/// References to a Secret, an environment variable, a file or a template are no values.
fn looks_like_a_value(text: &str) -> bool {
    let reference = text.starts_with(['$', '/', '@'])
        || text.contains("{{")
        || text.contains("${")
        || text.contains("$(")
        || text.contains("$__file");
    !text.trim().is_empty() && !reference
}

/// Forms that only secrets have.
fn token(text: &str) -> Option<&'static str> {
    // The cheap look first: nearly no text holds any of these.
    if text.len() < 16 {
        return None;
    }
    if text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    const LEAST: usize = 20;
    const PREFIXES: [(&str, usize, &str); 9] = [
        ("AKIA", 20, "an AWS access key"),
        ("ghp_", 36, "a GitHub token"),
        ("ghs_", 36, "a GitHub token"),
        ("github_pat_", 40, "a GitHub token"),
        ("glpat-", 26, "a GitLab token"),
        ("hvs.", 28, "a Vault token"),
        ("xoxb-", 30, "a Slack token"),
        ("AIza", 39, "a Google API key"),
        ("sk_live_", 24, "a Stripe key"),
    ];
    let of = |word: &[u8]| {
        PREFIXES.iter().position(|(prefix, least, _)| word.len() >= *least && word.starts_with(prefix.as_bytes()))
    };
    let first = long_words(text.as_bytes(), LEAST).filter_map(of).min()?;
    PREFIXES.get(first).map(|(.., what)| *what)
}

/// The words of at least `least` bytes. Few words are so long: where none ends within so many bytes, those are all that is read.
fn long_words(bytes: &[u8], least: usize) -> impl Iterator<Item = &[u8]> {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(window) = bytes.get(at..at + least) {
            if let Some(last) = window.iter().rposition(|byte| !inside(byte)) {
                at += last + 1;
                continue;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            let word = rest.iter().position(|byte| !inside(byte)).map_or(rest, |end| &rest[..end]);
            at += word.len();
            return Some(word);
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::{long_words, names_a_secret, token};

    #[test]
    fn long_words_are_whole() {
        let words =
            |text: &'static str| long_words(text.as_bytes(), 4).map(String::from_utf8_lossy).collect::<Vec<_>>();
        assert_eq!(words("abcd"), ["abcd"]);
        assert_eq!(words("abc abcde  a-.x é_1aB!"), ["abcde", "a-.x", "_1aB"]);
        assert_eq!(words("a b c abc"), [""; 0]);
        assert_eq!(words(""), [""; 0]);
    }

    #[test]
    fn a_token_is_a_word_of_its_own() {
        let aws = format!("AKIA{}", "A".repeat(16));
        for (text, found) in [
            (aws.clone(), true),
            (format!("key={aws}"), true),
            (format!("x{aws}"), false),
            (aws[..19].to_owned(), false),
            (format!("ghp_{}", "a".repeat(31)), false),
            (format!("ghp_{}", "a".repeat(32)), true),
            ("-----BEGIN PRIVATE KEY-----".to_owned(), true),
        ] {
            assert_eq!(token(&text).is_some(), found, "{text}");
        }
    }

    #[test]
    fn the_name_of_a_secret_is_no_secret() {
        for (key, secret) in [("adminPassword", true), ("clientSecret", true), ("existingSecretAdminPassword", false)] {
            assert_eq!(names_a_secret(key), secret, "{key}");
        }
    }
}
