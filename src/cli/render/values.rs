//! The values that a command line gives, in Helm's order.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use stackgen::helm::{Error, SetKind, Table, overlay, read_values, set, set_text};

use crate::cli::outcome::Failure;

/// Values of the command line.
#[derive(Debug, Args)]
pub(super) struct ValueOptions {
    /// A file of values; `-` is standard input. Later ones go before earlier ones
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Values, such as `a.b=1,c[0]=x`
    #[arg(long = "set", value_name = "VALUES")]
    typed: Vec<String>,
    /// Values that are text whatever they look like
    #[arg(long = "set-string", value_name = "VALUES")]
    text: Vec<String>,
    /// Values in JSON, such as `a={"b":1}`
    #[arg(long = "set-json", value_name = "VALUES")]
    json: Vec<String>,
    /// Values from files, such as `a=path`
    #[arg(long = "set-file", value_name = "VALUES")]
    file: Vec<String>,
    /// One value that is text as it stands, commas and all
    #[arg(long = "set-literal", value_name = "VALUE")]
    literal: Vec<String>,
}

impl ValueOptions {
    /// Puts all of them over other values.
    pub(super) fn apply(&self, values: &mut Table) -> Result<(), Failure> {
        for file in &self.files {
            let text = read(file).map_err(|error| Failure::io("read", file, &error))?;
            let table = read_values(&text)
                .map_err(|error| Failure::usage(format!("failed to parse {}: {error}", file.display())))?;
            overlay(values, table);
        }
        let arguments = [
            ("--set-json", SetKind::Json, &self.json),
            ("--set", SetKind::Typed, &self.typed),
            ("--set-string", SetKind::Text, &self.text),
        ];
        for (option, kind, arguments) in arguments {
            for argument in arguments {
                set(values, argument, kind).map_err(|error| match kind {
                    SetKind::Json => Failure::usage(format!("failed parsing --set-json data {argument}"))
                        .help(error.message().to_owned()),
                    _ => refused(option, &error),
                })?;
            }
        }
        for argument in &self.file {
            // Several files in one argument stand between commas, as in Helm.
            for part in argument.split(',') {
                let (key, path) = part.split_once('=').unwrap_or((part, ""));
                let text = read(Path::new(path)).map_err(|error| Failure::io("read", Path::new(path), &error))?;
                set_text(values, key, &text).map_err(|error| refused("--set-file", &error))?;
            }
        }
        for argument in &self.literal {
            set(values, argument, SetKind::Literal).map_err(|error| refused("--set-literal", &error))?;
        }
        Ok(())
    }
}

fn refused(option: &str, error: &Error) -> Failure {
    Failure::usage(format!("failed parsing {option} data: {error}"))
}

fn read(path: &Path) -> std::io::Result<String> {
    if path != Path::new("-") {
        return std::fs::read_to_string(path);
    }
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    Ok(text)
}
