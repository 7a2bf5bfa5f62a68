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

use clap::Args;

use terminal::{Color, Terminal};

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
    let (global, command) = match commands::understood() {
        Ok(understood) => understood,
        Err(error) => return usage(&error),
    };
    let session = Session {
        terminal: Terminal::new(global.color, global.quiet),
        directory: global.directory,
        charts: global.charts,
        jobs: global.jobs,
    };
    match bug::guarded(|| command.run(&session)) {
        Some(result) => outcome::exit_code(result, &session.terminal),
        None => ExitCode::from(outcome::BUG),
    }
}

/// Help and version are what was asked for; anything else is a fault of the command line.
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to tell where this fails.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(outcome::USAGE) } else { ExitCode::SUCCESS }
}
