//! Stage 2: layers into one set of decisions for an environment.
//!
//! [`merge`] joins trees from general to special; [`Settings`] holds what is decided for the environment as a whole, and
//! for each component the patches of all layers in order, whose templates are evaluated later.

mod cluster;
mod merge;
mod settings;

pub use cluster::{Cluster, GitOps, NodeFact, ValuesMode};
pub use merge::merge;
pub use settings::{Layered, Settings, settle};
