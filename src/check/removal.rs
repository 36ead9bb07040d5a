//! What a finding says to remove becomes an edit: rules know the place of a value, and the tree knows its statement.

use crate::diagnostic::Edit;
use crate::lint::Finding;
use crate::load::Program;
use crate::source::{Sources, Span};
use crate::syntax::removal::removal;
use crate::syntax::tree::{Block, Body, Entry, Node, Statement, Value};
use crate::syntax::{Tree, walk};

/// Lets the fixes that take statements away do so; none stays where there is no statement to take.
pub(super) fn complete(program: &Program, sources: &Sources, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|one| one.removes_statements) {
        let Some(fix) = &mut finding.diagnostic.fix else {
            continue;
        };
        let edits = fix.edits.iter().map(|edit| {
            let text = sources.text(edit.span.file);
            let mut trees = program.modules.iter().map(|module| &*module.tree);
            trees.find_map(|tree| whole(tree, text, edit.span))
        });
        match edits.collect::<Option<Vec<Edit>>>() {
            Some(mut edits) => {
                // Two addresses may be of one line.
                edits.dedup();
                fix.edits = edits;
            }
            None => finding.diagnostic.fix = None,
        }
    }
}

/// The edit that takes away the statement around a place, and the braces that would be left empty.
fn whole(tree: &Tree, text: &str, at: Span) -> Option<Edit> {
    let path = path(&tree.body, at)?;
    let (innermost, around) = path.split_last()?;
    match &innermost.node {
        Node::Entry(entry) if is_line_of_hosts(around) => without_labels(entry),
        Node::Entry(_) | Node::Attribute(_) => {
            let mut statement = *innermost;
            for outer in around.iter().rev() {
                match &outer.node {
                    Node::Entry(entry) => {
                        let Some(block) = entry
                            .block
                            .as_ref()
                            .filter(|one| holds_only(one, statement))
                        else {
                            break;
                        };
                        if is_map(entry) {
                            statement = outer;
                            continue;
                        }
                        return Some(without_block(entry, block));
                    }
                    Node::Attribute(attribute) => match &attribute.value {
                        Value::Map(map) if holds_only(map, statement) => statement = outer,
                        Value::Map(_) | Value::Scalar(_) | Value::List(_) | Value::Missing(_) => {
                            break;
                        }
                    },
                    Node::Conditional(_) | Node::Binding(_) | Node::Junk => break,
                }
            }
            Some(removal(text, statement))
        }
        // What a `let` says may be used elsewhere too.
        Node::Binding(_) | Node::Conditional(_) | Node::Junk => None,
    }
}

/// The statements around a place, the outermost first.
fn path(body: &Body, at: Span) -> Option<Vec<&Statement>> {
    let mut path = Vec::new();
    let mut next = Some(body);
    while let Some(body) = next.take() {
        let Some(statement) = walk::statement_before(body, at.start) else {
            break;
        };
        if !statement.span.contains(at) {
            break;
        }
        path.push(statement);
        let inside = |block: &&Block| block.span.contains(at);
        let block = match &statement.node {
            Node::Entry(entry) => entry.block.as_ref().filter(inside),
            Node::Attribute(attribute) => match &attribute.value {
                Value::Map(map) => Some(map).filter(inside),
                Value::Scalar(_) | Value::List(_) | Value::Missing(_) => None,
            },
            Node::Conditional(conditional) => walk::branches(conditional)
                .into_iter()
                .find(|one| inside(one)),
            Node::Binding(_) | Node::Junk => None,
        };
        next = block.map(|block| &block.body);
    }
    (!path.is_empty()).then_some(path)
}

/// Whether the statement inside of these names a machine, which stays while its addresses go.
fn is_line_of_hosts(around: &[&Statement]) -> bool {
    around.last().is_some_and(|outer| match &outer.node {
        Node::Entry(entry) => entry.word.text() == Some("hosts"),
        Node::Attribute(_) | Node::Conditional(_) | Node::Binding(_) | Node::Junk => false,
    })
}

/// Whether an entry says nothing but what is in its block.
fn is_map(entry: &Entry) -> bool {
    entry.labels.is_empty()
        && (entry.word.text()).is_some_and(|word| ["defaults", "settings"].contains(&word))
}

fn without_labels(entry: &Entry) -> Option<Edit> {
    let last = entry.labels.last()?;
    Some(taken(entry.word.span.after().to(last.span)))
}

fn without_block(entry: &Entry, block: &Block) -> Edit {
    let head = entry.labels.last().unwrap_or(&entry.word);
    taken(head.span.after().to(block.span))
}

fn taken(span: Span) -> Edit {
    Edit {
        span,
        replacement: String::new(),
    }
}

/// Whether nothing stays in braces without a statement, no comment either.
fn holds_only(block: &Block, statement: &Statement) -> bool {
    let is_only = matches!(block.body.statements.as_slice(), [only] if only.span == statement.span);
    is_only && block.open.is_none() && block.body.end.is_empty() && statement.before.is_empty()
}
