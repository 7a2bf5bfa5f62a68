//! A line on the terminal that says how far the work is, where it takes long enough to wonder.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::terminal::{Terminal, is_watched};

/// Work that takes less than this is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);
const REFRESH: Duration = Duration::from_millis(100);
/// How wide the bar is.
const BAR: usize = 20;

/// Counts what is done; the line goes away when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Progress {
    done: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts to count up to `total`. `doing` is a word such as "building".
    pub(super) fn start(terminal: &Terminal, doing: &'static str, total: usize) -> Self {
        Self::of(terminal, doing, "environment", total)
    }

    /// Starts to count things of a name.
    pub(super) fn of(terminal: &Terminal, doing: &'static str, noun: &'static str, total: usize) -> Self {
        let mut progress = Progress::default();
        if !terminal.quiet && is_watched() {
            let (done, stop) = (progress.done.clone(), progress.stop.clone());
            progress.thread = Some(thread::spawn(move || show(doing, noun, total, &done, &stop)));
        }
        progress
    }

    /// One more is done.
    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A thread that only counts cannot fail in a way that matters here.
            let _ = thread.join();
        }
    }
}

fn show(doing: &str, noun: &str, total: usize, done: &AtomicUsize, stop: &AtomicBool) {
    let terminal = Terminal::new(super::terminal::Color::Never, false);
    let mut shown = false;
    let mut wait = PATIENCE;
    loop {
        thread::park_timeout(wait);
        if stop.load(Ordering::Relaxed) {
            break;
        }
        wait = REFRESH;
        shown = true;
        let done = done.load(Ordering::Relaxed).min(total);
        let filled = (done * BAR).checked_div(total).unwrap_or(BAR);
        let bar = format!("{}{}", "━".repeat(filled), " ".repeat(BAR - filled));
        terminal.tell(&format!("\r\x1b[K{bar} {doing} {done} of {total} {noun}s"));
    }
    if shown {
        terminal.tell("\r\x1b[K");
    }
}
