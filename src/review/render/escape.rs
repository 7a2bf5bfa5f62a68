//! Text that is data, in Markdown and HTML: whatever it holds, it stays inside of its place.
//!
//! A comment at a pull request is read by a program that makes links of names, numbers and addresses, and takes HTML. What comes
//! from the two sides must not be able to close a block, to call on people, or to look like words of stackgen.

use crate::diagnostic::paint::clean;

/// Where a piece of Markdown stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum In {
    /// A paragraph or list.
    Text,
    /// The cell of a table, where `|` would start the next one.
    Cell,
}

/// A sentence: what stands between backticks becomes code, the rest is plain.
pub(super) fn sentence(text: &str, place: In) -> String {
    let mut out = String::new();
    for (index, part) in one_line(text).split('`').enumerate() {
        match (index % 2 == 1, part.is_empty()) {
            (_, true) => {}
            (true, false) => out.push_str(&code(part, place)),
            (false, false) => out.push_str(&plain(part)),
        }
    }
    out
}

/// Plain text: no markup, no links, no mentions.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let text = one_line(text);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A blank of no width keeps names, numbers and addresses from becoming links.
            '@' | '#' => out.push_str(&format!("{c}&#8203;")),
            ':' if chars.peek().is_some_and(|next| !next.is_whitespace()) => out.push_str(":&#8203;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out.replace("www.", "www&#8203;.")
}

/// Code in a line.
pub(super) fn code(text: &str, place: In) -> String {
    let text = one_line(text);
    if text.trim().is_empty() {
        return "` `".to_owned();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    let text = if place == In::Cell { text.replace('|', "\\|") } else { text };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// Code in HTML.
pub(super) fn html_code(text: &str) -> String {
    format!("<code>{}</code>", html(text))
}

/// Text in HTML.
pub(super) fn html(text: &str) -> String {
    one_line(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('@', "@&#8203;")
        .replace('#', "#&#8203;")
}

/// The fence of a block of code that nothing in the text can close.
pub(super) fn fence<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    "`".repeat(lines.map(longest_run).max().unwrap_or(0).max(2) + 1)
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use super::{In, code, fence, plain, sentence};

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a", In::Text), "`a`");
        assert_eq!(code("a`` ` b", In::Text), "```a`` ` b```");
        assert_eq!(code("`a", In::Text), "`` `a ``");
        assert_eq!(code("a|b\nc", In::Cell), "`a\\|b c`");
        assert_eq!(fence(["```", "````x"].into_iter()), "`````");
    }

    #[test]
    fn text_calls_nobody() {
        assert_eq!(plain("@all <b> #1 a_b"), "@&#8203;all &lt;b&gt; #&#8203;1 a\\_b");
        assert_eq!(plain("a: https://x :b:"), "a: https:&#8203;//x :&#8203;b:");
        assert_eq!(sentence("uses `x|y` now, not `", In::Cell), "uses `x\\|y` now, not ");
    }
}
