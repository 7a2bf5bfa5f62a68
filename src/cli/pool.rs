//! The threads that compile: made only for commands that need them.

use std::num::NonZeroUsize;

use super::outcome::Failure;
use super::pages;

/// Templates and trees are walked by recursion: deep ones need more than a thread's usual stack.
const STACK: usize = 8 << 20;

/// Runs the work on a pool of `jobs` threads; as many as there are processors where none is given.
pub(super) fn run<T: Send>(jobs: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    pages::large();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.map_or(0, NonZeroUsize::get))
        .stack_size(STACK)
        .build()
        .map_err(|error| Failure::usage(format!("cannot start threads: {error}")).help("try `--jobs 1`"))?;
    Ok(pool.install(work))
}
