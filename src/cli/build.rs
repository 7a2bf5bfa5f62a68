//! `stackgen build`: compiles environments into `out/`.

use std::path::Path;
use std::time::Instant;

use clap::Args;

use stackgen::diagnostic::Sink;
use stackgen::target::{self, TargetFile};

use super::findings::{self, FindingsFormat};
use super::outcome::{Failure, Outcome};
use super::progress::Progress;
use super::repository::Repository;
use super::targets::Targets;
use super::{Session, pool, terminal};

/// Compile environments into `out/`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Build {
    #[command(flatten)]
    targets: Targets,
    /// Change nothing; exit with 1 where `out/` is not what the sources say
    #[arg(long)]
    check: bool,
    /// How to report findings
    #[arg(long, value_enum, default_value_t)]
    format: FindingsFormat,
}

const EXAMPLES: &str = "\
Examples:
  stackgen build                 all environments
  stackgen build envs/prod       one of them
  stackgen build --check         for CI: is `out/` what the sources say?
  stackgen build --shard 3/10    the third of ten machines' share";

impl Build {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let start = Instant::now();
        let repository = Repository::find(session.directory.as_deref())?;
        let paths = repository.select(&self.targets)?;
        let progress = Progress::start(&session.terminal, "building", paths.len());
        let (program, compiled) = pool::run(session.jobs, || {
            let mut sink = Sink::default();
            let program = repository.load(&paths, &mut sink);
            let compiled = stackgen::compile(&program, &repository.files, sink, |rendered, _| {
                let files = target::files(rendered);
                progress.step();
                Some(files)
            });
            (program, compiled)
        })?;
        drop(progress);
        findings::tell(&session.terminal, &compiled.findings, &program.sources);
        if findings::has_errors(&compiled.findings) {
            return Ok(Outcome::Found);
        }
        let mut total = 0;
        for (path, files) in &compiled.outputs {
            total += files.len();
            write(&repository.root.join("out").join(&**path), files)?;
        }
        let time =
            if terminal::is_watched() { format!(", in {:.2} s", start.elapsed().as_secs_f64()) } else { String::new() };
        session.terminal.inform(&format!("built {} environments: {total} files{time}\n", compiled.outputs.len()));
        Ok(Outcome::Well)
    }
}

fn write(folder: &Path, files: &[TargetFile]) -> Result<(), Failure> {
    for file in files {
        let path = folder.join(&file.path);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).map_err(|error| Failure::io("make", parent, &error))?;
        std::fs::write(&path, &file.text).map_err(|error| Failure::io("write", &path, &error))?;
    }
    Ok(())
}
