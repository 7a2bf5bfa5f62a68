//! A component of an environment at a glance: its parameters, and where each was set.

use std::sync::Arc;

use super::layers;
use super::path::Path;
use super::route;
use crate::render::Rendered;
use crate::yaml::{Node, Span, Value};

/// A component at a glance.
#[derive(Debug)]
pub struct Overview {
    /// Its name for people.
    pub title: String,
    /// Its chart and the version, where it has one.
    pub chart: Option<(Arc<str>, Arc<str>)>,
    /// Its namespace.
    pub namespace: Arc<str>,
    /// Its sync wave, where it has an Application.
    pub wave: Option<u32>,
    /// Its parameters, in the order of the blueprint.
    pub parameters: Vec<Parameter>,
}

/// A parameter in an environment.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub kind: Arc<str>,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// Its value.
    pub value: Node,
    /// Where that was set.
    pub span: Span,
    /// Whether the blueprint set it, and no layer.
    pub by_default: bool,
}

/// A component of an environment; none where the environment has none of this name.
pub fn overview(rendered: &Rendered<'_>, component: &str) -> Option<Overview> {
    let platform = &rendered.platform;
    let instance = &platform.instances[platform.index(component)?];
    let stack = route::stack(rendered, &Path::of(["components", component, "parameters"])).ok()?;
    let parameters = instance.source.component.parameters.iter().map(|(key, spec)| {
        let trace = layers::trace(&stack, &[key.text.to_string()]).ok();
        let said = trace.as_ref().and_then(|trace| trace.layers.first());
        let span = said.map_or(spec.span, |said| said.span);
        Parameter {
            name: key.text.clone(),
            kind: spec.word.text.clone(),
            description: spec.description.as_ref().map(|d| d.text.clone()),
            value: instance.params.get(&key.text).cloned().unwrap_or_else(|| Node::new(Value::Null, Span::BUILT_IN)),
            span,
            by_default: said.is_none() || span.file == spec.span.file,
        }
    });
    Some(Overview {
        title: instance.source.component.metadata.title().to_owned(),
        chart: instance.chart.as_ref().map(|chart| (chart.name.clone(), chart.version.clone())),
        namespace: instance.namespace.clone(),
        wave: rendered.unit(component).map(|unit| unit.wave),
        parameters: parameters.collect(),
    })
}
