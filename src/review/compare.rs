//! Two contents of a file into what changed in it.

use std::sync::Arc;

use super::document::{Content, Document, is_yaml, json};
use super::keys::{Delta, KeyDiff, Step, path_text};
use super::mask;
use super::model::{Change, KeyChange, Noise, Note};
use super::pair::Pair;
use super::text::{Run, runs};
use crate::yaml::Node;

/// What changed in a file.
#[derive(Debug)]
pub(super) struct Compared {
    /// The component, or the part of the tree that belongs to none.
    pub(super) component: String,
    pub(super) path: String,
    pub(super) from: Option<String>,
    pub(super) change: Change,
    pub(super) noise: Option<Noise>,
    pub(super) notes: Vec<Note>,
    pub(super) keys: Vec<KeyChange>,
    pub(super) runs: Vec<Run>,
    pub(super) before: Content,
    pub(super) after: Content,
    /// Documents of both sides that are the same object, or both none.
    deltas: Vec<Match>,
}

/// A document with the one that it was before, by their places in the file.
#[derive(Debug)]
struct Match {
    before: usize,
    after: usize,
    delta: Arc<Delta>,
}

impl Compared {
    /// What changed between two trees of this file. Worked out once for all environments that share the file.
    pub(super) fn delta(&self, before: Option<&Node>, after: Option<&Node>) -> Arc<Delta> {
        let is = |documents: &[Document], at: usize, node: Option<&Node>| {
            documents.get(at).zip(node).is_some_and(|(document, node)| std::ptr::eq(&raw const document.node, node))
        };
        let known = self
            .deltas
            .iter()
            .find(|m| is(self.before.trees(), m.before, before) && is(self.after.trees(), m.after, after));
        known.map_or_else(|| Arc::new(Delta::new(before, after)), |known| known.delta.clone())
    }

    /// Whether rules can look at it: what cannot be read on one side would look as if all of it had come or gone.
    pub(super) fn is_readable(&self) -> bool {
        !self.notes.iter().any(|note| matches!(note, Note::Binary { .. } | Note::NotYaml | Note::Withheld))
    }
}

/// Labels that change with every version of a chart and that nothing selects by.
const CHART_LABELS: [&str; 4] = ["helm.sh/chart", "chart", "app.kubernetes.io/version", "app.kubernetes.io/managed-by"];

/// Compares the two sides of a file.
pub(super) fn compare(pair: &Pair<'_>, context: usize) -> Compared {
    let before = pair.before.map(|bytes| Content::read(pair.from.unwrap_or(pair.path), bytes)).unwrap_or_default();
    let after = pair.after.map(|bytes| Content::read(pair.path, bytes)).unwrap_or_default();
    let change = match (pair.before, pair.after, pair.from) {
        (_, _, Some(_)) => Change::Moved,
        (None, _, None) => Change::Added,
        (_, None, None) => Change::Removed,
        _ => Change::Modified,
    };
    let notes = notes(pair, &before, &after);
    let deltas = matches(&before, &after);
    let keys: Vec<(&Document, &KeyDiff)> = deltas
        .iter()
        .filter_map(|m| Some((after.trees().get(m.after)?, &m.delta)))
        .flat_map(|(d, delta)| delta.keys().iter().map(move |key| (d, key)))
        .collect();
    let runs = match notes.iter().any(|note| matches!(note, Note::Binary { .. } | Note::Withheld)) {
        true => Vec::new(),
        false => {
            let (old, new) = mask::lines(&before, &after);
            runs(&old, &new, context)
        }
    };
    let shown = if pair.after.is_some() { &after } else { &before };
    Compared {
        component: component_of(pair.path, shown),
        path: pair.path.to_owned(),
        from: pair.from.map(str::to_owned),
        change,
        noise: (change == Change::Modified).then(|| noise(pair.path, &before, &after, &keys)).flatten(),
        notes,
        keys: keys.iter().map(|(document, key)| shown_key(document, key, after.trees().len() > 1)).collect(),
        runs,
        before,
        after,
        deltas,
    }
}

/// The component that a path belongs to. Names in parentheses are parts of the tree that belong to none.
pub(super) fn component_of(path: &str, content: &Content) -> String {
    let kind = |document: &Document| document.id.as_ref().is_some_and(|id| id.kind == "AppProject");
    match path.split_once('/') {
        Some(("components", rest)) => rest.split('/').next().unwrap_or(rest).to_owned(),
        Some(("apps", _)) if content.trees().iter().any(kind) => "(projects)".to_owned(),
        Some(("apps", rest)) => rest.trim_end_matches(".yaml").to_owned(),
        Some((part, _)) => format!("({part})"),
        None => "(platform)".to_owned(),
    }
}

fn notes(pair: &Pair<'_>, before: &Content, after: &Content) -> Vec<Note> {
    let sides = [(pair.before, before), (pair.after, after)];
    let mut given = sides.iter().filter(|(bytes, _)| bytes.is_some()).map(|(_, content)| *content);
    if given.clone().any(|content| content.text.is_none()) {
        return vec![Note::Binary { before: pair.before.map(<[u8]>::len), after: pair.after.map(<[u8]>::len) }];
    }
    let mut notes = Vec::new();
    if is_yaml(pair.path) && given.clone().any(|content| content.documents.is_none()) {
        notes.push(if given.any(mask::may_hold_secret) { Note::Withheld } else { Note::NotYaml });
    }
    if pair.before.is_some() && pair.after.is_some() && before.crlf != after.crlf {
        notes.push(Note::LineEnds(after.crlf));
    }
    notes
}

/// Documents of both sides that belong together. A file that came or went has none: all of it changed.
fn matches(before: &Content, after: &Content) -> Vec<Match> {
    let (Some(old), Some(new)) = (&before.documents, &after.documents) else { return Vec::new() };
    let mut found = Vec::new();
    for (index, document) in new.iter().enumerate() {
        let same_object =
            document.id.as_ref().and_then(|id| old.iter().position(|other| other.id.as_ref() == Some(id)));
        let same_place = || old.get(index).filter(|other| other.id.is_none() || new.len() == 1).map(|_| index);
        if let Some(earlier) = same_object.or_else(same_place) {
            let delta = Arc::new(Delta::new(Some(&old[earlier].node), Some(&document.node)));
            found.push(Match { before: earlier, after: index, delta });
        }
    }
    found
}

fn noise(path: &str, before: &Content, after: &Content, keys: &[(&Document, &KeyDiff)]) -> Option<Noise> {
    if path == "stackgen.sum" {
        return Some(Noise::Digests);
    }
    if before.text.is_some() && before.text == after.text {
        return Some(Noise::LineEnds);
    }
    let (old, new) = (before.documents.as_deref()?, after.documents.as_deref()?);
    if old.len() != new.len() {
        return None;
    }
    if keys.is_empty() {
        return old.iter().zip(new).all(|(a, b)| a.node == b.node).then_some(Noise::Formatting);
    }
    keys.iter().all(|(_, key)| is_chart_label(&key.path)).then_some(Noise::ChartLabels)
}

fn is_chart_label(path: &[Step]) -> bool {
    match path {
        [Step::Key(metadata), Step::Key(labels), Step::Key(name)] => {
            &**metadata == "metadata" && &**labels == "labels" && CHART_LABELS.contains(&&**name)
        }
        _ => false,
    }
}

fn shown_key(document: &Document, key: &KeyDiff, several: bool) -> KeyChange {
    let id = document.id.as_ref();
    let value = |node: &Node| mask::value(id, &key.path, node);
    let (before, mut after) = (key.before.as_ref().map(value), key.after.as_ref().map(value));
    if before == after && key.before.as_ref().map(json) != key.after.as_ref().map(json) {
        after = Some("<hidden, changed>".into());
    }
    KeyChange {
        object: id.filter(|_| several).map(ToString::to_string),
        path: path_text(&key.path),
        before,
        after,
        reordered: key.reordered,
        environments: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, component_of};

    #[test]
    fn paths_tell_the_component() {
        let of = |path| component_of(path, &Content::default());
        assert_eq!(of("components/grafana/values.yaml"), "grafana");
        assert_eq!(of("apps/grafana.yaml"), "grafana");
        assert_eq!(of("hosts/lb-1/haproxy.cfg"), "(hosts)");
        assert_eq!(of("root.yaml"), "(platform)");
    }
}
