//! A bar that shows how far long work is, for somebody who watches.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;

/// Work that ends sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(300);

/// How far the work is. Several threads may tell it.
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    watched: bool,
}

impl Progress {
    pub(super) fn new(terminal: Terminal, files: usize) -> Progress {
        let hidden = ProgressDrawTarget::hidden();
        let bar = ProgressBar::with_draw_target(Some(files as u64), hidden);
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len} files") {
            bar.set_style(style);
        }
        Progress {
            bar,
            started: Instant::now(),
            watched: terminal.watched(),
        }
    }

    /// One more file is done.
    pub(super) fn step(&self) {
        if self.watched && self.bar.is_hidden() && self.started.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    /// All is done: the bar leaves no trace.
    pub(super) fn end(self) {
        self.bar.finish_and_clear();
    }
}
