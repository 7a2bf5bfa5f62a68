//! Addresses and names of hosts, and of people.

use super::{Answer, character, fail, whole};
use crate::helm::quote::quoted;

pub(super) fn ipv4(text: &str) -> Answer {
    let groups: Vec<&str> = text.split('.').collect();
    if groups.len() != 4 {
        return fail("expected four decimals");
    }
    for group in groups {
        if group.len() > 1 && group.starts_with('0') {
            return fail("leading zeros");
        }
        if !(0..=255).contains(&whole(group)?) {
            return fail("decimal must be between 0 and 255");
        }
    }
    Ok(())
}

pub(super) fn ipv6(text: &str) -> Answer {
    if !text.contains(':') {
        return fail("missing colon");
    }
    address(text)?;
    if text.contains('%') { fail("zone id is not a part of ipv6 address") } else { Ok(()) }
}

pub(super) fn hostname(text: &str) -> Answer {
    let name = text.strip_suffix('.').unwrap_or(text);
    if name.len() > 253 {
        return fail("more than 253 characters long");
    }
    for label in name.split('.') {
        if !(1..=63).contains(&label.len()) {
            return fail("label must be 1 to 63 characters long");
        }
        if label.starts_with('-') {
            return fail("label starts with hyphen");
        }
        if label.ends_with('-') {
            return fail("label ends with hyphen");
        }
        if let Some(c) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
            return fail(format!("invalid character {}", character(c)));
        }
    }
    Ok(())
}

pub(super) fn email(text: &str) -> Answer {
    if text.len() > 254 {
        return fail("more than 255 characters long");
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return fail("missing @") };
    if local.len() > 64 {
        return fail("local part more than 64 characters long");
    }
    match local.strip_prefix('"').filter(|rest| !rest.is_empty()) {
        // The validator takes the last character for the closing quote, whatever it is.
        Some(rest) => {
            let mut inner = rest.chars();
            inner.next_back();
            if inner.as_str().contains(['\\', '"']) {
                return fail("backslash and quote are not allowed within quoted local part");
            }
        }
        None => plain_local(local)?,
    }
    let told = |answer: Answer, what: &str| answer.map_err(|why| format!("invalid {what}: {why}"));
    match domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(literal) => match literal.strip_prefix("IPv6:") {
            Some(literal) => told(ipv6(literal), "ipv6 address"),
            None => told(ipv4(literal), "ipv4 address"),
        },
        None => told(hostname(domain), "domain"),
    }
}

fn plain_local(local: &str) -> Answer {
    if local.starts_with('.') {
        return fail("starts with dot");
    }
    if local.ends_with('.') {
        return fail("ends with dot");
    }
    if local.contains("..") {
        return fail("consecutive dots");
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
    match local.chars().find(|c| !allowed(*c)) {
        Some(c) => fail(format!("invalid character {}", character(c))),
        None => Ok(()),
    }
}

/// Go's `netip.ParseAddr`. Says whether it is an IPv4 address.
pub(super) fn address(text: &str) -> Result<bool, String> {
    let told = |(what, at): (&str, &str)| {
        let at = if at.is_empty() { String::new() } else { format!(" (at {})", quoted(at)) };
        format!("ParseAddr({}): {what}{at}", quoted(text))
    };
    match text.find(['.', ':', '%']).and_then(|at| text.as_bytes().get(at)) {
        Some(b'.') => four(text).map(|()| true).map_err(told),
        Some(b':') => six(text).map(|()| false).map_err(told),
        Some(_) => Err(told(("missing IPv6 address", ""))),
        None => Err(told(("unable to parse IP", ""))),
    }
}

/// What is wrong, and from where on.
type Fault<'t> = (&'static str, &'t str);

fn four(text: &str) -> Result<(), Fault<'_>> {
    let bytes = text.as_bytes();
    let (mut value, mut length, mut dots) = (0u32, 0, 0);
    for (n, byte) in bytes.iter().enumerate() {
        let rest = text.get(n..).unwrap_or_default();
        match byte {
            b'0'..=b'9' => {
                if length == 1 && value == 0 {
                    return Err(("IPv4 field has octet with leading zero", ""));
                }
                value = value * 10 + u32::from(byte - b'0');
                length += 1;
                if value > 255 {
                    return Err(("IPv4 field has value >255", ""));
                }
            }
            b'.' => {
                if length == 0 || n + 1 == bytes.len() {
                    return Err(("IPv4 field must have at least one digit", rest));
                }
                if dots == 3 {
                    return Err(("IPv4 address too long", ""));
                }
                (value, length, dots) = (0, 0, dots + 1);
            }
            _ => return Err(("unexpected character", rest)),
        }
    }
    if dots < 3 { Err(("IPv4 address too short", "")) } else { Ok(()) }
}

fn six(text: &str) -> Result<(), Fault<'_>> {
    let mut rest = match text.split_once('%') {
        Some((_, "")) => return Err(("zone must be a non-empty string", "")),
        Some((address, _)) => address,
        None => text,
    };
    let mut gap = rest.starts_with("::");
    if gap {
        rest = rest.get(2..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(());
        }
    }
    let mut filled = 0;
    while filled < 16 {
        let length = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
        match length {
            0 => return Err(("each colon-separated field must have at least one digit", rest)),
            1..=4 => {}
            _ => return Err(("each group must have 4 or less digits", rest)),
        }
        let after = rest.get(length..).unwrap_or_default();
        if after.starts_with('.') {
            if !gap && filled != 12 {
                return Err(("embedded IPv4 address must replace the final 2 fields of the address", rest));
            }
            if filled + 4 > 16 {
                return Err(("too many hex fields to fit an embedded IPv4 at the end of the address", rest));
            }
            four(rest)?;
            rest = "";
            filled += 4;
            break;
        }
        filled += 2;
        rest = after;
        if rest.is_empty() {
            break;
        }
        let Some(after) = rest.strip_prefix(':') else { return Err(("unexpected character, want colon", rest)) };
        if after.is_empty() {
            return Err(("colon must be followed by more characters", rest));
        }
        rest = after;
        if let Some(after) = rest.strip_prefix(':') {
            if gap {
                return Err(("multiple :: in address", rest));
            }
            gap = true;
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
    }
    if !rest.is_empty() {
        return Err(("trailing garbage after address", rest));
    }
    match (filled < 16, gap) {
        (true, false) => Err(("address string too short", "")),
        (false, true) => Err(("the :: must expand to at least one field of zeros", "")),
        _ => Ok(()),
    }
}
