//! A chart of its own, outside any environment.

use std::path::Path;

use stackgen::helm::{self, ReleaseOptions, Rendered, Table, Unloaded, render};

use super::Render;
use crate::cli::outcome::Failure;
use crate::cli::{Session, pages, pool};

/// So many bytes of templates and values are worth several threads.
const LARGE: u64 = 256 << 10;
/// So many are worth large pages.
const MIDDLE: u64 = 64 << 10;

impl Render {
    /// Renders the chart at a path.
    pub(super) fn chart(&self, session: &Session, release: Option<&str>, path: &str) -> Result<Rendered, Failure> {
        let mut values = Table::new();
        self.values.apply(&mut values)?;
        let mut options = self.options(ReleaseOptions::default());
        options.name = release.map_or(options.name, str::to_owned);
        let failed = |error: helm::Error| Failure::usage(error.message());
        let unloaded = Unloaded::find(Path::new(path)).map_err(failed)?;
        let weight = unloaded.weight();
        if weight > MIDDLE {
            pages::large();
        }
        let work = || {
            let chart = unloaded.load().map_err(failed)?;
            let rendered = render(&chart, &values, &options);
            // Taking a tree apart node by node costs more than the end of the process does.
            std::mem::forget(chart);
            rendered.map_err(failed)
        };
        if weight > LARGE { pool::run(session.jobs, work)? } else { work() }
    }
}
