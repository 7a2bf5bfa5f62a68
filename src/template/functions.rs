//! Filters and functions of expressions, beside those of Jinja.

use std::fmt::Write as _;

use minijinja::value::{Kwargs, Rest, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};
use sha2::{Digest, Sha256};

use super::convert::from_value;
use super::network;
use crate::yaml::{self, Order, Span};

/// The names that [`register`] adds.
pub(super) const NAMES: &[&str] = &[
    "b64encode",
    "cidr_contains",
    "cidr_host",
    "dns_label",
    "host_of",
    "merge",
    "range_contains",
    "range_first",
    "range_last",
    "regex_escape",
    "semver_matches",
    "sha256",
    "shell_quote",
    "to_json",
    "to_toml",
    "to_yaml",
    "unique",
];

pub(super) fn register(engine: &mut Environment<'static>) {
    engine.add_filter("to_yaml", to_yaml);
    engine.add_filter("to_json", to_json);
    engine.add_filter("to_toml", to_toml);
    engine.add_filter("b64encode", |text: &str| base64(text.as_bytes()));
    engine.add_filter("sha256", |text: &str| hex(&Sha256::digest(text.as_bytes())));
    engine.add_filter("dns_label", dns_label);
    engine.add_filter("shell_quote", shell_quote);
    engine.add_filter("regex_escape", regex_escape);
    engine.add_filter("host_of", host_of);
    engine.add_filter("unique", unique);
    engine.add_function("merge", merge);
    engine.add_function("cidr_host", network::cidr_host);
    engine.add_function("cidr_contains", network::cidr_contains);
    engine.add_function("range_first", network::range_first);
    engine.add_function("range_last", network::range_last);
    engine.add_function("range_contains", network::range_contains);
    engine.add_function("semver_matches", semver_matches);
    engine.add_test("containing", containing);
}

/// Whether a list has an item: `components | selectattr("needs", "containing", "root")`.
fn containing(list: &Value, item: &Value) -> bool {
    list.try_iter().is_ok_and(|mut items| items.any(|i| i == *item))
}

pub(super) fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail.into())
}

fn to_yaml(value: &Value) -> Result<String, Error> {
    let node = from_value(value, Span::BUILT_IN).map_err(|why| invalid(why.to_string()))?;
    let mut text = String::new();
    yaml::write(&node, Order::AsIs, &mut text);
    Ok(text)
}

fn to_json(value: &Value, options: Kwargs) -> Result<String, Error> {
    let indent: Option<bool> = options.get("indent")?;
    options.assert_all_used()?;
    let text = if indent.unwrap_or(false) { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    text.map_err(|e| invalid(e.to_string()))
}

/// A value as TOML writes it in one line.
fn to_toml(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Bool => Ok(if value.is_true() { "true".into() } else { "false".into() }),
        ValueKind::Number => Ok(value.to_string()),
        ValueKind::String => Ok(toml_string(value.as_str().unwrap_or(""))),
        ValueKind::Seq | ValueKind::Iterable => {
            let items: Result<Vec<String>, Error> = value.try_iter()?.map(|item| to_toml(&item)).collect();
            Ok(format!("[{}]", items?.join(", ")))
        }
        ValueKind::Map => {
            let mut entries = Vec::new();
            for key in value.try_iter()? {
                let name = key.as_str().ok_or_else(|| invalid("a TOML key must be a string"))?;
                entries.push(format!("{} = {}", toml_string(name), to_toml(&value.get_item(&key)?)?));
            }
            Ok(format!("{{ {} }}", entries.join(", ")))
        }
        kind => Err(invalid(format!("TOML cannot hold {kind}"))),
    }
}

fn toml_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, b| (word << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let six = (word >> (18 - 6 * i)) & 63;
            out.push(if i > chunk.len() { '=' } else { ALPHABET[six as usize] as char });
        }
    }
    out
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// A name that DNS and Kubernetes take: lower case, digits and `-`, at most 63 characters.
fn dns_label(text: &str) -> String {
    let label: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).take(63).collect();
    label.trim_matches('-').to_owned()
}

fn regex_escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// The host of a URL, without port.
fn host_of(url: &str) -> Result<String, Error> {
    let rest = url.split_once("://").map(|(_, rest)| rest).ok_or_else(|| invalid(format!("`{url}` is not a URL")))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Ok(host
        .rsplit_once(':')
        .filter(|(_, port)| port.chars().all(|c| c.is_ascii_digit()))
        .map_or(host, |(h, _)| h)
        .to_owned())
}

/// The items without repeats, in order.
fn unique(value: &Value) -> Result<Vec<Value>, Error> {
    let mut seen: Vec<Value> = Vec::new();
    for item in value.try_iter()? {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    Ok(seen)
}

/// Maps into one; later ones win.
fn merge(maps: Rest<Value>) -> Result<Value, Error> {
    let mut all: Vec<(Value, Value)> = Vec::new();
    for map in maps.iter().filter(|m| !m.is_none()) {
        if map.kind() != ValueKind::Map {
            return Err(invalid(format!("merge takes maps, not {}", map.kind())));
        }
        for key in map.try_iter()? {
            let value = map.get_item(&key)?;
            match all.iter_mut().find(|(known, _)| *known == key) {
                Some(entry) => entry.1 = value,
                None => all.push((key, value)),
            }
        }
    }
    Ok(Value::from_pairs(all))
}

fn semver_matches(version: &str, constraint: &str) -> Result<bool, Error> {
    let version =
        crate::semver::Version::parse(version).ok_or_else(|| invalid(format!("`{version}` is not a version")))?;
    let constraint = crate::semver::Constraint::parse(constraint)
        .ok_or_else(|| invalid(format!("`{constraint}` is not a version constraint")))?;
    Ok(constraint.allows(&version))
}

/// A word of a POSIX shell: quoted where it has to be.
pub fn shell_quote(text: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | '@' | '%' | '+' | ',');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_as_rfc_4648_says() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn hosts_lose_scheme_user_port_and_path() {
        for url in ["https://a.example/x", "https://u@a.example:8443/x?y", "http://a.example"] {
            assert_eq!(host_of(url).ok().as_deref(), Some("a.example"));
        }
        assert!(host_of("a.example").is_err());
    }

    #[test]
    fn lists_are_chosen_by_an_item_that_they_hold() {
        let list = Value::from(vec!["root", "host-path"]);
        assert!(containing(&list, &Value::from("root")));
        assert!(!containing(&list, &Value::from("host")));
        assert!(!containing(&Value::from(1), &Value::from(1)));
    }
}
