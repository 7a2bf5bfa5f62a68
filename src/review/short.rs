//! Long texts, cut so that what matters is still there.

/// A text of at most so many characters.
pub(super) fn short(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some(_) => format!("{}…", text.chars().take(max.saturating_sub(1)).collect::<String>()),
        None => text.to_owned(),
    }
}

/// Two texts that differ, each of at most so many characters. What they have in common before the difference goes first.
pub(super) fn short_pair(before: &str, after: &str, max: usize) -> (String, String) {
    let common = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count();
    let is_long = |text: &str| text.chars().count() > max;
    if !(is_long(before) || is_long(after)) || common < max / 2 {
        return (short(before, max), short(after, max));
    }
    let cut = |text: &str| {
        let rest: String = text.chars().skip(common - max / 4).collect();
        short(&format!("…{rest}"), max)
    };
    (cut(before), cut(after))
}

#[cfg(test)]
mod tests {
    use super::short_pair;

    #[test]
    fn the_difference_is_shown() {
        let (old, new) = ("https://login.one.example.com/realms/a", "https://login.two.example.com/realms/a");
        let (old, new) = short_pair(old, new, 20);
        assert_eq!((old.chars().count(), new.chars().count()), (20, 20));
        assert!(old.contains("one") && new.contains("two"), "{old} {new}");
        assert_eq!(short_pair("a", "b", 20), ("a".to_owned(), "b".to_owned()));
    }
}
