//! Where charts come from, as this stage sees it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use crate::chart::{Missing, Store};
use crate::diagnostic::{Diagnostic, codes::rendering};
use crate::emit::Digest;
use crate::helm::Chart;
use crate::resolve::ChartPin;

/// Gives charts by their pins.
pub trait Charts: Sync {
    /// The chart; or what is to be done to have it.
    ///
    /// # Errors
    /// A finding, where the chart is not at hand or cannot be loaded.
    fn chart(&self, pin: &ChartPin) -> Result<Arc<ReadyChart>, Box<Diagnostic>>;
}

/// A chart that was loaded.
#[derive(Debug)]
pub struct ReadyChart {
    /// The chart.
    pub chart: Chart,
    /// The digest of all that it was loaded from.
    pub digest: Digest,
}

/// No charts at all: for environments whose charts Argo CD renders.
#[derive(Debug)]
pub struct NoCharts;

impl Charts for NoCharts {
    fn chart(&self, pin: &ChartPin) -> Result<Arc<ReadyChart>, Box<Diagnostic>> {
        Err(Box::new(Missing::NotLocked { other: None }.into_diagnostic(&pin.name, pin.version_span)))
    }
}

/// The charts of a store. Each is loaded once, however many environments use it.
#[derive(Debug)]
pub struct StoredCharts<'l> {
    store: Store<'l>,
    loaded: Mutex<BTreeMap<String, Slot>>,
}

type Slot = Arc<OnceLock<Result<Arc<ReadyChart>, Problem>>>;

/// Why a chart is not there, before anyone asks from a place in the sources.
#[derive(Clone, Debug)]
enum Problem {
    Missing(Missing),
    Broken(String),
}

impl<'l> StoredCharts<'l> {
    /// The charts of a store.
    pub fn new(store: Store<'l>) -> Self {
        StoredCharts { store, loaded: Mutex::default() }
    }

    /// Whether any chart was asked for.
    pub fn were_asked(&self) -> bool {
        self.loaded.lock().map_or(true, |all| !all.is_empty())
    }

    fn load(&self, pin: &ChartPin) -> Result<Arc<ReadyChart>, Problem> {
        let found = self.store.find(pin.id()).map_err(Problem::Missing)?;
        let chart = found.chart().map_err(|error| Problem::Broken(error.to_string()))?;
        Ok(Arc::new(ReadyChart { chart, digest: found.whole_digest() }))
    }
}

impl Charts for StoredCharts<'_> {
    fn chart(&self, pin: &ChartPin) -> Result<Arc<ReadyChart>, Box<Diagnostic>> {
        let id = pin.id();
        let key = format!("{}\n{}\n{}", id.repository, id.name, id.version);
        let slot: Slot =
            self.loaded.lock().map_or_else(|_| Slot::default(), |mut all| all.entry(key).or_default().clone());
        slot.get_or_init(|| self.load(pin)).clone().map_err(|problem| {
            Box::new(match problem {
                Problem::Missing(missing) => missing.into_diagnostic(&pin.name, pin.version_span),
                Problem::Broken(why) => {
                    let message = format!("the chart `{}` {} cannot be loaded", pin.name, pin.version);
                    Diagnostic::error(&rendering::CHART_FAILED, pin.version_span, message).cause(why)
                }
            })
        })
    }
}
