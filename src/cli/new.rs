//! `stackgen new`: the first files of a component or an environment.

use std::io::Write;
use std::path::Path;

use clap::{Args, Subcommand};

use stackgen::diagnostic::Sink;
use stackgen::scaffold::{self, Like, NewFile};

use super::outcome::{Failure, Outcome};
use super::repository::Repository;
use super::targets::Targets;
use super::{Session, findings, pool};

/// Make the first files of a component or an environment, which compile at once; overwrites nothing
#[derive(Debug, Args)]
pub(super) struct New {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A component of this repository
    #[command(after_help = "Example:\n  stackgen new component guestbook")]
    Component {
        /// Its name
        name: String,
    },
    /// An environment, as a copy of another one
    #[command(after_help = "Example:\n  stackgen new environment staging --like envs/prod")]
    Environment {
        /// Its name
        name: String,
        /// The environment to copy; may be left out where there is only one
        #[arg(long, value_name = "ENVIRONMENT")]
        like: Option<String>,
    },
}

impl New {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let (What::Component { name } | What::Environment { name, .. }) = &self.what;
        if let Some(fault) = scaffold::name_fault(name) {
            return Err(Failure::usage(format!("`{name}` cannot be a name: {fault}")));
        }
        let repository = Repository::find(session)?;
        match &self.what {
            What::Component { name } => {
                write(session, &repository.root, &scaffold::component(name))?;
                session.terminal.inform(&format!(
                    "\nIt is in no environment yet. Switch it on in an overlay:\n\n  components:\n    {name}: {{ enabled: true }}\n"
                ));
                Ok(Outcome::Well)
            }
            What::Environment { name, like } => environment(session, &repository, name, like.as_deref()),
        }
    }
}

fn environment(session: &Session, repository: &Repository, name: &str, like: Option<&str>) -> Result<Outcome, Failure> {
    let chosen = repository.select(&Targets::of(like))?;
    let [path] = chosen.as_slice() else {
        return Err(Failure::usage("which environment should it be like?")
            .help(format!("name one with `--like`: {}", chosen.join(", "))));
    };
    if repository.environments()?.iter().any(|known| known.rsplit('/').next() == Some(name)) {
        return Err(Failure::usage(format!("there is an environment `{name}` already")));
    }
    let like: Option<Like> = pool::run(session.jobs, || {
        let mut sink = Sink::default();
        let program = repository.load(std::slice::from_ref(path), &mut sink);
        let like =
            program.environments.first().map(|environment| scaffold::environment_like(program, environment, name));
        if like.is_none() {
            findings::tell(&session.terminal, &sink.into_sorted(&program.sources), &program.sources);
        }
        like
    })?;
    let Some(like) = like else { return Ok(Outcome::Found) };
    write(session, &repository.root, &like.files)?;
    session.terminal.inform(&format!(
        "\nIt is a copy of `{}`: look at its addresses, nodes and domain before you build it.\n",
        like.from
    ));
    Ok(Outcome::Well)
}

/// Writes files below a folder, or none of them where one is there already.
pub(super) fn write(session: &Session, root: &Path, files: &[NewFile]) -> Result<(), Failure> {
    let there: Vec<&str> =
        files.iter().map(|(path, _)| path.as_str()).filter(|path| root.join(path).exists()).collect();
    if !there.is_empty() {
        return Err(Failure::usage(format!("already there: {}", there.join(", "))).help("nothing was written"));
    }
    for (path, text) in files {
        let path = root.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| Failure::io("make", parent, &error))?;
        }
        let file = std::fs::File::create_new(&path);
        file.and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| Failure::io("write", &path, &error))?;
    }
    for (path, _) in files {
        session.terminal.inform(&format!("wrote {path}\n"));
    }
    Ok(())
}
