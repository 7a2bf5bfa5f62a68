//! Helm's template engine: charts and values into manifests, byte for byte as `helm template` writes them.
//!
//! * [`Chart::from_files`] and [`Chart::from_archive`] load a chart.
//! * [`read_values`] and [`overlay`] make one table of several values files.
//! * [`render`] gives the documents; [`Rendered::to_text`] is what the command would print.
//!
//! Where Helm's answer depends on chance, the clock or a cluster, this engine's depends on the input alone, and
//! [`Rendered::unrepeatable`] names the functions that were asked.

pub(crate) mod base64;
mod capabilities;
mod chart;
mod data;
mod digest;
mod disk;
mod error;
mod file;
mod functions;
mod glob;
mod json;
mod manifests;
mod objects;
mod output;
mod parallel;
mod print;
mod quote;
mod render;
mod report;
mod schema;
pub(crate) mod semver;
mod set;
mod table;
mod template;
pub(crate) mod time;
mod toml;
mod value;
mod yaml;

pub use chart::{Chart, Dependency, Metadata, overlay, read_values};
pub(crate) use chart::{Contents, gunzip, included};
pub use data::Data;
pub use disk::Unloaded;
pub use error::{Error, Frame};
pub use manifests::Document;
pub use output::Output;
pub use render::{ReleaseOptions, Rendered, Unrepeatable, render};
pub use set::{SetKind, set, set_text};
pub use table::Table;
pub(crate) use yaml::read as read_yaml;
