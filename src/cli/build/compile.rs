//! One source becomes the texts of its files, and a report.

use std::path::Path;
use std::sync::Arc;

use super::Output;
use crate::backend::limits::limits;
use crate::backend::{self, Backend};
use crate::check::{self, Analysis, Options, Setting};
use crate::cli::bug;
use crate::cli::exit::Exit;
use crate::cli::find::Found;
use crate::cli::locks::{self, Changed};
use crate::cli::read::{self, BuiltIn, Disk};
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::facts::tpa::Target;
use crate::load::{LockFile, ReadError};
use crate::output;
use crate::report::{self, Look, Piece};
use crate::topology::Topology;

/// What to make of every source.
pub(super) struct Job<'j> {
    pub(super) targets: Vec<Backend>,
    pub(super) settings: &'j [Setting],
    pub(super) look: Look,
    /// Whether locks may not change.
    pub(super) locked: bool,
    /// Where outputs are, and earlier ones.
    pub(super) out: &'j Path,
}

/// A source to compile.
pub(super) struct Task {
    pub(super) source: Found,
    /// The TPA that it is for, as far as it does not say so itself.
    pub(super) tpa: Target,
    /// Whether it has a lock.
    pub(super) has_lock: bool,
}

/// What became of a source.
#[derive(Default)]
pub(super) struct Compiled {
    /// Its diagnostics, drawn.
    pub(super) report: Piece,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    /// Why it could not be read.
    pub(super) failure: Option<String>,
    pub(super) exit: Exit,
    pub(super) clusters: usize,
    /// None when there are errors.
    pub(super) outputs: Vec<Output>,
    /// The lock that has to be written with them.
    pub(super) lock: Option<Changed>,
}

impl Job<'_> {
    /// Compiles one source. A mistake of m1c's own costs this source only.
    pub(super) fn compile(&self, task: &Task) -> Compiled {
        bug::guard(|| self.attempt(task)).unwrap_or_else(|| Compiled {
            failure: Some(format!("`{}` could not be compiled", task.source.name)),
            exit: Exit::Wrong,
            ..Compiled::default()
        })
    }

    fn attempt(&self, task: &Task) -> Compiled {
        let source = &task.source;
        let root = match &source.path {
            Some(path) => read::file(path),
            None => read::standard_input(),
        };
        if let Some(reason) = unreadable(root.as_ref().err()) {
            return Compiled {
                failure: Some(format!("`{}` cannot be read: {reason}", source.name)),
                exit: Exit::Wrong,
                ..Compiled::default()
            };
        }
        let lock = if task.has_lock {
            locks::read(source)
        } else {
            LockFile::Unwanted
        };
        let disk = Disk {
            name: &source.name,
            root,
            built: match lock {
                LockFile::Missing => BuiltIn::Folder(self.out),
                LockFile::Unwanted | LockFile::Read(_) => BuiltIn::Nowhere,
            },
            lock,
        };
        let options = Options {
            settings: self.settings,
            tpa: task.tpa,
        };
        let mut analysis = check::analyse(&source.name, &disk, options);
        check::requirements(&mut analysis, &disk, options);
        let Analysis {
            sources,
            lock,
            adopted,
            mut diagnostics,
            topology,
            ..
        } = analysis;
        let topology = Some(topology).filter(|topology| topology.is_whole);
        if self.locked
            && let Some(topology) = &topology
        {
            let before = lock.as_ref().filter(|_| adopted.is_empty());
            diagnostics.extend(locks::outdated(&source.name, before, topology));
        }
        if let Some(topology) = &topology {
            diagnostics.extend(self.limits(topology));
        }
        let errors = number(&diagnostics, Level::Error);
        let mut compiled = Compiled {
            report: report::piece(self.look, &sources, &diagnostics, &[]),
            errors,
            warnings: number(&diagnostics, Level::Warning),
            exit: if errors > 0 {
                Exit::Findings
            } else {
                Exit::Fine
            },
            ..Compiled::default()
        };
        if let Some(topology) = topology.filter(|_| errors == 0) {
            let changed = topology.lock.as_ref();
            compiled.lock = changed
                .and_then(|after| Changed::new(source, disk.lock, after))
                .map(|changed| changed.adopting(adopted));
            compiled.clusters = topology.clusters.len();
            let said: Arc<str> = disk.root.unwrap_or_default().into();
            compiled.outputs = self
                .targets
                .iter()
                .flat_map(|target| backend::emit(*target, &topology))
                .map(|file| Output {
                    text: output::text(&source.title, &file.contents),
                    path: file.path,
                    source: source.name.clone(),
                    said: Arc::clone(&said),
                })
                .collect();
        }
        compiled
    }

    /// What some target cannot say of it.
    fn limits(&self, topology: &Topology) -> Vec<Diagnostic> {
        let mut diagnostics = Diagnostics::default();
        for target in &self.targets {
            limits(*target, topology, &mut diagnostics);
        }
        diagnostics.into_sorted()
    }
}

/// Why a source has no text at all. One that is not UTF-8 has: the diagnostic shows where it breaks.
pub(in crate::cli) fn unreadable(error: Option<&ReadError>) -> Option<&str> {
    match error? {
        ReadError::NotFound => Some("it does not exist"),
        ReadError::Unreadable(reason) => Some(reason),
        ReadError::NotUtf8 { .. } => None,
    }
}

pub(in crate::cli) fn number(diagnostics: &[Diagnostic], level: Level) -> usize {
    diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == level)
        .count()
}
