//! Every place that names the same thing.

use super::Document;
use super::names::{self, Name, Part};
use crate::source::{Sources, Span};

/// A place in one of the files of a document.
#[derive(Clone, Copy, Debug)]
pub struct Place<'d> {
    pub sources: &'d Sources,
    pub span: Span,
}

impl<'d> Place<'d> {
    pub(super) fn of(name: &Name<'d>) -> Place<'d> {
        Place {
            sources: &name.analysis.sources,
            span: name.at,
        }
    }

    /// The path of its file.
    pub fn path(&self) -> &'d str {
        self.sources.name(self.span.file)
    }
}

/// A change to one file.
#[derive(Clone, Debug)]
pub struct Change<'d> {
    pub place: Place<'d>,
    pub replacement: String,
}

/// Whether the places that define a name are among those that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definitions {
    Included,
    LeftOut,
}

/// The places in some documents and the files that they use which name what is at an offset of the first.
pub fn references<'d>(
    documents: &[&'d Document],
    offset: u32,
    definitions: Definitions,
) -> Vec<Place<'d>> {
    let Some(name) = documents
        .first()
        .and_then(|document| names::at(&document.analysis, offset))
    else {
        return Vec::new();
    };
    let analyses: Vec<_> = documents
        .iter()
        .map(|document| &document.analysis)
        .collect();
    let all = names::everywhere(&analyses);
    names::same(&name, &all)
        .into_iter()
        .filter(|name| definitions == Definitions::Included || name.part != Part::Definition)
        .map(Place::of)
        .collect()
}
