//! What happens when m1c itself is wrong: it says so, and ends like any other failure.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

/// Has panics told in words that a user can do something with.
pub(super) fn install_hook() {
    panic::set_hook(Box::new(|info| {
        let mut text = describe(info);
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            text.push_str(&trace.to_string());
        }
        // In one piece, because several threads may fail at once.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }));
}

/// Runs work that must not end the program; `None` if it failed, which has been told.
pub(super) fn guard<T>(work: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let reason = info.payload_as_str().unwrap_or("no reason is known");
    let place = info
        .location()
        .map(|place| format!(" ({}:{})", place.file(), place.line()))
        .unwrap_or_default();
    format!(
        "error: this is a bug in m1c {version}: {reason}{place}\n  = help: report it, with the source that shows it\n"
    )
}

#[cfg(test)]
mod tests {
    use super::guard;

    #[test]
    fn a_panic_becomes_nothing() {
        assert_eq!(guard(|| 1), Some(1));
        assert_eq!(guard(|| -> u8 { panic!("broken") }), None);
    }
}
