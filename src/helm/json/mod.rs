//! JSON as Go's `encoding/json` has it.

mod read;
mod write;

pub(crate) use read::{read, read_first};
pub(crate) use write::{Style, number, write};
