//! Blocks, and where their braces are missing or superfluous.
//!
//! Braces alone only say at the end of the file that one is missing. Which one, the indentation tells: a `}` further to
//! the left than its block's head was meant for an outer block, and what stands as far left as the head is behind
//! the block. The statements are moved to where they were meant, so that one mistake is one error.

use pest::iterators::Pair;

use super::statements::Place;
use super::{Builder, Rule, errors, first};
use crate::source::Span;
use crate::syntax::MAXIMUM_ERRORS;
use crate::syntax::tree::{Block, Body, Entry, Node, Statement};

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

    /// Says once that something is nested too deep; nothing after it has been looked at.
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

    /// What is before the `{` of a block.
    fn head_of(&self, block: &Block, head: Span) -> &str {
        let end = block.span.start.max(head.start);
        self.slice(Span { end, ..head })
    }

    /// Remembers a block at the top level whose brace stands too far to the right.
    pub(super) fn early_brace(&mut self, index: usize, statement: &Statement) {
        if let Some(at) = self.early(statement) {
            self.early_brace = Some(EarlyBrace {
                statement: index,
                at,
            });
        }
    }

    /// The brace of an entry's block, if it stands further to the right than the entry.
    fn early(&self, statement: &Statement) -> Option<Span> {
        let Node::Entry(Entry {
            block: Some(block), ..
        }) = &statement.node
        else {
            return None;
        };
        let close = last(block.span);
        let brace = self.indentation(close.start)?;
        (brace > self.indentation(statement.span.start)?).then_some(close)
    }

    /// A `}` that closes nothing: there is one too many, or a `{` too few.
    pub(super) fn stray_brace(&mut self, at: Span, statements: &mut Vec<Statement>) {
        if self.is_echo(at) || self.errors.len() > MAXIMUM_ERRORS {
            return;
        }
        let early = self.early_brace.take();
        let repaired = match &early {
            Some(early) => self.rejoin(statements, early.statement),
            None => self.missing_brace(statements, at),
        };
        if let Some(rest) = self.lists_with_brace.checked_sub(1) {
            self.lists_with_brace = rest;
        } else if !repaired {
            self.error(errors::stray_brace(at, early.map(|early| early.at)));
        }
    }

    /// Gives an entry, whose block was closed too soon, the statements after it that are indented further. Whether a
    /// `{` that is missing in the block explains it.
    fn rejoin(&mut self, statements: &mut Vec<Statement>, index: usize) -> bool {
        let behind = statements.split_off(statements.len().min(index + 1));
        let Some(statement) = statements.last_mut() else {
            return false;
        };
        let own = self.indentation(statement.span.start);
        let inside = |statement: &Statement| self.indentation(statement.span.start) > own;
        let (inside, outside): (Vec<_>, Vec<_>) = behind.into_iter().partition(inside);
        let mut repaired = false;
        if let Node::Entry(Entry {
            block: Some(block), ..
        }) = &mut statement.node
        {
            let within = &mut block.body.statements;
            repaired = self.missing_brace(within, last(block.span));
            let early = within.iter().position(|inner| self.early(inner).is_some());
            if let Some(early) = early.filter(|_| !repaired) {
                repaired = self.rejoin(within, early);
            }
            within.extend(inside);
        }
        statements.extend(outside);
        repaired
    }

    /// Looks for the statement that a `}` was meant for: it has no block, stands as far left as the brace, and all
    /// statements between them are indented further. They become its block.
    fn missing_brace(&mut self, statements: &mut Vec<Statement>, close: Span) -> bool {
        let Some(column) = self.indentation(close.start) else {
            return false;
        };
        let indentation = |statement: &Statement| self.indentation(statement.span.start);
        let further = |statement: &&Statement| {
            indentation(statement).is_none_or(|indentation| indentation > column)
        };
        let count = statements.iter().rev().take_while(further).count();
        let Some(index) = statements.len().checked_sub(count + 1) else {
            return false;
        };
        let fits = |statement: &&mut Statement| indentation(statement) == Some(column);
        let Some(head) = statements.get_mut(index).filter(fits) else {
            return false;
        };
        let at = head.span;
        let block = |statements: Vec<Statement>| Block {
            open: None,
            body: Body {
                statements,
                end: Vec::new(),
            },
            multiline: true,
            span: at.after().to(close),
        };
        let has_no_block = match &head.node {
            Node::Entry(entry) => entry.block.is_none(),
            Node::Conditional(conditional) => {
                conditional.then.span.range().is_empty() && conditional.otherwise.is_none()
            }
            Node::Binding(_) | Node::Attribute(_) | Node::Junk => false,
        };
        if count == 0 || !has_no_block {
            return false;
        }
        let inside = statements.split_off(index + 1);
        match statements.last_mut().map(|head| &mut head.node) {
            Some(Node::Entry(entry)) => {
                entry.block = Some(block(inside));
                self.error(errors::missing_open_brace(at, self.slice(at), close));
            }
            // That its block is missing has been said.
            Some(Node::Conditional(conditional)) => conditional.then = block(inside),
            Some(Node::Binding(_) | Node::Attribute(_) | Node::Junk) | None => {}
        }
        true
    }
}

/// The last character of a place, such as the bracket that closes it.
fn last(span: Span) -> Span {
    Span {
        start: span.end.saturating_sub(1).max(span.start),
        ..span
    }
}
