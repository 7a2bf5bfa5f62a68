//! The threads that compile, each on a processor of its own.

mod places;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use places::Places;

/// Templates and trees are walked by recursion: deep ones need more than a thread's usual stack. In bytes.
const STACK: usize = 8 << 20;

/// What the caller may have used of its stack, in bytes.
const USED: usize = 1 << 20;

/// Runs the work on so many threads; on as many as there are processors where no number is given. The caller's is one of them, and
/// remains one: the work of another call is done by the same threads.
///
/// # Errors
///
/// The system gives no more threads.
pub fn run<T: Send>(number: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T, ThreadPoolBuildError> {
    if rayon::current_thread_index().is_some() {
        return Ok(work());
    }
    let number = number.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let places = Places::of(number).map(Arc::new);
    let others = places.clone();
    let pool = ThreadPoolBuilder::new()
        .num_threads(number)
        .stack_size(STACK)
        .start_handler(move |number| others.iter().for_each(|places| places.take(number)))
        .use_current_thread()
        .build()?;
    places.iter().for_each(|places| places.take(0));
    let result = stacker::maybe_grow(STACK - USED, STACK, || pool.install(work));
    places.iter().for_each(|places| places.leave());
    Ok(result)
}
