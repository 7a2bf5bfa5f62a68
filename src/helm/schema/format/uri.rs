//! URLs, as Go's `net/url` reads them.

use super::network::{address, ipv6};
use super::{Answer, fail};
use crate::helm::functions::unescaped;
use crate::helm::quote::{quote_bytes, quoted};

/// What the checks look at.
#[derive(Default)]
struct Url<'t> {
    scheme: &'t str,
    /// With port and brackets.
    host: &'t str,
    path: &'t str,
}

pub(super) fn absolute(text: &str) -> Answer {
    if read(text)?.scheme.is_empty() { fail("relative url") } else { Ok(()) }
}

pub(super) fn reference(text: &str) -> Answer {
    if text.contains('\\') {
        return fail("contains \\");
    }
    read(text).map(|_| ())
}

pub(super) fn template(text: &str) -> Answer {
    let url = read(text)?;
    // Go keeps a path's own form only where its usual one is another; without that nothing is looked at.
    if usual(url.path) == url.path {
        return Ok(());
    }
    for part in url.path.split('/') {
        let mut open = false;
        let bytes = unescaped(part);
        for c in bytes.iter().filter(|c| matches!(c, b'{' | b'}')) {
            if open == (*c == b'{') {
                return fail("nested curly braces");
            }
            open = !open;
        }
        if open {
            return fail("no matching closing brace");
        }
    }
    Ok(())
}

/// Reads a URL, and looks at its host more closely than Go does.
fn read(text: &str) -> Result<Url<'_>, String> {
    let (main, fragment) = text.split_once('#').unwrap_or((text, ""));
    let told = |url: &str, why: String| format!("parse {}: {why}", quoted(url));
    let url = parse(main).map_err(|why| told(main, why))?;
    escapes(fragment).map_err(|why| told(text, why))?;
    let name = hostname(url.host);
    if name.contains(':') {
        if !url.host.contains('[') || !url.host.contains(']') {
            return Err("ipv6 address not enclosed in brackets".into());
        }
        ipv6(name).map_err(|why| format!("invalid ipv6 address: {why}"))?;
    }
    Ok(url)
}

fn hostname(host: &str) -> &str {
    let port = host.rfind(':').filter(|at| host.get(at + 1..).unwrap_or_default().bytes().all(|b| b.is_ascii_digit()));
    let name = port.and_then(|at| host.get(..at)).unwrap_or(host);
    name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name)
}

fn parse(text: &str) -> Result<Url<'_>, String> {
    if text.bytes().any(|b| b < b' ' || b == 0x7F) {
        return Err("net/url: invalid control character in URL".into());
    }
    if text == "*" {
        return Ok(Url { path: text, ..Url::default() });
    }
    let (scheme, rest) = scheme(text)?;
    let rest = rest.split('?').next().unwrap_or_default();
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            return Ok(Url { scheme, ..Url::default() });
        }
        if rest.split('/').next().unwrap_or_default().contains(':') {
            return Err("first path segment in URL cannot contain colon".into());
        }
    }
    let authority = rest.strip_prefix("//").filter(|_| !scheme.is_empty() || !rest.starts_with("///"));
    let (authority, path) = match authority {
        Some(after) => after.split_at(after.find('/').unwrap_or(after.len())),
        None => ("", rest),
    };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    check_host(host)?;
    let in_user = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    if !user.chars().all(in_user) {
        return Err("net/url: invalid userinfo".into());
    }
    escapes(user)?;
    escapes(path)?;
    Ok(Url { scheme, host, path })
}

fn scheme(text: &str) -> Result<(&str, &str), String> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))).unwrap_or(text.len());
    match text.get(end..).unwrap_or_default().strip_prefix(':') {
        Some(_) if end == 0 => Err("missing protocol scheme".into()),
        Some(rest) if text.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Ok((text.get(..end).unwrap_or_default(), rest))
        }
        _ => Ok(("", text)),
    }
}

fn check_host(host: &str) -> Result<(), String> {
    let bad_port = |port: &str| {
        let digits = port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        (!port.is_empty() && !digits).then(|| format!("invalid port {} after host", quoted(port)))
    };
    match host.rfind('[') {
        Some(0) => {
            let Some((name, port)) = host.get(1..).and_then(|rest| rest.rsplit_once(']')) else {
                return Err("missing ']' in host".into());
            };
            if let Some(problem) = bad_port(port) {
                return Err(problem);
            }
            in_host(name)?;
            match address(&String::from_utf8_lossy(&unescaped(name))) {
                Ok(false) => Ok(()),
                Ok(true) => Err("invalid IP-literal".into()),
                Err(why) => Err(format!("invalid host: {why}")),
            }
        }
        Some(_) => Err("invalid IP-literal".into()),
        None => {
            if let Some(problem) = host.rfind(':').and_then(|at| host.get(at..)).and_then(bad_port) {
                return Err(problem);
            }
            in_host(host)
        }
    }
}

/// The characters of a host; only what is not ASCII may be escaped there, and a percent sign.
fn in_host(host: &str) -> Result<(), String> {
    escapes(host)?;
    let mut parts = host.split('%');
    let first = parts.next().unwrap_or_default();
    for part in parts.clone() {
        if part.starts_with(|c: char| c.is_ascii_digit() && c < '8') && !part.starts_with("25") {
            let escape = format!("%{}", part.get(..2).unwrap_or_default());
            return Err(format!("invalid URL escape {}", quoted(&escape)));
        }
    }
    let allowed = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"".contains(c);
    let rest = parts.map(|part| part.get(2..).unwrap_or_default());
    match std::iter::once(first).chain(rest).find_map(|part| part.chars().find(|c| !allowed(*c))) {
        Some(c) => Err(format!("invalid character {} in host name", quoted(&c.to_string()))),
        None => Ok(()),
    }
}

/// Whether two hexadecimal digits follow every percent sign.
fn escapes(text: &str) -> Result<(), String> {
    for (at, _) in text.match_indices('%') {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        if !rest.get(1..3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)) {
            let mut told = String::from("invalid URL escape ");
            quote_bytes(&mut told, rest.get(..3).unwrap_or(rest));
            return Err(told);
        }
    }
    Ok(())
}

/// A path with the escapes that Go would write.
fn usual(path: &str) -> String {
    let mut out = String::new();
    for byte in unescaped(path) {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
