//! The source lines around a finding, ready to be shown: short, safe for a terminal, without secrets.
//!
//! miette shows one source per report, but the layers of a conflict lie in several files. So the excerpts are laid
//! end to end into one text, and [`Excerpts`] answers miette with the file's name and line for each part of it.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::place::{clean_range, line_end};
use crate::diagnostic::paint::clean;
use crate::diagnostic::{Diagnostic, Label, SourceMap};
use crate::yaml::FileId;

/// Lines shown before and after a place.
const CONTEXT: usize = 1;
/// A place with more lines than this is shown by its first line.
const MAX_LINES: usize = 6;
/// A finding with more places than this names how many are left out.
const MAX_PLACES: usize = 8;
/// Columns that line numbers and the gutter take.
const GUTTER: usize = 12;
/// Room for text, however narrow the terminal is.
const MIN_WIDTH: usize = 40;

/// All excerpts of a finding, as one text for miette.
pub(super) struct Excerpts {
    text: String,
    parts: Vec<Part>,
    labels: Vec<Shown>,
    /// How many places are not shown.
    pub(super) left_out: usize,
}

/// Lines of one file.
struct Part {
    name: String,
    first_line: usize,
    lines: usize,
    range: Range<usize>,
}

/// A label in the joined text.
struct Shown {
    range: Range<usize>,
    text: String,
    primary: bool,
    /// Line and column in the file, from 0.
    origin: (usize, usize),
}

/// A label in its file.
struct Located<'a> {
    label: &'a Label,
    primary: bool,
    range: Range<usize>,
    lines: Range<usize>,
}

impl Excerpts {
    /// The excerpts of a finding for a terminal of a width.
    pub(super) fn new(found: &Diagnostic, sources: &SourceMap, width: usize) -> Self {
        let mut all = Excerpts { text: String::new(), parts: Vec::new(), labels: Vec::new(), left_out: 0 };
        all.left_out = found.labels.len().saturating_sub(MAX_PLACES);
        let shown = found.labels.get(..MAX_PLACES).unwrap_or(&found.labels);
        let mut files: Vec<FileId> = Vec::new();
        for label in shown {
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
        }
        let width = width.saturating_sub(GUTTER).max(MIN_WIDTH);
        for id in files {
            let Some(file) = sources.file(id) else { continue };
            let of_file = shown.iter().enumerate().filter(|(_, label)| label.span.file == id);
            let located = of_file.map(|(i, label)| locate(&file.text, label, i == 0, found.secret)).collect();
            for group in groups(located) {
                let lines = Lines { text: &file.text, secret: found.secret, width };
                all.add(&file.name, &lines, &group);
            }
        }
        all
    }

    /// The labels, as miette wants them.
    pub(super) fn labels(&self) -> impl Iterator<Item = LabeledSpan> + '_ {
        self.labels.iter().map(|label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            let span = SourceSpan::from(label.range.clone());
            if label.primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })
    }

    /// Adds the lines around labels that lie close together.
    fn add(&mut self, name: &str, lines: &Lines<'_>, group: &[Located<'_>]) {
        let context = if lines.secret { 0 } else { CONTEXT };
        let first = group.iter().map(|l| l.lines.start).min().unwrap_or(0).saturating_sub(context);
        let last = group.iter().map(|l| l.lines.end).max().unwrap_or(0) + context;
        let start = self.text.len();
        let mut starts: Vec<Option<usize>> = vec![None; group.len()];
        let mut ends: Vec<usize> = vec![0; group.len()];
        let mut count = 0;
        for (number, line) in lines.numbered(first..last, group) {
            let view = lines.view(number, &line, group);
            for (i, label) in group.iter().enumerate().filter(|(_, l)| l.lines.contains(&number)) {
                let (from, to) = view.map(&lines.text[line.clone()], line.start, &label.range);
                starts[i].get_or_insert(self.text.len() + from);
                ends[i] = self.text.len() + to;
            }
            self.text.push_str(&view.text);
            self.text.push('\n');
            count += 1;
        }
        for (i, label) in group.iter().enumerate() {
            let Some(from) = starts[i] else { continue };
            let text = clean(&label.label.text);
            let origin = (label.lines.start, lines.column(label.range.start));
            self.labels.push(Shown { range: from..ends[i], text, primary: label.primary, origin });
        }
        let range = start..self.text.len();
        self.parts.push(Part { name: clean(name), first_line: first, lines: count, range });
        // A byte that belongs to no part keeps labels at the end of one from touching the next.
        self.text.push('\n');
    }
}

impl SourceCode for Excerpts {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let part = self.parts.iter().find(|p| p.range.start <= span.offset() && end <= p.range.end);
        let part = part.ok_or(MietteError::OutOfBounds)?;
        // Without context, miette asks for the place that stands in the heading.
        let label = self.labels.iter().find(|l| l.range.start == span.offset() && l.range.len() == span.len());
        let (line, column) = match label {
            Some(label) if before == 0 && after == 0 => label.origin,
            _ => (part.first_line, 0),
        };
        let data = &self.text.as_bytes()[part.range.clone()];
        let range = SourceSpan::from(part.range.clone());
        Ok(Box::new(MietteSpanContents::new_named(part.name.clone(), data, range, line, column, part.lines)))
    }
}

/// Where a label lies: the lines that are shown of it, and the bytes of those.
fn locate<'a>(text: &str, label: &'a Label, primary: bool, secret: bool) -> Located<'a> {
    let mut range = clean_range(text, label.span);
    let lines_in = |range: &Range<usize>| text[range.clone()].bytes().filter(|b| *b == b'\n').count() + 1;
    if secret || lines_in(&range) > MAX_LINES {
        range.end = range.end.min(line_end(text, range.start));
    }
    let first = text[..range.start].bytes().filter(|b| *b == b'\n').count();
    let lines = first..first + lines_in(&range);
    Located { label, primary, range, lines }
}

/// Labels whose lines touch go together; the group of the finding's first place comes first.
fn groups(mut located: Vec<Located<'_>>) -> Vec<Vec<Located<'_>>> {
    located.sort_by_key(|l| (l.range.start, l.range.end));
    let mut groups: Vec<Vec<Located<'_>>> = Vec::new();
    let mut end = 0;
    for label in located {
        let near = label.lines.start <= end + 2 * CONTEXT;
        end = if near { end.max(label.lines.end) } else { label.lines.end };
        match groups.last_mut() {
            Some(group) if near => group.push(label),
            _ => groups.push(vec![label]),
        }
    }
    groups.sort_by_key(|group| !group.iter().any(|l| l.primary));
    groups
}

/// The lines of a file, and how they may be shown.
struct Lines<'a> {
    text: &'a str,
    secret: bool,
    width: usize,
}

impl Lines<'_> {
    /// Lines by number (from 0), as byte ranges without line breaks.
    fn numbered(&self, wanted: Range<usize>, group: &[Located<'_>]) -> Vec<(usize, Range<usize>)> {
        let mut start = 0;
        let mut lines = Vec::new();
        for (number, line) in self.text.split('\n').enumerate().take(wanted.end) {
            // The empty rest behind the last line break is no line of its own, unless a label points there.
            let past_end = start == self.text.len() && !group.iter().any(|l| l.lines.contains(&number));
            if number >= wanted.start && !past_end {
                lines.push((number, start..start + line.strip_suffix('\r').unwrap_or(line).len()));
            }
            start += line.len() + 1;
        }
        lines
    }

    fn column(&self, byte: usize) -> usize {
        let start = self.text[..byte].rfind('\n').map_or(0, |i| i + 1);
        self.text[start..byte].chars().count()
    }

    /// What is shown of a line: a window around the first label on it, up to where a secret begins.
    fn view(&self, number: usize, line: &Range<usize>, group: &[Located<'_>]) -> View {
        let text = &self.text[line.clone()];
        let on_line = || group.iter().filter(|l| l.lines.contains(&number));
        let focus = on_line().map(|l| l.range.start.saturating_sub(line.start)).min().unwrap_or(0);
        let visible = if self.secret {
            let ranges = on_line().map(|l| l.range.start.saturating_sub(line.start)..l.range.end - line.start);
            ranges.map(|range| secret_start(text, &range)).min().unwrap_or_else(|| indent(text))
        } else {
            text.len()
        };
        let shown = window(&text[..visible], focus.min(visible), self.width);
        let before = if shown.start > 0 { "…" } else { "" };
        let after = if shown.end < text.len() { "…" } else { "" };
        let body = clean(&text[shown.clone()]);
        let mut view = View { text: format!("{before}{body}{after}"), shown, lead: before.len(), body: body.len() };
        if view.text.is_empty() {
            view.text.push(' ');
        }
        view
    }
}

/// A line as it is shown.
struct View {
    text: String,
    /// The bytes of the line that are shown.
    shown: Range<usize>,
    lead: usize,
    body: usize,
}

impl View {
    /// Where a range of the file lies in the shown text. What was cut off is stood for by its `…`.
    fn map(&self, line: &str, line_start: usize, range: &Range<usize>) -> (usize, usize) {
        let from = range.start.saturating_sub(line_start).min(line.len());
        let to = range.end.saturating_sub(line_start).min(line.len());
        let at = |byte: usize| self.lead + clean(&line[self.shown.start..byte]).len();
        let start = match from {
            _ if from < self.shown.start => 0,
            _ if from <= self.shown.end => at(from),
            _ => self.lead + self.body,
        };
        let end = match to {
            _ if to < self.shown.start => self.lead,
            _ if to <= self.shown.end => at(to),
            _ => self.text.len(),
        };
        (start, end.max(start))
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Where the value of a secret begins on a line: behind the key, or at the place itself if that is no key.
fn secret_start(line: &str, label: &Range<usize>) -> usize {
    let behind = line.get(label.end..).unwrap_or_default().trim_start_matches(['"', '\'']);
    let value = line.find(": ").map_or(line.len(), |i| i + 2);
    if behind.starts_with(':') { value.max(label.end).min(line.len()) } else { value.min(label.start) }
}

/// The part of a line that is shown: `width` characters, with a third of them before the focus.
fn window(line: &str, focus: usize, width: usize) -> Range<usize> {
    if line.chars().nth(width).is_none() {
        return 0..line.len();
    }
    let ahead = line[focus..].chars().take(width).count();
    let behind = (width / 3).max(width - ahead);
    let from = line[..focus].char_indices().rev().take(behind).last().map_or(focus, |(i, _)| i);
    let to = line[from..].char_indices().nth(width).map_or(line.len(), |(i, _)| from + i);
    from..to
}
