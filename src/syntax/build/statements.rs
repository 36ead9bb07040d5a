//! Statements: bindings, attributes, entries, and what is on their lines by mistake.

use pest::iterators::{Pair, Pairs};

use super::{Builder, Rule, comment, errors, first, missing, offset};
use crate::source::Span;
use crate::syntax::tree::{
    Attribute, Binding, BindingKind, Block, Body, Comment, Entry, Node, Scalar, ScalarKind,
    Statement, Value,
};

/// Where statements stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    Block,
}

/// Statements while they are gathered.
struct Gathering {
    place: Place,
    open: Option<Comment>,
    body: Body,
    /// Comments that wait for their statement.
    pending: Vec<Comment>,
}

impl Builder<'_> {
    /// The statements of a file.
    pub(super) fn file(&mut self, pairs: Pairs<'_, Rule>, start: usize) -> Body {
        let (_, body) = self.body(pairs, offset(start), Place::Top);
        body
    }

    /// The statements of a file or block that begins at `start`, and the comment after its `{`.
    pub(super) fn body(
        &mut self,
        pairs: Pairs<'_, Rule>,
        start: u32,
        place: Place,
    ) -> (Option<Comment>, Body) {
        let mut gathering = Gathering {
            place,
            open: None,
            body: Body::default(),
            pending: Vec::new(),
        };
        let mut cursor = start;
        for pair in pairs {
            let at = self.span_of(&pair);
            if self.here_document.contains(&at.start) {
                cursor = at.end;
                continue;
            }
            let breaks = self.line_breaks(cursor, at.start);
            self.pair_of_body(pair, at, breaks, &mut gathering);
            cursor = at.end;
        }
        let mut body = gathering.body;
        body.end = gathering.pending;
        (gathering.open, body)
    }

    fn pair_of_body(
        &mut self,
        pair: Pair<'_, Rule>,
        at: Span,
        breaks: usize,
        gathering: &mut Gathering,
    ) {
        let statements = &mut gathering.body.statements;
        let blank_line_before =
            breaks > 1 && !(statements.is_empty() && gathering.pending.is_empty());
        let (node, span) = match pair.as_rule() {
            Rule::comment => {
                let comment = comment(&pair, at, blank_line_before);
                let alone = breaks > 0 || !gathering.pending.is_empty();
                match statements.last_mut() {
                    Some(last) if !alone => last.after = Some(comment),
                    None if !alone && gathering.place == Place::Block => {
                        gathering.open = Some(comment);
                    }
                    _ => gathering.pending.push(comment),
                }
                return;
            }
            Rule::simple => self.simple(pair),
            Rule::binding => (self.binding(pair), at),
            Rule::conditional => {
                let conditional = self.conditional(pair.into_inner(), at);
                (Node::Conditional(conditional), at)
            }
            Rule::else_apart => {
                self.else_apart(pair, at, statements);
                return;
            }
            Rule::lone_block => {
                if self.lone_block(pair, at, statements.last_mut()) {
                    return;
                }
                (Node::Junk, at)
            }
            Rule::junk => {
                self.junk(at);
                (Node::Junk, at)
            }
            Rule::stray_brace => {
                self.stray_brace(at, statements);
                return;
            }
            _ => {
                let last = statements.last();
                self.tail(
                    pair,
                    last.map(|last| &last.node),
                    last.map_or(at, |last| last.span),
                );
                // What follows the type of a `param` may have been its value.
                if let Some(Node::Binding(binding)) =
                    statements.last_mut().map(|last| &mut last.node)
                    && binding.value.is_none()
                {
                    binding.value = Some(Value::Missing(at));
                }
                return;
            }
        };
        if self.is_value_below(statements.last(), &node, span) {
            return;
        }
        statements.push(Statement {
            before: std::mem::take(&mut gathering.pending),
            blank_line_before,
            node,
            after: None,
            span,
        });
        statements.append(&mut self.displaced);
        if gathering.place == Place::Top
            && let Some(last) = statements.last()
        {
            self.early_brace(statements.len() - 1, last);
        }
    }

    // ---- attributes and entries ----

    /// An attribute or an entry, with what comes after it on its line.
    fn simple(&mut self, pair: Pair<'_, Rule>) -> (Node, Span) {
        let whole = self.span_of(&pair);
        let mut inner = pair.into_inner().peekable();
        let key = match inner.next() {
            Some(key) => self.scalar(key),
            None => missing(whole),
        };
        match inner.next_if(|pair| matches!(pair.as_rule(), Rule::equals | Rule::wrong_equals)) {
            Some(equals) => self.attribute(key, &equals, inner),
            None => self.entry(key, inner),
        }
    }

    fn attribute<'i>(
        &mut self,
        key: Scalar,
        equals: &Pair<'i, Rule>,
        mut pairs: impl Iterator<Item = Pair<'i, Rule>>,
    ) -> (Node, Span) {
        let operator = self.span_of(equals);
        let mut span = key.span.to(operator);
        let value = match pairs.next() {
            Some(pair) => {
                span = span.to(self.span_of(&pair));
                self.value(pair, self.slice(key.span))
            }
            None => Value::Missing(span.after()),
        };
        let mut extra = Vec::new();
        let mut block = None;
        let mut tail = Vec::new();
        for pair in pairs {
            let at = self.span_of(&pair);
            match pair.as_rule() {
                Rule::extra => extra.extend(pair.into_inner().map(|scalar| self.scalar(scalar))),
                Rule::stray_block => {
                    block = pair
                        .into_inner()
                        .next()
                        .map(|block| self.block(block, span));
                }
                _ => {
                    tail.push(pair);
                    continue;
                }
            }
            span = span.to(at);
        }
        if equals.as_rule() == Rule::wrong_equals {
            let words = extra
                .last()
                .map_or(value.span(), |last| value.span().to(last.span));
            self.error(errors::wrong_equals(
                operator,
                self.slice(key.span),
                equals.as_str(),
                self.slice(words),
                (extra.is_empty(), block.is_some()),
            ));
        }
        let mut node = self.assigned(key, value, extra, block);
        let broken = match tail.first() {
            Some(pair) if pair.as_rule() == Rule::stray_comma => {
                let at = self.span_of(pair);
                self.decimal_comma(at, Some(&node)).is_some()
            }
            first => first.map(Pair::as_rule) == Some(Rule::junk_tail),
        };
        for pair in tail {
            self.tail(pair, Some(&node), span);
        }
        match &mut node {
            Node::Attribute(attribute) if broken => {
                attribute.value = Value::Missing(attribute.value.span());
            }
            Node::Binding(_)
            | Node::Attribute(_)
            | Node::Conditional(_)
            | Node::Entry(_)
            | Node::Junk => {}
        }
        (node, span)
    }

    /// An attribute, or what its author meant by several values or a block after one.
    fn assigned(
        &mut self,
        key: Scalar,
        value: Value,
        extra: Vec<Scalar>,
        block: Option<Block>,
    ) -> Node {
        let written = match extra.last() {
            Some(last) => value.span().to(last.span),
            None => value.span(),
        };
        match (block, value) {
            (Some(block), Value::Scalar(scalar)) => {
                self.error(errors::block_behind_value(
                    first(block.span),
                    self.slice(key.span),
                    self.slice(written),
                ));
                let labels = std::iter::once(scalar).chain(extra).collect();
                Node::Entry(Entry {
                    word: key,
                    labels,
                    block: Some(block),
                })
            }
            (Some(block), value) => {
                self.error(errors::unexpected_text(first(block.span), "{"));
                Node::Attribute(Attribute {
                    key,
                    value,
                    several: Vec::new(),
                })
            }
            (None, Value::Scalar(scalar)) if !extra.is_empty() => {
                let value = self.several_values(&scalar, &extra);
                let several = std::iter::once(scalar).chain(extra).collect();
                Node::Attribute(Attribute {
                    key,
                    value,
                    several,
                })
            }
            (None, value) => Node::Attribute(Attribute {
                key,
                value,
                several: Vec::new(),
            }),
        }
    }

    fn entry<'i>(
        &mut self,
        word: Scalar,
        pairs: impl Iterator<Item = Pair<'i, Rule>>,
    ) -> (Node, Span) {
        let mut span = word.span;
        let mut labels = Vec::new();
        let mut block = None;
        let mut tail = Vec::new();
        let errors_before = self.errors.len();
        for pair in pairs {
            let at = self.span_of(&pair);
            match pair.as_rule() {
                Rule::block if block.is_none() => block = Some(self.block(pair, span)),
                rule if is_tail(rule) => {
                    tail.push(pair);
                    continue;
                }
                _ => labels.push(self.scalar(pair)),
            }
            span = span.to(at);
        }
        let is_loop = matches!(self.slice(word.span), "for" | "foreach")
            && labels.iter().any(|label| self.slice(label.span) == "in");
        if is_loop {
            // What is wrong in its block would be said of each turn.
            for pair in tail {
                span = span.to(self.span_of(&pair));
                self.tail(pair, None, span);
            }
            self.forget_errors(errors_before);
            self.error(errors::repetition(word.span, self.slice(word.span)));
            return (Node::Junk, span);
        }
        let unquoted = matches!(word.kind, ScalarKind::Number(_) | ScalarKind::Literal(_));
        let node = if unquoted {
            self.error(errors::unquoted_text(word.span, self.slice(word.span)));
            Node::Junk
        } else {
            Node::Entry(Entry {
                word,
                labels,
                block,
            })
        };
        let mut broken = false;
        for pair in tail {
            broken |= match pair.as_rule() {
                Rule::junk_tail | Rule::junk_head => true,
                Rule::stray_comma => {
                    let at = self.span_of(&pair);
                    self.opens(at, Some(&node))
                }
                _ => false,
            };
            self.tail(pair, Some(&node), span);
        }
        let broken = broken && matches!(&node, Node::Entry(entry) if entry.block.is_none());
        match node {
            Node::Entry(entry) if broken => {
                (misplaced(entry).map_or(Node::Junk, Node::Binding), span)
            }
            node => (node, span),
        }
    }
}

/// A `param` or `let` inside of a block, so that what refers to it is not reported too.
fn misplaced(mut entry: Entry) -> Option<Binding> {
    let ScalarKind::Name(word) = &entry.word.kind else {
        return None;
    };
    let kinds = [BindingKind::Param, BindingKind::Let];
    let kind = kinds.into_iter().find(|kind| kind.word() == word)?;
    let name = entry.labels.pop().filter(|_| entry.labels.is_empty())?;
    let value = Some(Value::Missing(name.span.after()));
    Some(Binding {
        kind,
        name,
        ty: None,
        value,
    })
}

/// Whether a pair is between a statement and the end of its line by mistake.
fn is_tail(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::stray_comma
            | Rule::foreign_comment
            | Rule::missing_end
            | Rule::junk_head
            | Rule::junk_tail
            | Rule::block
    )
}
