//! Where charts come from, as this stage sees it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use crate::diagnostic::{Diagnostic, codes::rendering};
use crate::helm::Chart;
use crate::resolve::ChartPin;

/// Gives charts by their pins.
pub trait Charts: Sync {
    /// The chart, loaded and shared by all who ask for it; or what is to be done to have it.
    fn chart(&self, pin: &ChartPin) -> Result<Arc<Chart>, Box<Diagnostic>>;
}

/// No charts at all: for environments whose charts Argo CD renders.
#[derive(Debug)]
pub struct NoCharts;

impl Charts for NoCharts {
    fn chart(&self, pin: &ChartPin) -> Result<Arc<Chart>, Box<Diagnostic>> {
        Err(Box::new(missing(pin)))
    }
}

/// Charts in folders, as archives (`name-1.2.3.tgz`) or unpacked (`name-1.2.3/`, `name/`).
#[derive(Debug, Default)]
pub struct ChartFolders {
    folders: Vec<PathBuf>,
    loaded: Mutex<BTreeMap<PathBuf, Arc<OnceLock<Result<Arc<Chart>, String>>>>>,
}

impl ChartFolders {
    /// Looks into these folders, in this order.
    pub fn new(folders: Vec<PathBuf>) -> Self {
        ChartFolders { folders, loaded: Mutex::default() }
    }

    fn place(&self, pin: &ChartPin) -> Option<PathBuf> {
        let (name, version) = (&pin.name, &pin.version);
        let names =
            [format!("{name}-{version}.tgz"), format!("{name}-{version}"), format!("{name}.tgz"), name.to_string()];
        let candidates = self.folders.iter().flat_map(|folder| names.iter().map(move |name| folder.join(name)));
        candidates.into_iter().find(|path| path.is_file() || path.join("Chart.yaml").is_file())
    }

    fn load(&self, path: &Path) -> Result<Arc<Chart>, String> {
        let slot = match self.loaded.lock() {
            Ok(mut loaded) => loaded.entry(path.to_owned()).or_default().clone(),
            Err(_) => Arc::default(),
        };
        slot.get_or_init(|| Chart::open(path).map(Arc::new).map_err(|e| e.to_string())).clone()
    }
}

impl Charts for ChartFolders {
    fn chart(&self, pin: &ChartPin) -> Result<Arc<Chart>, Box<Diagnostic>> {
        let path = self.place(pin).ok_or_else(|| Box::new(missing(pin)))?;
        let chart = self.load(&path).map_err(|error| {
            let message = format!("the chart `{}` at `{}` cannot be loaded", pin.name, path.display());
            Diagnostic::error(&rendering::CHART_FAILED, pin.version_span, message).cause(error)
        })?;
        let version = &chart.metadata().version;
        if version.trim_start_matches('v') != pin.version.trim_start_matches('v') {
            let message =
                format!("`{}` holds version {version} of `{}`, not {}", path.display(), pin.name, pin.version);
            return Err(Box::new(
                Diagnostic::error(&rendering::NO_CHART, pin.version_span, message).here("this one is wanted"),
            ));
        }
        Ok(chart)
    }
}

fn missing(pin: &ChartPin) -> Diagnostic {
    let message = format!("the chart `{}` {} is not at hand", pin.name, pin.version);
    Diagnostic::error(&rendering::NO_CHART, pin.version_span, message).here("rendered by this build").help(format!(
        "name a folder that holds `{}-{}.tgz` with `--charts`, or set `delivery: helm`",
        pin.name, pin.version
    ))
}
