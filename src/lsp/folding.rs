//! What an editor may fold: blocks, maps and lists that stand on several lines, and comments of several lines.

use super::Document;
use crate::source::Span;
use crate::syntax::tree::{Block, Body, Conditional, Node, Otherwise};

/// Something that folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    pub span: Span,
    pub kind: FoldKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    Block,
    Comment,
}

/// Everything that folds, in the order of the source.
pub fn folds(document: &Document) -> Vec<Fold> {
    let mut folds = Vec::new();
    body(&document.tree().body, &mut folds);
    folds
}

fn body(body: &Body, folds: &mut Vec<Fold>) {
    for statement in &body.statements {
        match &statement.node {
            Node::Entry(entry) => {
                if let Some(inner) = &entry.block {
                    block(inner, folds);
                }
            }
            Node::Conditional(inner) => conditional(inner, folds),
            Node::Binding(_) | Node::Attribute(_) | Node::Junk => {}
        }
    }
}

fn block(block: &Block, folds: &mut Vec<Fold>) {
    if block.multiline {
        folds.push(Fold {
            span: block.span,
            kind: FoldKind::Block,
        });
    }
    body(&block.body, folds);
}

fn conditional(conditional: &Conditional, folds: &mut Vec<Fold>) {
    block(&conditional.then, folds);
    match &conditional.otherwise {
        Some(Otherwise::If(inner)) => self::conditional(inner, folds),
        Some(Otherwise::Block(inner)) => block(inner, folds),
        None => {}
    }
}
