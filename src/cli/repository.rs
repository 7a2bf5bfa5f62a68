//! The platform repository that a command works on.

use std::path::{Path, PathBuf};

use stackgen::chart::{Cache, Store, StoreOptions};
use stackgen::diagnostic::Sink;
use stackgen::render::StoredCharts;
use stackgen::source::{self, Day, Disk, Files, Program};

use super::Session;
use super::outcome::Failure;
use super::targets::Targets;

/// A folder with `overlays/`.
#[derive(Debug)]
pub(super) struct Repository {
    /// Its root.
    pub(super) root: PathBuf,
    /// Its files.
    pub(super) files: Disk,
    /// Folders of charts that the command line names.
    folders: Vec<PathBuf>,
}

impl Repository {
    /// The repository that a folder, or the current one, is in.
    pub(super) fn find(session: &Session) -> Result<Self, Failure> {
        let start = session.directory.as_deref().unwrap_or(Path::new("."));
        let absolute = start.canonicalize().map_err(|error| Failure::io("open", start, &error))?;
        match absolute.ancestors().find(|folder| folder.join("overlays").is_dir()) {
            Some(root) => {
                let root = shown(root);
                Ok(Repository { files: Disk::new(&root), root, folders: session.charts.clone() })
            }
            None => Err(Failure::usage(format!("`{}` is not in a platform repository", start.display()))
                .help("a platform repository has a folder `overlays/`; `stackgen init` makes one")),
        }
    }

    /// The paths of all environments, sorted.
    pub(super) fn environments(&self) -> Result<Vec<String>, Failure> {
        source::environments_below(&self.files, "envs")
            .map_err(|error| Failure::io("list", &self.root.join("overlays/envs"), &error))
    }

    /// The paths of the environments that a command line names.
    pub(super) fn select(&self, targets: &Targets) -> Result<Vec<String>, Failure> {
        let all = self.environments()?;
        let chosen = source::select(&all, &targets.targets).map_err(|unknown| {
            let failure = Failure::usage(format!("there is no environment `{}`", unknown.target));
            match unknown.help {
                Some(help) => failure.help(help),
                None => failure,
            }
        })?;
        if all.is_empty() {
            return Err(Failure::usage("the repository has no environment")
                .help("`stackgen new environment NAME` makes one below `overlays/envs`"));
        }
        Ok(targets.share(chosen))
    }

    /// The charts that are at hand: in folders of the command line, in its own `charts/`, and in the cache.
    pub(super) fn charts<'p>(&self, program: &'p Program) -> StoredCharts<'p> {
        let options = StoreOptions { cache: Cache::of_user(), folders: self.folders.clone() };
        StoredCharts::new(Store::new(&self.root, program.lock.as_ref(), options))
    }

    /// Reads what these environments need.
    pub(super) fn load(&self, paths: &[String], sink: &mut Sink) -> &'static Program {
        load(&self.files, paths, sink)
    }
}

/// Reads what these environments need. It lives as long as the process: taking large sources apart node by node would cost
/// more time than the system needs to take all memory back.
pub(super) fn load(files: &dyn Files, paths: &[String], sink: &mut Sink) -> &'static Program {
    load_on(None, files, paths, sink)
}

/// The same, for a day by which waivers may have run out.
pub(super) fn load_on(today: Option<Day>, files: &dyn Files, paths: &[String], sink: &mut Sink) -> &'static Program {
    Box::leak(Box::new(Program { today, ..source::load(files, paths, sink) }))
}

/// A folder as seen from the current one, so that messages are the same on every machine.
fn shown(folder: &Path) -> PathBuf {
    let Ok(here) = std::env::current_dir().and_then(|here| here.canonicalize()) else { return folder.to_owned() };
    match (folder.strip_prefix(&here), here.strip_prefix(folder)) {
        (Ok(below), _) => below.to_owned(),
        (_, Ok(above)) => above.components().map(|_| "..").collect(),
        _ => folder.to_owned(),
    }
}
