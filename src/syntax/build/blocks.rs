//! Blocks, and where their braces are missing or superfluous.
//!
//! Braces alone only say at the end of the file that one is missing. Which one, the indentation tells: a `}` further to
//! the left than its block's head was meant for an outer block, and what stands as far left as the head stands behind
//! the block. The statements are moved to where they were meant, so that one mistake is one error.

use pest::iterators::Pair;

use super::statements::Place;
use super::{Builder, Rule, errors, first};
use crate::source::Span;
use crate::syntax::tree::{Block, Body, Node, Statement};

/// A block without a `}`.
pub(super) struct OpenBlock {
    /// Whether a brace that was meant for it has been found at an inner block.
    found: bool,
}

/// The `}` of a block at the top level that stands further to the right than the block's head.
pub(super) struct EarlyBrace {
    /// Which statement of the file it ends.
    statement: usize,
    at: Span,
    head: Span,
}

impl Builder<'_> {
    /// A block; `head` begins where the statement begins that it belongs to.
    pub(super) fn block(&mut self, pair: Pair<'_, Rule>, head: Span) -> Block {
        let span = self.span_of(&pair);
        let multiline = self.is_multiline(span);
        let inner = pair.into_inner();
        let mut block = Block {
            open: None,
            body: Body::default(),
            multiline,
            span,
        };
        if let Some(pair) = inner.peek()
            && pair.as_rule() == Rule::too_deep
        {
            self.too_deep(first(span));
            return block;
        }
        let last = inner.clone().next_back();
        let closed = last.is_none_or(|last| last.as_rule() != Rule::missing_brace);
        if !closed {
            self.open_blocks.push(OpenBlock { found: false });
        }
        (block.open, block.body) = self.body(inner, span.start + 1, Place::Block);
        if closed {
            if multiline && !self.open_blocks.is_empty() {
                self.misplaced_brace(&mut block, head);
            }
        } else {
            let open = self.open_blocks.pop();
            if open.is_none_or(|open| !open.found) && !self.unread {
                let head = self.head_of(&block, head);
                self.error(errors::unclosed_block(first(span), None, head));
            }
            self.displace(&mut block, head);
        }
        block
    }

    /// Says once that something is nested too deep; nothing behind it has been looked at.
    pub(super) fn too_deep(&mut self, at: Span) {
        self.error(errors::nesting_too_deep(at));
        self.unread = true;
    }

    /// Looks whether a block in an unclosed one has taken the brace of an outer block.
    fn misplaced_brace(&mut self, block: &mut Block, head: Span) {
        let close = last(block.span);
        let brace = self.indentation(close.start);
        let own = self.indentation(head.start);
        if !matches!((brace, own), (Some(brace), Some(own)) if brace < own) {
            return;
        }
        if let Some(outermost) = self.open_blocks.iter_mut().find(|open| !open.found) {
            outermost.found = true;
            let words = self.head_of(block, head);
            self.error(errors::unclosed_block(
                first(block.span),
                Some(close),
                words,
            ));
        }
        self.displace(block, head);
    }

    /// Takes the statements out of a block that are indented no further than its head.
    fn displace(&mut self, block: &mut Block, head: Span) {
        let Some(own) = self.indentation(head.start) else {
            return;
        };
        let statements = &mut block.body.statements;
        let outside = |statement: &Statement| {
            let indentation = self.indentation(statement.span.start);
            indentation.is_some_and(|indentation| indentation <= own)
        };
        if let Some(first) = statements.iter().position(outside) {
            let displaced = statements.split_off(first);
            self.displaced.extend(displaced);
        }
    }

    /// What stands before the `{` of a block.
    fn head_of(&self, block: &Block, head: Span) -> &str {
        let end = block.span.start.max(head.start);
        self.slice(Span { end, ..head })
    }

    /// Remembers a block at the top level whose brace stands too far to the right.
    pub(super) fn early_brace(&mut self, statement: usize, node: &Node, head: Span) {
        let Node::Entry(entry) = node else {
            return;
        };
        let Some(block) = &entry.block else {
            return;
        };
        let close = last(block.span);
        let brace = self.indentation(close.start);
        let own = self.indentation(head.start);
        if matches!((brace, own), (Some(brace), Some(own)) if brace > own) {
            self.early_brace = Some(EarlyBrace {
                statement,
                at: close,
                head,
            });
        }
    }

    /// A `}` that closes nothing. If an earlier one has closed a block too soon, what stands between belongs to that
    /// block.
    pub(super) fn stray_brace(&mut self, at: Span, statements: &mut Vec<Statement>) {
        if self.is_echo(at) {
            return;
        }
        if let Some(rest) = self.lists_with_brace.checked_sub(1) {
            self.lists_with_brace = rest;
            return;
        }
        let early = self.early_brace.take();
        self.error(errors::stray_brace(
            at,
            early.as_ref().map(|early| early.at),
        ));
        let Some(early) = early else {
            return;
        };
        let own = self.indentation(early.head.start);
        let inside = |statement: &Statement| self.indentation(statement.span.start) > own;
        let behind = statements.len().min(early.statement + 1);
        let moved = statements.split_off(behind);
        let (moved, kept): (Vec<_>, Vec<_>) = moved.into_iter().partition(inside);
        if let Some(Statement {
            node: Node::Entry(entry),
            ..
        }) = statements.last_mut()
            && let Some(block) = &mut entry.block
        {
            block.body.statements.extend(moved);
        }
        statements.extend(kept);
    }
}

/// The last character of a place, such as the bracket that closes it.
fn last(span: Span) -> Span {
    Span {
        start: span.end.saturating_sub(1).max(span.start),
        ..span
    }
}
