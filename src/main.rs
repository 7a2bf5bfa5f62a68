//! The command `stackgen`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
