//! From line to line.

use memchr::{memchr, memchr_iter, memchr3_iter, memrchr};

use super::scalars::{
    MERGE, blanks, flow, is_dash, open_quoted, plain, plain_end, quoted, quoted_from, rest_is_blank, split_key,
};
use super::{Scalar, Sink};

/// How deep lists and maps may nest before the full reader is asked.
const MAX_DEPTH: usize = 100;

/// How many lines a list or map in brackets may take before the full reader is asked.
const MAX_FLOW: usize = 100;

/// Goes through a document; none where the full reader is needed.
pub(super) fn walk<'t, S: Sink<'t>>(text: &'t str, sink: S) -> Option<S> {
    if text.as_bytes().chunks(64).any(holds_signs) || has_odd_breaks(text) || has_tabs(text) {
        return None;
    }
    let mut walk = Walk { text, at: 0, levels: Vec::new(), more: None, sink };
    walk.skip_marker();
    while let Some(line) = walk.next_line() {
        if line == "..." {
            walk.end()?;
            break;
        }
        walk.line(line)?;
    }
    walk.end_plain()?;
    for _ in &walk.levels {
        walk.sink.close()?;
    }
    Some(walk.sink)
}

/// Whether there is a sign that is no text and does not end a line. Without a branch for each byte this takes no time.
fn holds_signs(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, b| found | ((*b < b' ') & (*b != b'\n') & (*b != b'\t')) | (*b == 0x7F))
}

/// Whether there are tabs elsewhere than in comments.
fn has_tabs(text: &str) -> bool {
    memchr_iter(b'\t', text.as_bytes()).any(|at| {
        let before = text.get(..at).unwrap_or_default();
        let line = before.get(memrchr(b'\n', before.as_bytes()).map_or(0, |start| start + 1)..);
        !line.is_some_and(|line| line.trim_start_matches(' ').starts_with('#'))
    })
}

/// Signs beyond ASCII that some readers take for the end of a line, for nothing, or for a fault.
fn has_odd_breaks(text: &str) -> bool {
    let odd = |at: usize| {
        let sign = text.get(at..).and_then(|rest| rest.chars().next());
        matches!(sign, Some('\u{80}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'))
    };
    // All of them begin with one of these bytes.
    memchr3_iter(0xC2, 0xE2, 0xEF, text.as_bytes()).any(odd)
}

/// The name of a value, and what follows it.
fn name(text: &str) -> Option<(&str, &str)> {
    let length = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
    let (name, rest) = text.split_at_checked(length)?;
    (!name.is_empty() && (rest.is_empty() || rest.starts_with(' '))).then_some((name, rest))
}

/// A map or list that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Level {
    column: usize,
    list: bool,
    /// Whether its last entry has no value yet, so that one may follow in deeper lines.
    open: bool,
    /// Whether that value has a name: it must stand deeper then, even if it is a list.
    named: bool,
}

/// A plain scalar that reached the end of its line: it goes on in lines that stand right of a column.
struct More {
    parent: usize,
    start: usize,
    end: usize,
}

struct Walk<'t, S> {
    text: &'t str,
    /// Where the next line begins; beyond the text after the last one.
    at: usize,
    levels: Vec<Level>,
    more: Option<More>,
    sink: S,
}

impl<'t, S: Sink<'t>> Walk<'t, S> {
    fn next_line(&mut self) -> Option<&'t str> {
        let rest = self.text.get(self.at..)?;
        let end = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.at += end + 1;
        rest.get(..end)
    }

    /// Passes over the marker that a document may begin with, and the remarks before it.
    fn skip_marker(&mut self) {
        while let Some(line) = self.next_line() {
            if line == "---" {
                return;
            }
            if !line.is_empty() && !line.starts_with('#') {
                break;
            }
        }
        self.at = 0;
    }

    /// The end of a document that says so: nothing but remarks may follow.
    fn end(&mut self) -> Option<()> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let nothing = rest.lines().all(|line| line.trim_matches(' ').is_empty() || line.starts_with('#'));
        (nothing && !self.levels.is_empty()).then_some(())
    }

    /// Where a part of the text begins in it.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr().addr() - self.text.as_ptr().addr()
    }

    fn line(&mut self, line: &'t str) -> Option<()> {
        let column = blanks(line);
        let content = line.get(column..)?;
        if content.is_empty() {
            return Some(());
        }
        if content.starts_with('#') {
            // A comment ends a scalar, and nothing may follow it.
            return self.end_plain();
        }
        if let Some(more) = self.more.as_mut().filter(|more| column > more.parent) {
            let odd = content.starts_with(['?', ':']);
            more.end = self.at.min(self.text.len() + 1) - 1;
            return (!odd && plain_end(content)? == content.len()).then_some(());
        }
        self.end_plain()?;
        self.leave(column, is_dash(content))?;
        self.entries(content, column)
    }

    /// Hands on the plain scalar that the lines before made.
    fn end_plain(&mut self) -> Option<()> {
        let Some(more) = self.more.take() else { return Some(()) };
        self.sink.scalar(Scalar::Plain(self.text.get(more.start..more.end)?.trim_end_matches(' ')))
    }

    /// Closes what does not go on with a line at this column.
    fn leave(&mut self, column: usize, dash: bool) -> Option<()> {
        while let Some(top) = self.levels.last() {
            let same = top.column == column && (top.list == dash || (!top.list && dash && top.open));
            if column > top.column || same {
                break;
            }
            self.levels.pop();
            self.sink.close()?;
        }
        Some(())
    }

    /// What a line has: items of lists, one in the other, and then a key or a value.
    fn entries(&mut self, mut content: &'t str, mut column: usize) -> Option<()> {
        let whole = content;
        while is_dash(content) {
            self.enter(column, true)?;
            self.sink.item()?;
            self.levels.last_mut()?.open = true;
            let after = content.get(1..)?;
            let rest = after.get(blanks(after)..)?;
            if rest.is_empty() || rest.starts_with('#') {
                return Some(());
            }
            column += content.len() - rest.len();
            content = rest;
        }
        let Some((key, rest)) = split_key(content) else {
            // A name in a line of its own belongs to what the full reader says.
            let named = content.len() == whole.len() && content.starts_with('&');
            return if named { None } else { self.alone(content, column) };
        };
        self.enter(column, false)?;
        if key == MERGE {
            self.sink.merge()?
        } else {
            self.sink.key(key)?
        }
        let value = rest.get(blanks(rest)..)?;
        if value.is_empty() || value.starts_with('#') {
            self.levels.last_mut()?.open = true;
            return Some(());
        }
        self.value(value, column)
    }

    /// A value behind a dash, or in a line of its own below its key.
    fn alone(&mut self, content: &'t str, column: usize) -> Option<()> {
        let top = self.levels.last_mut().filter(|top| top.open && column > top.column)?;
        top.open = false;
        let parent = top.column;
        self.value(content, parent)
    }

    /// Opens a level for this line, or goes on with the one that it belongs to.
    fn enter(&mut self, column: usize, list: bool) -> Option<()> {
        match self.levels.last_mut() {
            Some(top) if top.column == column && top.list == list => {
                top.open = false;
                return Some(());
            }
            // Deeper lines belong to an entry that waits for its value; a list may stand in the column of its key.
            Some(top)
                if top.open && (column > top.column || (list && !top.list && !top.named && column == top.column)) =>
            {
                (top.open, top.named) = (false, false);
            }
            Some(_) => return None,
            None if column == 0 && !list => {}
            None => return None,
        }
        self.levels.push(Level { column, list, open: false, named: false });
        (self.levels.len() <= MAX_DEPTH).then_some(())?;
        self.sink.open(list)
    }

    /// A value that begins in this line.
    fn value(&mut self, value: &'t str, parent: usize) -> Option<()> {
        let whole = |rest: &str| value.get(..value.len() - rest.len());
        match value.as_bytes().first()? {
            b'&' => self.named(value.get(1..)?, parent),
            b'*' => {
                let (name, rest) = name(value.get(1..)?)?;
                rest_is_blank(rest)?;
                self.sink.alias(name)
            }
            b'|' | b'>' => self.block(value.split(" #").next()?.trim_end_matches(' '), parent),
            b'"' | b'\'' => match quoted(value) {
                Some(rest) => {
                    rest_is_blank(rest)?;
                    self.sink.scalar(Scalar::Quoted(whole(rest)?))
                }
                None => self.more_quoted(value, parent),
            },
            b'[' | b'{' => match flow(value, 0) {
                Some(rest) => {
                    rest_is_blank(rest)?;
                    self.sink.scalar(Scalar::Flow(whole(rest)?))
                }
                None => self.more_flow(value, parent),
            },
            _ => {
                let end = plain(value)?;
                let start = self.offset(value);
                self.more = Some(More { parent, start, end: start + end });
                // What a comment ends does not go on.
                if end < value.len() { self.end_plain() } else { Some(()) }
            }
        }
    }

    /// A value behind its name, or in the deeper lines that follow.
    fn named(&mut self, value: &'t str, parent: usize) -> Option<()> {
        let (name, rest) = name(value)?;
        self.sink.anchor(name)?;
        if rest_is_blank(rest).is_none() {
            return self.value(rest.trim_start_matches(' '), parent);
        }
        let top = self.levels.last_mut()?;
        (top.open, top.named) = (true, true);
        Some(())
    }

    /// The further lines of a quoted scalar.
    fn more_quoted(&mut self, value: &'t str, parent: usize) -> Option<()> {
        let mark = value.get(..1)?;
        open_quoted(value.get(1..)?, mark)?;
        loop {
            let line = self.next_line()?;
            let text = line.trim_start_matches(' ');
            if text.is_empty() {
                continue;
            }
            if line.len() - text.len() <= parent {
                return None;
            }
            // The text of this line behind a mark of its own is a quoted scalar, or the beginning of one.
            if let Some(rest) = quoted_from(text, mark) {
                rest_is_blank(rest)?;
                let end = self.offset(rest);
                let whole = self.text.get(self.offset(value)..end)?;
                return if whole.contains('\t') { None } else { self.sink.scalar(Scalar::Quoted(whole)) };
            }
            open_quoted(text, mark)?;
        }
    }

    /// The further lines of a list or map in brackets: it ends with a line that a bracket ends.
    fn more_flow(&mut self, value: &'t str, parent: usize) -> Option<()> {
        let start = self.offset(value);
        for _ in 0..MAX_FLOW {
            let line = self.next_line()?;
            if blanks(line) <= parent || line.contains('\t') {
                return None;
            }
            if line.ends_with([']', '}']) {
                let value = self.text.get(start..self.at - 1)?;
                if let Some(rest) = flow(value, 0) {
                    return if rest.is_empty() { self.sink.scalar(Scalar::Flow(value)) } else { None };
                }
            }
        }
        None
    }

    /// The lines of a block scalar. The line that ends it is looked at as usual.
    fn block(&mut self, header: &'t str, parent: usize) -> Option<()> {
        let given = match header.as_bytes().get(1..)? {
            [] | [b'-' | b'+'] => None,
            [digit @ b'1'..=b'9'] | [digit @ b'1'..=b'9', b'-' | b'+'] | [b'-' | b'+', digit @ b'1'..=b'9'] => {
                Some(parent + usize::from(*digit - b'0'))
            }
            _ => return None,
        };
        let start = self.at;
        let (mut indent, mut blank) = (given, 0);
        let mut begun = false;
        loop {
            let before = self.at;
            let Some(line) = self.next_line() else { break };
            let column = blanks(line);
            if column == line.len() {
                // Below the first text, blanks right of it are text too.
                let text = begun && header.starts_with('|') && self.at < self.text.len();
                blank = if text { blank } else { blank.max(column) };
                continue;
            }
            if column <= parent {
                self.at = before;
                break;
            }
            begun = true;
            let least = *indent.get_or_insert(column);
            // Text that moves out, and blank lines deeper than the text, are for the full reader.
            if column < least || blank > least {
                return None;
            }
        }
        // Without text there are only blank lines.
        let indent = indent.unwrap_or(blank);
        (blank <= indent).then_some(())?;
        let lines = self.text.get(start..self.at.min(self.text.len())).unwrap_or_default();
        self.sink.scalar(Scalar::Block { header, indent, lines })
    }
}
