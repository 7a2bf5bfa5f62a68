//! The threads that compile: made only for commands that need them.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use super::outcome::Failure;
use super::pages;
use super::places::Places;

/// Templates and trees are walked by recursion: deep ones need more than a thread's usual stack.
const STACK: usize = 8 << 20;

/// What the main thread may have used of its stack by then.
const USED: usize = 1 << 20;

/// Runs the work on `jobs` threads; on as many as there are processors where none is given. The caller's thread is one of them.
pub(super) fn run<T: Send>(jobs: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    pages::large();
    let threads = jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let places = Places::of(threads).map(Arc::new);
    let (first, others) = (places.clone(), places);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK)
        .start_handler(move |number| others.iter().for_each(|places| places.take(number)))
        .use_current_thread()
        .build()
        .map_err(|error| Failure::usage(format!("cannot start threads: {error}")).help("try `--jobs 1`"))?;
    first.iter().for_each(|places| places.take(0));
    let result = stacker::maybe_grow(STACK - USED, STACK, || pool.install(work));
    first.iter().for_each(|places| places.leave());
    Ok(result)
}
