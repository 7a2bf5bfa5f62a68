//! A reader for the plain part of YAML, which nearly all files keep to; many times faster than the parser for all of it.
//!
//! It makes the events that the parser would make. Whatever it does not know (tags, anchors, several documents, text over
//! several lines without `|` or `>`, tabs, …), and whatever is wrong, it leaves to the parser: it never decides that a file is bad.
//! A test compares both on every file there is and on thousands of spoiled ones.

use std::borrow::Cow;

use granit_parser::ScalarStyle;

use super::build::{Builder, Stop};
use super::{FileId, Node};

/// Longer keys are left to the parser, which has a limit for them.
const LONG_KEY: usize = 500;

/// The tree of a document; none where the parser has to look at it.
pub(super) fn read(file: FileId, text: &str) -> Option<Node> {
    if !text.ends_with('\n') || text.starts_with('\u{feff}') || text.bytes().any(|byte| matches!(byte, b'\t' | b'\r')) {
        return None;
    }
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, line: 0, builder: Builder::new(file, text) };
    reader.document()?;
    let (root, problems) = reader.builder.finish();
    root.filter(|_| problems.is_empty())
}

/// Bytes at which text without quotes may end.
const LOOK: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = matches!(at as u8, b'\n' | b' ' | b':' | b',' | b'[' | b']' | b'{' | b'}');
        at += 1;
    }
    table
};

/// Where text without quotes stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Block,
    Flow,
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where the present line starts.
    line: usize,
    builder: Builder<'t>,
}

/// Text that was read: what it says, and where it stands.
struct Scalar<'t> {
    text: Cow<'t, str>,
    style: ScalarStyle,
    start: usize,
    end: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> u8 {
        self.byte(self.at)
    }

    /// Past the end, there are only ends of lines.
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn column(&self) -> usize {
        self.at - self.line
    }

    fn is_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn spaces(&mut self) {
        while self.peek() == b' ' {
            self.at += 1;
        }
    }

    fn document(&mut self) -> Option<()> {
        self.builder.document(0..0, false).ok()?;
        self.next_content();
        if self.is_end() || self.column() != 0 {
            return None;
        }
        self.block(0)?;
        self.is_end().then_some(())
    }

    /// Goes to the first character of the next line that has one, comments left out. Stands at the end of a line or before.
    fn next_content(&mut self) {
        loop {
            self.spaces();
            match self.peek() {
                _ if self.is_end() => return,
                b'#' => self.at = self.end_of_line(),
                b'\n' => {}
                _ => return,
            }
            if self.is_end() {
                return;
            }
            self.at += 1;
            self.line = self.at;
        }
    }

    fn end_of_line(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
    }

    /// Nothing but a comment may follow on the line.
    fn line_ends(&mut self) -> Option<()> {
        let start = self.at;
        self.spaces();
        match self.peek() {
            b'\n' => {}
            b'#' if self.at > start => self.at = self.end_of_line(),
            _ => return None,
        }
        self.next_content();
        Some(())
    }

    fn is_item(&self) -> bool {
        self.peek() == b'-' && matches!(self.byte(self.at + 1), b' ' | b'\n')
    }

    /// A list or map whose first entry stands here, in this column.
    fn block(&mut self, column: usize) -> Option<()> {
        if self.is_item() {
            return self.list(column, self.at);
        }
        let key = self.scalar(Around::Block)?;
        self.map(column, key)
    }

    fn list(&mut self, column: usize, start: usize) -> Option<()> {
        stopped(self.builder.open(false, start..start, None))?;
        while !self.is_end() && self.column() == column && self.is_item() {
            self.at += 1;
            let dash = self.at;
            self.spaces();
            match self.peek() {
                b'\n' | b'#' => {
                    self.at = dash;
                    self.line_ends()?;
                    if !self.is_end() && self.column() > column {
                        self.block(self.column())?;
                    } else {
                        stopped(self.builder.scalar("", ScalarStyle::Plain, dash..dash, None))?;
                    }
                }
                _ if self.is_item() => self.list(self.column(), self.at)?,
                first => {
                    let inner = self.column();
                    if !self.other_value(first, column)? {
                        let found = self.scalar(Around::Block)?;
                        if self.is_colon() { self.map(inner, found)? } else { self.leaf(&found, column)? }
                    }
                }
            }
            // Deeper lines would go on with what has just ended.
            if !self.is_end() && self.column() > column {
                return None;
            }
        }
        self.builder.close(self.at..self.at);
        Some(())
    }

    /// A colon that ends a key.
    fn is_colon(&self) -> bool {
        self.peek() == b':' && matches!(self.byte(self.at + 1), b' ' | b'\n')
    }

    /// A map whose first key was read.
    fn map(&mut self, column: usize, first: Scalar<'t>) -> Option<()> {
        stopped(self.builder.open(true, first.start..first.start, None))?;
        let mut key = first;
        loop {
            if !self.is_colon() || key.end - key.start > LONG_KEY {
                return None;
            }
            stopped(self.builder.scalar(&key.text, key.style, key.start..key.end, None))?;
            self.at += 1;
            self.value(column)?;
            if self.is_end() || self.column() < column {
                break;
            }
            if self.column() > column || self.is_item() {
                return None;
            }
            key = self.scalar(Around::Block)?;
        }
        self.builder.close(self.at..self.at);
        Some(())
    }

    /// What follows a key and its colon.
    fn value(&mut self, column: usize) -> Option<()> {
        let colon = self.at;
        self.spaces();
        let first = self.peek();
        if matches!(first, b'\n' | b'#') {
            self.at = colon;
            self.line_ends()?;
            let inner = self.column();
            if !self.is_end() && inner > column {
                return self.block(inner);
            }
            if !self.is_end() && inner == column && self.is_item() {
                // The parser has no place for such a list but that of its first item.
                let dashes = self.bytes.get(self.at + 1..).unwrap_or_default();
                let item = self.at + 1 + dashes.iter().position(|byte| *byte != b' ')?;
                return if matches!(self.byte(item), b'\n' | b'#') { None } else { self.list(column, item) };
            }
            return stopped(self.builder.scalar("", ScalarStyle::Plain, colon..colon, None));
        }
        if self.other_value(first, column)? {
            return Some(());
        }
        let found = self.scalar(Around::Block)?;
        self.leaf(&found, column)
    }

    /// A value in brackets or in a block; false where it is neither.
    fn other_value(&mut self, first: u8, column: usize) -> Option<bool> {
        match first {
            b'[' | b'{' => {
                self.flow(column)?;
                self.line_ends()?;
            }
            b'|' | b'>' => self.text_block(first == b'>', column)?,
            _ => return Some(false),
        }
        Some(true)
    }

    /// A value that ends with its line.
    fn leaf(&mut self, found: &Scalar<'t>, column: usize) -> Option<()> {
        stopped(self.builder.scalar(&found.text, found.style, found.start..found.end, None))?;
        self.line_ends()?;
        (self.is_end() || self.column() <= column).then_some(())
    }

    fn scalar(&mut self, around: Around) -> Option<Scalar<'t>> {
        match self.peek() {
            b'"' => self.double_quoted(),
            b'\'' => self.single_quoted(),
            _ => self.plain(around),
        }
    }

    fn plain(&mut self, around: Around) -> Option<Scalar<'t>> {
        let start = self.at;
        let odd = match self.peek() {
            b'-' => !(self.byte(start + 1).is_ascii_alphanumeric() || matches!(self.byte(start + 1), b'.' | b'-')),
            first => {
                !first.is_ascii_alphanumeric()
                    && !matches!(first, b'_' | b'/' | b'.' | b'$' | b'(' | b'+' | b'<' | b'=' | b'~' | 0x80..)
            }
        };
        let rest = self.text.get(start..)?;
        if odd || (self.column() == 0 && (rest.starts_with("...") || rest.starts_with("---"))) {
            return None;
        }
        let mut end = start;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let usual = rest.iter().position(|byte| LOOK[usize::from(*byte)]).unwrap_or(rest.len());
            self.at += usual;
            if usual > 0 {
                end = self.at;
            }
            match self.peek() {
                b'\n' => break,
                b' ' if self.byte(self.at + 1) == b'#' => break,
                b' ' => {
                    self.at += 1;
                    continue;
                }
                b':' => match self.byte(self.at + 1) {
                    b' ' | b'\n' => break,
                    b',' | b'[' | b']' | b'{' | b'}' if around == Around::Flow => return None,
                    _ => {}
                },
                b',' | b'[' | b']' | b'{' | b'}' if around == Around::Flow => break,
                _ => {}
            }
            self.at += 1;
            end = self.at;
        }
        // A space before the colon of a key, or before a comment, is not part of the text.
        if self.peek() == b':' && end != self.at {
            return None;
        }
        self.at = end;
        Some(Scalar { text: Cow::Borrowed(self.text.get(start..end)?), style: ScalarStyle::Plain, start, end })
    }

    fn single_quoted(&mut self) -> Option<Scalar<'t>> {
        let start = self.at;
        let mut doubled = false;
        loop {
            self.at += 1;
            match self.peek() {
                b'\n' => return None,
                b'\'' if self.byte(self.at + 1) == b'\'' => {
                    doubled = true;
                    self.at += 1;
                }
                b'\'' => break,
                _ => {}
            }
        }
        let inner = self.text.get(start + 1..self.at)?;
        self.at += 1;
        let text = if doubled { Cow::Owned(inner.replace("''", "'")) } else { Cow::Borrowed(inner) };
        Some(Scalar { text, style: ScalarStyle::SingleQuoted, start, end: self.at })
    }

    fn double_quoted(&mut self) -> Option<Scalar<'t>> {
        let start = self.at;
        self.at += 1;
        let mut from = self.at;
        let mut unescaped = String::new();
        loop {
            match self.peek() {
                b'\n' => return None,
                b'"' => break,
                b'\\' => {
                    unescaped.push_str(self.text.get(from..self.at)?);
                    unescaped.push(match self.byte(self.at + 1) {
                        b'n' => '\n',
                        b't' => '\t',
                        b'"' => '"',
                        b'\\' => '\\',
                        _ => return None,
                    });
                    self.at += 2;
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
        let rest = self.text.get(from..self.at)?;
        self.at += 1;
        let text = if from == start + 1 { Cow::Borrowed(rest) } else { Cow::Owned(unescaped + rest) };
        Some(Scalar { text, style: ScalarStyle::DoubleQuoted, start, end: self.at })
    }

    /// A list or map in brackets. Lines below its first one are deeper than the column of what it belongs to.
    fn flow(&mut self, column: usize) -> Option<()> {
        let start = self.at;
        let is_map = self.peek() == b'{';
        let closing = if is_map { b'}' } else { b']' };
        stopped(self.builder.open(is_map, start..start + 1, None))?;
        self.at += 1;
        self.flow_space(column)?;
        let mut more = self.peek() != closing;
        while more {
            if is_map {
                let key = self.scalar(Around::Flow)?;
                if !self.is_colon() || key.end - key.start > LONG_KEY {
                    return None;
                }
                stopped(self.builder.scalar(&key.text, key.style, key.start..key.end, None))?;
                self.at += 1;
                self.flow_space(column)?;
            }
            if matches!(self.peek(), b'[' | b'{') {
                self.flow(column)?;
            } else {
                let found = self.scalar(Around::Flow)?;
                stopped(self.builder.scalar(&found.text, found.style, found.start..found.end, None))?;
            }
            self.flow_space(column)?;
            more = self.peek() == b',';
            if more {
                self.at += 1;
                self.flow_space(column)?;
            }
        }
        if self.peek() != closing {
            return None;
        }
        self.at += 1;
        self.builder.close(self.at - 1..self.at);
        Some(())
    }

    fn flow_space(&mut self, column: usize) -> Option<()> {
        self.spaces();
        while self.peek() == b'\n' && !self.is_end() {
            self.at += 1;
            self.line = self.at;
            self.spaces();
            if self.peek() != b'\n' && self.column() <= column {
                return None;
            }
        }
        (!self.is_end()).then_some(())
    }

    /// Text after `|` or `>`, with or without `-`.
    fn text_block(&mut self, folded: bool, column: usize) -> Option<()> {
        self.at += 1;
        let strip = self.peek() == b'-';
        self.at += usize::from(strip);
        if self.peek() != b'\n' {
            return None;
        }
        self.at += 1;
        self.line = self.at;
        self.spaces();
        let indent = self.column();
        if indent <= column || self.peek() == b'\n' {
            return None;
        }
        let start = self.at;
        let mut text = String::new();
        let mut end = start;
        let mut blank = 0;
        // Lines that are deeper than the first are not folded, on either side.
        let mut deep = false;
        loop {
            // Stands at the first character of a line of the text.
            let stop = self.end_of_line();
            let line = self.text.get(self.at..stop)?;
            if line.ends_with(' ') {
                return None;
            }
            let folds = folded && !deep && !line.starts_with(' ');
            deep = line.starts_with(' ');
            match (folds, blank) {
                _ if text.is_empty() => {}
                (true, 0) => text.push(' '),
                (true, lines) => text.extend(std::iter::repeat_n('\n', lines)),
                (false, lines) => text.extend(std::iter::repeat_n('\n', lines + 1)),
            }
            text.push_str(line);
            end = stop.max(end);
            blank = 0;
            self.at = stop;
            loop {
                self.at += 1;
                self.line = self.at;
                while self.peek() == b' ' && self.column() < indent {
                    self.at += 1;
                }
                if self.peek() != b'\n' || self.is_end() {
                    break;
                }
                blank += 1;
            }
            if self.is_end() || self.column() < indent {
                break;
            }
        }
        if !self.is_end() && self.peek() == b'#' && self.column() > column {
            return None;
        }
        if !strip {
            text.push('\n');
        }
        let style = if folded { ScalarStyle::Folded } else { ScalarStyle::Literal };
        stopped(self.builder.scalar(&text, style, start..end, None))?;
        self.next_content();
        (self.is_end() || self.column() <= column).then_some(())
    }
}

fn stopped(result: Result<(), Stop>) -> Option<()> {
    result.ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::{characters, parse::parse_all_of_yaml};
    use super::*;
    use crate::diagnostic::Sink;

    /// Whether the quick reader takes a text; if so, the parser must find nothing, and the same tree at the same places.
    fn agree(text: &str) -> bool {
        let file = FileId(0);
        let mut odd = Sink::default();
        characters::check(file, text, &mut odd);
        let Some(quick) = read(file, text).filter(|_| odd.is_empty()) else { return false };
        let mut sink = Sink::default();
        let whole = parse_all_of_yaml(file, text, Sink::default(), &mut sink);
        assert!(sink.is_empty(), "only the parser finds something in:\n{text}\n{sink:?}");
        let (quick, whole) = (format!("{:?}", Some(quick)), format!("{whole:?}"));
        let same = quick.bytes().zip(whole.bytes()).take_while(|(a, b)| a == b).count();
        let part = |text: &str| {
            String::from_utf8_lossy(text.as_bytes().get(same.saturating_sub(60)..).unwrap_or_default())
                .chars()
                .take(200)
                .collect::<String>()
        };
        assert!(quick == whole, "{}\nis to the parser\n{}\nin:\n{text}", part(&quick), part(&whole));
        true
    }

    fn texts(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                texts(&path, found);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                found.extend(fs::read_to_string(&path));
            }
        }
    }

    fn all(folders: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        for folder in folders {
            texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
        }
        found.retain(|text| !text.is_empty());
        found.sort();
        found
    }

    #[test]
    fn it_reads_what_the_parser_reads() {
        all(&["tests", "out"]).iter().for_each(|text| _ = agree(text));
        let ours = all(&["blueprints", "overlays"]);
        let left: Vec<&String> = ours.iter().filter(|text| !agree(text)).collect();
        assert!(
            left.len() * 20 < ours.len(),
            "it leaves {} of {} files to the parser: {left:#?}",
            left.len(),
            ours.len()
        );
    }

    #[test]
    fn it_takes_nothing_that_the_parser_reads_otherwise() {
        const PIECES: [&str; 36] = [
            " ",
            "  ",
            "\n",
            "\n\n",
            ":",
            ": ",
            "- ",
            "-",
            "#",
            " #",
            "'",
            "\"",
            "\\",
            "[",
            "]",
            "{",
            "}",
            ",",
            ", ",
            "|\n",
            ">-\n",
            ">\n",
            "a",
            "a: b\n",
            "- a\n",
            "!a ",
            "&a ",
            "*a",
            "? ",
            "%",
            "---\n",
            "...\n",
            "1",
            "é",
            "|-\n  x\n",
            "{ a: [b] }",
        ];
        let mut seed: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut random = |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % below as u64) as usize
        };
        let all = all(&["blueprints", "overlays", "tests"]);
        let rounds = std::env::var("STACKGEN_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(20_000);
        let mut taken = 0;
        for _ in 0..rounds {
            let text = &all[random(all.len())];
            let lines: Vec<&str> = text.lines().collect();
            let first = random(lines.len());
            let mut text = lines[first..lines.len().min(first + 1 + random(12))].join("\n") + "\n";
            for _ in 0..=random(3) {
                let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                let (from, to) = (places[random(places.len())], places[random(places.len())]);
                match random(3) {
                    0 if from < to && to - from < 8 => text.replace_range(from..to, ""),
                    1 => text.insert_str(from, &" ".repeat(random(5))),
                    _ => text.insert_str(from, PIECES[random(PIECES.len())]),
                }
                if text.is_empty() {
                    text.push('\n');
                }
            }
            taken += usize::from(agree(&text));
        }
        assert!(taken * 20 > rounds, "only {taken} of {rounds} were compared");
    }
}
