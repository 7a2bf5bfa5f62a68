//! A panic is a bug in stackgen: it is told as one, with what to report, and never as a stack of Rust's.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use super::terminal::{Color, Terminal};

/// Runs the work; none where it panicked, which was then told.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(tell));
    }
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

fn tell(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let said = text.unwrap_or("no message");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let terminal = Terminal::new(Color::Auto, false);
    terminal.error(&format!("this is a bug in stackgen: {said}"), None);
    terminal.tell(&format!(
        "\nPlease report it, with the sources that lead to it and these lines:\n\n  \
         stackgen {}, {}-{}\n  stackgen {}\n  {said}{place}\n\n\
         `RUST_BACKTRACE=1` tells more. Nothing in `out/` was left half-written.\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH,
        std::env::consts::OS,
        arguments.join(" "),
    ));
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    #[allow(clippy::panic, reason = "that is what is tested")]
    fn a_panic_ends_the_work_and_not_the_program() {
        assert_eq!(guarded(|| 1), Some(1));
        let work = || -> u8 { panic!("a bug that this test made") };
        assert_eq!(guarded(work), None);
    }
}
