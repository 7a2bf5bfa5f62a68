//! The tree, from the events of the parser.

use std::ops::Range;
use std::sync::Arc;

use granit_parser::ScalarStyle;
use indexmap::map::Entry;

use super::scalar::{Plain, classify};
use super::{FileId, Key, Map, Node, Span, Tag, Value, refuse, tag};
use crate::diagnostic::{Diagnostic, Sink, codes::reading};

/// Levels of lists and maps. Everything that walks a tree may rely on it.
const MAX_DEPTH: usize = 64;
/// Values in a document.
const MAX_NODES: usize = 1_000_000;

/// The document is beyond a limit, and that was reported.
pub(super) struct Stop;

/// How far reading has come, to explain a mistake in the syntax.
pub(super) struct Progress {
    /// The file.
    pub(super) file: FileId,
    /// The last scalar or bracket.
    pub(super) last: Range<usize>,
    /// Starts of the flow lists and maps that are open, innermost last.
    pub(super) brackets: Vec<usize>,
}

/// Builds a tree; mistakes that do not end the reading go to its own sink.
pub(super) struct Builder<'t> {
    file: FileId,
    text: &'t str,
    sink: Sink,
    open: Vec<Open>,
    /// Room for lists and maps that are read: how long one will be is known at its end, and then it is copied once.
    spare_lists: Vec<Vec<Node>>,
    spare_maps: Vec<Entries>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
    last: Range<usize>,
    /// Strings in which `!merge KEY` was taken for a tag.
    pub(super) strings_with_tags: Vec<Range<usize>>,
}

/// A list or map that is being read.
struct Open {
    start: usize,
    tag: Option<Tag>,
    /// Whether it has brackets.
    flow: bool,
    holds: Holds,
}

enum Holds {
    List(Vec<Node>),
    Map(Entries, Next),
}

/// The entries of a map that is being read; keys may still be there twice.
type Entries = Vec<(Key, Node)>;

/// What comes next in a map.
enum Next {
    Key,
    ValueOf(Key),
    /// The value of a key that was refused.
    Dropped,
}

impl<'t> Builder<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        Builder {
            file,
            text,
            sink: Sink::default(),
            open: Vec::new(),
            spare_lists: Vec::new(),
            spare_maps: Vec::new(),
            root: None,
            documents: 0,
            nodes: 0,
            last: 0..0,
            strings_with_tags: Vec::new(),
        }
    }

    /// The tree, and what was found.
    pub(super) fn finish(mut self) -> (Option<Node>, Sink) {
        // Where reading has stopped, maps are open.
        for open in std::mem::take(&mut self.open) {
            if let Holds::Map(entries, _) = open.holds {
                map(entries, &mut self.sink);
            }
        }
        (self.root, self.sink)
    }

    pub(super) fn progress(&self) -> Progress {
        let brackets = self.open.iter().filter(|open| open.flow).map(|open| open.start).collect();
        Progress { file: self.file, last: self.last.clone(), brackets }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span { file: self.file, start: range.start as u32, end: range.end as u32 }
    }

    /// A document starts.
    pub(super) fn document(&mut self, range: Range<usize>, has_version: bool) -> Result<(), Stop> {
        self.documents += 1;
        if has_version {
            let line = self.text.find("%YAML").map_or(range.clone(), |at| at..at + "%YAML".len());
            self.sink.push(refuse::directive(self.span(&line)));
        }
        if self.documents == 1 {
            return Ok(());
        }
        self.sink.push(refuse::second_document(self.span(&range)));
        Err(Stop)
    }

    /// An anchor stands before the node at a place; 0 is none.
    pub(super) fn anchor(&mut self, id: usize, node: &Range<usize>) {
        if id > 0 {
            let before = self.text.get(self.last.end..node.start).unwrap_or("");
            let start = before.rfind('&').map_or(node.start, |at| self.last.end + at);
            let word = self.text[start..].split([' ', '\t', '\r', '\n', ',', ']', '}']).next().unwrap_or("");
            self.sink.push(refuse::anchor("an anchor", self.span(&(start..start + word.len().max(1)))));
        }
    }

    /// An alias stands for a node.
    pub(super) fn alias(&mut self, range: Range<usize>) -> Result<(), Stop> {
        let line = self.text[range.start..].lines().next().unwrap_or("").trim_end();
        let more = self.text[range.end..].lines().next().unwrap_or("").trim();
        if !more.is_empty() && !more.starts_with(['#', ',', ']', '}', ':']) {
            // `*/5 * * * *` is a schedule; an alias stands alone.
            self.sink.push(refuse::unquoted(
                line,
                "`*` starts an alias",
                self.span(&(range.start..range.start + line.len())),
            ));
            return Err(Stop);
        }
        let span = self.span(&range);
        self.sink.push(refuse::anchor("an alias", span));
        self.last = range;
        if let Some(Open { holds: Holds::Map(_, next @ Next::Key), .. }) = self.open.last_mut() {
            *next = Next::Dropped;
        } else {
            self.add(Node::new(Value::Null, span));
        }
        Ok(())
    }

    /// A scalar: a key or a value.
    pub(super) fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        range: Range<usize>,
        tag: Option<(&str, Range<usize>)>,
    ) -> Result<(), Stop> {
        self.count(&range)?;
        let empty = style == ScalarStyle::Plain && range.is_empty();
        if !empty && self.text[..range.start].ends_with('\t') {
            self.sink.push(refuse::tab_before_value(self.span(&(range.start - 1..range.start))));
        }
        if matches!(self.open.last(), Some(Open { holds: Holds::Map(_, Next::Key), .. })) {
            if let Some((_, place)) = tag {
                self.sink.push(refuse::tag_at_key(self.span(&place)));
            }
            self.key(text, style == ScalarStyle::Plain, empty, range);
            return Ok(());
        }
        if empty && tag.is_none() && self.open.is_empty() {
            return Ok(()); // Nothing but `---`: there is no root then.
        }
        let mut node = if empty {
            let place = self.place_of_nothing(tag.as_ref().map(|(_, place)| place));
            Node::new(Value::Null, self.span(&place))
        } else {
            self.written_scalar(text, style, range)
        };
        if let Some((raw, place)) = tag {
            node.tag = tag::read(raw, self.span(&place), &mut self.sink);
        }
        self.add(node);
        Ok(())
    }

    fn written_scalar(&mut self, text: &str, style: ScalarStyle, mut range: Range<usize>) -> Node {
        let mut text = text;
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            // The parser ends the last line of the file with a line feed that is not there; Go's readers do not.
            if range.end == self.text.len() && !self.text.ends_with('\n') {
                text = text.strip_suffix('\n').unwrap_or(text);
            }
            let written = self.text[range.clone()].trim_end();
            range.end = range.start + written.len();
        }
        self.last = range.clone();
        let span = self.span(&range);
        let value = match style {
            ScalarStyle::Plain => self.plain(text, span),
            _ => Value::Str(Arc::from(text)),
        };
        Node::new(value, span)
    }

    fn plain(&mut self, text: &str, span: Span) -> Value {
        if let Some(found) = self.missing_space(text, span) {
            self.sink.push(found);
        }
        match classify(text) {
            Plain::Text => Value::Str(Arc::from(text)),
            Plain::Null => Value::Null,
            Plain::Bool(value) => Value::Bool(value),
            Plain::Int(value) => Value::Int(value),
            Plain::Float(value) => Value::Float(value),
            Plain::Word(value) => {
                self.sink.push(refuse::word(text, value, span));
                Value::Bool(value)
            }
            Plain::Disputed(why) => {
                self.sink.push(refuse::disputed(text, why, span));
                refuse::meant(text).map_or_else(|| Value::Str(Arc::from(text)), Value::Int)
            }
            Plain::Rewritten(why, value) => {
                self.sink.push(refuse::rewritten(text, why, value, span));
                likely(text, value)
            }
        }
    }

    /// `key:value` below a key: text to YAML, and hardly ever meant so.
    fn missing_space(&self, text: &str, span: Span) -> Option<Diagnostic> {
        let before = match self.open.last() {
            Some(Open { holds: Holds::Map(_, Next::ValueOf(key)), flow: false, .. }) => key.span.end..span.start,
            None => span.start..span.end,
            Some(_) => return None,
        };
        let (name, value) = text.split_once(':')?;
        let below = self.text.get(before.start as usize..before.end as usize)?.contains('\n');
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        let is_value = !value.is_empty() && !value.starts_with(['/', ':']);
        (below && is_name && is_value).then(|| refuse::missing_space(name, value, self.file, span.start))
    }

    fn key(&mut self, text: &str, is_plain: bool, empty: bool, range: Range<usize>) {
        let span = self.span(&range);
        self.last = range;
        if is_plain && let Some(found) = refuse::key(text, empty, span) {
            self.sink.push(found);
        }
        if let Some(Open { holds: Holds::Map(_, next), .. }) = self.open.last_mut() {
            *next = Next::ValueOf(Key { text: Arc::from(text), span });
        }
    }

    /// A list or map starts.
    pub(super) fn open(
        &mut self,
        is_map: bool,
        range: Range<usize>,
        tag: Option<(&str, Range<usize>)>,
    ) -> Result<(), Stop> {
        self.count(&range)?;
        if self.open.len() == MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} levels of lists and maps");
            self.sink.push(Diagnostic::error(&reading::LIMIT, self.span(&range), message).here("one level too deep"));
            return Err(Stop);
        }
        if is_map && self.text[range.start..].starts_with("{{") {
            let line = self.text[range.start..].lines().next().unwrap_or("");
            let braces = line.find("}}").map_or(line, |end| &line[..end + 2]);
            self.sink.push(refuse::expression(braces, self.span(&(range.start..range.start + braces.len()))));
            return Err(Stop);
        }
        let tag = tag.and_then(|(raw, place)| tag::read(raw, self.span(&place), &mut self.sink));
        let holds = if is_map {
            Holds::Map(self.spare_maps.pop().unwrap_or_default(), Next::Key)
        } else {
            Holds::List(self.spare_lists.pop().unwrap_or_default())
        };
        self.last = range.clone();
        self.open.push(Open { start: range.start, tag, flow: !range.is_empty(), holds });
        Ok(())
    }

    /// The innermost list or map ends.
    pub(super) fn close(&mut self, range: Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        if open.flow {
            self.last = range;
        }
        let span = self.span(&(open.start..self.last.end.max(open.start)));
        let value = match open.holds {
            Holds::List(mut items) => {
                // As large as it has to be: the buffer that grew serves the next one.
                #[expect(clippy::drain_collect, reason = "the buffer is kept")]
                let list: Vec<Node> = items.drain(..).collect();
                self.spare_lists.push(items);
                Value::Seq(Arc::new(list))
            }
            Holds::Map(mut entries, _) => {
                let map = map(entries.drain(..), &mut self.sink);
                self.spare_maps.push(entries);
                Value::Map(Arc::new(map))
            }
        };
        self.add(Node { value, span, tag: open.tag });
    }

    /// A value is complete: it goes to where it belongs.
    fn add(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.holds) {
            None => self.root = Some(node),
            Some(Holds::List(items)) => items.push(node),
            Some(Holds::Map(entries, next)) => match std::mem::replace(next, Next::Key) {
                Next::ValueOf(key) => entries.push((key, node)),
                Next::Dropped => {}
                Next::Key => {
                    self.sink.push(refuse::key_with_children(&node));
                    *next = Next::Dropped;
                }
            },
        }
    }

    /// Where a value would stand that is not written: at its tag, or after the colon or dash before it.
    fn place_of_nothing(&self, tag: Option<&Range<usize>>) -> Range<usize> {
        if let Some(tag) = tag {
            return tag.clone();
        }
        let after = self.text.get(self.last.end..).unwrap_or("");
        let at = after.find([':', '-', ',', ']', '}']).map_or(self.last.end, |at| self.last.end + at + 1);
        at..at
    }

    fn count(&mut self, range: &Range<usize>) -> Result<(), Stop> {
        self.nodes += 1;
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let message = format!("more than {MAX_NODES} keys and values");
        self.sink.push(Diagnostic::error(&reading::LIMIT, self.span(range), message));
        Err(Stop)
    }
}

/// The map of some entries. Of those with one key, the first stays.
fn map(entries: impl IntoIterator<Item = (Key, Node), IntoIter: ExactSizeIterator>, sink: &mut Sink) -> Map {
    let entries = entries.into_iter();
    let mut map = Map::with_capacity_and_hasher(entries.len(), Default::default());
    for (key, node) in entries {
        let span = key.span;
        match map.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(node);
            }
            Entry::Occupied(first) => sink.push(refuse::duplicate(&first.key().text, first.key().span, span)),
        }
    }
    map
}

/// What a number in an odd form was most likely meant to be, so that no wrong type is reported on top.
fn likely(text: &str, value: f64) -> Value {
    match text {
        version if version.contains('.') => Value::Str(Arc::from(version)),
        _ if value.fract() == 0.0 && value.abs() < 1e15 => Value::Int(value as i64),
        _ => Value::Float(value),
    }
}
