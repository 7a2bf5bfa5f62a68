//! Work of a command that needs several threads.

use std::num::NonZeroUsize;

use stackgen::threads;

use super::outcome::Failure;
use super::pages;

/// Runs the work on `jobs` threads; on as many as there are processors where none is given.
pub(super) fn run<T: Send>(jobs: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    pages::large();
    threads::run(jobs, work)
        .map_err(|error| Failure::usage(format!("cannot start threads: {error}")).help("try `--jobs 1`"))
}
