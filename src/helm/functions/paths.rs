//! Sprig's functions on paths and URLs.

use super::args::{map, text};
use super::{Body, Entry};
use crate::helm::error::{Outcome, fail};
use crate::helm::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("base", "s", Body::Pure(|a| Ok(Value::str(base(&text(a, 0)))))),
    ("dir", "s", Body::Pure(|a| Ok(Value::str(dir(&text(a, 0)))))),
    ("clean", "s", Body::Pure(|a| Ok(Value::str(clean(&text(a, 0)))))),
    ("ext", "s", Body::Pure(|a| Ok(Value::str(ext(&text(a, 0)))))),
    ("isAbs", "s", Body::Pure(|a| Ok(Value::Bool(text(a, 0).starts_with('/'))))),
    ("osBase", "s", Body::Pure(|a| Ok(Value::str(base(&text(a, 0)))))),
    ("osDir", "s", Body::Pure(|a| Ok(Value::str(dir(&text(a, 0)))))),
    ("osClean", "s", Body::Pure(|a| Ok(Value::str(clean(&text(a, 0)))))),
    ("osExt", "s", Body::Pure(|a| Ok(Value::str(ext(&text(a, 0)))))),
    ("osIsAbs", "s", Body::Pure(|a| Ok(Value::Bool(text(a, 0).starts_with('/'))))),
    ("getHostByName", "s", Body::Pure(|_| Ok(Value::str("")))),
    ("urlParse", "s", Body::Pure(url_parse)),
    ("urlJoin", "m", Body::Pure(url_join)),
];

pub(crate) fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    match path.trim_end_matches('/') {
        "" => "/",
        trimmed => trimmed.rsplit('/').next().unwrap_or(trimmed),
    }
}

fn dir(path: &str) -> String {
    clean(path.rfind('/').map_or("", |slash| &path[..=slash]))
}

fn ext(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or("", |dot| &name[dot..])
}

/// Go's `path.Clean`.
pub(crate) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            other => parts.push(other),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".into(),
        (false, false) => parts.join("/"),
    }
}

fn url_parse(args: &[Value]) -> Outcome<Value> {
    let source = text(args, 0);
    if source.chars().any(char::is_control) {
        let shown = crate::helm::quote::quoted(&source);
        return fail(format!("unable to parse url: parse {shown}: net/url: invalid control character in URL"));
    }
    if let Some(escape) = bad_escape(&source) {
        let (shown, escape) = (crate::helm::quote::quoted(&source), crate::helm::quote::quoted(escape));
        return fail(format!("unable to parse url: parse {shown}: invalid URL escape {escape}"));
    }
    let (rest, fragment) = source.split_once('#').unwrap_or((&source, ""));
    let scheme_end = rest.find(':').filter(|n| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest[..*n].chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    let (scheme, rest) = scheme_end.map_or(("", rest), |n| (&rest[..n], &rest[n + 1..]));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let opaque = !scheme.is_empty() && !rest.starts_with('/');
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) => after.split_at(after.find('/').unwrap_or(after.len())),
        None => ("", rest),
    };
    let (userinfo, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let port = host.rfind(':').filter(|n| host[n + 1..].bytes().all(|b| b.is_ascii_digit()));
    let hostname = port.map_or(host, |n| &host[..n]).trim_start_matches('[').trim_end_matches(']');
    let part = |text: &str| Value::str(text);
    Ok(Value::map([
        ("scheme", part(&scheme.to_lowercase())),
        ("host", part(host)),
        ("hostname", part(hostname)),
        ("path", decoded(if opaque { "" } else { path })),
        ("query", part(query)),
        ("opaque", part(if opaque { rest } else { "" })),
        ("fragment", decoded(fragment)),
        ("userinfo", part(userinfo)),
    ]))
}

fn decoded(text: &str) -> Value {
    Value::text(&unescaped(text))
}

/// The bytes that a text stands for, whose escapes are known to be right.
pub(crate) fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (byte, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        out.extend(u8::from_str_radix(byte, 16));
        out.extend_from_slice(rest.as_bytes());
    }
    out
}

/// A percent sign without two hexadecimal digits, and what follows it. A query is not looked at.
fn bad_escape(url: &str) -> Option<&str> {
    let (before, fragment) = url.split_once('#').unwrap_or((url, ""));
    let path = before.split('?').next().unwrap_or(before);
    [path, fragment].into_iter().find_map(|part| {
        let mut signs = part.match_indices('%').map(|(at, _)| &part[at..]);
        let wrong = |rest: &&str| !rest.get(1..3).is_some_and(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
        signs.find(wrong).map(|rest| rest.get(..3).unwrap_or(rest))
    })
}

fn url_join(args: &[Value]) -> Outcome<Value> {
    let part = |key: &str| -> Outcome<String> {
        match map(args, 0).and_then(|map| map.get(key)) {
            None => Ok(String::new()),
            Some(Value::Str(text)) => Ok(text.to_string()),
            Some(other) => {
                fail(format!("unable to parse {key} key, must be of type string, but {} found", other.kind_name()))
            }
        }
    };
    let (scheme, host, path) = (part("scheme")?, part("host")?, part("path")?);
    let (query, opaque, fragment, userinfo) = (part("query")?, part("opaque")?, part("fragment")?, part("userinfo")?);
    let mut out = String::new();
    if !scheme.is_empty() {
        out += &format!("{scheme}:");
    }
    if opaque.is_empty() {
        if !scheme.is_empty() || !host.is_empty() || !userinfo.is_empty() {
            if !host.is_empty() || !path.is_empty() || !userinfo.is_empty() {
                out += "//";
            }
            if !userinfo.is_empty() {
                out += &format!("{userinfo}@");
            }
            out += &host;
        }
        if !path.is_empty() && !path.starts_with('/') && !host.is_empty() {
            out.push('/');
        }
        out += &path;
    } else {
        out += &opaque;
    }
    if !query.is_empty() {
        out += &format!("?{query}");
    }
    if !fragment.is_empty() {
        out += &format!("#{fragment}");
    }
    Ok(Value::str(out))
}
