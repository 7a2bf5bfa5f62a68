//! A quick look at a document: its head, where all of it is plain block YAML.
//!
//! Nearly all of what charts print is written in one simple way. This looks at such a text line by line, builds nothing, and
//! gives up at whatever it does not know: the full reader then decides. It must never accept what the full reader refuses.

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

/// Signs beyond ASCII that some readers take for the end of a line, or for nothing.
fn has_odd_breaks(text: &str) -> bool {
    !text.is_ascii() && text.contains(['\u{85}', '\u{2028}', '\u{2029}', '\u{FEFF}'])
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

/// How much a line may hold before the full reader is asked.
const MAX_KEY: usize = 200;

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

fn is_dash(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

/// A key and what follows its colon.
fn split_key(content: &str) -> Option<(&str, &str)> {
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

/// A plain scalar: whether it goes on to the end of its line.
fn plain(value: &str) -> Option<bool> {
    let end = plain_end(value)?;
    let text = value.get(..end)?.trim_end_matches(' ');
    let odd = is_odd(text) && text != "~" && !text.eq_ignore_ascii_case("null");
    (starts_well(text) && !odd).then_some(end == value.len())
}

/// Where plain text ends: at a comment, or with its line. None where it holds what would be a key.
fn plain_end(text: &str) -> Option<usize> {
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
fn blanks(text: &str) -> usize {
    text.bytes().take_while(|b| *b == b' ').count()
}

/// What follows a quoted text that ends in its line.
fn quoted(value: &str) -> Option<&str> {
    quoted_from(value.get(1..)?, value.get(..1)?)
}

/// Whether a line without the closing mark holds only escapes that are known here.
fn open_quoted(text: &str, mark: &str) -> Option<()> {
    if mark == "'" {
        return Some(());
    }
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        rest = match rest.as_bytes().get(at + 1) {
            None => return Some(()),
            Some(b'"' | b'\\' | b'n' | b't' | b'/' | b'r' | b' ') => rest.get(at + 2..)?,
            Some(_) => return None,
        };
    }
    Some(())
}

/// What follows the mark that closes a quoted text.
fn quoted_from<'t>(inner: &'t str, mark: &str) -> Option<&'t str> {
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
            [b'\\', b'"' | b'\\' | b'n' | b't' | b'/' | b'r' | b' ', ..] => sign.get(2..)?,
            _ => return None,
        };
    }
}

fn rest_is_blank(rest: &str) -> Option<()> {
    let after = rest.trim_start_matches(' ');
    (after.is_empty() || (after.starts_with('#') && after.len() < rest.len())).then_some(())
}

/// What follows a list or map in brackets that ends in its line.
fn flow(value: &str, depth: usize) -> Option<&str> {
    let map = value.starts_with('{');
    let close = if map { '}' } else { ']' };
    let mut rest = value.get(1..)?.trim_start_matches(' ');
    if depth > 8 {
        return None;
    }
    if let Some(after) = rest.strip_prefix(close) {
        return Some(after);
    }
    loop {
        if map {
            let after = word_in_flow(rest)?;
            rest = after.strip_prefix(": ")?.trim_start_matches(' ');
        }
        rest = match rest.as_bytes().first()? {
            b'[' | b'{' => flow(rest, depth + 1)?,
            _ => word_in_flow(rest)?,
        };
        rest = rest.trim_start_matches(' ');
        if let Some(after) = rest.strip_prefix(close) {
            return Some(after);
        }
        rest = rest.strip_prefix(", ")?.trim_start_matches(' ');
    }
}

/// What follows a quoted text, or a plain word of harmless signs.
fn word_in_flow(value: &str) -> Option<&str> {
    if value.starts_with(['"', '\'']) {
        return quoted(value);
    }
    let end = value.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/' | b'.' | b'-')).count();
    let (word, rest) = value.split_at_checked(end)?;
    let letter = word.starts_with(|c: char| c.is_ascii_alphabetic());
    let number = word.len() < 16 && word.bytes().all(|b| b.is_ascii_digit());
    ((letter && !is_odd(word)) || (number && !word.is_empty())).then_some(rest)
}

/// A text of the head, where it is one to every reader.
fn word(value: &str) -> Option<String> {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::path::{Path, PathBuf};

    use super::head;
    use crate::helm::manifests::{full_head, split};

    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else if path.extension().is_some_and(|e| e == "yaml") {
                found.push(path);
            }
        }
    }

    /// The documents of the recorded cases, and of a folder that the tester names.
    fn corpus() -> Vec<String> {
        let mut found = Vec::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/helm"), &mut found);
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut found);
        if let Some(folder) = std::env::var_os("YAML_CORPUS") {
            files(Path::new(&folder), &mut found);
        }
        let texts = found.iter().filter_map(|path| std::fs::read_to_string(path).ok());
        texts.flat_map(|text| split(&text).into_iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn it_never_says_what_the_full_reader_does_not() {
        const SIGNS: [&str; 24] = [
            " ", "\n", ":", "-", "#", "\"", "'", "{", "}", "[", "]", ",", "|", ">", "&", "*", "!", "  ", "- ", ": ",
            "\n  ", "~", "\\", "é",
        ];
        let (mut seed, mut quick, mut all) = (0x9E37_79B9_7F4A_7C15_u64, 0, 0);
        let mut below = |limit: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % u64::try_from(limit.max(1)).unwrap()).unwrap()
        };
        for document in corpus() {
            for turn in 0..if document.len() > 20_000 { 3 } else { 30 } {
                let mut text = document.clone();
                if turn > 0 {
                    let mut at = below(text.len());
                    while !text.is_char_boundary(at) {
                        at -= 1;
                    }
                    match below(3) {
                        0 => text.insert_str(at, SIGNS[below(SIGNS.len())]),
                        1 => text.truncate(at),
                        _ => drop((at < text.len()).then(|| text.remove(at))),
                    }
                }
                let text = text.trim();
                all += 1;
                let Some(found) = head(text) else { continue };
                quick += 1;
                let full = full_head(text);
                assert_eq!(full.as_ref().ok(), Some(&found), "{full:?} for\n{text}");
            }
        }
        assert!(quick * 4 > all, "{quick} of {all}");
    }
}
