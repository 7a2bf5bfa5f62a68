//! Numbers that look random and are the same in each run, for tests.

/// Gives numbers below a limit.
pub(crate) fn numbers() -> impl FnMut(usize) -> usize {
    let mut seed: u64 = 0x9e37_79b9_7f4a_7c15;
    move |below| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    }
}
