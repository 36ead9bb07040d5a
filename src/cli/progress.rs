//! A bar that shows how far long work is, for somebody who watches.

use indicatif::{ProgressBar, ProgressStyle};

use super::terminal::Terminal;

/// Less than so many files are done before a bar could be seen.
const WORTHWHILE: usize = 64;

/// A bar, which shows nothing when there is nobody to watch it.
pub(super) fn bar(terminal: Terminal, files: usize) -> ProgressBar {
    if files < WORTHWHILE || !terminal.watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    match ProgressStyle::with_template("{wide_bar} {pos} of {len} files") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
