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
    if path.is_dir() {
        return !fits(path, &mut left, DEPTH);
    }
    // An archive holds several times its size.
    std::fs::metadata(path).is_ok_and(|about| about.len() * 8 > LARGE)
}

/// Whether what is in a folder has no more bytes than are left.
fn fits(folder: &Path, left: &mut u64, depth: usize) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return true };
    depth > 0
        && entries.flatten().all(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => fits(&entry.path(), left, depth - 1),
            _ => {
                let size = entry.metadata().map_or(0, |about| about.len());
                *left = left.saturating_sub(size);
                *left > 0
            }
        })
}
