//! The pipeline: everything between the text of a source and its topology.

use crate::diagnostic::Diagnostic;
use crate::load::Files;
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
    let _ = (root, files, settings);
    Checked {
        sources: Sources::default(),
        diagnostics: Vec::new(),
        topology: None,
    }
}
