//! How much of one environment's work goes to a thread at once.

/// So many components are no work for two: where there are many environments, each stays on its thread.
const FEW: usize = 48;

/// How many of an environment's components a thread takes at once: all of a few; of many so few that no thread waits long for
/// the other, since some are many times the work of others.
pub(crate) fn of(components: usize) -> usize {
    if components < FEW { components.max(1) } else { 2 }
}
