//! The command line: thin commands over the library, one file for each. Only this part of stackgen prints.

mod bug;
mod build;
mod charts;
mod check;
mod commands;
mod compile;
mod completions;
mod diff;
mod environment;
mod explain;
mod fetch;
mod findings;
mod graph;
mod history;
mod init;
mod list;
mod listing;
mod lock;
mod new;
mod outcome;
mod outdated;
mod output;
mod overview;
mod pages;
mod pool;
mod progress;
mod render;
mod report;
mod repository;
mod schema;
mod sides;
mod table;
mod targets;
mod terminal;
mod unchanged;
mod update;
mod value;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser};

use commands::Command;
use terminal::{Color, Terminal};

/// A compiler for GitOps: architecture blueprints and overlays in, a checked tree for Argo CD out.
#[derive(Debug, Parser)]
#[command(name = "stackgen", version, max_term_width = 100, after_help = EXIT_CODES, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  something was found, or there is a difference
  2  the command line or the repository cannot be understood
  3  a bug in stackgen";

/// Options of all commands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// Work on the repository that this folder is in, instead of the current folder's
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    directory: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    color: Color,
    /// A folder of charts, as archives or unpacked, for those that are rendered here
    #[arg(long, value_name = "DIR", global = true)]
    charts: Vec<PathBuf>,
    /// Say nothing but what was asked for, and what is wrong
    #[arg(short, long, global = true)]
    quiet: bool,
    /// How many threads to use; as many as there are processors by default
    ///
    /// With one for each processor, each thread keeps its own. With fewer, the system places them, which is better where other
    /// programs are at work.
    #[arg(long, value_name = "N", global = true)]
    jobs: Option<std::num::NonZeroUsize>,
}

/// Who reads an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum TextOrJson {
    /// A person
    #[default]
    Human,
    /// A program: one JSON object
    Json,
}

/// What every command gets.
#[derive(Debug)]
struct Session {
    terminal: Terminal,
    directory: Option<PathBuf>,
    charts: Vec<PathBuf>,
    jobs: Option<std::num::NonZeroUsize>,
}

/// Parses the command line, runs the command, and gives the exit code.
pub(crate) fn main() -> ExitCode {
    pages::small();
    let cli = match understood() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let session = Session {
        terminal: Terminal::new(cli.global.color, cli.global.quiet),
        directory: cli.global.directory,
        charts: cli.global.charts,
        jobs: cli.global.jobs,
    };
    let command = cli.command;
    match bug::guarded(|| command.run(&session)) {
        Some(result) => outcome::exit_code(result, &session.terminal),
        None => ExitCode::from(outcome::BUG),
    }
}

/// What is to be done. Where the words are not understood, or help is asked for, all commands are described and the words are read again:
/// the answer may name any of them.
fn understood() -> Result<Cli, clap::Error> {
    Cli::try_parse().or_else(|_| {
        let mut all = Cli::command();
        all.build();
        let mut words = all.try_get_matches_from_mut(std::env::args_os())?;
        Cli::from_arg_matches_mut(&mut words).map_err(|error| error.format(&mut all))
    })
}

/// Help and version are what was asked for; anything else is a fault of the command line.
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to tell where this fails.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(outcome::USAGE) } else { ExitCode::SUCCESS }
}
