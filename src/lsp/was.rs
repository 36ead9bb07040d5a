//! What a rename leaves behind: `was`, where the lock has the machine or location under its old name.

use super::actions::into_block;
use super::names::{Kind, Name, Part};
use super::references::{Change, Place};
use super::spelling::spelled;
use super::tokens::plain;
use crate::lock;
use crate::source::Span;
use crate::syntax::tree::{Attribute, Entry, Node, Value};
use crate::syntax::walk::{self, Element};

/// The changes that say what was called otherwise, for all places of a name.
pub(super) fn left_behind<'d>(same: &[&Name<'d>]) -> Vec<Change<'d>> {
    let definitions = same.iter().filter(|name| name.part == Part::Definition);
    definitions.filter_map(|name| said(name)).collect()
}

fn said<'d>(name: &Name<'d>) -> Option<Change<'d>> {
    let lock = name.analysis.lock.as_ref()?;
    let is_built = |cluster: &lock::Cluster| match name.kind {
        Kind::Machine => cluster.machine(name.word).is_some(),
        Kind::Location => cluster.locations.contains_key(name.word),
        Kind::Binding
        | Kind::Profile
        | Kind::Module
        | Kind::Cluster
        | Kind::Image
        | Kind::Region
        | Kind::Release => false,
    };
    if !lock.clusters.values().any(is_built) {
        return None;
    }
    let sources = &name.analysis.sources;
    let text = sources.text(name.at.file);
    let entry = entry(name)?;
    let old = spelled(name.word);
    let block = entry.block.as_ref();
    let (start, end, replacement) = match (block, block.and_then(|_| was(entry))) {
        (_, Some(attribute)) => {
            let value = attribute.value.span();
            match &attribute.value {
                Value::List(list) => (list.span.end - 1, list.span.end - 1, format!(", {old}")),
                Value::Scalar(_) | Value::Map(_) | Value::Missing(_) => {
                    let one = sources.slice(value);
                    (value.start, value.end, format!("[{one}, {old}]"))
                }
            }
        }
        (Some(block), None) => {
            let (at, text) = into_block(text, block, &format!("was = {old}"));
            (at, at, text)
        }
        (None, None) => (name.at.end, name.at.end, format!(" {{ was = {old} }}")),
    };
    let span = Span {
        start,
        end,
        ..name.at
    };
    Some(Change {
        place: Place { sources, span },
        replacement,
    })
}

/// The entry that a name is the first label of.
fn entry<'d>(name: &Name<'d>) -> Option<&'d Entry> {
    let mut modules = name.analysis.program.modules.iter();
    let module = modules.find(|module| module.tree.file == name.at.file)?;
    let mut found = None;
    walk::elements(&module.tree, &mut |element| {
        if let Element::Statement(statement) = element
            && let Node::Entry(entry) = &statement.node
            && entry
                .labels
                .first()
                .is_some_and(|label| label.span == name.at)
        {
            found = Some(entry);
        }
    });
    found
}

/// The `was` that an entry has.
fn was(entry: &Entry) -> Option<&Attribute> {
    let mut statements = entry.block.iter().flat_map(|block| &block.body.statements);
    statements.find_map(|statement| match &statement.node {
        Node::Attribute(attribute) if plain(&attribute.key) == Some("was") => Some(attribute),
        Node::Binding(_)
        | Node::Conditional(_)
        | Node::Entry(_)
        | Node::Attribute(_)
        | Node::Junk => None,
    })
}
