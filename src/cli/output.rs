//! What a build does with the trees that it made: compares them with `out/`, or writes them.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use stackgen::diagnostic::{Diagnostic, Severity, SourceMap, codes::output};
use stackgen::emit::{
    self, Change, Comparison, Digest, Edits, EmitError, Kind, ReadLock, Staged, Summary, Tree, TreeBuilder, WriteLock,
};
use stackgen::yaml::Span;

use super::terminal::Terminal;

pub(super) use super::report::Report;

/// Trees on their way to `out/`.
#[derive(Debug)]
pub(super) struct Output<'a> {
    /// `out/`.
    pub(super) root: &'a Path,
    /// The trees by the path of their environment.
    pub(super) trees: Vec<(Arc<str>, Tree)>,
    /// All environments, where those that are gone are to be removed.
    pub(super) known: Option<Vec<String>>,
    pub(super) terminal: &'a Terminal,
}

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

impl Output<'_> {
    /// Compares, and puts a finding into the report for each file that differs.
    pub(super) fn check(mut self, report: &mut Report) {
        if let Err(error) = self.add_gone() {
            return report.push(error.into_diagnostic());
        }
        let _lock = match ReadLock::acquire(self.root, || self.waiting()) {
            Ok(lock) => lock,
            Err(error) => return report.push(error.into_diagnostic()),
        };
        let compared: Vec<_> = self.trees.par_iter().map(|(path, tree)| self.compare(path, tree)).collect();
        for result in compared {
            match result {
                Ok((_, environment)) => report.add_stale(environment),
                Err(error) => report.push(error.into_diagnostic()),
            }
        }
    }

    /// Writes all trees, or none.
    pub(super) fn write(mut self, overwrite_edits: bool, report: &mut Report) {
        let edits = if overwrite_edits { Edits::Overwrite } else { Edits::Refuse };
        let result = self.add_gone().and_then(|()| WriteLock::acquire(self.root, || self.waiting()));
        let lock = match result {
            Ok(lock) => lock,
            Err(error) => return report.push(error.into_diagnostic()),
        };
        let staged: Vec<Result<(Option<Staged<'_>>, Environment), EmitError>> = self
            .trees
            .par_iter()
            .map(|(path, tree)| {
                let (comparison, environment) = self.compare(path, tree)?;
                Ok((comparison.stage(&lock, edits)?, environment))
            })
            .collect();
        let mut ready = Vec::new();
        for result in staged {
            match result {
                Ok(one) => ready.push(one),
                Err(error) => report.push(error.into_diagnostic()),
            }
        }
        if !report.has_errors() {
            swap(ready, report);
        }
    }

    fn compare<'t>(&self, path: &Arc<str>, tree: &'t Tree) -> Result<(Comparison<'t>, Environment), EmitError> {
        let comparison = emit::compare(&self.root.join(&**path), tree)?;
        let reasons = comparison.changes().iter().map(|change| (change.clone(), reason(change, &comparison)));
        let environment =
            Environment { path: path.clone(), files: tree.len(), changes: reasons.collect(), summary: None };
        Ok((comparison, environment))
    }

    /// Environments whose overlay is gone become trees without files.
    fn add_gone(&mut self) -> Result<(), EmitError> {
        let Some(known) = &self.known else { return Ok(()) };
        for path in emit::written(self.root)?.into_iter().filter(|path| !known.contains(path)) {
            let empty = TreeBuilder::new().finish(Digest::of(b""))?;
            self.trees.push((Arc::from(path), empty));
        }
        Ok(())
    }

    fn waiting(&self) {
        self.terminal.inform("waiting for another build\n");
    }
}

fn swap(ready: Vec<(Option<Staged<'_>>, Environment)>, report: &mut Report) {
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
