//! Where a name is defined.

use super::Document;
use super::names::{self, Kind, Name, Part};
use super::references::Place;
use super::tokens::{self, Role};
use crate::library;
use crate::source::Span;
use crate::topology::Topology;

/// The places that define what is at an offset of the first document. The others may use it, or be used by it.
pub fn definition<'d>(documents: &[&'d Document], offset: u32) -> Vec<Place<'d>> {
    let Some(document) = documents.first().copied() else {
        return Vec::new();
    };
    let place = |span| Place {
        sources: &document.analysis.sources,
        span,
    };
    if let Some(file) = used_file(document, offset) {
        return vec![place(file)];
    }
    let Some(name) = names::at(&document.analysis, offset) else {
        return Vec::new();
    };
    let analyses: Vec<_> = documents
        .iter()
        .map(|document| &document.analysis)
        .collect();
    let all = names::everywhere(&analyses);
    let same = names::same(&name, &all);
    for part in [Part::Definition, Part::Line] {
        let defined = same.iter().filter(|name| name.part == part);
        let places: Vec<_> = defined.map(|name| Place::of(name)).collect();
        if !places.is_empty() {
            return places;
        }
    }
    let derived = || machine(document.analysis.whole()?, &name);
    let found = library_entry(&name).or_else(derived);
    found.map(place).into_iter().collect()
}

/// The start of the file that a `use` statement names.
fn used_file(document: &Document, offset: u32) -> Option<Span> {
    let is_target = |role: Role<'_>| match role {
        Role::Label { schema, index, .. } => {
            index == 0 && schema.is_some_and(|schema| schema.word == "use")
        }
        Role::Word { .. }
        | Role::Key { .. }
        | Role::MapKey { .. }
        | Role::Value { .. }
        | Role::Name(_)
        | Role::Type
        | Role::Bound
        | Role::Operand => false,
    };
    let at = tokens::at(document.tree(), offset, |token| {
        is_target(token.role).then(|| token.span())
    })??;
    let program = &document.analysis.program;
    let mut uses = program.modules.first()?.uses.iter();
    let used = uses.find(|used| used.at == at)?;
    let module = program.modules.get(used.module?)?;
    Some(Span {
        file: module.tree.file,
        start: 0,
        end: 0,
    })
}

/// The name of an image, region or release in the library.
fn library_entry(name: &Name<'_>) -> Option<Span> {
    let (module, word, labels) = match name.kind {
        Kind::Image => ("images", "image", vec![name.word]),
        Kind::Region => ("regions", "region", vec![name.word]),
        Kind::Release => ("releases", "release", vec![name.home, name.word]),
        Kind::Binding
        | Kind::Profile
        | Kind::Module
        | Kind::Cluster
        | Kind::Location
        | Kind::Machine => return None,
    };
    let definition = library::find(module, word, &labels)?;
    let length: usize = word.len() + labels.iter().map(|label| label.len() + 1).sum::<usize>();
    let last = labels.last()?.len();
    let offset = |at: usize| u32::try_from(at).ok();
    Some(Span {
        file: definition.file,
        start: offset(definition.range.start + length - last)?,
        end: offset(definition.range.start + length)?,
    })
}

/// What a machine with a derived name comes from: `data`, its statement without a name, or what a rule placed it for.
fn machine(topology: &Topology, name: &Name<'_>) -> Option<Span> {
    if name.kind != Kind::Machine {
        return None;
    }
    let (_, start) = name.within?;
    let within = topology.clusters.iter().find(|cluster| {
        let at = cluster.name.origin.place();
        at.file == name.at.file && at.start >= start && at.start <= name.at.start
    });
    // A profile is in no cluster: any that has the machine will do.
    let clusters = within.into_iter().chain(&topology.clusters);
    let mut instances = clusters.flat_map(|cluster| &cluster.instances);
    let instance = instances.find(|instance| instance.name.value == name.word)?;
    Some(instance.id.origin.place())
}
