//! The same change in several environments becomes one change with several environments.

use std::collections::BTreeMap;

use super::compare::Compared;
use super::model::{Change, ComponentReview, Environments, FileReview, Hunk, KeyChange, LineKind, Noise, Note, Risk};
use super::text::{Run, hunks};

/// What changed in one file, and in which environments just so.
pub(super) struct Shared<'a> {
    pub(super) compared: &'a Compared,
    pub(super) environments: Environments,
}

type FileKey = (String, Option<String>, Change, Option<Noise>, Vec<Note>);

/// Components with their files and risks: by name, what belongs to no component last.
pub(super) fn group(shared: &[Shared<'_>], risks: Vec<(String, Risk)>, context: usize) -> Vec<ComponentReview> {
    let mut files: BTreeMap<(bool, &str), BTreeMap<FileKey, Merged<'_>>> = BTreeMap::new();
    for (source, one) in in_order(shared).into_iter().enumerate() {
        let c = one.compared;
        let key = (c.path.clone(), c.from.clone(), c.change, c.noise, c.notes.clone());
        files.entry(rank(&c.component)).or_default().entry(key).or_default().add(source, one);
    }
    let mut by_component = by_component(risks);
    for name in by_component.keys() {
        files.entry(rank(name)).or_default();
    }
    let mut found = Vec::new();
    for ((_, name), files) in files {
        found.push((name.to_owned(), files));
    }
    found
        .into_iter()
        .map(|(name, files)| component(by_component.remove(&name).unwrap_or_default(), name, files, context))
        .collect()
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

fn component(risks: Vec<Risk>, name: String, files: BTreeMap<FileKey, Merged<'_>>, context: usize) -> ComponentReview {
    let files: Vec<FileReview> = files.into_iter().map(|(key, merged)| merged.finish(key, context)).collect();
    let mut environments: Environments = files.iter().flat_map(|f| f.environments.iter().cloned()).collect();
    environments.extend(risks.iter().flat_map(|r| r.environments.iter().cloned()));
    tidy(&mut environments);
    ComponentReview { name, environments, risks, files }
}

/// Equal risks become one; the worst come first, then in the order of the rules' table.
fn by_component(risks: Vec<(String, Risk)>) -> BTreeMap<String, Vec<Risk>> {
    let mut found: BTreeMap<String, Vec<Risk>> = BTreeMap::new();
    let mut places: BTreeMap<(String, Order), usize> = BTreeMap::new();
    for (component, risk) in risks {
        let known = found.entry(component.clone()).or_default();
        let key = (component, order(&risk));
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
struct Merged<'a> {
    environments: Environments,
    runs: Vec<SharedRun<'a>>,
    keys: Vec<KeyChange>,
    known_runs: BTreeMap<RunKey<'a>, Vec<usize>>,
    known_keys: BTreeMap<String, usize>,
}

/// A run that is shown, as the first environment has it.
struct SharedRun<'a> {
    /// Which content of the file it was found in, and its number there.
    place: (usize, usize),
    run: &'a Run,
    environments: Environments,
}

/// What makes two runs the same change: the changed lines, and the key around them. Line numbers and unchanged lines do not.
type RunKey<'a> = (&'a str, Vec<(LineKind, String, bool)>);

impl<'a> Merged<'a> {
    fn add(&mut self, source: usize, one: &Shared<'a>) {
        self.environments.extend(one.environments.iter().cloned());
        let mut seen: BTreeMap<RunKey<'_>, usize> = BTreeMap::new();
        for (index, run) in one.compared.runs.iter().enumerate() {
            let lines = run.changed.iter().map(|line| (line.kind, line.text(), line.unfinished)).collect();
            let key = (run.inside.as_str(), lines);
            // The second of two equal runs of one file is another change than the first.
            let nth = seen.entry(key.clone()).or_insert(0);
            let same = self.known_runs.entry(key).or_default();
            match same.get(*nth).and_then(|at| self.runs.get_mut(*at)) {
                Some(known) => known.environments.extend(one.environments.iter().cloned()),
                None => {
                    same.push(self.runs.len());
                    self.runs.push(SharedRun { place: (source, index), run, environments: one.environments.clone() });
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

    fn finish(mut self, (path, from, change, noise, notes): FileKey, context: usize) -> FileReview {
        tidy(&mut self.environments);
        self.runs.iter_mut().for_each(|run| tidy(&mut run.environments));
        self.keys.iter_mut().for_each(|key| tidy(&mut key.environments));
        let hunks = self.hunks(context);
        FileReview { path, from, change, noise, notes, environments: self.environments, keys: self.keys, hunks }
    }

    /// Only runs of one content can be joined: others have other lines between them.
    fn hunks(&self, context: usize) -> Vec<Hunk> {
        let of_source = |runs: &[SharedRun<'a>]| {
            let runs: Vec<_> = runs.iter().map(|run| (run.place.1, run.run, &run.environments)).collect();
            hunks(&runs, context)
        };
        let mut found: Vec<Hunk> = self.runs.chunk_by(|a, b| a.place.0 == b.place.0).flat_map(of_source).collect();
        found.sort_by(|a, b| (a.before, a.after, &a.environments).cmp(&(b.before, b.after, &b.environments)));
        found
    }
}
