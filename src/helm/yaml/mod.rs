//! YAML as Helm reads and writes it: YAML 1.1 scalars, floats for all numbers, keys as text.

mod order;
mod quick;
mod read;
mod resolve;
mod scalar;
mod write;

pub(crate) use quick::{Head, head};
pub(crate) use read::{Problem, documents, read, read_exact};
pub(crate) use write::{write, write_pretty};
