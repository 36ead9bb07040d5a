//! The files that `use` statements name, to be opened with a click.

use super::Document;
use super::names::path;
use crate::source::Span;

/// A part of the text that leads to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub span: Span,
    /// The path of the file, as the compiler knows it.
    pub target: String,
}

/// The links of a document, in the order of the source.
pub fn links(document: &Document) -> Vec<Link> {
    let program = &document.analysis.program;
    let uses = program.modules.first().map(|module| &module.uses);
    let uses = uses.into_iter().flatten();
    uses.filter_map(|used| {
        let target = path(&document.analysis, used.module?).to_owned();
        Some(Link {
            span: used.at,
            target,
        })
    })
    .collect()
}
