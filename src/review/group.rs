//! The same change in several environments becomes one change with several environments.

use std::collections::BTreeMap;

use super::compare::Compared;
use super::model::{Change, ComponentReview, Environments, FileReview, Hunk, KeyChange, LineKind, Noise, Note, Risk};

/// What changed in one file, and in which environments just so.
pub(super) struct Shared<'a> {
    pub(super) compared: &'a Compared,
    pub(super) environments: Environments,
}

type FileKey = (String, Option<String>, Change, Option<Noise>, Vec<Note>);

/// Components with their files and risks: by name, what belongs to no component last.
pub(super) fn group(shared: &[Shared<'_>], risks: Vec<(String, Risk)>) -> Vec<ComponentReview> {
    let mut files: BTreeMap<(bool, &str), BTreeMap<FileKey, Merged>> = BTreeMap::new();
    for one in in_order(shared) {
        let c = one.compared;
        let key = (c.path.clone(), c.from.clone(), c.change, c.noise, c.notes.clone());
        files.entry(rank(&c.component)).or_default().entry(key).or_default().add(one);
    }
    let mut by_component = by_component(risks);
    for name in by_component.keys() {
        files.entry(rank(name)).or_default();
    }
    let mut found = Vec::new();
    for ((_, name), files) in files {
        found.push((name.to_owned(), files));
    }
    found.into_iter().map(|(name, files)| component(by_component.remove(&name).unwrap_or_default(), name, files)).collect()
}

/// Those first whose first environment comes first: what is shown for several is the first one's.
fn in_order<'a, 'b>(shared: &'a [Shared<'b>]) -> Vec<&'a Shared<'b>> {
    let mut all: Vec<_> = shared.iter().collect();
    all.sort_by_key(|one| one.environments.first().cloned());
    all
}

fn rank(name: &str) -> (bool, &str) {
    (name.starts_with('('), name)
}

fn component(risks: Vec<Risk>, name: String, files: BTreeMap<FileKey, Merged>) -> ComponentReview {
    let files: Vec<FileReview> = files.into_iter().map(|(key, merged)| merged.finish(key)).collect();
    let mut environments: Environments = files.iter().flat_map(|f| f.environments.iter().cloned()).collect();
    environments.extend(risks.iter().flat_map(|r| r.environments.iter().cloned()));
    tidy(&mut environments);
    ComponentReview { name, environments, risks, files }
}

/// Equal risks become one; the worst come first, then in the order of the rules' table.
fn by_component(risks: Vec<(String, Risk)>) -> BTreeMap<String, Vec<Risk>> {
    let mut found: BTreeMap<String, Vec<Risk>> = BTreeMap::new();
    let mut places: BTreeMap<(String, &str, String, Option<String>, Option<String>, String), usize> = BTreeMap::new();
    for (component, risk) in risks {
        let known = found.entry(component.clone()).or_default();
        let key = (component, risk.rule.id, risk.path.clone(), risk.object.clone(), risk.key.clone(), risk.message.clone());
        match places.get(&key).and_then(|at| known.get_mut(*at)) {
            Some(same) => same.environments.extend(risk.environments),
            None => {
                places.insert(key, known.len());
                known.push(risk);
            }
        }
    }
    for risks in found.values_mut() {
        risks.iter_mut().for_each(|risk| tidy(&mut risk.environments));
        risks.sort_by_cached_key(order);
    }
    found
}

type Order = (super::Level, usize, String, Option<String>, Option<String>, String);

fn order(risk: &Risk) -> Order {
    let text = (risk.path.clone(), risk.object.clone(), risk.key.clone(), risk.message.clone());
    (risk.rule.level, super::risk::place(risk.rule), text.0, text.1, text.2, text.3)
}

fn tidy(environments: &mut Environments) {
    environments.sort();
    environments.dedup();
}

/// A file over several environments.
#[derive(Default)]
struct Merged {
    environments: Environments,
    hunks: Vec<Hunk>,
    keys: Vec<KeyChange>,
    known_hunks: BTreeMap<HunkKey, Vec<usize>>,
    known_keys: BTreeMap<String, usize>,
}

/// What makes two hunks the same change: the changed lines, and the key around them. Line numbers and unchanged lines do not.
type HunkKey = (String, Vec<(LineKind, String, bool)>);

impl Merged {
    fn add(&mut self, one: &Shared<'_>) {
        self.environments.extend(one.environments.iter().cloned());
        let mut seen: BTreeMap<HunkKey, usize> = BTreeMap::new();
        for hunk in &one.compared.hunks {
            let key = hunk_key(hunk);
            // The second of two equal hunks of one file is another change than the first.
            let nth = seen.entry(key.clone()).or_insert(0);
            let same = self.known_hunks.entry(key).or_default();
            match same.get(*nth).and_then(|at| self.hunks.get_mut(*at)) {
                Some(known) => known.environments.extend(one.environments.iter().cloned()),
                None => {
                    same.push(self.hunks.len());
                    self.hunks.push(Hunk { environments: one.environments.clone(), ..hunk.clone() });
                }
            }
            *nth += 1;
        }
        for key in &one.compared.keys {
            let id = format!("{:?} {} {:?} {:?}", key.object, key.path, key.before, key.after);
            match self.known_keys.get(&id).and_then(|at| self.keys.get_mut(*at)) {
                Some(known) => known.environments.extend(one.environments.iter().cloned()),
                None => {
                    self.known_keys.insert(id, self.keys.len());
                    self.keys.push(KeyChange { environments: one.environments.clone(), ..key.clone() });
                }
            }
        }
    }

    fn finish(mut self, (path, from, change, noise, notes): FileKey) -> FileReview {
        tidy(&mut self.environments);
        self.hunks.iter_mut().for_each(|hunk| tidy(&mut hunk.environments));
        self.keys.iter_mut().for_each(|key| tidy(&mut key.environments));
        self.hunks.sort_by(|a, b| (a.before, a.after, &a.environments).cmp(&(b.before, b.after, &b.environments)));
        FileReview { path, from, change, noise, notes, environments: self.environments, keys: self.keys, hunks: self.hunks }
    }
}

fn hunk_key(hunk: &Hunk) -> HunkKey {
    let mut lines = Vec::new();
    let mut apart = false;
    for line in &hunk.lines {
        match line.kind {
            LineKind::Context => apart = true,
            kind => {
                if std::mem::take(&mut apart) && !lines.is_empty() {
                    lines.push((LineKind::Context, String::new(), false));
                }
                lines.push((kind, line.text(), line.unfinished));
            }
        }
    }
    (hunk.inside.clone(), lines)
}
