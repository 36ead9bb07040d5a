//! One file is judged.

use std::collections::HashMap;
use std::path::Path;

use super::baseline::{self, Baseline, Counts, Key};
use super::since::{Older, Since};
use crate::check::{self, Judged, Options, Setting};
use crate::cli::bug;
use crate::cli::build::compile::{number, unreadable};
use crate::cli::exit::Exit;
use crate::cli::find::Found;
use crate::cli::locks;
use crate::cli::read;
use crate::diagnostic::Level;
use crate::lint::{Before, Choice, Conditions, Environment, Finding};
use crate::load::{Files, LockFile, ReadError};
use crate::report::{self, Format, Look, Piece};

/// Texts that are in the place of files on disk, by the names that messages call them.
pub(super) type Texts = HashMap<String, Result<String, ReadError>>;

/// How every file is judged.
pub(super) struct Job<'j> {
    pub(super) look: Look,
    pub(super) settings: &'j [Setting],
    pub(super) today: &'j str,
    pub(super) environment: Option<&'j Environment>,
    pub(super) since: Option<&'j Since>,
    pub(super) heeds_allows: bool,
    pub(super) baseline: Option<&'j Baseline>,
    pub(super) shows_suppressed: bool,
}

/// A file to judge, and by which rules.
pub(super) struct Task {
    pub(super) found: Found,
    /// An existing config.yml.
    pub(super) is_config: bool,
    /// An index into the choices of rules.
    pub(super) choice: usize,
    /// Whether advice is shown to people, and not only counted.
    pub(super) shows_advice: bool,
    /// Whether it is a source that has a lock.
    pub(super) has_lock: bool,
}

/// What became of a file.
#[derive(Default)]
pub(super) struct Linted {
    pub(super) piece: Piece,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) advice: usize,
    /// How many of those are not shown.
    pub(super) hidden: usize,
    /// Findings that the baseline knows.
    pub(super) known: usize,
    /// Entries of the baseline that nothing is found for.
    pub(super) stale: Counts,
    /// Everything that is found, for a new baseline.
    pub(super) counts: Counts,
    /// Whether some finding could be fixed by `--fix`.
    pub(super) fixable: bool,
    /// Whether some of its older version could not be compared.
    pub(super) is_partly_compared: bool,
    /// Why it could not be read.
    pub(super) failure: Option<String>,
    pub(super) exit: Exit,
}

impl Files for Texts {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        match self.get(path) {
            Some(text) => text.clone(),
            None => read::file(Path::new(path)),
        }
    }
}

/// The files of a run.
struct Overlay<'t> {
    files: &'t dyn Files,
    /// The file that is judged, which is read once.
    name: &'t str,
    root: Result<String, ReadError>,
    lock: LockFile,
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        if path == self.name {
            self.root.clone()
        } else {
            self.files.read(path)
        }
    }

    fn lock(&self, _source: &str) -> LockFile {
        self.lock.clone()
    }
}

impl Job<'_> {
    /// Judges one file and draws what is found. A mistake of m1c's own costs this file only.
    pub(super) fn lint(&self, task: &Task, choice: &Choice, texts: &Texts) -> Linted {
        let attempt = || match self.compared(task, choice, texts) {
            Ok(linted) => linted,
            Err(failure) => Linted {
                failure: Some(failure),
                exit: Exit::Wrong,
                ..Linted::default()
            },
        };
        bug::guard(attempt).unwrap_or_else(|| Linted {
            failure: Some(format!("`{}` could not be judged", task.found.name)),
            exit: Exit::Wrong,
            ..Linted::default()
        })
    }

    /// Judges one file, and compares it with its older version if that is asked for.
    fn compared(&self, task: &Task, choice: &Choice, texts: &Texts) -> Result<Linted, String> {
        let options = Options {
            settings: self.settings,
            tpa: choice.tpa,
        };
        let older = self.since.map(|since| since.older(task, options));
        let (before, is_partly_compared) = match older.transpose()? {
            None | Some(Older::New) => (None, false),
            Some(Older::Known(before)) => (Some(before), false),
            Some(Older::Partly(before)) => (Some(before), true),
        };
        let judged = self.judge(task, choice, texts, before.as_ref())?;
        Ok(Linted {
            is_partly_compared,
            ..self.report(task, judged)
        })
    }

    /// Judges one file; an error where it cannot be read.
    pub(super) fn judge(
        &self,
        task: &Task,
        choice: &Choice,
        files: &dyn Files,
        before: Option<&Before>,
    ) -> Result<Judged, String> {
        let name = &task.found.name;
        let root = files.read(name);
        if let Some(reason) = unreadable(root.as_ref().err()) {
            return Err(format!("`{name}` cannot be read: {reason}"));
        }
        let conditions = Conditions {
            rules: &choice.rules,
            tpa: choice.tpa,
            today: Some(self.today),
            environment: self.environment,
            before,
            heeds_allows: self.heeds_allows,
            levels: &choice.levels,
        };
        if !task.is_config {
            let lock = if task.has_lock {
                locks::existing(&task.found)
            } else {
                LockFile::Unwanted
            };
            let files = Overlay {
                files,
                name,
                root,
                lock,
            };
            return Ok(check::judge_source(
                name,
                &files,
                self.settings,
                &conditions,
            ));
        }
        match root {
            Ok(text) => Ok(check::judge_config(name, &text, &conditions)),
            Err(ReadError::NotUtf8 { offset, text }) => {
                Ok(check::not_utf8_config(name, &text, offset))
            }
            Err(ReadError::NotFound | ReadError::Unreadable(_)) => {
                unreachable!("a file without a text has been told")
            }
        }
    }

    fn report(&self, task: &Task, judged: Judged) -> Linted {
        let fixable = judged.all().any(|diagnostic| diagnostic.fix.is_some());
        let Judged {
            sources,
            file: _,
            diagnostics,
            mut findings,
            allowed,
            clusters,
        } = judged;
        let mut linted = Linted {
            fixable,
            ..Linted::default()
        };
        if let Some(baseline) = self.baseline {
            for finding in &findings {
                *linted.counts.entry(baseline::key(finding)).or_default() += 1;
            }
            let name = baseline.name_of(Path::new(&task.found.name));
            linted.stale = baseline.mark(&name, &mut findings);
            if number(&diagnostics, Level::Error) > 0 {
                // Nothing is known about the clusters that an error concerns: what they had stays.
                let is_of_others = |(_, entity): &Key, _: &mut usize| {
                    !clusters
                        .iter()
                        .any(|cluster| baseline::is_of(entity, cluster))
                };
                let unjudged = linted.stale.extract_if(.., is_of_others);
                linted.counts.extend(unjudged);
            }
        }
        let is_known = |finding: &mut Finding| finding.suppression.is_some();
        let known: Vec<Finding> = findings.extract_if(.., is_known).collect();
        linted.known = known.len();
        let of_level = |level: Level| {
            let is = |finding: &&Finding| finding.diagnostic.level == level;
            number(&diagnostics, level) + findings.iter().filter(is).count()
        };
        linted.errors = of_level(Level::Error);
        linted.warnings = of_level(Level::Warning);
        linted.advice = of_level(Level::Advice);
        if self.look.format == Format::Human && !task.shows_advice {
            // What a change does is told to those who ask for it.
            let is_advice = |finding: &mut Finding| {
                finding.diagnostic.level == Level::Advice && !finding.rule.asks_before
            };
            linted.hidden = findings.extract_if(.., is_advice).count();
        }
        // Who compares with a baseline has to be told what is in it, or it seems fixed.
        if self.look.format == Format::Sarif {
            findings.extend(known);
        }
        if self.shows_suppressed {
            findings.extend(allowed);
        }
        linted.piece = report::piece(self.look, &sources, &diagnostics, &findings);
        linted
    }
}
