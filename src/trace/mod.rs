//! Where a value came from: the layer that set it, and what every other layer says of it.
//!
//! [`trace`] answers for one path of an environment; [`overview`] for a component as a whole. A value that an
//! expression made is followed to the parameters, cluster facts and published fields that the expression reads.

mod layers;
mod overview;
mod path;
mod route;

pub use overview::{Overview, Parameter, overview};
pub use path::Path;

use crate::render::Rendered;
use crate::yaml::{Node, Span};

/// How far expressions are followed.
const DEPTH: usize = 4;

/// A value and its history.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The full path.
    pub path: String,
    /// The value in force; none where no layer sets it, or one removes it.
    pub value: Option<Node>,
    /// What each layer says of it, the most special first.
    pub layers: Vec<Said>,
    /// The values that its expression reads.
    pub reads: Vec<Trace>,
}

/// What one layer says of a value.
#[derive(Clone, Debug)]
pub struct Said {
    /// What it does to the value.
    pub how: How,
    /// What it gives; none where it removes.
    pub value: Option<Node>,
    /// The place.
    pub span: Span,
    /// Whether it still counts: a more special layer has not taken its place.
    pub counts: bool,
}

/// What a layer does to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It gives the value.
    Sets,
    /// Its entries join those of other layers.
    Joins,
    /// Its items join the end of a list.
    Appends,
    /// Its items join the start of a list.
    Prepends,
    /// Its items are merged with those of the same key.
    Merges,
    /// It removes the value.
    Removes,
}

impl How {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            How::Sets => "sets",
            How::Joins => "joins",
            How::Appends => "appends",
            How::Prepends => "prepends",
            How::Merges => "merges",
            How::Removes => "removes",
        }
    }
}

/// A path that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPath {
    /// The part up to which it is known; empty where its start is not.
    pub known: String,
    /// The first name that is not.
    pub name: String,
    /// The names that are there, sorted.
    pub names: Vec<String>,
}

/// The history of the value at a path, such as `components.grafana.values.persistence.size` or `cluster.domain`.
pub fn trace(rendered: &Rendered<'_>, path: &Path) -> Result<Trace, UnknownPath> {
    let path = path.below_components(|name| rendered.platform.index(name).is_some());
    let stack = route::stack(rendered, &path)?;
    let mut trace = layers::trace(&stack, &path.names[stack.root.len().min(path.names.len())..])?;
    trace.reads = route::reads(rendered, &stack, &trace, DEPTH);
    Ok(trace)
}
