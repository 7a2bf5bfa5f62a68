//! Two texts into hunks of lines.

use similar::{Algorithm, DiffOp, TextDiff};

use super::inside::enclosing_key;
use super::model::{Hunk, Line, LineKind, Piece};
use super::words::mark_words;

/// The hunks between two texts, with some unchanged lines around each change. Lines end in `\n` here.
pub(super) fn hunks(before: &str, after: &str, context: usize) -> Vec<Hunk> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let diff = TextDiff::configure().algorithm(Algorithm::Myers).diff_slices(&old, &new);
    diff.grouped_ops(context).iter().map(|ops| hunk(&old, &new, ops)).collect()
}

fn hunk(old: &[&str], new: &[&str], ops: &[DiffOp]) -> Hunk {
    let mut lines = Vec::new();
    for op in ops {
        let (before, after) = (&old[op.old_range()], &new[op.new_range()]);
        match op {
            DiffOp::Equal { .. } => lines.extend(after.iter().map(|text| plain(LineKind::Context, text))),
            _ if before.is_empty() => lines.extend(after.iter().map(|text| plain(LineKind::Added, text))),
            _ if after.is_empty() => lines.extend(before.iter().map(|text| plain(LineKind::Removed, text))),
            _ => {
                let (removed, added) = mark_words(before, after);
                lines.extend(before.iter().zip(removed).map(|(text, pieces)| line(LineKind::Removed, text, pieces)));
                lines.extend(after.iter().zip(added).map(|(text, pieces)| line(LineKind::Added, text, pieces)));
            }
        }
    }
    let inside = ops.iter().find(|op| !matches!(op, DiffOp::Equal { .. })).map(|op| first_change(old, new, op));
    let range = |start: Option<usize>, end: Option<usize>| {
        let (start, end) = (start.unwrap_or(0), end.unwrap_or(0));
        // An empty range stands after the line before it, as in every unified diff.
        (if end > start { start + 1 } else { start }, end - start)
    };
    Hunk {
        before: range(ops.first().map(|op| op.old_range().start), ops.last().map(|op| op.old_range().end)),
        after: range(ops.first().map(|op| op.new_range().start), ops.last().map(|op| op.new_range().end)),
        inside: inside.unwrap_or_default(),
        lines,
        environments: Vec::new(),
    }
}

fn first_change(old: &[&str], new: &[&str], op: &DiffOp) -> String {
    if op.new_range().is_empty() {
        enclosing_key(old, op.old_range().start)
    } else {
        enclosing_key(new, op.new_range().start)
    }
}

fn plain(kind: LineKind, text: &str) -> Line {
    line(kind, text, vec![Piece { text: text.trim_end_matches('\n').to_owned(), marked: false }])
}

fn line(kind: LineKind, text: &str, pieces: Vec<Piece>) -> Line {
    Line { kind, pieces, unfinished: !text.ends_with('\n') }
}

#[cfg(test)]
mod tests {
    use super::hunks;
    use crate::review::model::LineKind;

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
