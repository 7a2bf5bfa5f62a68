//! A chart of its own, outside any environment.

use std::path::Path;

use stackgen::helm::{Chart, ReleaseOptions, Rendered, Table, render, with_stack};

use super::Render;
use crate::cli::outcome::Failure;

impl Render {
    /// Renders the chart at a path.
    pub(super) fn chart(&self, release: Option<&str>, path: &str) -> Result<Rendered, Failure> {
        let mut values = Table::new();
        self.values.apply(&mut values)?;
        let mut options = self.options(ReleaseOptions::default());
        options.name = release.map_or(options.name, str::to_owned);
        let made = with_stack(|| {
            let chart = Chart::open(Path::new(path))?;
            let rendered = render(&chart, &values, &options);
            // Taking a tree apart node by node costs more than the end of the process does.
            std::mem::forget(chart);
            rendered
        });
        made.flatten().map_err(|error| Failure::usage(error.message()))
    }
}
