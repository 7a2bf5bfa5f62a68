//! Capabilities: roles, and the contract between who fills them and who uses them.

use super::document::{Document, Header, Metadata};
use crate::decode::{Named, record};
use crate::types::TypeSpec;

record! {
    /// A role that a platform needs filled, and its contract.
    pub struct Capability {
        /// `stackgen.dev/v1`
        "apiVersion" => api_version: Header,
        /// `Capability`
        "kind" => kind: Header,
        /// Name and description.
        "metadata" => metadata: Metadata,
        /// The fields that a provider publishes.
        "contract" => contract: Named<TypeSpec>,
        /// Contributions that a provider takes, by kind, with their fields.
        "accepts" => accepts: Named<Named<TypeSpec>>,
    }
}

impl Document for Capability {
    const KINDS: &'static [&'static str] = &["Capability"];

    fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}
