//! stackgen.

pub mod diagnostic;
pub mod yaml;
