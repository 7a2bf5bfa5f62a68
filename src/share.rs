//! How much of one environment's work goes to a thread at once.

use rayon::prelude::*;

/// So many components are no work for two: where there are many environments, each stays on its thread.
const FEW: usize = 48;

/// How many of an environment's components a thread takes at once: all of a few; of many so few that no thread waits long for
/// the other, since some are many times the work of others.
fn of(components: usize) -> usize {
    if components < FEW { components.max(1) } else { 2 }
}

/// Pieces of work on an environment of so many components, shared out among the threads.
pub(crate) fn among<I: IndexedParallelIterator>(
    components: usize,
    pieces: I,
) -> impl IndexedParallelIterator<Item = I::Item> {
    let share = of(components);
    pieces.with_min_len(share).with_max_len(share)
}

/// Two pieces of work on an environment of so many components: at once where they are many.
pub(crate) fn join<A: Send, B: Send>(
    components: usize,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if components < FEW { (one(), other()) } else { rayon::join(one, other) }
}
