//! Two texts into changed lines.
//!
//! The smallest piece is a [`Run`]: lines that came or went, without an unchanged line between them. Runs, and not hunks, are
//! what several environments can share; those that then still stand together are [joined](hunks) for reading.

use similar::{Algorithm, DiffOp, TextDiff};

use super::inside::enclosing_key;
use super::model::{Environments, Hunk, Line, LineKind, Piece};
use super::words::mark_words;

/// Changed lines that follow each other, with the unchanged ones around them.
#[derive(Debug)]
pub(super) struct Run {
    /// How many lines stand before it, before and after.
    start: (usize, usize),
    /// Unchanged lines between it and the next run, or the end.
    gap: usize,
    /// The key that encloses it.
    pub(super) inside: String,
    lead: Vec<Line>,
    /// The lines that came or went.
    pub(super) changed: Vec<Line>,
    trail: Vec<Line>,
}

/// The runs between two texts, with at most `context` unchanged lines on each side. Lines end in `\n` here.
pub(super) fn runs(before: &str, after: &str, context: usize) -> Vec<Run> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let diff = TextDiff::configure().algorithm(Algorithm::Myers).diff_slices(&old, &new);
    let mut found: Vec<Run> = Vec::new();
    let mut lead: &[&str] = &[];
    for op in diff.ops() {
        let (gone, came) = (&old[op.old_range()], &new[op.new_range()]);
        if let DiffOp::Equal { .. } = op {
            if let Some(last) = found.last_mut() {
                last.gap = came.len();
                last.trail = plain_all(LineKind::Context, came.iter().take(context));
            }
            lead = &came[came.len().saturating_sub(context)..];
            continue;
        }
        let inside = if came.is_empty() {
            enclosing_key(&old, op.old_range().start)
        } else {
            enclosing_key(&new, op.new_range().start)
        };
        let start = (op.old_range().start, op.new_range().start);
        match found.last_mut().filter(|_| lead.is_empty()) {
            // A deletion and an insertion that follow each other are one change.
            Some(last) if last.gap == 0 => last.changed.extend(changed(gone, came)),
            _ => found.push(Run {
                start,
                gap: 0,
                inside,
                lead: plain_all(LineKind::Context, lead.iter()),
                changed: changed(gone, came),
                trail: Vec::new(),
            }),
        }
        lead = &[];
    }
    found
}

fn changed(gone: &[&str], came: &[&str]) -> Vec<Line> {
    if gone.is_empty() || came.is_empty() {
        return plain_all(LineKind::Removed, gone.iter())
            .into_iter()
            .chain(plain_all(LineKind::Added, came.iter()))
            .collect();
    }
    let (removed, added) = mark_words(gone, came);
    let removed = gone.iter().zip(removed).map(|(text, pieces)| line(LineKind::Removed, text, pieces));
    removed.chain(came.iter().zip(added).map(|(text, pieces)| line(LineKind::Added, text, pieces))).collect()
}

/// Hunks of runs of one file, in their order: those that stand close together, and hold for the same environments, are one.
pub(super) fn hunks(runs: &[(usize, &Run, &Environments)], context: usize) -> Vec<Hunk> {
    let mut found: Vec<Hunk> = Vec::new();
    let mut last: Option<(usize, &Run)> = None;
    for (index, run, environments) in runs {
        let close = last.filter(|(before, earlier)| before + 1 == *index && earlier.gap <= 2 * context);
        match found.last_mut().filter(|hunk| hunk.environments == **environments).zip(close) {
            Some((hunk, (_, earlier))) => join(hunk, earlier, run),
            None => found.push(hunk(run, environments)),
        }
        last = Some((*index, run));
    }
    found.iter_mut().for_each(number);
    found
}

fn hunk(run: &Run, environments: &Environments) -> Hunk {
    let lead = run.lead.len();
    Hunk {
        before: (run.start.0 - lead.min(run.start.0), 0),
        after: (run.start.1 - lead.min(run.start.1), 0),
        inside: run.inside.clone(),
        lines: run.lead.iter().chain(&run.changed).chain(&run.trail).cloned().collect(),
        environments: environments.clone(),
    }
}

/// What the first run has behind it and the second before it overlap in a short gap.
fn join(hunk: &mut Hunk, earlier: &Run, run: &Run) {
    let known = earlier.trail.len();
    let missing = earlier.gap.saturating_sub(known).min(run.lead.len());
    hunk.lines.extend(run.lead[run.lead.len() - missing..].iter().cloned());
    hunk.lines.extend(run.changed.iter().chain(&run.trail).cloned());
}

/// Counts the lines. An empty range stands after the line before it, as in every unified diff.
fn number(hunk: &mut Hunk) {
    let count = |other: LineKind| hunk.lines.iter().filter(|line| line.kind != other).count();
    let (old, new) = (count(LineKind::Added), count(LineKind::Removed));
    hunk.before = (hunk.before.0 + usize::from(old > 0), old);
    hunk.after = (hunk.after.0 + usize::from(new > 0), new);
}

fn plain_all<'a, 'b: 'a>(kind: LineKind, texts: impl Iterator<Item = &'a &'b str>) -> Vec<Line> {
    texts
        .map(|text| line(kind, text, vec![Piece { text: text.trim_end_matches('\n').to_owned(), marked: false }]))
        .collect()
}

fn line(kind: LineKind, text: &str, pieces: Vec<Piece>) -> Line {
    Line { kind, pieces, unfinished: !text.ends_with('\n') }
}

#[cfg(test)]
mod tests {
    use super::{Hunk, runs};
    use crate::review::model::LineKind;

    fn hunks(before: &str, after: &str, context: usize) -> Vec<Hunk> {
        let (runs, environments) = (runs(before, after, context), Vec::new());
        let all: Vec<_> = runs.iter().enumerate().map(|(index, run)| (index, run, &environments)).collect();
        super::hunks(&all, context)
    }

    #[test]
    fn runs_that_stand_together_are_one_hunk() {
        let text = |a, b| format!("{a}\n1\n2\n3\n4\n{b}\n5\n6\n");
        for (context, count) in [(0, 2), (1, 2), (2, 1), (3, 1), (9, 1)] {
            let found = hunks(&text("a", "b"), &text("A", "B"), context);
            assert_eq!(found.len(), count, "{context}");
            let lines: Vec<String> =
                found.iter().flat_map(|h| &h.lines).filter(|l| l.kind != LineKind::Added).map(|l| l.text()).collect();
            let expected =
                [vec!["a", "b"], vec!["a", "1", "4", "b", "5"], vec!["a", "1", "2", "3", "4", "b", "5", "6"]];
            assert_eq!(lines, expected[context.min(2)], "{context}");
        }
        let found = hunks(&text("a", "b"), &text("A", "B"), 1);
        assert_eq!((found[1].before, found[1].after), ((5, 3), (5, 3)));
    }

    #[test]
    fn ranges_are_those_of_a_unified_diff() {
        let before = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let found = hunks(before, "a\nb\nc\nD\ne\nf\ng\nh\n", 1);
        assert_eq!((found[0].before, found[0].after), ((3, 3), (3, 3)));
        let found = hunks("", "x\n", 3);
        assert_eq!((found[0].before, found[0].after), ((0, 0), (1, 1)));
        let found = hunks(before, "", 3);
        assert_eq!((found[0].before, found[0].after), ((1, 8), (0, 0)));
        assert!(hunks(before, before, 3).is_empty());
    }

    #[test]
    fn a_last_line_without_newline_is_a_change() {
        let found = hunks("a\nb", "a\nb\n", 3);
        let kinds: Vec<_> = found[0].lines.iter().map(|l| (l.kind, l.unfinished)).collect();
        assert_eq!(kinds, [(LineKind::Context, false), (LineKind::Removed, true), (LineKind::Added, false)]);
    }
}
