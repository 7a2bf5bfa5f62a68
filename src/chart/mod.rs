//! Charts as files: which archives a repository needs, what they were when they were locked, and where they lie.
//!
//! * [`Lock`] is `blueprints/charts.lock`.
//! * [`Store`] finds the chart of a pin without the network.
//! * [`inspect`] refuses archives that are no plain charts.

mod archive;
mod cache;
mod credentials;
mod edit;
mod error;
mod fetching;
mod id;
mod lock;
mod locking;
mod missing;
mod net;
mod parallel;
mod pins;
mod repository;
mod store;
mod versions;

pub use archive::inspect;
pub use cache::{Cache, write_atomically};
pub use edit::rewrite;
pub use error::ChartError;
pub use fetching::{Fetched, fetch};
pub use id::ChartId;
pub(crate) use id::is_range;
pub use lock::{LOCK_PATH, Lock, Locked, LockedDependency};
pub use locking::{Locking, differences};
pub use missing::Missing;
pub use pins::{Pin, pins};
pub use repository::{Listed, NetworkOptions, Repositories};
pub use store::{Found, Origin, Store, StoreOptions, VENDOR_FOLDER};
pub use versions::{Level, available, between, change_notes, newer, newest_in, pinned_to};
