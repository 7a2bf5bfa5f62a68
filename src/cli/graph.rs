//! `stackgen graph`: an environment as a picture.

use clap::Args;

use stackgen::graph;

use super::outcome::{Failure, Outcome};
use super::{Session, environment};

/// Draw an environment: its components, and the capabilities that connect them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Graph {
    /// The environment; may be left out where there is only one
    environment: Option<String>,
    /// How to draw it
    #[arg(long, value_enum, default_value_t)]
    format: Picture,
}

/// How a picture is written.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Picture {
    /// A flowchart that GitHub, GitLab and editors draw
    #[default]
    Mermaid,
    /// For Graphviz
    Dot,
    /// An architecture picture
    Svg,
}

const EXAMPLES: &str = "\
Examples:
  stackgen graph envs/prod --format svg > prod.svg
  stackgen graph envs/prod --format dot | dot -Tpdf > prod.pdf";

impl Graph {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let text = environment::ask(session, self.environment.as_deref(), |rendered, _| {
            let graph = graph::graph(rendered);
            match self.format {
                Picture::Mermaid => graph::mermaid(&graph),
                Picture::Dot => graph::dot(&graph),
                Picture::Svg => graph::svg(&graph),
            }
        })?;
        session.terminal.answer(&text)?;
        Ok(Outcome::Well)
    }
}
