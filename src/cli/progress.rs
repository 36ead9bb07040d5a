//! Work on many files, in parallel, with a bar for somebody who watches.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;

use super::terminal::Terminal;

/// Work that ends sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(300);

/// Works on all files, in parallel if there are several; what comes out has the order of what comes in.
pub(super) fn map<F: Sync, R: Send>(
    terminal: Terminal,
    files: &[F],
    work: impl Fn(&F) -> R + Sync,
) -> Vec<R> {
    // Starting the threads costs more than the work on one file.
    if let [file] = files {
        return vec![work(file)];
    }
    let progress = Progress::new(terminal, files.len());
    let results = files
        .par_iter()
        .map(|file| {
            let result = work(file);
            progress.step();
            result
        })
        .collect();
    progress.end();
    results
}

/// How far the work is. Several threads may tell it.
struct Progress {
    bar: ProgressBar,
    started: Instant,
    watched: bool,
}

impl Progress {
    fn new(terminal: Terminal, files: usize) -> Progress {
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
    fn step(&self) {
        if self.watched && self.bar.is_hidden() && self.started.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    /// All is done: the bar leaves no trace.
    fn end(self) {
        self.bar.finish_and_clear();
    }
}
