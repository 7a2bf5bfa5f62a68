//! Which charts the environments of a repository pin, and where.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::id::{ChartId, is_range};
use crate::diagnostic::{Sink, codes::charts};
use crate::layer;
use crate::resolve;
use crate::source::Program;
use crate::yaml::Span;

/// A chart that is pinned somewhere.
#[derive(Clone, Debug)]
pub struct Pin {
    /// `https://…` or `oci://…`.
    pub repository: Arc<str>,
    /// The chart's name.
    pub name: Arc<str>,
    /// The version or range, as it is written.
    pub version: Arc<str>,
    /// Where the version is written.
    pub span: Span,
    /// The components that it is for.
    pub components: Vec<Arc<str>>,
    /// The environments that have it.
    pub environments: Vec<Arc<str>>,
}

impl Pin {
    /// What names it.
    pub fn id(&self) -> ChartId<'_> {
        ChartId { repository: &self.repository, name: &self.name, version: &self.version }
    }

    /// Whether it names one version, and no range of them.
    pub fn is_exact(&self) -> bool {
        !is_range(&self.version)
    }
}

/// The charts of all environments of a program, sorted; one entry for each place that pins one.
///
/// Whatever else is wrong with an environment goes to the sink.
pub fn pins(program: &Program, sink: &mut Sink) -> Vec<Pin> {
    let mut found = BTreeMap::new();
    for environment in &program.environments {
        let mark = sink.mark();
        let Some(settings) = layer::settle(program, environment, sink) else { continue };
        let platform = resolve::resolve(program, settings, sink);
        sink.note_environment(mark, &environment.path);
        for (instance, chart) in platform.instances.iter().filter_map(|i| Some((i, i.chart.as_ref()?))) {
            let key = (chart.repository.clone(), chart.name.clone(), chart.pinned.clone(), chart.version_span);
            let pin = found.entry(key).or_insert_with(|| Pin {
                repository: chart.repository.clone(),
                name: chart.name.clone(),
                version: chart.pinned.clone(),
                span: chart.version_span,
                components: Vec::new(),
                environments: Vec::new(),
            });
            if !pin.components.contains(&instance.name) {
                pin.components.push(instance.name.clone());
            }
            if !pin.environments.contains(&environment.path) {
                pin.environments.push(environment.path.clone());
            }
        }
    }
    // Locking is what mends this one.
    sink.forget(&charts::OPEN_RANGE);
    found.into_values().collect()
}
