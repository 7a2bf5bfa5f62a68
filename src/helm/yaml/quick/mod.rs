//! A quick look at a document: its head, where all of it is plain block YAML.
//!
//! Nearly all of what charts print is written in one simple way. This looks at such a text line by line, builds nothing, and
//! gives up at whatever it does not know: the full reader then decides. It must never accept what the full reader refuses.

mod scalars;
#[cfg(test)]
mod tests;

use scalars::{
    blanks, flow, is_dash, open_quoted, plain, plain_end, quoted, quoted_from, rest_is_blank, split_key, word,
};

/// What Helm wants to know of a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) hook: Option<String>,
    pub(crate) weight: Option<String>,
}

/// The head of a document; none where the full reader is needed.
pub(crate) fn head(text: &str) -> Option<Head> {
    if text.as_bytes().chunks(64).any(holds_signs) || has_odd_breaks(text) {
        return None;
    }
    let mut look = Look { levels: Vec::new(), head: Head::default(), path: [None; 3], noted: false, more: None };
    let mut lines = text.split('\n');
    while let Some(line) = lines.next() {
        look.line(line, &mut lines)?;
    }
    (!look.levels.is_empty()).then_some(look.head)
}

/// Whether there is a sign that is no text and does not end a line. Without a branch for each byte this takes no time.
fn holds_signs(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, b| found | ((*b < b' ') & (*b != b'\n')) | (*b == 0x7F))
}

/// Signs beyond ASCII that some readers take for the end of a line, for nothing, or for a fault.
fn has_odd_breaks(text: &str) -> bool {
    let odd =
        |c: char| matches!(c, '\u{80}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}');
    !text.is_ascii() && text.contains(odd)
}

/// A map or list that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Level {
    column: usize,
    list: bool,
    /// Whether its last entry has no value yet, so that one may follow in deeper lines.
    open: bool,
}

struct Look<'t> {
    levels: Vec<Level>,
    head: Head,
    /// The keys of the outermost maps, as far as the head needs them.
    path: [Option<&'t str>; 3],
    /// Whether the value of the current line is one that the head needs.
    noted: bool,
    /// Where a plain scalar ended the line before: the column that its further lines stand right of.
    more: Option<usize>,
}

type Lines<'a, 't> = &'a mut std::str::Split<'t, char>;

impl<'t> Look<'t> {
    fn line(&mut self, line: &'t str, lines: Lines<'_, 't>) -> Option<()> {
        let mut column = blanks(line);
        let mut content = line.get(column..)?;
        if content.is_empty() {
            return Some(());
        }
        let more = self.more.take();
        if content.starts_with('#') {
            // A comment ends a scalar, and nothing may follow it.
            return Some(());
        }
        if more.is_some_and(|parent| column > parent) {
            self.more = more;
            let odd = content.starts_with(['?', ':']) || is_dash(content);
            return (!self.noted && !odd && plain_end(content)? == content.len()).then_some(());
        }
        // What closes with this line.
        while let Some(top) = self.levels.last().copied() {
            let dash = is_dash(content);
            let same = top.column == column && (top.list == dash || (!top.list && dash && top.open));
            if column > top.column || same {
                break;
            }
            self.levels.pop();
        }
        if content.starts_with(['{', '[']) {
            return self.alone(content, column);
        }
        loop {
            let dash = is_dash(content);
            self.enter(column, dash)?;
            if !dash {
                break;
            }
            let after = content.get(1..)?;
            let rest = after.get(blanks(after)..)?;
            if rest.is_empty() || rest.starts_with('#') {
                self.levels.last_mut()?.open = true;
                return Some(());
            }
            column += content.len() - rest.len();
            content = rest;
            if !is_dash(content) && split_key(content).is_none() {
                let parent = self.levels.last()?.column;
                return self.value(content, parent, lines);
            }
            self.levels.last_mut()?.open = true;
        }
        let (key, rest) = split_key(content)?;
        let depth = self.depth();
        self.noted = false;
        if let Some(place) = depth.and_then(|depth| self.path.get_mut(depth)) {
            *place = Some(key);
        }
        let value = rest.get(blanks(rest)..)?;
        if value.is_empty() || value.starts_with('#') {
            self.levels.last_mut()?.open = true;
            return self.note(depth, "");
        }
        self.note(depth, value)?;
        self.value(value, column, lines)
    }

    /// A list or map in brackets in the line after its key.
    fn alone(&mut self, content: &str, column: usize) -> Option<()> {
        let wants_map = self.wants_map();
        let top = self.levels.last_mut().filter(|top| top.open && column > top.column)?;
        top.open = false;
        // What the head has to see must be written in the usual way.
        (!wants_map || content == "{}").then_some(())?;
        rest_is_blank(flow(content, 0)?)
    }

    /// Opens a level for this line, or goes on with the one that it belongs to.
    fn enter(&mut self, column: usize, list: bool) -> Option<()> {
        match self.levels.last_mut() {
            Some(top) if top.column == column && top.list == list => {
                top.open = false;
                return Some(());
            }
            // Deeper lines belong to an entry that waits for its value; a list may stand in the column of its key.
            Some(top) if top.open && (column > top.column || (list && !top.list && column == top.column)) => {
                top.open = false;
            }
            Some(_) => return None,
            None if column == 0 && !list => {}
            None => return None,
        }
        if list && self.wants_map() {
            return None;
        }
        self.levels.push(Level { column, list, open: false });
        Some(())
    }

    /// Whether the value that begins is one that must be a map.
    fn wants_map(&self) -> bool {
        matches!(
            (self.depth(), self.path),
            (Some(0), [Some("metadata"), ..]) | (Some(1), [Some("metadata"), Some("annotations"), _])
        )
    }

    /// Which of the outermost maps the current line is in, where no list is around it.
    fn depth(&self) -> Option<usize> {
        let maps = self.levels.len() <= 3 && self.levels.iter().all(|level| !level.list);
        self.levels.len().checked_sub(1).filter(|_| maps)
    }

    /// Keeps what the head needs. What it needs and cannot have here is for the full reader.
    fn note(&mut self, depth: Option<usize>, value: &str) -> Option<()> {
        match (depth, self.path) {
            (Some(0), [Some("kind"), ..]) => self.head.kind = self.word(value)?,
            (Some(0), [Some("apiVersion"), ..]) => self.head.api_version = self.word(value)?,
            (Some(0), [Some("metadata"), ..]) if !value.is_empty() => return None,
            (Some(1), [Some("metadata"), Some("name"), _]) => self.head.name = self.word(value)?,
            (Some(1), [Some("metadata"), Some("annotations"), _]) if !value.is_empty() => {
                return value.starts_with("{}").then_some(());
            }
            (Some(2), [Some("metadata"), Some("annotations"), Some(key)]) => {
                match key.trim_matches(['"', '\'']) {
                    "helm.sh/hook" => self.head.hook = Some(self.word(value)?),
                    "helm.sh/hook-weight" => self.head.weight = Some(self.word(value)?),
                    // A map or list would be an error, and `{` begins one.
                    _ if value.is_empty() || value.starts_with(['{', '[']) => return None,
                    _ => {}
                }
            }
            _ => {}
        }
        Some(())
    }

    /// A text of the head, which must be all in its line.
    fn word(&mut self, value: &str) -> Option<String> {
        self.noted = true;
        word(value)
    }

    /// A value that begins in this line.
    fn value(&mut self, value: &'t str, parent: usize, lines: Lines<'_, 't>) -> Option<()> {
        match value.as_bytes().first()? {
            b'|' | b'>' => {
                let sign = value.split(" #").next()?.trim_end_matches(' ');
                matches!(sign, "|" | "|-" | "|+" | ">" | ">-" | ">+").then_some(())?;
                self.block(parent, lines)
            }
            b'"' | b'\'' => match quoted(value) {
                Some(rest) => rest_is_blank(rest),
                None => self.more_quoted(value, parent, lines),
            },
            b'[' | b'{' => rest_is_blank(flow(value, 0)?),
            _ => {
                // What a comment ends does not go on.
                self.more = plain(value)?.then_some(parent);
                Some(())
            }
        }
    }

    /// The further lines of a quoted scalar.
    fn more_quoted(&self, value: &str, parent: usize, lines: Lines<'_, 't>) -> Option<()> {
        let mark = value.get(..1)?;
        open_quoted(value.get(1..)?, mark)?;
        if self.noted {
            return None;
        }
        loop {
            let line = lines.next()?;
            let text = line.trim_start_matches(' ');
            if text.is_empty() {
                continue;
            }
            if line.len() - text.len() <= parent {
                return None;
            }
            // The text of this line behind a mark of its own is a quoted scalar, or the beginning of one.
            if let Some(rest) = quoted_from(text, mark) {
                return rest_is_blank(rest);
            }
            open_quoted(text, mark)?;
        }
    }

    /// The lines of a block scalar. The line that ends it is looked at as usual.
    fn block(&mut self, parent: usize, lines: Lines<'_, 't>) -> Option<()> {
        let mut indent = None;
        let mut blank = 0;
        loop {
            let ahead = lines.clone().next();
            let Some(line) = ahead else { return Some(()) };
            let column = blanks(line);
            if column == line.len() {
                blank = blank.max(column);
            } else {
                let least = *indent.get_or_insert(column);
                if column <= parent {
                    return Some(());
                }
                // Text that moves out, and blank lines deeper than the text, are for the full reader.
                if column < least || (indent == Some(column) && blank > column) {
                    return None;
                }
                blank = 0;
            }
            lines.next();
        }
    }
}
