//! URLs of schemas.

/// A URL and its fragment.
pub(super) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// What a reference without a fragment means in a document.
pub(super) fn join(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return base.to_owned();
    }
    let (scheme, rest) = base.split_once(':').unwrap_or(("", base));
    if has_scheme(reference) || !rest.starts_with('/') {
        return reference.to_owned();
    }
    if reference.starts_with("//") {
        return format!("{scheme}:{reference}");
    }
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) => rest.split_at(2 + after.find('/').unwrap_or(after.len())),
        None => ("", rest),
    };
    let path = path.split('?').next().unwrap_or(path);
    let whole = match reference.strip_prefix('/') {
        Some(_) => reference.to_owned(),
        None => format!("{}/{reference}", path.rsplit_once('/').map_or("", |(folder, _)| folder)),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/').skip(1) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("{scheme}:{authority}/{}", parts.join("/"))
}

fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// Text whose escapes stand for bytes; a percent sign without two digits stands for itself.
pub(super) fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let escape = after.get(..2).and_then(|two| std::str::from_utf8(two).ok()).filter(|_| *byte == b'%');
        match escape.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{decoded, join};

    #[test]
    fn references_are_joined_as_urls_are() {
        let of = |base: &str, reference: &str| join(base, reference);
        assert_eq!(of("file:///values.schema.json", "other.json"), "file:///other.json");
        assert_eq!(of("https://x.example.com/a/b.json?q", "../c.json"), "https://x.example.com/c.json");
        assert_eq!(of("https://x.example.com", "c.json"), "https://x.example.com/c.json");
        assert_eq!(of("https://x.example.com/a/b", "/c"), "https://x.example.com/c");
        assert_eq!(of("https://x.example.com/a/b", "//y.example.com/c"), "https://y.example.com/c");
        assert_eq!(of("https://x.example.com/a/b", "urn:x:y"), "urn:x:y");
        assert_eq!(of("urn:x:y", ""), "urn:x:y");
        assert_eq!(decoded("/a%24%2fb%zz%"), "/a$/b%zz%");
    }
}
