//! The commands. Only the one that is asked for has its arguments described: those of all others would take longer than a small chart.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches, Subcommand};

use super::outcome::{Failure, Outcome};
use super::{
    Session, build, check, completions, diff, explain, fetch, graph, init, list, lock, new, outdated, render, schema,
    update, why,
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

        impl Subcommand for Command {
            fn augment_subcommands(whole: clap::Command) -> clap::Command {
                whole$(.subcommand(clap::Command::new($name).defer(<$arguments>::augment_args)))*
            }

            fn augment_subcommands_for_update(whole: clap::Command) -> clap::Command {
                Self::augment_subcommands(whole)
            }

            fn has_subcommand(name: &str) -> bool {
                [$($name),*].contains(&name)
            }
        }

        impl FromArgMatches for Command {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
                Self::from_arg_matches_mut(&mut matches.clone())
            }

            fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
                match matches.remove_subcommand() {
                    $(Some((name, mut words)) if name == $name => {
                        <$arguments>::from_arg_matches_mut(&mut words).map(Command::$variant)
                    })*
                    _ => Err(clap::Error::new(ErrorKind::MissingSubcommand)),
                }
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
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
