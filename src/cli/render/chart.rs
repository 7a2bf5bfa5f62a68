//! A chart of its own, outside any environment.

use std::path::Path;

use stackgen::helm::{Chart, Error, ReleaseOptions, Rendered, Table, render};

use super::Render;
use crate::cli::outcome::Failure;

impl Render {
    pub(super) fn chart(&self, release: Option<&str>, path: &str) -> Result<Rendered, Failure> {
        let mut values = Table::new();
        self.values.apply(&mut values)?;
        let mut options = self.options(ReleaseOptions::default());
        options.name = release.map_or(options.name, str::to_owned);
        let chart = Chart::open(Path::new(path)).map_err(|error| refused(&error))?;
        let rendered = render(&chart, &values, &options).map_err(|error| refused(&error));
        // Taking a tree apart node by node costs more than the end of the process does.
        std::mem::forget((chart, values));
        rendered
    }
}

fn refused(error: &Error) -> Failure {
    Failure::usage(error.message())
}
