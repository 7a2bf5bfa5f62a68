//! What a build does with the trees that it made: compares them with `out/`, or writes them.

use std::collections::BTreeSet;
use std::fs::remove_dir;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use stackgen::diagnostic::{Diagnostic, Severity, SourceMap, codes::output};
use stackgen::emit::{
    self, Change, Comparison, Digest, Edits, EmitError, Kind, ReadLock, Staged, Summary, Tree, TreeBuilder, WriteLock,
};
use stackgen::yaml::Span;

use super::terminal::Terminal;

pub(super) use super::report::Report;

/// Where trees go as they are made: each is compared with `out/`, and written beside it, before the next ones are there. Nothing
/// is put in place before all are.
#[derive(Debug)]
pub(super) struct Output<'a> {
    /// `out/`.
    root: &'a Path,
    /// What happens to edits; none where nothing is written at all.
    edits: Option<Edits>,
    terminal: &'a Terminal,
    /// Held from the first tree on.
    lock: OnceLock<Option<Lock>>,
    /// Why there is no lock.
    failure: Mutex<Option<EmitError>>,
    /// Folders that were not there before, and that nobody needs where nothing is written in the end.
    absent: Mutex<BTreeSet<PathBuf>>,
}

#[derive(Debug)]
enum Lock {
    Read(#[expect(dead_code, reason = "it is held")] Option<ReadLock>),
    Write(WriteLock),
}

/// A tree that was compared, and written beside what is there.
#[derive(Debug)]
pub(super) struct Taken<'l> {
    /// See [`Tree::state`].
    pub(super) state: Option<Digest>,
    ready: Result<Ready<'l>, EmitError>,
}

type Ready<'l> = (Option<Staged<'l>>, Environment);

/// What happened, or would happen, to the folder of an environment.
#[derive(Debug)]
pub(super) struct Environment {
    pub(super) path: Arc<str>,
    /// How many files its tree has.
    pub(super) files: usize,
    /// The differences, each with its reason in words.
    pub(super) changes: Vec<(Change, String)>,
    /// What was done; none where nothing was.
    pub(super) summary: Option<Summary>,
}

impl<'a> Output<'a> {
    /// For trees that are written, or with no `edits` only compared.
    pub(super) fn new(root: &'a Path, edits: Option<Edits>, terminal: &'a Terminal) -> Self {
        Output { root, edits, terminal, lock: OnceLock::new(), failure: Mutex::default(), absent: Mutex::default() }
    }

    /// Takes the tree of an environment; none where there is no lock, which [`Output::finish`] tells.
    pub(super) fn take(&self, path: &Arc<str>, tree: &Tree) -> Option<Taken<'_>> {
        let lock = self.lock()?;
        Some(Taken { state: tree.state(), ready: self.ready(path, tree, lock) })
    }

    fn ready<'l>(&self, path: &Arc<str>, tree: &Tree, lock: &'l Lock) -> Result<Ready<'l>, EmitError> {
        let comparison = emit::compare(&self.root.join(&**path), tree)?;
        let reasons = comparison.changes().iter().map(|change| (change.clone(), reason(change, &comparison)));
        let environment =
            Environment { path: path.clone(), files: tree.len(), changes: reasons.collect(), summary: None };
        let staged = match (lock, self.edits) {
            (Lock::Write(lock), Some(edits)) => {
                self.note_absent(path);
                comparison.stage(lock, edits)?
            }
            _ => None,
        };
        Ok((staged, environment))
    }

    fn lock(&self) -> Option<&Lock> {
        let acquire = || match self.edits {
            None => ReadLock::acquire(self.root, || self.waiting()).map(Lock::Read),
            Some(_) => {
                self.note_absent("");
                WriteLock::acquire(self.root, || self.waiting()).map(Lock::Write)
            }
        };
        let failed = |error| *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        self.lock.get_or_init(|| acquire().map_err(failed).ok()).as_ref()
    }

    /// Notes which folders a tree needs that are not there yet.
    fn note_absent(&self, path: &str) {
        let mut absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        let folders = path.match_indices('/').map(|(end, _)| self.root.join(&path[..end]));
        absent.extend(folders.chain([self.root.to_owned()]).filter(|folder| !folder.exists()));
    }

    /// Leaves everything as it was.
    pub(super) fn abandon(&self, taken: Vec<Taken<'_>>) {
        drop(taken);
        let absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        for folder in absent.iter().rev() {
            // Somebody may have put something there.
            let _ = remove_dir(folder);
        }
    }

    /// Puts all trees in place, or none. Where all environments are `known`, those that are gone are taken away.
    pub(super) fn finish<'s>(&'s self, mut taken: Vec<Taken<'s>>, known: Option<&[String]>, report: &mut Report) {
        if let Err(error) = self.take_gone(known, &mut taken) {
            report.push(error.into_diagnostic());
        }
        if let Some(error) = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
            report.push(error.into_diagnostic());
        }
        let mut ready = Vec::with_capacity(taken.len());
        for one in taken {
            match one.ready {
                Ok(one) => ready.push(one),
                Err(error) => report.push(error.into_diagnostic()),
            }
        }
        if self.edits.is_none() {
            report.environments.extend(ready.into_iter().map(|(_, environment)| environment));
        } else if report.has_errors() {
            drop(ready);
            self.abandon(Vec::new());
        } else {
            swap(ready, report);
        }
    }

    /// Environments whose overlay is gone become trees without files.
    fn take_gone<'s>(&'s self, known: Option<&[String]>, taken: &mut Vec<Taken<'s>>) -> Result<(), EmitError> {
        let Some(known) = known else { return Ok(()) };
        for path in emit::written(self.root)?.into_iter().filter(|path| !known.contains(path)) {
            taken.extend(self.take(&Arc::from(path), &TreeBuilder::new().finish(Digest::of(b""))?));
        }
        Ok(())
    }

    fn waiting(&self) {
        self.terminal.inform("waiting for another build\n");
    }
}

fn swap(ready: Vec<Ready<'_>>, report: &mut Report) {
    let swapped: Vec<_> = ready
        .into_par_iter()
        .map(|(staged, mut environment)| {
            environment.summary = match staged {
                Some(staged) => Some(staged.swap()?),
                None => None,
            };
            Ok::<_, EmitError>(environment)
        })
        .collect();
    for result in swapped {
        match result {
            Ok(environment) => report.environments.push(environment),
            Err(error) => report.push(error.into_diagnostic()),
        }
    }
}

/// Why a file differs, in words.
fn reason(change: &Change, comparison: &Comparison<'_>) -> String {
    match (change.kind, comparison.written_by_other_version()) {
        (Kind::Changed | Kind::Mode | Kind::Added | Kind::Removed, Some(version)) => {
            format!("{} since stackgen {version} wrote it", verb(change.kind))
        }
        (Kind::Changed, None) if change.path == "stackgen.sum" => "the sources changed".to_owned(),
        (Kind::Changed, None) => "the sources say something else".to_owned(),
        (Kind::Added, None) => "the sources ask for it, and it was never built".to_owned(),
        (Kind::Removed, None) => "the sources do not ask for it any more".to_owned(),
        (kind, _) => kind.reason().to_owned(),
    }
}

fn verb(kind: Kind) -> &'static str {
    match kind {
        Kind::Added => "new",
        Kind::Removed => "no longer written",
        _ => "changed",
    }
}

/// A finding for a file that differs.
pub(super) fn stale(sources: &mut SourceMap, environment: &str, change: &Change, reason: &str) -> Diagnostic {
    let path = format!("out/{environment}/{}", change.path);
    let file = sources.add(path.as_str(), "");
    let span = Span { file, start: 0, end: 0 };
    Diagnostic::new(&output::STALE, Severity::Error, span, format!("`{path}`: {reason}"))
        .help("run `stackgen build`, and commit what it writes with the sources")
}
