//! From a finished tree to files in `out/`.
//!
//! [`TreeBuilder`] takes the files of one environment and makes a [`Tree`]; [`compare`] tells how it differs from what
//! lies on disk and who made each difference; [`Comparison::stage`] writes the new tree beside the old one, and
//! [`Staged::swap`] puts it in place in one step. What each promise rests on is told in `docs/output.md`.
//!
//! Environments are independent of each other: everything here works on one of them, on one thread, and callers
//! work on many at once. To keep "all or nothing" over several, stage all of them first and swap then.

mod carry;
mod compare;
mod digest;
mod disk;
mod error;
mod intact;
mod lock;
mod place;
mod retire;
mod stage;
mod sum;
mod swap;
mod tree;
mod written;

pub use compare::{Change, Comparison, Kind, compare};
pub use digest::Digest;
pub use error::EmitError;
pub use intact::{Intact, intact};
pub use lock::{ReadLock, WriteLock};
pub use stage::{Edits, Staged};
pub use sum::listed;
pub use swap::Summary;
pub use tree::{File, Tree, TreeBuilder};
pub use written::written;
