//! Which words of replaced lines differ.

use similar::{Algorithm, ChangeTag, TextDiff};

use super::model::Piece;

/// Beyond this many lines a replacement is a rewrite: marked words would say nothing.
const MAX_LINES: usize = 60;
/// Beyond this many bytes too.
const MAX_BYTES: usize = 8_000;
/// The share of words that two texts must have in common for marks to help.
const MIN_SHARE: f64 = 0.35;

/// The pieces of each line on both sides.
type Pieces = Vec<Vec<Piece>>;

/// The lines of a replacement in pieces; what differs within lines is marked.
pub(super) fn mark_words(before: &[&str], after: &[&str]) -> (Pieces, Pieces) {
    let bytes: usize = before.iter().chain(after).map(|line| line.len()).sum();
    if before.len().max(after.len()) > MAX_LINES || bytes > MAX_BYTES {
        return (before.iter().map(|line| whole(line)).collect(), after.iter().map(|line| whole(line)).collect());
    }
    if before.len() != after.len() {
        return mark_block(before, after);
    }
    let mut sides = (Vec::new(), Vec::new());
    for (old, new) in before.iter().zip(after) {
        let (old, new) = mark_block(&[old], &[new]);
        sides.0.extend(old);
        sides.1.extend(new);
    }
    sides
}

fn mark_block(before: &[&str], after: &[&str]) -> (Pieces, Pieces) {
    let (old, new) = (words(before), words(after));
    let diff = TextDiff::configure().algorithm(Algorithm::Myers).diff_slices(&old, &new);
    let mut sides = (LinesOfPieces::default(), LinesOfPieces::default());
    let mut common = 0;
    for op in diff.ops() {
        for change in diff.iter_changes(op) {
            let (word, differs) = (change.value(), change.tag() != ChangeTag::Equal);
            if change.tag() != ChangeTag::Insert {
                sides.0.push(word, differs);
            }
            if change.tag() != ChangeTag::Delete {
                sides.1.push(word, differs);
            }
            common += if differs { 0 } else { weight(word) * 2 };
        }
    }
    let total: usize = old.iter().chain(&new).map(|word| weight(word)).sum();
    if (common as f64) < total as f64 * MIN_SHARE {
        return (before.iter().map(|line| whole(line)).collect(), after.iter().map(|line| whole(line)).collect());
    }
    (sides.0.done, sides.1.done)
}

/// Blanks and punctuation are in common between any two lines of YAML.
fn weight(word: &str) -> usize {
    if word.starts_with(|c: char| c.is_alphanumeric()) { word.len() } else { 0 }
}

fn whole(line: &str) -> Vec<Piece> {
    vec![Piece { text: line.trim_end_matches('\n').to_owned(), marked: false }]
}

/// Words, runs of blanks, and single other characters.
fn words<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let class = |c: char| match c {
        '\n' => 0,
        c if c.is_alphanumeric() || c == '_' => 1,
        c if c.is_whitespace() => 2,
        _ => 3,
    };
    let mut found = Vec::new();
    for line in lines {
        let mut rest = *line;
        while let Some(first) = rest.chars().next() {
            let alone = matches!(class(first), 0 | 3);
            let end = match alone {
                true => first.len_utf8(),
                false => rest.find(|c| class(c) != class(first)).unwrap_or(rest.len()),
            };
            found.push(&rest[..end]);
            rest = &rest[end..];
        }
    }
    found
}

/// Puts words together to pieces, and pieces to lines.
#[derive(Default)]
struct LinesOfPieces {
    done: Pieces,
    open: bool,
}

impl LinesOfPieces {
    fn push(&mut self, word: &str, marked: bool) {
        if !std::mem::replace(&mut self.open, true) {
            self.done.push(Vec::new());
        }
        if word == "\n" {
            self.open = false;
            return;
        }
        let Some(line) = self.done.last_mut() else { return };
        match line.last_mut() {
            Some(last) if last.marked == marked => last.text.push_str(word),
            _ => line.push(Piece { text: word.to_owned(), marked }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mark_words;

    fn shown(before: &[&str], after: &[&str]) -> (Vec<String>, Vec<String>) {
        let (old, new) = mark_words(before, after);
        let show = |line: Vec<super::Piece>| {
            line.iter().map(|p| if p.marked { format!("<{}>", p.text) } else { p.text.clone() }).collect()
        };
        (old.into_iter().map(show).collect(), new.into_iter().map(show).collect())
    }

    #[test]
    fn words_that_differ_are_marked() {
        let (old, new) = shown(&["image: grafana/grafana:11.2.0\n"], &["image: grafana/grafana:11.3.0\n"]);
        assert_eq!(
            (old[0].as_str(), new[0].as_str()),
            ("image: grafana/grafana:11.<2>.0", "image: grafana/grafana:11.<3>.0")
        );
    }

    #[test]
    fn lines_without_much_in_common_are_not_marked() {
        let (old, _) = shown(&["alpha: one\n"], &["beta: two\n"]);
        assert_eq!(old, ["alpha: one"]);
    }

    #[test]
    fn lines_are_kept_apart() {
        let (old, new) =
            shown(&["a: one two three\n", "b: four five six\n"], &["a: one two tree\n", "\n", "b: four five six"]);
        assert_eq!(old, ["a: one two <three>", "b: four five six"]);
        assert_eq!(new.len(), 3);
        assert_eq!(new[2], "b: four five six");
    }
}
