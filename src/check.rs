//! The pipeline: everything between the text of a source and its topology.

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::library;
use crate::load::{self, Files};
use crate::lower;
use crate::resolve;
pub use crate::resolve::Setting;
use crate::source::{Sources, Span};
use crate::topology::Topology;

codes! {
    /// A source has more mistakes than anybody reads; the rest is not shown.
    TOO_MANY_MISTAKES = "too-many-mistakes";
}

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
    let full = diagnostics.is_full();
    let mut diagnostics = diagnostics.into_sorted();
    if full && let Some(last) = diagnostics.last() {
        diagnostics.push(too_many_mistakes(last.primary.span, diagnostics.len()));
    }
    Checked {
        sources,
        diagnostics,
        topology,
    }
}

fn too_many_mistakes(at: Span, shown: usize) -> Diagnostic {
    Diagnostic::error(
        &TOO_MANY_MISTAKES,
        at.after(),
        format!("more than {shown} mistakes, the rest is not shown"),
    )
    .label("the last that is shown is here")
    .help("mend the first ones; is this an .m1 file?")
}
