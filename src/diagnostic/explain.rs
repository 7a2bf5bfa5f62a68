//! `stackgen explain SG0102`: what a code means, as text for a terminal.

use std::fmt;

use super::paint::{Ink, paint};
use super::render::{Style, wrap};
use super::{Code, codes, nearest};

/// Nobody reads lines longer than this with ease.
const MAX_WIDTH: usize = 100;

/// There is no such code.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownCode {
    /// What was asked for.
    pub asked: String,
    /// The code that was likely meant.
    pub nearest: Option<&'static Code>,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no code `{}`", self.asked)?;
        match self.nearest {
            Some(code) => write!(f, "; did you mean `{}` ({})?", code.id, code.title),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownCode {}

/// The code that a word names: `SG0102`, `sg0102`, `102`.
pub fn find_code(word: &str) -> Result<&'static Code, UnknownCode> {
    let digits = word.trim_start_matches(['S', 's', 'G', 'g']);
    let full = match digits.parse::<u32>() {
        Ok(number) => format!("SG{number:04}"),
        Err(_) => word.to_owned(),
    };
    codes::find(&full).ok_or_else(|| {
        let nearest = nearest(&full, codes::all().iter().map(|code| code.id)).and_then(codes::find);
        UnknownCode { asked: word.to_owned(), nearest }
    })
}

/// The title and the explanation of a code.
pub fn explain(code: &Code, style: Style) -> String {
    let width = style.width.min(MAX_WIDTH);
    let title = paint(style.color, Ink::Bold, &format!("{} {}", code.id, code.title));
    format!("{title}\n\n{}", plain(code.explain, Style { width, ..style }))
}

/// Markdown for a terminal: headings stand out, paragraphs and list items are wrapped, code stays as it is.
fn plain(markdown: &str, style: Style) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut in_code = false;
    for line in markdown.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") {
            flush(&mut paragraph, &mut out, style);
            in_code = !in_code;
        } else if in_code || (line.starts_with("    ") && paragraph.is_empty()) {
            let indent = if in_code { "    " } else { "" };
            out.push_str(paint(style.color, Ink::Cyan, &format!("{indent}{line}")).trim_end());
            out.push('\n');
        } else if trimmed.starts_with('#') {
            flush(&mut paragraph, &mut out, style);
            let heading = trimmed.trim_start_matches('#').trim();
            out.push_str(&format!("{}\n", paint(style.color, Ink::Bold, heading)));
        } else if trimmed.is_empty() {
            flush(&mut paragraph, &mut out, style);
            out.push('\n');
        } else {
            if is_item(trimmed) {
                flush(&mut paragraph, &mut out, style);
            }
            let gap = if paragraph.is_empty() { "" } else { " " };
            paragraph.push_str(&format!("{gap}{trimmed}"));
        }
    }
    flush(&mut paragraph, &mut out, style);
    out
}

fn is_item(line: &str) -> bool {
    line.starts_with("- ")
        || line.starts_with("* ")
        || line.split_once(". ").is_some_and(|(n, _)| n.parse::<u8>().is_ok())
}

/// Writes a paragraph; the further lines of a list item hang under its text.
fn flush(paragraph: &mut String, out: &mut String, style: Style) {
    if paragraph.is_empty() {
        return;
    }
    let hang = if is_item(paragraph) { paragraph.find(' ').map_or(0, |i| i + 1) } else { 0 };
    for (i, line) in wrap(paragraph, style.width.saturating_sub(hang)).iter().enumerate() {
        let indent = if i == 0 { 0 } else { hang };
        out.push_str(&format!("{:indent$}{}\n", "", line));
    }
    paragraph.clear();
}
