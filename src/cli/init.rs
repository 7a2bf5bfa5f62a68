//! `stackgen init`: a new platform repository.

use std::path::PathBuf;

use clap::Args;

use stackgen::scaffold;

use super::outcome::{Failure, Outcome};
use super::{Session, new};

/// Make a new platform repository with one environment; asks nothing and overwrites nothing
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Init {
    /// The folder; the current one by default
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Where git will be, as Argo CD reaches it
    #[arg(long, value_name = "URL", default_value = "https://git.example.com/platform/gitops.git")]
    repository: String,
    /// The domain that hosts of the environment are below
    #[arg(long, default_value = "dev.example.com")]
    domain: String,
}

const EXAMPLES: &str = "\
Examples:
  stackgen init platform
  stackgen init --repository https://github.com/acme/platform.git --domain dev.acme.org";

impl Init {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let plain = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() && !"#\"'{}[],&*!|>%@`".contains(c))
        };
        for (option, text) in [("--repository", &self.repository), ("--domain", &self.domain)] {
            if !plain(text.trim_start_matches("git@")) {
                return Err(Failure::usage(format!("`{text}` cannot be the value of `{option}`")));
            }
        }
        let here = session.directory.clone().unwrap_or_else(|| PathBuf::from("."));
        let root = self.folder.map_or(here.clone(), |folder| here.join(folder));
        new::write(session, &root, &scaffold::platform(&self.repository, &self.domain))?;
        session.terminal.inform(
            "\nNext: look at overlays/envs/dev.yaml, which has addresses to replace, then\n\n  \
             stackgen build\n  stackgen explain envs/dev components.argo-cd\n",
        );
        Ok(Outcome::Well)
    }
}
