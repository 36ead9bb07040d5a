//! The last lines of a run, for somebody who watches.

use super::fix::Mended;
use super::job::Linted;
use crate::cli::build::count;
use crate::cli::terminal::Terminal;

/// What the summary counts.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    advice: usize,
    hidden: usize,
    known: usize,
}

impl Totals {
    pub(super) fn of(linted: &[Linted]) -> Totals {
        let mut totals = Totals::default();
        for file in linted {
            totals.errors += file.errors;
            totals.warnings += file.warnings;
            totals.advice += file.advice;
            totals.hidden += file.hidden;
            totals.known += file.known;
        }
        totals
    }

    /// `2 files: 1 error, 3 warnings`.
    pub(super) fn summary(&self, files: usize) -> String {
        let mut parts = Vec::new();
        if self.errors > 0 {
            parts.push(count(self.errors, "error"));
        }
        if self.warnings > 0 {
            parts.push(count(self.warnings, "warning"));
        }
        if self.advice > 0 {
            parts.push(format!("{} of advice", count(self.advice, "piece")));
        }
        if self.known > 0 {
            parts.push(format!("{} known to the baseline", self.known));
        }
        let found = if parts.is_empty() {
            "nothing found".to_owned()
        } else {
            parts.join(", ")
        };
        let more = match self.hidden {
            0 => "",
            1 => "; `--advice` shows it",
            _ => "; `--advice` shows them",
        };
        format!("{}: {found}{more}", count(files, "file"))
    }
}

/// Says what has been fixed.
pub(super) fn fixes(terminal: Terminal, mended: &Mended, verb: &str) {
    for (file, counts) in &mended.fixes {
        let total: usize = counts.values().sum();
        let codes: Vec<String> = counts
            .iter()
            .map(|(code, count)| format!("{count} × {code}"))
            .collect();
        let total = count(total, "finding");
        terminal.say(&format!(
            "{verb} {total} in `{file}`: {}\n",
            codes.join(", ")
        ));
    }
}
