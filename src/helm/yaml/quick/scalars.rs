//! Keys and values within a line.

/// How much a key may hold before the full reader is asked.
const MAX_KEY: usize = 200;

/// The key of entries that a map takes over from another.
pub(super) const MERGE: &str = "<<";

pub(super) fn is_dash(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

/// A key and what follows its colon.
pub(super) fn split_key(content: &str) -> Option<(&str, &str)> {
    if let Some(after) = content.strip_prefix("<<:") {
        return (after.is_empty() || after.starts_with(' ')).then_some((MERGE, after));
    }
    let end = match content.as_bytes().first()? {
        b'"' | b'\'' => content.len() - quoted(content)?.len(),
        _ => content
            .bytes()
            .position(|b| matches!(b, b':' | b' ' | b'#' | b'"' | b'\'' | b'{' | b'[' | b',' | b'}' | b']'))?,
    };
    let (key, rest) = content.split_at_checked(end)?;
    let after = rest.strip_prefix(':')?;
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/' | b'-' | b'$'));
    let quoted = key.starts_with(['"', '\'']);
    let known = quoted || (plain && starts_well(key) && !is_odd(key) && !key.bytes().all(|b| !b.is_ascii_alphabetic()));
    let ends = after.is_empty() || after.starts_with(' ');
    (known && ends && !key.is_empty() && key.len() <= MAX_KEY).then_some((key, after))
}

/// Whether a plain scalar begins with a sign that means nothing to YAML.
fn starts_well(text: &str) -> bool {
    let mut bytes = text.bytes();
    match bytes.next() {
        Some(b'-' | b':') => bytes.next().is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'_')),
        Some(b) => {
            b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'/' | b'.' | b'$' | b'(' | b'+' | b'^' | b'~' | b'\\' | b';' | b'=')
                || b >= 0x80
        }
        None => false,
    }
}

/// Null as a key, and numbers that JSON does not have.
fn is_odd(text: &str) -> bool {
    let number = text.trim_start_matches(['+', '-']);
    matches!(text, "~" | "null" | "Null" | "NULL")
        || [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].iter().any(|odd| number.starts_with(odd))
}

/// Where the first line of a plain scalar ends.
pub(super) fn plain(value: &str) -> Option<usize> {
    let end = plain_end(value)?;
    let text = value.get(..end)?.trim_end_matches(' ');
    let odd = is_odd(text) && text != "~" && !text.eq_ignore_ascii_case("null");
    (starts_well(text) && !odd).then_some(end)
}

/// Where plain text ends: at a comment, or with its line. None where it holds what would be a key.
pub(super) fn plain_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    for (n, byte) in bytes.iter().enumerate() {
        match byte {
            b':' if matches!(bytes.get(n + 1), None | Some(b' ')) => return None,
            b'#' if n > 0 && bytes.get(n - 1) == Some(&b' ') => return Some(n),
            _ => {}
        }
    }
    Some(text.len())
}

/// How many blanks a text begins with.
pub(super) fn blanks(text: &str) -> usize {
    text.bytes().take_while(|b| *b == b' ').count()
}

/// What follows a quoted text that ends in its line.
pub(super) fn quoted(value: &str) -> Option<&str> {
    quoted_from(value.get(1..)?, value.get(..1)?)
}

/// Whether a line without the closing mark holds only escapes that are known here.
pub(super) fn open_quoted(text: &str, mark: &str) -> Option<()> {
    if mark == "'" {
        return Some(());
    }
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let from = rest.get(at..)?;
        rest = if from.len() == 1 { return Some(()) } else { from.get(escape(from)?..)? };
    }
    Some(())
}

/// How long the escape is that a text begins with; none where it is not known here.
pub(super) fn escape(text: &str) -> Option<usize> {
    match text.as_bytes().get(1)? {
        b'"' | b'\\' | b'n' | b't' | b'/' | b'r' | b' ' => Some(2),
        b'u' => coded(text.get(2..6)?).map(|_| 6),
        b'x' => coded(text.get(2..4)?).map(|_| 4),
        _ => None,
    }
}

/// The sign of hexadecimal digits; none for those that have a meaning to some reader.
pub(super) fn coded(digits: &str) -> Option<char> {
    let digits = Some(digits).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let sign = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    (' '..='\u{1FFF}').contains(&sign).then_some(sign)
}

/// What follows the mark that closes a quoted text.
pub(super) fn quoted_from<'t>(inner: &'t str, mark: &str) -> Option<&'t str> {
    if mark == "'" {
        let mut rest = inner;
        loop {
            let end = rest.find('\'')?;
            rest = rest.get(end + 1..)?;
            match rest.strip_prefix('\'') {
                Some(after) => rest = after,
                None => return Some(rest),
            }
        }
    }
    let mut rest = inner;
    loop {
        let end = rest.find(['"', '\\'])?;
        let sign = rest.get(end..)?;
        rest = match sign.as_bytes() {
            [b'"', ..] => return sign.get(1..),
            _ => sign.get(escape(sign)?..)?,
        };
    }
}

pub(super) fn rest_is_blank(rest: &str) -> Option<()> {
    let after = rest.trim_start_matches(' ');
    (after.is_empty() || (after.starts_with('#') && after.len() < rest.len())).then_some(())
}

/// The signs between the parts of a list or map in brackets.
pub(super) const GAPS: [char; 2] = [' ', '\n'];

/// What follows a list or map in brackets.
pub(super) fn flow(value: &str, depth: usize) -> Option<&str> {
    let map = value.starts_with('{');
    let close = if map { '}' } else { ']' };
    let mut rest = value.get(1..)?.trim_start_matches(GAPS);
    if depth > 8 {
        return None;
    }
    loop {
        if let Some(after) = rest.strip_prefix(close) {
            return Some(after);
        }
        if map {
            let after = word_in_flow(rest, true)?;
            // Behind a quotation mark the colon may stand alone.
            let colon = if rest.starts_with(['"', '\'']) { ":" } else { ": " };
            rest = after.strip_prefix(colon)?.trim_start_matches(GAPS);
        }
        rest = match rest.as_bytes().first()? {
            b'[' | b'{' => flow(rest, depth + 1)?,
            _ => word_in_flow(rest, false)?,
        };
        rest = rest.trim_start_matches(GAPS);
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start_matches(GAPS),
            None => return rest.strip_prefix(close),
        }
    }
}

/// What follows a quoted text, or a plain word of harmless signs. A key is a word that is nothing but text.
pub(super) fn word_in_flow(value: &str, key: bool) -> Option<&str> {
    if value.starts_with(['"', '\'']) {
        let rest = quoted(value)?;
        return (!value.get(..value.len() - rest.len())?.contains('\n')).then_some(rest);
    }
    let end = value.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/' | b'.' | b'-')).count();
    let (word, rest) = value.split_at_checked(end)?;
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_' || (!key && c.is_ascii_digit());
    (word.starts_with(begins) && !is_odd(word)).then_some(rest)
}

/// A text of the head, where it is one to every reader.
pub(super) fn word(value: &str) -> Option<String> {
    if let Some(mark) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let rest = quoted(value)?;
        let inner = value.get(1..value.len() - rest.len() - 1)?;
        rest_is_blank(rest)?;
        return (!inner.contains(['\\', mark])).then(|| inner.to_owned());
    }
    let text = value.split(" #").next()?.trim_end_matches(' ');
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/' | b'-' | b',' | b':'));
    let retyped = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let kept = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !retyped.iter().any(|word| text.eq_ignore_ascii_case(word));
    (plain && kept && !text.ends_with(':')).then(|| text.to_owned())
}
