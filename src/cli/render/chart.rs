//! A chart of its own, outside any environment.

use std::path::Path;

use stackgen::helm::{self, Chart, ReleaseOptions, Rendered, Table, render};

use super::Render;
use crate::cli::outcome::Failure;
use crate::cli::{Session, pages, pool};

impl Render {
    /// Renders the chart at a path.
    pub(super) fn chart(&self, session: &Session, release: Option<&str>, path: &str) -> Result<Rendered, Failure> {
        let mut values = Table::new();
        self.values.apply(&mut values)?;
        let mut options = self.options(ReleaseOptions::default());
        options.name = release.map_or(options.name, str::to_owned);
        let failed = |error: helm::Error| Failure::usage(error.message());
        let path = Path::new(path);
        let work = || {
            let chart = Chart::open(path).map_err(failed)?;
            let rendered = render(&chart, &values, &options);
            // Taking a tree apart node by node costs more than the end of the process does.
            std::mem::forget(chart);
            rendered.map_err(failed)
        };
        if pages::is_large(path) { pool::run(session.jobs, work)? } else { work() }
    }
}
