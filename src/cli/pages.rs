//! How memory comes from the system. Pages of two megabytes serve a large work best, and cost a small one more than it needs: the
//! system has to clear each of them.

use std::path::Path;

/// So many bytes of a chart are a large work.
const LARGE: u64 = 512 << 10;

/// How deep a chart's folder is looked at.
const DEPTH: usize = 8;

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

/// Whether the chart at a path is a large work.
pub(super) fn is_large(path: &Path) -> bool {
    let mut left = LARGE;
    !fits(path, &mut left, DEPTH)
}

/// Whether what is at a path has no more bytes than are left.
fn fits(path: &Path, left: &mut u64, depth: usize) -> bool {
    if let Ok(entries) = std::fs::read_dir(path) {
        return depth > 0 && entries.flatten().all(|entry| fits(&entry.path(), left, depth - 1));
    }
    let size = std::fs::metadata(path).map_or(0, |about| about.len());
    // An archive holds several times its size.
    let size = if path.extension().is_some_and(|extension| extension == "tgz") { size * 8 } else { size };
    *left = left.saturating_sub(size);
    *left > 0
}
