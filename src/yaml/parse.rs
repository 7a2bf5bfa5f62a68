//! One document of text into a tree.

use std::ops::Range;

use granit_parser::{Event, Parser};

use super::build::{Builder, Stop};
use super::tag::Joined;
use super::{FileId, Node, Span, characters, mistake, quick};
use crate::diagnostic::{Diagnostic, Sink, codes::reading};

/// The largest file: far beyond what people write, and a bound for what a hostile one costs.
const MAX_BYTES: usize = 16 << 20;

/// Reads one document. Gives `None` where the file is empty or so broken that there is no tree.
///
/// Scalars that readers disagree on, doubled keys and unknown tags are reported and do not end the reading: the tree
/// then holds what was most likely meant. The first mistake in the syntax ends it.
pub fn parse(file: FileId, text: &str, sink: &mut Sink) -> Option<Node> {
    if text.len() > MAX_BYTES {
        let span = Span { file, start: 0, end: 0 };
        let message = format!("the file has {} MiB, at most {} are read", text.len() >> 20, MAX_BYTES >> 20);
        sink.push(Diagnostic::error(&reading::LIMIT, span, message));
        return None;
    }
    let mut found = Sink::default();
    if !is_plain(text) {
        characters::check(file, text, &mut found);
    }
    if found.is_empty()
        && let Some(root) = quick::read(file, text)
    {
        return Some(root);
    }
    parse_all_of_yaml(file, text, found, sink)
}

/// Whether a text has nothing but printable ASCII and line feeds. In pieces, of which the processor looks at many bytes at once.
fn is_plain(text: &str) -> bool {
    let is_odd = |byte: u8| byte != b'\n' && !(b' '..=b'~').contains(&byte);
    text.as_bytes().chunks(64).all(|piece| !piece.iter().fold(false, |odd, byte| odd | is_odd(*byte)))
}

/// With the parser for all of YAML. `found` is what was found so far.
pub(super) fn parse_all_of_yaml(file: FileId, text: &str, mut found: Sink, sink: &mut Sink) -> Option<Node> {
    let joined = Joined::new(text, &[]);
    let (mut builder, mut end) = read(file, text, &joined);
    if !builder.strings_with_tags.is_empty() {
        // A string that only looks like a tag was joined: it is read once more as it stands.
        let joined = Joined::new(text, &builder.strings_with_tags);
        (builder, end) = read(file, text, &joined);
    }
    let odd_characters = found.has_errors();
    let (root, problems) = builder.finish();
    found.extend(problems);
    let complete = matches!(end, End::Complete);
    match end {
        End::Complete if root.is_none() && !found.has_errors() => found.push(empty(file)),
        // Odd characters, or a space that is missing, are the likely cause of whatever is wrong with the syntax.
        End::Syntax(mistake) if !odd_characters && !found.has(&reading::MISSING_SPACE) => found.push(*mistake),
        End::Complete | End::Stopped | End::Syntax(_) => {}
    }
    sink.extend(found);
    root.filter(|_| complete)
}

/// How reading ended.
enum End {
    /// At the end of the file.
    Complete,
    /// The builder had enough, and has said why.
    Stopped,
    /// At a mistake.
    Syntax(Box<Diagnostic>),
}

fn read<'t>(file: FileId, text: &'t str, joined: &Joined<'t>) -> (Builder<'t>, End) {
    let options = granit_parser::options! { emit_comments: false, emit_unresolved_aliases: true };
    let mut builder = Builder::new(file, text);
    for step in Parser::new_from_str_with_options(&joined.text, options) {
        let (event, place) = match step {
            Ok(step) => step,
            Err(error) => {
                let mistake = mistake::explain(&error, text, &builder.progress());
                return (builder, End::Syntax(Box::new(mistake)));
            }
        };
        let range = place.byte_range().unwrap_or_default();
        if matches!(event, Event::Scalar(..)) && joined.touches(&range) {
            builder.strings_with_tags.push(range.clone());
        }
        let tag = place.tag_span().and_then(|tag| tag.byte_range());
        if let Err(Stop) = take(&mut builder, &event, range, tag, joined) {
            return (builder, End::Stopped);
        }
    }
    (builder, End::Complete)
}

fn take(
    builder: &mut Builder<'_>,
    event: &Event<'_>,
    range: Range<usize>,
    tag: Option<Range<usize>>,
    joined: &Joined<'_>,
) -> Result<(), Stop> {
    let tag = tag.map(|place| (joined.text.get(place.clone()).unwrap_or(""), place));
    match event {
        Event::Scalar(text, style, anchor, _) => {
            builder.anchor(*anchor, &range);
            builder.scalar(text, *style, range, tag)
        }
        Event::SequenceStart(_, anchor, _) => {
            builder.anchor(*anchor, &range);
            builder.open(false, range, tag)
        }
        Event::MappingStart(_, anchor, _) => {
            builder.anchor(*anchor, &range);
            builder.open(true, range, tag)
        }
        Event::SequenceEnd | Event::MappingEnd => {
            builder.close(range);
            Ok(())
        }
        Event::Alias(_) | Event::UnresolvedAlias(_) => builder.alias(range),
        Event::DocumentStart(_, version) => builder.document(range, version.is_some()),
        _ => Ok(()),
    }
}

fn empty(file: FileId) -> Diagnostic {
    Diagnostic::error(&reading::EMPTY, Span { file, start: 0, end: 0 }, "the document is empty")
        .help("write the document, or remove the file")
}
