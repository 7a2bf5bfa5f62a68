//! How memory comes from the system. Pages of two megabytes serve a large work best, and cost a small one more than it needs: the
//! system has to clear each of them.

/// Asks for small pages. Programs that this one starts have them too.
pub(super) fn small() {
    #[cfg(target_os = "linux")]
    // Where it cannot be had, nothing but time is lost.
    let _ = nix::sys::prctl::set_thp_disable(true);
}

/// Asks for large pages from now on.
pub(super) fn large() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(false);
}
