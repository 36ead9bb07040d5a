//! One file is formatted.

use std::io;
use std::path::Path;

use crate::cli::build::compile;
use crate::cli::build::write::drawn;
use crate::cli::exit::Exit;
use crate::cli::find::Found;
use crate::cli::terminal::Terminal;
use crate::cli::{atomic, bug, read};
use crate::diagnostic::Diagnostics;
use crate::format;
use crate::load::{self, ReadError};
use crate::output;
use crate::report::{self, Look, Piece, clean};
use crate::source::Sources;

/// What becomes of a file whose format is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It is rewritten; standard input goes to standard output.
    Write,
    /// It is named.
    Check,
    /// The difference is shown.
    Diff,
}

/// How every file is formatted.
pub(super) struct Job {
    pub(super) mode: Mode,
    pub(super) look: Look,
    pub(super) terminal: Terminal,
}

/// How it went with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has been rewritten, or would be.
    Changed,
    Unchanged,
    /// It has errors, or could not be read or written.
    LeftAlone,
}

/// What became of a file.
pub(super) struct Formatted {
    pub(super) outcome: Outcome,
    /// Its diagnostics, drawn.
    pub(super) report: Option<Piece>,
    /// What goes to standard output.
    pub(super) printed: String,
    /// Why it could not be read or written.
    pub(super) failure: Option<String>,
    pub(super) exit: Exit,
}

impl Formatted {
    fn failed(failure: String) -> Formatted {
        Formatted {
            failure: Some(failure),
            exit: Exit::Wrong,
            ..Formatted::with(Outcome::LeftAlone)
        }
    }

    fn with(outcome: Outcome) -> Formatted {
        Formatted {
            outcome,
            report: None,
            printed: String::new(),
            failure: None,
            exit: Exit::Fine,
        }
    }
}

impl Job {
    /// Formats one file. A mistake of m1c's own costs this file only.
    pub(super) fn format(&self, found: &Found) -> Formatted {
        bug::guard(|| self.attempt(found)).unwrap_or_else(|| {
            Formatted::failed(format!("`{}` could not be formatted", found.name))
        })
    }

    fn attempt(&self, found: &Found) -> Formatted {
        let read = match &found.path {
            Some(path) => read::file(path),
            None => read::standard_input(),
        };
        let (text, broken_at) = match read {
            Ok(text) => (text, None),
            Err(ReadError::NotUtf8 { text, offset }) => (text, Some(offset)),
            Err(error) => return Formatted::failed(unreadable(&found.name, &error)),
        };
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let tree = load::parse(&found.name, text, broken_at, &mut sources, &mut diagnostics);
        if diagnostics.has_errors() {
            let diagnostics = diagnostics.into_sorted();
            return Formatted {
                report: Some(report::piece(self.look, &sources, &diagnostics, &[])),
                exit: Exit::Findings,
                ..Formatted::with(Outcome::LeftAlone)
            };
        }
        let old = sources.text(tree.file);
        let new = format::with_line_ends_of(old, format::format(&tree));
        self.finish(found, old, new)
    }

    /// Does with the formatted text what the mode says.
    fn finish(&self, found: &Found, old: &str, new: String) -> Formatted {
        let outcome = if old == new {
            Outcome::Unchanged
        } else {
            Outcome::Changed
        };
        let mut formatted = Formatted::with(outcome);
        match (self.mode, &found.path, outcome) {
            (Mode::Write, None, _) => formatted.printed = new,
            (Mode::Write, Some(path), Outcome::Changed) => {
                if let Err(error) = atomic::write(path, &new) {
                    return Formatted::failed(unwritable(path, &error));
                }
            }
            (Mode::Check, _, Outcome::Changed) => {
                formatted.printed = format!("{}\n", clean(&found.name));
                formatted.exit = Exit::Findings;
            }
            (Mode::Diff, _, Outcome::Changed) => {
                let lines = output::patch((&found.name, old), (&found.name, &new));
                let paint = |color, line: &str| self.terminal.paint_output(color, line);
                formatted.printed = drawn(&lines, paint);
                formatted.exit = Exit::Findings;
            }
            (_, _, Outcome::Unchanged | Outcome::LeftAlone) => {}
        }
        formatted
    }
}

/// Says why a file has no text.
pub(super) fn unreadable(name: &str, error: &ReadError) -> String {
    let reason = compile::unreadable(Some(error)).unwrap_or("it is not UTF-8");
    format!("`{name}` cannot be read: {reason}")
}

fn unwritable(path: &Path, error: &io::Error) -> String {
    format!(
        "`{}` cannot be written: {}",
        path.display(),
        read::reason(error)
    )
}
