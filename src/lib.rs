//! stackgen.

pub mod argocd;
pub mod decode;
pub mod diagnostic;
pub mod kubernetes;
pub mod layer;
pub mod network;
pub mod render;
pub mod resolve;
pub mod semver;
pub mod source;
pub mod template;
pub mod types;
pub mod yaml;
