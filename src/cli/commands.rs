//! The commands, and how a command line is understood. Only the command that is asked for is described: a small chart notices the
//! time that all others take.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches};

use super::outcome::{Failure, Outcome};
use super::{
    Global, Session, build, check, completions, diff, explain, fetch, graph, init, list, lock, new, outdated, render,
    schema, update, why,
};

macro_rules! commands {
    ($($name:literal => $variant:ident($arguments:ty),)*) => {
        /// A command with its arguments.
        #[derive(Debug)]
        pub(super) enum Command {
            $($variant($arguments),)*
        }

        impl Command {
            pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
                match self {
                    $(Command::$variant(command) => command.run(session),)*
                }
            }
        }

        /// The first word of the command line that is a command's name.
        fn asked(words: impl Iterator<Item = OsString>) -> Option<&'static str> {
            const NAMES: &[&str] = &[$($name),*];
            words.skip(1).find_map(|word| NAMES.iter().find(|name| word == **name).copied())
        }

        /// Describes one command, or all of them.
        fn described(mut whole: clap::Command, one: Option<&str>) -> clap::Command {
            $(if one.is_none_or(|one| one == $name) {
                whole = whole.subcommand(<$arguments>::augment_args(clap::Command::new($name)));
            })*
            whole
        }

        /// The command of understood words.
        fn read(mut words: ArgMatches) -> Result<Command, clap::Error> {
            match words.remove_subcommand() {
                $(Some((name, mut words)) if name == $name => {
                    <$arguments>::from_arg_matches_mut(&mut words).map(Command::$variant)
                })*
                _ => Err(clap::Error::new(ErrorKind::MissingSubcommand)),
            }
        }
    };
}

commands! {
    "init" => Init(init::Init),
    "build" => Build(build::Build),
    "check" => Check(check::Check),
    "diff" => Diff(diff::Diff),
    "explain" => Explain(explain::Explain),
    "why" => Why(why::Why),
    "graph" => Graph(graph::Graph),
    "render" => Render(Box<render::Render>),
    "list" => List(list::List),
    "schema" => Schema(schema::Schema),
    "new" => New(new::New),
    "lock" => Lock(lock::LockCommand),
    "fetch" => Fetch(fetch::Fetch),
    "outdated" => Outdated(outdated::Outdated),
    "update" => Update(update::Update),
    "completions" => Completions(completions::Completions),
}

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  something was found, or there is a difference
  2  the command line or the repository cannot be understood
  3  a bug in stackgen";

/// The whole command line, with all commands.
pub(super) fn all() -> clap::Command {
    described(whole(), None)
}

fn whole() -> clap::Command {
    // What describes the options would be said of the whole too, if it came last.
    Global::augment_args(clap::Command::new("stackgen"))
        .version(env!("CARGO_PKG_VERSION"))
        .about("A compiler for GitOps: architecture blueprints and overlays in, a checked tree for Argo CD out")
        .after_help(EXIT_CODES)
        .max_term_width(100)
        .arg_required_else_help(true)
        .subcommand_required(true)
}

/// What is to be done. Where the words are not understood, or help is asked for, they are read again with all commands: the answer may
/// name any of them.
pub(super) fn understood() -> Result<(Global, Command), clap::Error> {
    let parsed = |mut whole: clap::Command| {
        let mut words = whole.try_get_matches_from_mut(std::env::args_os())?;
        let global = Global::from_arg_matches_mut(&mut words);
        let both = global.and_then(|global| Ok((global, read(words)?)));
        both.map_err(|error| error.format(&mut whole))
    };
    match asked(std::env::args_os()) {
        Some(one) => parsed(described(whole(), Some(one))).or_else(|_| parsed(all())),
        None => parsed(all()),
    }
}
