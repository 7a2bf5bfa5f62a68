//! One document of YAML into plain data.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use memchr::memmem;

use super::quick;
use super::resolve::{Resolved, resolve};
use crate::helm::data::Data;
use crate::helm::print;
use crate::helm::table::Table;

/// How many nodes a document may come to once its aliases are expanded.
const MAX_NODES: usize = 4_000_000;

/// Why a document cannot be read, in the words of Go's reader as far as they are known.
#[derive(Debug)]
pub(crate) struct Problem(pub(crate) String);

type Read<T> = Result<T, Problem>;

/// Reads the first document. A text without one is null.
pub(crate) fn read(text: &str) -> Read<Data> {
    quick::data(text, Numbers::Floats).map_or_else(|| first(text, Numbers::Floats), Ok)
}

/// Reads the first document, and keeps whole numbers whole.
pub(crate) fn read_exact(text: &str) -> Read<Data> {
    quick::data(text, Numbers::Exact).map_or_else(|| first(text, Numbers::Exact), Ok)
}

/// What becomes of whole numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Floats, as everywhere in Helm.
    Floats,
    /// Whole where they fit.
    Exact,
}

/// Signs that no YAML may hold, not even in quotes.
fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The first document, by the full reader.
pub(super) fn first(text: &str, numbers: Numbers) -> Read<Data> {
    if text.chars().any(is_control) {
        return Err(Problem("yaml: control characters are not allowed".into()));
    }
    let options = granit_parser::options! { emit_comments: false };
    let mut reader =
        Reader { parser: Parser::new_from_str_with_options(text, options), text, anchors: HashMap::new(), nodes: 0 };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(..), _) => {}
            (Event::StreamEnd | Event::DocumentEnd, _) => return Ok(Data::Null),
            (event, span) => {
                let node = reader.node(event, span)?;
                reader.end()?;
                return node.data(numbers);
            }
        }
    }
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    anchors: HashMap<usize, Arc<Node>>,
    nodes: usize,
}

/// A node before its numbers and keys have become what JSON has.
#[derive(Clone, Debug)]
enum Node {
    Data(Data),
    /// A number that fits an integer, as it is before it becomes a float.
    Int(i128),
    /// `.inf`, `.nan`
    Special(f64),
    Merge,
    List(Vec<Arc<Node>>),
    Map(Vec<(Arc<str>, Arc<Node>)>),
}

impl Node {
    #[allow(clippy::cast_precision_loss)]
    fn data(&self, numbers: Numbers) -> Read<Data> {
        Ok(match self {
            Node::Data(data) => data.clone(),
            Node::Int(int) => match i64::try_from(*int) {
                Ok(int) if numbers == Numbers::Exact => Data::Int(int),
                _ => Data::Number(*int as f64),
            },
            Node::Special(float) => {
                return Err(Problem(format!("json: unsupported value: {}", print::special(*float))));
            }
            Node::Merge => Data::str("<<"),
            Node::List(items) => Data::List(items.iter().map(|item| item.data(numbers)).collect::<Read<_>>()?),
            Node::Map(entries) => {
                let mut table = Table::new();
                for (key, node) in entries {
                    table.insert(key.clone(), node.data(numbers)?);
                }
                Data::Map(table)
            }
        })
    }

    /// The text of a node that is a key.
    fn key(&self) -> Read<Arc<str>> {
        Ok(match self {
            Node::Data(Data::Str(text)) => text.clone(),
            Node::Data(Data::Bool(b)) => b.to_string().into(),
            Node::Int(int) if i64::try_from(*int).is_ok() => int.to_string().into(),
            Node::Int(_) => return Err(unsupported_key("uint64")),
            Node::Data(Data::Number(float)) => {
                let mut out = String::new();
                #[allow(clippy::cast_possible_truncation)]
                let single = *float as f32;
                print::float(&mut out, single.to_string().parse().unwrap_or(*float));
                out.into()
            }
            Node::Special(float) if float.is_nan() => ".nan".into(),
            Node::Special(float) => if *float > 0.0 { ".inf" } else { "-.inf" }.into(),
            Node::Merge => "<<".into(),
            Node::Data(Data::Null) => return Err(unsupported_key("%!s(<nil>)")),
            _ => return Err(Problem("yaml: invalid map key".into())),
        })
    }
}

/// What plain text is as a value; none where it cannot be one.
pub(super) fn plain(text: &str, numbers: Numbers) -> Option<Data> {
    scalar(text, ScalarStyle::Plain, None).ok()?.data(numbers).ok()
}

/// What plain text is as a key; none where it cannot be one.
pub(super) fn plain_key(text: &str) -> Option<Arc<str>> {
    scalar(text, ScalarStyle::Plain, None).ok()?.key().ok()
}

fn unsupported_key(kind: &str) -> Problem {
    Problem(format!("unsupported map key of type: {kind}"))
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Read<(Event<'t>, Span)> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(scan_problem(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// Reads up to the end of the document, so that what follows its root is checked.
    fn end(&mut self) -> Read<()> {
        match self.next()? {
            (Event::DocumentEnd | Event::StreamEnd, _) => Ok(()),
            _ => Err(Problem("yaml: did not find expected <document start>".into())),
        }
    }

    fn count(&mut self, more: usize) -> Read<()> {
        self.nodes += more;
        if self.nodes > MAX_NODES { Err(Problem("yaml: document contains excessive aliasing".into())) } else { Ok(()) }
    }

    fn keep(&mut self, anchor: usize, node: Node) -> Arc<Node> {
        let node = Arc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        node
    }

    fn node(&mut self, event: Event<'t>, span: Span) -> Read<Arc<Node>> {
        self.count(1)?;
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let text = self.without_added_newline(&text, style, span);
                let node = scalar(text, style, tag.as_deref())?;
                Ok(self.keep(anchor, node))
            }
            Event::SequenceStart(_, anchor, _) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => items.push(self.node(event, span)?),
                    }
                }
                Ok(self.keep(anchor, Node::List(items)))
            }
            Event::MappingStart(_, anchor, _) => {
                let entries = self.entries()?;
                Ok(self.keep(anchor, Node::Map(entries)))
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return Err(Problem("yaml: anchor value contains itself".into()));
                };
                self.count(size(&node))?;
                Ok(node)
            }
            other => Err(Problem(format!("yaml: unexpected event {other:?}"))),
        }
    }

    fn entries(&mut self) -> Read<Vec<(Arc<str>, Arc<Node>)>> {
        let mut entries = Vec::new();
        loop {
            let key = match self.next()? {
                (Event::MappingEnd, _) => return Ok(entries),
                (event, span) => self.node(event, span)?,
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span)?;
            if matches!(*key, Node::Merge) {
                merge(&mut entries, &value)?;
            } else {
                entries.push((key.key()?, value));
            }
        }
    }

    /// The parser ends a block scalar with a newline even where its last line ends without one.
    fn without_added_newline<'s>(&self, text: &'s str, style: ScalarStyle, span: Span) -> &'s str {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let last = self.text.rsplit('\n').next().unwrap_or_default();
        let ends = block && !last.is_empty() && span.end.byte_offset().is_some_and(|end| end >= self.text.len());
        let Some(stripped) = text.strip_suffix('\n').filter(|_| ends) else { return text };
        // A last line of blanks that is no part of the text leaves the newline before it.
        let is_blank = |line: &str| line.bytes().all(|b| b == b' ');
        let own = stripped.rsplit('\n').next().unwrap_or_default();
        if is_blank(last) && (own.is_empty() || !is_blank(own)) { text } else { stripped }
    }
}

fn size(node: &Node) -> usize {
    match node {
        Node::List(items) => 1 + items.iter().map(|item| size(item)).sum::<usize>(),
        Node::Map(entries) => 1 + entries.iter().map(|(_, node)| size(node)).sum::<usize>(),
        _ => 1,
    }
}

/// What stands under `<<`: a map, or a list of maps of which the first goes before the others.
fn merge(entries: &mut Vec<(Arc<str>, Arc<Node>)>, value: &Node) -> Read<()> {
    let problem = || Problem("yaml: map merge requires map or sequence of maps as the value".into());
    match value {
        Node::Map(merged) => entries.extend(merged.iter().cloned()),
        Node::List(items) => {
            for item in items.iter().rev() {
                let Node::Map(merged) = &**item else { return Err(problem()) };
                entries.extend(merged.iter().cloned());
            }
        }
        _ => return Err(problem()),
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)]
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Read<Node> {
    let plain = matches!(style, ScalarStyle::Plain);
    let wanted = tag.and_then(|tag| tag.core_suffix());
    if (tag.is_none() && !plain) || (tag.is_some() && wanted.is_none()) || wanted == Some("str") {
        return Ok(Node::Data(Data::str(text)));
    }
    if wanted == Some("binary") {
        let bytes = crate::helm::base64::decode(text.as_bytes());
        let bytes = bytes.map_err(|_| Problem("yaml: !!binary value contains invalid base64 data".into()))?;
        return Ok(Node::Data(Data::str(String::from_utf8_lossy(&bytes))));
    }
    let node = match resolve(text) {
        Resolved::Null => Node::Data(Data::Null),
        Resolved::Bool(b) => Node::Data(Data::Bool(b)),
        Resolved::Int(int) if wanted == Some("float") => Node::Data(Data::Number(int as f64)),
        Resolved::Int(int) => Node::Int(int),
        Resolved::Float(float) if float.is_finite() => Node::Data(Data::Number(float)),
        Resolved::Float(float) => Node::Special(float),
        Resolved::Str if text == "<<" => Node::Merge,
        Resolved::Timestamp | Resolved::Str => Node::Data(Data::str(text)),
    };
    let fits = match wanted {
        Some("int") => matches!(node, Node::Int(_)),
        Some("float") => matches!(node, Node::Data(Data::Number(_)) | Node::Special(_)),
        Some("bool") => matches!(node, Node::Data(Data::Bool(_))),
        Some("null") => matches!(node, Node::Data(Data::Null)),
        _ => true,
    };
    if fits {
        return Ok(node);
    }
    Err(Problem(format!("yaml: cannot decode !!str `{text}` as a !!{}", wanted.unwrap_or("str"))))
}

fn scan_problem(error: &ScanError) -> Problem {
    Problem(format!("yaml: line {}: {}", error.marker().line(), words(&format!("{:?}", error.kind()))))
}

/// The name of an error's kind as words. The parser is built without its own texts.
fn words(name: &str) -> String {
    let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
    let mut out = String::new();
    for c in name[..end].chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// Cuts a stream into its documents at lines that begin with `---`.
pub(crate) fn documents(text: &str) -> Read<Vec<&str>> {
    let mut found = Vec::new();
    let mut start = 0;
    let first = text.starts_with("---").then_some(0);
    let others = memmem::find_iter(text.as_bytes(), b"\n---").map(|at| at + 1);
    for at in first.into_iter().chain(others) {
        let line = text[at..].split_inclusive('\n').next().unwrap_or_default();
        let after = line.strip_prefix("---").unwrap_or(line).trim();
        if !after.is_empty() && !after.starts_with('#') {
            return Err(Problem(format!("invalid Yaml document separator: {after}")));
        }
        if at > start {
            found.push(&text[start..at]);
        }
        start = at + line.len();
    }
    if text.len() > start {
        found.push(&text[start..]);
    }
    Ok(found)
}
