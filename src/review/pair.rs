//! Which files of two sides belong together.

use std::collections::{BTreeMap, BTreeSet};

use super::Side;

/// A file that differs between two sides of an environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair<'a> {
    /// Its path: the new one, where there is one.
    pub(super) path: &'a str,
    /// Its earlier path, if it moved.
    pub(super) from: Option<&'a str>,
    /// The bytes before.
    pub(super) before: Option<&'a [u8]>,
    /// The bytes after.
    pub(super) after: Option<&'a [u8]>,
}

/// How much of two files must be the same lines for one to be the other, moved.
const MIN_SHARE: f64 = 0.6;
/// Beyond this many possible pairs only files with the same content are matched.
const MAX_CANDIDATES: usize = 40_000;

/// All files that differ, by path.
pub(super) fn pairs<'a>(before: Option<&'a Side>, after: Option<&'a Side>) -> Vec<Pair<'a>> {
    let mut found = Vec::new();
    let mut removed = BTreeMap::new();
    let mut added = BTreeMap::new();
    for (path, bytes) in before.iter().flat_map(|side| &side.files) {
        match after.and_then(|side| side.files.get(path)) {
            None => _ = removed.insert(path.as_str(), bytes.as_slice()),
            Some(other) if other == bytes => {}
            Some(other) => found.push(Pair { path, from: None, before: Some(bytes), after: Some(other) }),
        }
    }
    for (path, bytes) in after
        .iter()
        .flat_map(|side| &side.files)
        .filter(|(path, _)| !before.is_some_and(|side| side.files.contains_key(*path)))
    {
        added.insert(path.as_str(), bytes.as_slice());
    }
    for (from, path) in moves(&removed, &added) {
        let (before, after) = (removed.remove(from), added.remove(path));
        found.push(Pair { path, from: Some(from), before, after });
    }
    found.extend(removed.into_iter().map(|(path, bytes)| Pair { path, from: None, before: Some(bytes), after: None }));
    found.extend(added.into_iter().map(|(path, bytes)| Pair { path, from: None, before: None, after: Some(bytes) }));
    found.sort();
    found
}

type Files<'a> = BTreeMap<&'a str, &'a [u8]>;

/// Pairs of removed and added paths that are one file: the same content first, then the most alike.
fn moves<'a>(removed: &Files<'a>, added: &Files<'a>) -> Vec<(&'a str, &'a str)> {
    let mut candidates = Vec::new();
    let profiles =
        |files: &Files<'a>| files.iter().map(|(path, bytes)| (*path, Profile::of(path, bytes))).collect::<Vec<_>>();
    let (old, new) = (profiles(removed), profiles(added));
    let few = old.len().saturating_mul(new.len()) <= MAX_CANDIDATES;
    let by_content: BTreeMap<&[u8], &str> = added.iter().rev().map(|(path, bytes)| (*bytes, *path)).collect();
    for (from, before) in &old {
        if let Some(path) = removed.get(from).and_then(|bytes| by_content.get(bytes)) {
            candidates.push((usize::MAX, *from, *path));
        }
        for (path, after) in new.iter().filter(|_| few) {
            if before.class == after.class
                && let Some(score) = before.likeness(after)
            {
                candidates.push((score, *from, *path));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for (_, from, path) in candidates {
        if !taken.contains(from) && !taken.contains(path) {
            taken.extend([from, path]);
            found.push((from, path));
        }
    }
    found
}

/// What of a file tells whether it is another one, moved.
struct Profile<'a> {
    /// Only files of one class can be the same: part of the tree, ending, kind of object, and the chart of an Application.
    class: (&'a str, &'a str, &'a str, &'a str),
    /// Lines and how often they occur.
    lines: BTreeMap<&'a str, usize>,
    total: usize,
}

impl<'a> Profile<'a> {
    fn of(path: &'a str, bytes: &'a [u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let kind = text.lines().find(|line| line.starts_with("kind:")).unwrap_or_default();
        let lean = |line: &'a str| line.trim_start_matches([' ', '-']);
        let chart = text.lines().map(lean).find(|line| line.starts_with("chart:")).unwrap_or_default();
        let chart = if kind == "kind: Application" { chart } else { "" };
        let part = path.split_once('/').map_or("", |(part, _)| part);
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let mut lines = BTreeMap::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            *lines.entry(line).or_insert(0) += 1;
        }
        let total = lines.values().sum();
        Profile { class: (part, ending, kind, chart), lines, total }
    }

    /// How many lines of a thousand are the same; none where that is too few.
    fn likeness(&self, other: &Self) -> Option<usize> {
        let total = self.total + other.total;
        // The smaller one cannot have more in common than all of it.
        if total == 0 || (2 * self.total.min(other.total)) as f64 / (total as f64) < MIN_SHARE {
            return None;
        }
        let common: usize =
            self.lines.iter().map(|(line, count)| (*count).min(other.lines.get(line).copied().unwrap_or(0))).sum();
        let share = (2 * common) as f64 / total as f64;
        (share >= MIN_SHARE).then_some((share * 1000.0) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{Side, pairs};

    fn side(files: &[(&str, &str)]) -> Side {
        Side::new("prod", files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())))
    }

    #[test]
    fn moved_files_are_found_by_what_they_hold() {
        let text = "kind: Application\na: 1\nb: 2\nc: 3\n";
        let before = side(&[("apps/a.yaml", text), ("apps/same.yaml", "x"), ("hosts/h.cfg", "one\ntwo\n")]);
        let after = side(&[
            ("apps/b.yaml", "kind: Application\na: 1\nb: 2\nc: 4\n"),
            ("apps/same.yaml", "x"),
            ("access/h.cfg", "one\ntwo\n"),
        ]);
        let found = pairs(Some(&before), Some(&after));
        let paths: Vec<_> = found.iter().map(|pair| (pair.from, pair.path)).collect();
        assert_eq!(paths, [(Some("hosts/h.cfg"), "access/h.cfg"), (Some("apps/a.yaml"), "apps/b.yaml")]);
    }

    #[test]
    fn another_chart_is_another_application() {
        let application = |chart: &str| format!("kind: Application\na: 1\nb: 2\nc: 3\nsources:\n  - chart: {chart}\n");
        let (old, new) = (application("network-crds"), application("other"));
        let before = side(&[("apps/a.yaml", &old)]);
        let after = side(&[("apps/b.yaml", &new)]);
        assert!(pairs(Some(&before), Some(&after)).iter().all(|pair| pair.from.is_none()));
    }

    #[test]
    fn another_kind_is_another_file() {
        let before = side(&[("apps/a.yaml", "kind: Application\na: 1\nb: 2\nc: 3\n")]);
        let after = side(&[("apps/b.yaml", "kind: AppProject\na: 1\nb: 2\nc: 3\n")]);
        assert!(pairs(Some(&before), Some(&after)).iter().all(|pair| pair.from.is_none()));
    }
}
