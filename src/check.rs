//! The pipeline: everything between the text of a source and its topology.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::library;
use crate::load::{self, Files};
use crate::lower;
use crate::resolve;
pub use crate::resolve::Setting;
use crate::source::Sources;
use crate::topology::Topology;

/// What is known about one source file after all stages.
#[derive(Debug)]
pub struct Checked {
    pub sources: Sources,
    /// Sorted by place, each said once.
    pub diagnostics: Vec<Diagnostic>,
    /// Only without errors.
    pub topology: Option<Topology>,
}

/// Checks the source file `root`, which is read through `files`.
pub fn check(root: &str, files: &dyn Files, settings: &[Setting]) -> Checked {
    let mut sources = library::sources();
    let mut diagnostics = Diagnostics::default();
    let program = load::load(root, files, &mut sources, &mut diagnostics);
    let model = resolve::resolve(&program, settings, &mut diagnostics);
    let topology = lower::lower(&model, &mut diagnostics);
    Checked {
        sources,
        diagnostics: diagnostics.into_sorted(),
        topology,
    }
}
