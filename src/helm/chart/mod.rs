//! Charts: loading them, and making their values from what everyone has to say.

mod archive;
mod coalesce;
mod dependencies;
mod ignore;
mod inflate;
mod load;
mod metadata;

use std::sync::{Arc, OnceLock};

pub(super) use archive::unpack;
pub(crate) use coalesce::coalesce;
pub(crate) use dependencies::{is_compatible, process};
pub(super) use ignore::Rules;
pub(crate) use inflate::gunzip;
pub(crate) use load::{Contents, included};
pub(super) use load::{Parts, load};
pub use load::{overlay, read_values};
pub(crate) use metadata::string;
pub use metadata::{Dependency, Metadata};

use super::error::Error;
use super::objects::Files;
use super::table::Table;
use super::template::{Parsed, parse};

/// A chart with its sub-charts, loaded and checked. It is cheap to clone but for its values.
#[derive(Clone, Debug)]
pub struct Chart {
    pub(crate) metadata: Metadata,
    pub(crate) templates: Vec<Arc<Template>>,
    pub(crate) files: Arc<Files>,
    pub(crate) values: Arc<Table>,
    pub(crate) schema: Option<Arc<Vec<u8>>>,
    pub(crate) dependencies: Vec<Chart>,
}

/// A template file. It is parsed once, however often it is rendered.
#[derive(Debug)]
pub(crate) struct Template {
    /// The path within the chart.
    pub(crate) name: Arc<str>,
    text: Arc<String>,
    /// The parsed form under the path that it was first rendered as.
    parsed: OnceLock<(String, Result<Arc<Parsed>, String>)>,
}

impl Template {
    /// How long its text is.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// The parsed template under its full path, which error messages show.
    pub(crate) fn parsed(&self, path: &str) -> Result<Arc<Parsed>, String> {
        let fresh = || parse(path, &self.text).map(Arc::new);
        let (known, result) = self.parsed.get_or_init(|| (path.to_owned(), fresh()));
        if known == path { result.clone() } else { fresh() }
    }
}

impl Chart {
    /// What `Chart.yaml` says.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The chart's own default values, those of sub-charts not included.
    pub fn default_values(&self) -> &Table {
        &self.values
    }

    /// The sub-charts that came with the chart, by name.
    pub fn dependencies(&self) -> &[Chart] {
        &self.dependencies
    }

    /// The text of `values.schema.json`, if there is one.
    pub fn schema(&self) -> Option<&[u8]> {
        self.schema.as_ref().map(|schema| schema.as_slice())
    }

    /// The text of a template by its full path, such as `app/charts/inner/templates/a.yaml`.
    pub fn template_text(&self, path: &str) -> Option<&str> {
        let inner = path.strip_prefix(self.name())?.strip_prefix('/')?;
        if let Some(below) = inner.strip_prefix("charts/") {
            return self.dependencies.iter().find_map(|chart| chart.template_text(below));
        }
        self.templates.iter().find(|template| &*template.name == inner).map(|template| template.text.as_str())
    }

    /// Why a file could not be read that a template asked for.
    pub(super) fn unreadable(&self) -> Option<&Error> {
        let own = self.files.values().find_map(|file| file.problem());
        own.or_else(|| self.dependencies.iter().find_map(Chart::unreadable))
    }

    pub(crate) fn name(&self) -> &str {
        &self.metadata.name
    }

    pub(crate) fn is_library(&self) -> bool {
        self.metadata.kind.eq_ignore_ascii_case("library")
    }
}
