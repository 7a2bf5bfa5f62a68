//! Stage 1: files into typed documents.
//!
//! [`Files`] is the one seam to the file system; [`Catalogue`] lays a repository's blueprints over the embedded ones;
//! [`load`] reads what the chosen environments need and gives a [`Program`].

mod architecture;
mod blueprints;
mod capability;
mod catalogue;
mod component;
mod component_files;
mod day;
mod document;
mod files;
mod load;
mod overlay;
mod recorder;
mod targets;

pub use architecture::{Architecture, Removal};
pub use capability::Capability;
pub use catalogue::{Catalogue, CatalogueFile, Origin};
pub use component::{
    Assert, Chart, Component, Deletion, FileSpec, Kustomize, KustomizeBase, KustomizeImage, KustomizePatch, Lifecycle,
    NamespaceSpec, Need, PodSecurity, SecretKey, Status, Sync, Want,
};
pub use day::Day;
pub use document::{Document, Metadata, parse_kind};
pub use files::{Disk, Files, Memory};
pub use load::{ComponentSource, EnvironmentSource, Peer, Program, SourceTemplate, load, load_blueprints};
pub use overlay::{ChartPatch, ComponentPatch, Delivery, Overlay, Size, SyncPatch, Waiver};
pub use recorder::{Reads, Recorder};
pub use targets::{UnknownTarget, environments_below, select};

/// The API version of every source.
pub const API_VERSION: &str = "stackgen.dev/v1";
