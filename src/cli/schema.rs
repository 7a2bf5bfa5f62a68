//! `stackgen schema`: JSON Schemas of the sources, for editors.

use std::path::PathBuf;

use clap::Args;

use stackgen::schema::{KINDS, schema};

use super::outcome::{Failure, Outcome};
use super::{Session, value};

/// Print the JSON Schema of a kind of source, for editors
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Schema {
    /// The kind
    #[arg(value_parser = KINDS, required_unless_present = "all")]
    kind: Option<String>,
    /// Write the schemas of all kinds into a folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    all: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  stackgen schema overlay > overlay.schema.json
  stackgen schema --all .vscode/schemas

In an editor with the YAML language server:
  # yaml-language-server: $schema=.vscode/schemas/overlay.schema.json";

impl Schema {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        match (&self.kind, &self.all) {
            (Some(kind), _) => session.terminal.answer(&text(kind))?,
            (None, Some(folder)) => {
                std::fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
                for kind in KINDS {
                    let path = folder.join(format!("{kind}.schema.json"));
                    std::fs::write(&path, text(kind)).map_err(|error| Failure::io("write", &path, &error))?;
                    session.terminal.inform(&format!("wrote {}\n", path.display()));
                }
            }
            // clap asks for one of the two.
            (None, None) => {}
        }
        Ok(Outcome::Well)
    }
}

fn text(kind: &str) -> String {
    schema(kind).map_or_else(String::new, |schema| value::document(&schema))
}
