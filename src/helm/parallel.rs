//! Work in parallel, where the caller has threads for it.

use rayon::prelude::*;

/// What a function makes of each item, in their order. On a thread of a pool all of the pool takes part; elsewhere no thread is made:
/// for a small chart that would cost more than it saves.
pub(super) fn mapped<I, T, R: Send>(items: I, make: impl Fn(T) -> R + Send + Sync) -> Vec<R>
where
    I: IntoIterator<Item = T> + IntoParallelIterator<Item = T, Iter: IndexedParallelIterator>,
    T: Send,
{
    match rayon::current_thread_index() {
        Some(_) => items.into_par_iter().map(make).collect(),
        None => items.into_iter().map(make).collect(),
    }
}
