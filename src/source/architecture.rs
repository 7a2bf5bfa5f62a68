//! Architectures: which component fills which capability.

use super::document::{Document, Header, Metadata};
use super::overlay::ComponentPatch;
use crate::decode::{Named, Text, record};

record! {
    /// Why a component is no longer part of the architecture.
    pub struct Removal {
        /// Why.
        "reason" => reason: Text,
        /// What to do instead.
        "instead" => instead: Text,
    }
}

record! {
    /// A choice of one component for each capability.
    pub struct Architecture {
        /// `stackgen.dev/v1`
        "apiVersion" => api_version: Header,
        /// `Architecture`
        "kind" => kind: Header,
        /// Name and description.
        "metadata" => metadata: Metadata,
        /// Capability to component.
        "bindings" => bindings: Named<Text>,
        /// Components that fill no capability.
        "include" => include: Vec<Text>,
        /// Components that must not be chosen, and why.
        "removed" => removed: Named<Removal>,
        /// Settings of components, as in an overlay.
        "components" => components: Named<ComponentPatch>,
    }
}

impl Document for Architecture {
    const KINDS: &'static [&'static str] = &["Architecture"];

    fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}
