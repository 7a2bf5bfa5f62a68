//! Go's regular expressions in the syntax of the library that is used here.

/// Translates what the two read differently: braces that repeat nothing, and signs within a class.
pub(crate) fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\\' if rest.starts_with("\\Q") => literal(rest, &mut out),
            '\\' => copy(rest, 2, &mut out),
            '[' => class(rest, &mut out),
            '{' => match rest.find('}').filter(|end| is_repetition(&rest[1..*end])) {
                Some(end) => copy(rest, end + 1, &mut out),
                None => escape(c, &mut out),
            },
            '}' => escape(c, &mut out),
            _ => copy(rest, 1, &mut out),
        };
        rest = &rest[length..];
    }
    out
}

/// Copies some characters and gives their length in bytes.
fn copy(text: &str, count: usize, out: &mut String) -> usize {
    let length = text.chars().take(count).map(char::len_utf8).sum();
    out.push_str(&text[..length]);
    length
}

fn escape(c: char, out: &mut String) -> usize {
    out.push('\\');
    out.push(c);
    c.len_utf8()
}

/// `\Q…\E`: everything stands for itself.
fn literal(text: &str, out: &mut String) -> usize {
    let inner = &text[2..];
    let end = inner.find("\\E");
    for c in inner[..end.unwrap_or(inner.len())].chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    end.map_or(text.len(), |end| end + 4)
}

fn is_repetition(inner: &str) -> bool {
    let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
    !low.is_empty() && low.bytes().chain(high.bytes()).all(|b| b.is_ascii_digit())
}

/// A class in brackets. Go takes brackets, `&` and `~` in it as they are, and a dash that cannot make a range.
fn class(text: &str, out: &mut String) -> usize {
    let mut at = copy(text, 1, out);
    if text[at..].starts_with('^') {
        at += copy(&text[at..], 1, out);
    }
    let mut first = true;
    let mut after_group = false;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let named = rest.starts_with("[:").then(|| rest.find(":]")).flatten();
        let group = matches!(rest.get(..2), Some("\\w" | "\\W" | "\\d" | "\\D" | "\\s" | "\\S"));
        at += match c {
            ']' if !first => return at + copy(rest, 1, out),
            '[' if named.is_some() => copy(rest, named.unwrap_or(0) + 2, out),
            '-' if first || after_group || rest.starts_with("-]") => escape(c, out),
            '[' | ']' | '&' | '~' => escape(c, out),
            '\\' => copy(rest, 2, out),
            _ => copy(rest, 1, out),
        };
        after_group = group;
        first = false;
    }
    at
}
