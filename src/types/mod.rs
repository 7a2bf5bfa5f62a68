//! The types of parameters, contract fields and contributions, and the check of a value against its type.

mod check;
mod format;
mod spec;

pub use check::check;
pub use format::Format;
pub use spec::{Kind, TypeSpec};
