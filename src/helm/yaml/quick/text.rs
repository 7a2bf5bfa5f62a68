//! What quoted texts, block scalars and lines that go on come to.

use std::borrow::Cow;

use super::scalars::coded;

/// A plain scalar of one or several lines.
pub(super) fn plain(lines: &str) -> Cow<'_, str> {
    if lines.contains('\n') { folded(lines).into() } else { lines.into() }
}

/// A text with its marks.
pub(super) fn quoted(text: &str) -> Option<Cow<'_, str>> {
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    let lines: Cow<str> = match inner.contains('\n') {
        true if text.starts_with('"') => joined(inner)?.into(),
        true => folded(inner).into(),
        false => inner.into(),
    };
    if text.starts_with('\'') {
        return Some(if lines.contains('\'') { lines.replace("''", "'").into() } else { lines });
    }
    if lines.contains('\\') { unescaped(&lines).map(Cow::from) } else { Some(lines) }
}

fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('\\');
    out.push_str(parts.next()?);
    while let Some(part) = parts.next() {
        let mut signs = part.chars();
        match signs.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(sign @ ('"' | '/' | ' ')) => out.push(sign),
            Some(kind @ ('u' | 'x')) => {
                let (digits, rest) = signs.as_str().split_at_checked(if kind == 'u' { 4 } else { 2 })?;
                out.push(coded(digits)?);
                out.push_str(rest);
                continue;
            }
            Some(_) => return None,
            // Two backslashes: what follows is text.
            None => {
                out.push('\\');
                out.push_str(parts.next()?);
                continue;
            }
        }
        out.push_str(signs.as_str());
    }
    Some(out)
}

/// Lines in double quotes: a backslash at the end of a line joins it to the next without a blank between.
fn joined(lines: &str) -> Option<String> {
    let mut parts = vec![String::new()];
    for line in lines.split_inclusive('\n') {
        let text = line.trim_end_matches('\n');
        let escaped = |text: &str| text.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
        let part = parts.last_mut()?;
        // What a blank behind a backslash comes to, and a blank line behind such a line, is for the full reader.
        if (text.ends_with(' ') && escaped(text.trim_end_matches(' '))) || (part.is_empty() && text.trim().is_empty()) {
            return None;
        }
        match text.strip_suffix('\\').filter(|_| escaped(text) && line.len() > text.len()) {
            Some(text) => {
                part.push_str(text);
                parts.push(String::new());
            }
            None => part.push_str(line),
        }
    }
    let mut parts = parts.iter();
    let first = folded(parts.next()?);
    Some(parts.fold(first, |whole, part| whole + &folded(part.trim_start_matches(' '))))
}

/// Lines that are one text: a line feed is a blank, and one more line feed is one.
fn folded(lines: &str) -> String {
    let mut out = String::with_capacity(lines.len());
    let mut feeds = 0_usize;
    let mut rest = lines.split('\n').peekable();
    let mut first = true;
    while let Some(line) = rest.next() {
        let last = rest.peek().is_none();
        let line = if first { line } else { line.trim_start_matches(' ') };
        let line = if last { line } else { line.trim_end_matches(' ') };
        if !first {
            feeds += 1;
        }
        if first || last || !line.is_empty() {
            match feeds {
                0 => {}
                1 => out.push(' '),
                more => out.extend(std::iter::repeat_n('\n', more - 1)),
            }
            feeds = 0;
            out.push_str(line);
        }
        first = false;
    }
    out
}

/// The text of a block scalar; none where only the full reader knows.
pub(super) fn block(header: &str, indent: usize, lines: &str) -> Option<String> {
    let literal = header.starts_with('|');
    let mut out = String::with_capacity(lines.len());
    // The line feed behind the last text, and how many came after it.
    let (mut feed, mut more) = ("", 0_usize);
    let mut deeper = false;
    for line in lines.split_inclusive('\n') {
        let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
        if text.len() <= indent {
            more += end.len();
            continue;
        }
        let text = text.get(indent..)?;
        let begins_deeper = text.starts_with(' ');
        if !literal && !feed.is_empty() && !deeper && !begins_deeper {
            if more == 0 {
                out.push(' ');
            }
        } else {
            out.push_str(feed);
        }
        out.extend(std::iter::repeat_n('\n', more));
        more = 0;
        out.push_str(text);
        (feed, deeper) = (end, begins_deeper);
    }
    if !header.contains('-') {
        out.push_str(feed);
    }
    if header.contains('+') {
        out.extend(std::iter::repeat_n('\n', more));
    }
    Some(out)
}
