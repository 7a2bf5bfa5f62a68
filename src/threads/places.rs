//! On which processor each thread works.
//!
//! A virtual machine's idle processor looks to its kernel like one that is taken away, so that a thread that wakes there is often put
//! beside the one that woke it, and stays for many milliseconds while the other processor idles. A thread with a place of its own
//! cannot be moved.

#[cfg(target_os = "linux")]
use nix::{sched, unistd::Pid};

/// A processor for each thread.
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub(super) struct Places {
    /// Where the first thread could run before.
    all: sched::CpuSet,
    each: Vec<usize>,
}

#[cfg(target_os = "linux")]
impl Places {
    /// Places for so many threads, the calling one first; none where the processors are more or fewer, or cannot be told.
    pub(super) fn of(threads: usize) -> Option<Self> {
        let all = sched::sched_getaffinity(CALLER).ok()?;
        let here = sched::sched_getcpu().ok()?;
        let others = (0..sched::CpuSet::count()).filter(|n| *n != here && all.is_set(*n) == Ok(true));
        let each: Vec<usize> = std::iter::once(here).chain(others).collect();
        (threads > 1 && each.len() == threads).then_some(Places { all, each })
    }

    /// Keeps the calling thread in the place of the one with this number.
    pub(super) fn take(&self, number: usize) {
        let mut place = sched::CpuSet::new();
        let found = self.each.get(number).is_some_and(|processor| place.set(*processor).is_ok());
        if found {
            // Where it is not allowed, nothing but time is lost.
            let _ = sched::sched_setaffinity(CALLER, &place);
        }
    }

    /// Lets the calling thread run where the first one could before.
    pub(super) fn leave(&self) {
        let _ = sched::sched_setaffinity(CALLER, &self.all);
    }
}

#[cfg(target_os = "linux")]
const CALLER: Pid = Pid::from_raw(0);

/// A processor for each thread: only Linux is asked for them.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) struct Places;

#[cfg(not(target_os = "linux"))]
impl Places {
    pub(super) fn of(_threads: usize) -> Option<Self> {
        None
    }

    pub(super) fn take(&self, _number: usize) {}

    pub(super) fn leave(&self) {}
}
