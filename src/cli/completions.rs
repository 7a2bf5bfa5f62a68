//! `stackgen completions`: completion scripts for shells.

use clap::Args;
use clap_complete::Shell;

use super::outcome::{Failure, Outcome};
use super::{Session, commands};

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  stackgen completions bash > ~/.local/share/bash-completion/completions/stackgen
  stackgen completions zsh > \"${fpath[1]}/_stackgen\"
  stackgen completions fish > ~/.config/fish/completions/stackgen.fish";

impl Completions {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut commands::all(), "stackgen", &mut script);
        session.terminal.answer(&String::from_utf8_lossy(&script))?;
        Ok(Outcome::Well)
    }
}
