//! pest's pairs become the tree; productions that stand for mistakes become diagnostics.

mod strings;

use std::ops::Range;

use pest::Parser as _;
use pest::iterators::{Pair, Pairs};

use super::errors;
use super::grammar::{Grammar, Rule};
use super::tree::{
    Attribute, Binding, BindingKind, Block, Body, Comment, Condition, Conditional, Entry, Item,
    List, Node, Otherwise, Reference, Scalar, ScalarKind, Statement, Tree, Value,
};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Span};

pub(super) fn build(
    file: FileId,
    text: &str,
    range: Range<usize>,
    diagnostics: &mut Diagnostics,
) -> Tree {
    let base = range.start;
    let mut builder = Builder {
        file,
        text,
        base,
        errors: Vec::new(),
        depth: 0,
        suspects: Vec::new(),
    };
    let part = text.get(range).unwrap_or("");
    let body = match Grammar::parse(Rule::file, part) {
        Ok(mut pairs) => match pairs.next() {
            Some(pair) => builder.body(pair.into_inner(), base, Place::Top).body,
            None => Body::default(),
        },
        // The rule accepts every text; what is left is pest's guard of the stack.
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => {
                    at
                }
            };
            let at = builder.span(at, at);
            builder.error(errors::nesting_too_deep(at));
            Body::default()
        }
    };
    builder.report(diagnostics);
    Tree { file, body }
}

/// Where statements stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Block,
}

/// The statements between two braces, and what is known of the braces.
struct Contents {
    open: Option<Comment>,
    body: Body,
    closed: bool,
}

/// A block whose `}` stands further to the left than its head: probably that brace was meant for an outer block.
struct Suspect {
    open: Span,
    close: Span,
    head: Span,
}

struct Builder<'t> {
    file: FileId,
    /// The text of the whole file.
    text: &'t str,
    /// Where the parsed part begins in it.
    base: usize,
    errors: Vec<Diagnostic>,
    depth: usize,
    suspects: Vec<Suspect>,
}

impl<'t> Builder<'t> {
    fn error(&mut self, diagnostic: Diagnostic) {
        self.errors.push(diagnostic);
    }

    /// Hands over the errors: the first of each line, and not too many.
    fn report(mut self, diagnostics: &mut Diagnostics) {
        self.errors
            .sort_by_key(|diagnostic| diagnostic.primary.span.start);
        let mut reported = 0;
        let mut last: Option<u32> = None;
        for diagnostic in self.errors {
            let at = diagnostic.primary.span;
            let echo = last.is_some_and(|last| {
                let between = self.text.get(last as usize..at.start as usize);
                !between.unwrap_or("").contains('\n')
            });
            if echo {
                continue;
            }
            last = Some(at.start);
            if reported == super::MAXIMUM_ERRORS {
                diagnostics.push(errors::too_many_errors(at));
                break;
            }
            reported += 1;
            diagnostics.push(diagnostic);
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(self.base + at).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: offset(start),
            end: offset(end),
        }
    }

    fn span_of(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        self.span(span.start(), span.end())
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn newlines(&self, start: usize, end: usize) -> usize {
        let between = self.text.get(start..end).unwrap_or("");
        between.bytes().filter(|&byte| byte == b'\n').count()
    }

    /// Goes one level down, unless that is too deep: then it is said, once at this place.
    fn nested<T>(&mut self, at: Span, hole: T, build: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth == super::MAXIMUM_DEPTH {
            self.error(errors::nesting_too_deep(at));
            return hole;
        }
        self.depth += 1;
        let built = build(self);
        self.depth -= 1;
        built
    }

    // ---- statements ----

    /// The statements of a file or block that begins at `start`.
    fn body(&mut self, pairs: Pairs<'_, Rule>, start: usize, place: Place) -> Contents {
        let mut contents = Contents {
            open: None,
            body: Body::default(),
            closed: true,
        };
        let mut pending: Vec<Comment> = Vec::new();
        let mut cursor = start;
        for pair in pairs {
            let at = self.span_of(&pair);
            let newlines = self.newlines(cursor, at.start as usize);
            let first = contents.body.statements.is_empty() && pending.is_empty();
            let blank_line_before = newlines > 1 && !first;
            match pair.as_rule() {
                Rule::comment => {
                    let comment = Comment {
                        text: pair.as_str().trim_end().to_owned(),
                        blank_line_before,
                        span: at,
                    };
                    match contents.body.statements.last_mut() {
                        Some(last) if newlines == 0 && pending.is_empty() => {
                            last.after = Some(comment);
                        }
                        None if newlines == 0 && place == Place::Block && pending.is_empty() => {
                            contents.open = Some(comment);
                        }
                        _ => pending.push(comment),
                    }
                }
                Rule::statement => {
                    let statement = self.statement(pair, place, &mut contents.body.statements);
                    if let Some((node, span)) = statement {
                        contents.body.statements.push(Statement {
                            before: std::mem::take(&mut pending),
                            blank_line_before,
                            node,
                            after: None,
                            span,
                        });
                    }
                }
                Rule::stray_brace => self.error(errors::stray_brace(at)),
                Rule::missing_brace => contents.closed = false,
                _ => {}
            }
            cursor = at.end as usize;
        }
        contents.body.end = pending;
        contents
    }

    /// One statement and what follows it on its line. A block without a head goes to the statement above.
    fn statement(
        &mut self,
        pair: Pair<'_, Rule>,
        place: Place,
        above: &mut [Statement],
    ) -> Option<(Node, Span)> {
        let mut inner = pair.into_inner();
        let pair = inner.next()?;
        let span = self.span_of(&pair);
        let node = match pair.as_rule() {
            Rule::binding => self.binding(pair, place),
            Rule::attribute => Node::Attribute(self.attribute(pair)),
            Rule::conditional => Node::Conditional(self.conditional(pair)),
            Rule::entry => self.entry(pair),
            Rule::lone_block => {
                self.error(errors::block_apart_from_head(
                    self.span(pair.as_span().start(), pair.as_span().start() + 1),
                ));
                let block = pair.into_inner().next();
                let block = block.and_then(|block| self.block(block, span));
                if let (Some(block), Some(Statement { node, .. })) = (block, above.last_mut())
                    && let Node::Entry(entry) = node
                    && entry.block.is_none()
                {
                    entry.block = Some(block);
                    return None;
                }
                Node::Junk
            }
            _ => {
                self.junk_line(span);
                Node::Junk
            }
        };
        let mut end = span;
        if let Node::Junk = node {
        } else {
            end = trim_span(span, self.slice(span));
        }
        self.tail(inner, &node, end);
        Some((node, end))
    }

    /// A line that begins with something no statement begins with.
    fn junk_line(&mut self, at: Span) {
        let text = self.slice(at);
        let at = trim_span(at, text);
        let token: &str = text.split([' ', '\t']).next().unwrap_or("");
        let first = text.chars().next().unwrap_or(' ');
        let token_at = Span {
            end: at.start + u32::try_from(token.len()).unwrap_or(0),
            ..at
        };
        if first.is_ascii_digit() || (first.is_alphabetic() && !first.is_ascii()) {
            self.error(errors::unquoted_text(token_at, token));
        } else {
            self.error(errors::unexpected_text(at, text));
        }
    }

    /// What stands between a statement and the end of its line.
    fn tail(&mut self, pairs: Pairs<'_, Rule>, node: &Node, statement: Span) {
        for pair in pairs {
            let at = self.span_of(&pair);
            match pair.as_rule() {
                Rule::stray_comma => self.error(errors::comma_between_statements(at)),
                Rule::junk_head | Rule::junk_tail => self.unexpected(at, node, statement),
                Rule::block => {
                    // Built for the mistakes in it; there is no statement that it could belong to.
                    self.block(pair, statement);
                }
                _ => {}
            }
        }
    }

    /// Text behind a statement: together with the statement's last token it may be text that lacks its quotes.
    fn unexpected(&mut self, at: Span, node: &Node, statement: Span) {
        let text = self.slice(at);
        let last = match node {
            Node::Attribute(Attribute {
                value: Value::Scalar(scalar),
                ..
            }) => Some(scalar),
            Node::Entry(entry) if entry.block.is_none() => entry.labels.last(),
            Node::Binding(_)
            | Node::Attribute(_)
            | Node::Conditional(_)
            | Node::Entry(_)
            | Node::Junk => None,
        };
        let adjacent = |scalar: &&Scalar| {
            scalar.span.end == at.start
                && matches!(
                    scalar.kind,
                    ScalarKind::Name(_) | ScalarKind::Number(_) | ScalarKind::Literal(_)
                )
        };
        if let Some(scalar) = last.filter(adjacent) {
            let length = text.find([' ', '\t', ';', ',']).unwrap_or(text.len());
            let whole = Span {
                start: scalar.span.start,
                end: at.start + u32::try_from(length).unwrap_or(0),
                ..at
            };
            self.error(errors::unquoted_text(whole, self.slice(whole)));
            return;
        }
        if let (Node::Entry(entry), Some(rest)) = (node, text.strip_prefix(':'))
            && entry.labels.is_empty()
            && statement.end == at.start
        {
            let key = self.slice(entry.word.span);
            self.error(errors::yaml_attribute(at, key, rest.trim()));
            return;
        }
        self.error(errors::unexpected_text(trim_span(at, text), text));
    }

    fn binding(&mut self, pair: Pair<'_, Rule>, place: Place) -> Node {
        let at = self.span_of(&pair);
        let word = pair.as_str().split([' ', '\t']).next().unwrap_or("");
        let kind = if word == "let" {
            BindingKind::Let
        } else {
            BindingKind::Param
        };
        let mut name = missing(at.after());
        let mut ty = None;
        let mut value = None;
        let mut behind_equals = false;
        for inner in pair.into_inner() {
            let span = self.span_of(&inner);
            match inner.as_rule() {
                Rule::ident => {
                    name = Scalar {
                        kind: ScalarKind::Name(inner.as_str().to_owned()),
                        span,
                    };
                }
                Rule::equals => behind_equals = true,
                Rule::missing_type => {
                    let name = self.slice(name.span);
                    self.error(errors::missing_type(span, name));
                    ty = Some(Value::Missing(span));
                }
                Rule::binding_word => {}
                _ => {
                    let key = self.slice(name.span);
                    let built = self.value(inner, key);
                    if behind_equals {
                        value = Some(built);
                    } else {
                        ty = Some(built);
                    }
                }
            }
        }
        let known = self.slice(name.span);
        if place == Place::Block {
            self.error(errors::misplaced_binding(at, word));
            return Node::Junk;
        }
        if kind == BindingKind::Let {
            if let Some(ty) = ty.take() {
                self.error(errors::type_of_let(ty.span(), known));
            }
            if value.is_none() {
                self.error(errors::binding_without_value(at.after(), word, known));
                value = Some(Value::Missing(at.after()));
            }
        } else if value.is_none() && ty.is_none() {
            self.error(errors::binding_without_value(at.after(), word, known));
            value = Some(Value::Missing(at.after()));
        }
        Node::Binding(Binding {
            kind,
            name,
            ty,
            value,
        })
    }

    fn attribute(&mut self, pair: Pair<'_, Rule>) -> Attribute {
        let at = self.span_of(&pair);
        let mut inner = pair.into_inner();
        let key = match inner.next() {
            Some(key) => self.scalar(key),
            None => missing(at),
        };
        let mut value = Value::Missing(at.after());
        for pair in inner {
            match pair.as_rule() {
                Rule::equals => {}
                Rule::stray_block => {
                    let span = self.span_of(&pair);
                    let brace = Span {
                        end: span.start + 1,
                        ..span
                    };
                    self.error(errors::block_behind_value(
                        brace,
                        self.slice(key.span),
                        self.slice(value.span()),
                    ));
                }
                _ => value = self.value(pair, self.slice(key.span)),
            }
        }
        Attribute { key, value }
    }

    fn entry(&mut self, pair: Pair<'_, Rule>) -> Node {
        let at = self.span_of(&pair);
        let mut word = None;
        let mut labels = Vec::new();
        let mut block = None;
        for pair in pair.into_inner() {
            let span = self.span_of(&pair);
            match pair.as_rule() {
                Rule::block => block = self.block(pair, at),
                Rule::junk_head => {
                    self.error(errors::unexpected_text(
                        trim_span(span, pair.as_str()),
                        pair.as_str(),
                    ));
                }
                _ => {
                    let scalar = self.scalar(pair);
                    if word.is_none() {
                        word = Some(scalar);
                    } else {
                        labels.push(scalar);
                    }
                }
            }
        }
        let word = word.unwrap_or_else(|| missing(at));
        if matches!(&word.kind, ScalarKind::Name(name) if name == "else") {
            self.error(errors::else_apart_from_brace(word.span));
            return Node::Junk;
        }
        Node::Entry(Entry {
            word,
            labels,
            block,
        })
    }

    /// A block; `head` begins where the statement begins that it belongs to.
    fn block(&mut self, pair: Pair<'_, Rule>, head: Span) -> Option<Block> {
        let span = self.span_of(&pair);
        self.nested(span, None, |builder| {
            let suspects = builder.suspects.len();
            let start = span.start as usize + 1;
            let Contents { open, body, closed } =
                builder.body(pair.into_inner(), start, Place::Block);
            if closed {
                builder.suspect(span, head);
            } else {
                builder.unclosed(span, head, suspects);
            }
            Some(Block {
                open,
                body,
                multiline: builder.newlines(span.start as usize, span.end as usize) > 0,
                span,
            })
        })
    }

    /// Remembers a block whose closing brace stands further left than its head.
    fn suspect(&mut self, span: Span, head: Span) {
        let close = Span {
            start: span.end.saturating_sub(1),
            ..span
        };
        let brace_line = self.line_before(close.start);
        let alone = brace_line.bytes().all(|byte| byte == b' ' || byte == b'\t');
        let head_line = self.line_before(head.start);
        let head_indentation = head_line.len() - head_line.trim_start().len();
        if alone && brace_line.len() < head_indentation {
            self.suspects.push(Suspect {
                open: Span {
                    end: span.start + 1,
                    ..span
                },
                close,
                head,
            });
        }
    }

    /// Reports a missing `}` where it is missing: at an inner block that took this one's brace, or at this one.
    fn unclosed(&mut self, span: Span, head: Span, suspects: usize) {
        let (open, close, head) = if suspects < self.suspects.len() {
            let suspect = self.suspects.remove(suspects);
            (suspect.open, Some(suspect.close), suspect.head)
        } else {
            let open = Span {
                end: span.start + 1,
                ..span
            };
            (open, None, head)
        };
        let head = Span {
            end: open.start,
            ..head
        };
        let head = if head.start <= head.end {
            self.slice(head)
        } else {
            ""
        };
        self.error(errors::unclosed_block(open, close, head));
    }

    /// What stands on the line before this place.
    fn line_before(&self, at: u32) -> &'t str {
        let before = self.text.get(..at as usize).unwrap_or("");
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        before.get(start..).unwrap_or("")
    }

    // ---- conditions ----

    fn conditional(&mut self, pair: Pair<'_, Rule>) -> Conditional {
        let at = self.span_of(&pair);
        let mut condition = Condition::Missing(at);
        let mut then = None;
        let mut otherwise = None;
        for pair in pair.into_inner() {
            let span = self.span_of(&pair);
            match pair.as_rule() {
                Rule::condition => condition = self.condition(pair),
                Rule::block => then = self.block(pair, at),
                Rule::otherwise => otherwise = self.otherwise(pair),
                Rule::missing_block => self.error(errors::missing_block(span, "if")),
                Rule::junk_head => {
                    self.error(errors::unexpected_text(
                        trim_span(span, pair.as_str()),
                        pair.as_str(),
                    ));
                    condition = Condition::Missing(span);
                }
                _ => {}
            }
        }
        Conditional {
            condition,
            then: then.unwrap_or_else(|| empty_block(at.after())),
            otherwise,
        }
    }

    fn otherwise(&mut self, pair: Pair<'_, Rule>) -> Option<Otherwise> {
        let at = self.span_of(&pair);
        let mut otherwise = None;
        for pair in pair.into_inner() {
            let span = self.span_of(&pair);
            match pair.as_rule() {
                Rule::conditional => {
                    otherwise = self
                        .nested(span, None, |builder| Some(builder.conditional(pair)))
                        .map(|conditional| Otherwise::If(Box::new(conditional)));
                }
                Rule::block => otherwise = self.block(pair, at).map(Otherwise::Block),
                Rule::missing_block => self.error(errors::missing_block(span, "else")),
                Rule::junk_head => self.error(errors::unexpected_text(
                    trim_span(span, pair.as_str()),
                    pair.as_str(),
                )),
                _ => {}
            }
        }
        otherwise
    }

    fn condition(&mut self, pair: Pair<'_, Rule>) -> Condition {
        let mut parts: Vec<Condition> = pair.into_inner().map(|all| self.all(all)).collect();
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            Some(last) => {
                parts.push(last);
                Condition::Or(parts)
            }
            None => Condition::Missing(Span::NONE),
        }
    }

    fn all(&mut self, pair: Pair<'_, Rule>) -> Condition {
        let mut parts: Vec<Condition> = pair.into_inner().map(|test| self.test(test)).collect();
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            Some(last) => {
                parts.push(last);
                Condition::And(parts)
            }
            None => Condition::Missing(Span::NONE),
        }
    }

    fn test(&mut self, pair: Pair<'_, Rule>) -> Condition {
        let at = self.span_of(&pair);
        let Some(pair) = pair.into_inner().next() else {
            return Condition::Missing(at);
        };
        match pair.as_rule() {
            Rule::negation => self.nested(at, Condition::Missing(at), |builder| {
                match pair.into_inner().next() {
                    Some(test) => Condition::Not(Box::new(builder.test(test))),
                    None => Condition::Missing(at),
                }
            }),
            Rule::group => self.nested(at, Condition::Missing(at), |builder| {
                let mut group = Condition::Missing(at);
                for pair in pair.into_inner() {
                    match pair.as_rule() {
                        Rule::condition => group = builder.condition(pair),
                        Rule::missing_parenthesis => {
                            let open = Span {
                                end: at.start + 1,
                                ..at
                            };
                            builder.error(errors::unclosed_parenthesis(open));
                        }
                        _ => {}
                    }
                }
                Condition::Group(Box::new(group))
            }),
            Rule::comparison => self.comparison(pair),
            _ => {
                self.error(errors::missing_condition(at));
                Condition::Missing(at)
            }
        }
    }

    fn comparison(&mut self, pair: Pair<'_, Rule>) -> Condition {
        let at = self.span_of(&pair);
        let mut inner = pair.into_inner();
        let Some(left) = inner.next() else {
            return Condition::Missing(at);
        };
        let left = self.scalar(left);
        let Some(operator) = inner.next() else {
            return Condition::Is(left);
        };
        if operator.as_rule() == Rule::single_equals {
            let at = self.span_of(&operator);
            self.error(errors::single_equals(at));
        }
        let Some(right) = inner.next() else {
            return Condition::Missing(at);
        };
        let right_at = self.span_of(&right);
        if right.as_rule() == Rule::missing_operand {
            self.error(errors::missing_condition(right_at));
            return Condition::Missing(right_at);
        }
        match operator.as_rule() {
            Rule::in_word => Condition::In(left, self.value(right, "in")),
            Rule::not_equal => Condition::NotEqual(left, self.scalar(right)),
            _ => Condition::Equal(left, self.scalar(right)),
        }
    }

    // ---- values ----

    /// A value; `key` names what it is the value of.
    fn value(&mut self, pair: Pair<'_, Rule>, key: &str) -> Value {
        let at = self.span_of(&pair);
        match pair.as_rule() {
            Rule::missing_value => {
                self.error(errors::missing_value(at, key));
                Value::Missing(at)
            }
            Rule::broken_value => {
                let text = pair.as_str().trim_end();
                let at = trim_span(at, pair.as_str());
                self.error(if text.starts_with(['\'', ']', ')', '=']) {
                    errors::unexpected_text(at, text)
                } else {
                    errors::unquoted_text(at, text)
                });
                Value::Missing(at)
            }
            Rule::list => self.nested(at, Value::Missing(at), |builder| {
                Value::List(builder.list(pair))
            }),
            Rule::map => match pair
                .into_inner()
                .next()
                .and_then(|block| self.block(block, at))
            {
                Some(block) => Value::Map(self.entries_of_map(block)),
                None => Value::Missing(at),
            },
            _ => Value::Scalar(self.scalar(pair)),
        }
    }

    /// Reports statements of a map that are no `key = value`.
    fn entries_of_map(&mut self, mut block: Block) -> Block {
        for statement in &mut block.body.statements {
            if !matches!(statement.node, Node::Attribute(_) | Node::Junk) {
                self.error(errors::not_a_map_entry(statement.span));
                statement.node = Node::Junk;
            }
        }
        block
    }

    fn list(&mut self, pair: Pair<'_, Rule>) -> List {
        let span = self.span_of(&pair);
        let mut list = List {
            open: None,
            items: Vec::new(),
            end: Vec::new(),
            multiline: self.newlines(span.start as usize, span.end as usize) > 0,
            span,
        };
        let mut pending: Vec<Comment> = Vec::new();
        let mut cursor = span.start as usize + 1;
        let mut last_end = span.start + 1;
        let mut comma_since_item = true;
        let mut newline_since_item = false;
        for pair in pair.into_inner() {
            let at = self.span_of(&pair);
            let newlines = self.newlines(cursor, at.start as usize);
            newline_since_item |= newlines > 0;
            let first = list.items.is_empty() && pending.is_empty();
            let blank_line_before = newlines > 1 && !first;
            match pair.as_rule() {
                Rule::comment => {
                    let comment = Comment {
                        text: pair.as_str().trim_end().to_owned(),
                        blank_line_before,
                        span: at,
                    };
                    match list.items.last_mut() {
                        Some(last) if !newline_since_item => last.after = Some(comment),
                        None if newlines == 0 && pending.is_empty() => list.open = Some(comment),
                        _ => pending.push(comment),
                    }
                }
                Rule::comma => {
                    if comma_since_item {
                        self.error(errors::comma_without_item(at));
                    }
                    comma_since_item = true;
                }
                Rule::missing_bracket => {
                    let open = Span {
                        end: span.start + 1,
                        ..span
                    };
                    let end = Span {
                        start: last_end,
                        end: last_end,
                        ..span
                    };
                    self.error(errors::unclosed_list(open, end));
                }
                Rule::junk_item => {
                    self.junk_item(at, list.items.last());
                    comma_since_item = false;
                    newline_since_item = false;
                    last_end = at.end;
                }
                _ => {
                    if !list.items.is_empty() && !comma_since_item && !newline_since_item {
                        let gap = Span {
                            start: last_end,
                            end: at.start,
                            ..at
                        };
                        self.error(errors::missing_comma(gap));
                    }
                    let value = self.value(pair, "item");
                    list.items.push(Item {
                        before: std::mem::take(&mut pending),
                        blank_line_before,
                        value,
                        after: None,
                    });
                    comma_since_item = false;
                    newline_since_item = false;
                    last_end = at.end;
                }
            }
            cursor = at.end as usize;
        }
        list.end = pending;
        list
    }

    fn junk_item(&mut self, at: Span, last: Option<&Item>) {
        let text = self.slice(at);
        let trimmed = trim_span(at, text);
        let adjacent = last.map(|item| item.value.span());
        match adjacent {
            Some(item) if item.end == at.start => {
                let whole = item.to(trimmed);
                self.error(errors::unquoted_text(whole, self.slice(whole)));
            }
            _ if text.starts_with(['/', '-', '+', '*', '.', '@', '%', '~', ':']) => {
                self.error(errors::unquoted_text(trimmed, text.trim()));
            }
            _ => self.error(errors::unexpected_text(trimmed, text)),
        }
    }

    // ---- tokens ----

    fn scalar(&mut self, pair: Pair<'_, Rule>) -> Scalar {
        let span = self.span_of(&pair);
        let spelling = || pair.as_str().to_owned();
        let kind = match pair.as_rule() {
            Rule::name => ScalarKind::Name(spelling()),
            Rule::number => ScalarKind::Number(spelling()),
            Rule::literal => ScalarKind::Literal(spelling()),
            Rule::reference => ScalarKind::Reference(self.reference(&pair)),
            Rule::text => self.text(pair, span),
            Rule::long_text => self.long_text(pair, span),
            _ => {
                self.error(errors::invalid_reference(span, pair.as_str()));
                ScalarKind::Missing
            }
        };
        Scalar { kind, span }
    }

    fn reference(&self, pair: &Pair<'_, Rule>) -> Reference {
        let mut names: Vec<String> = pair
            .clone()
            .into_inner()
            .map(|ident| ident.as_str().to_owned())
            .collect();
        let name = names.pop().unwrap_or_default();
        Reference {
            module: names.pop(),
            name,
            span: self.span_of(pair),
        }
    }
}

fn missing(at: Span) -> Scalar {
    Scalar {
        kind: ScalarKind::Missing,
        span: at,
    }
}

fn empty_block(span: Span) -> Block {
    Block {
        open: None,
        body: Body::default(),
        multiline: false,
        span,
    }
}

/// The span without the blanks at its ends; `text` is what it covers.
fn trim_span(span: Span, text: &str) -> Span {
    let cut = |length: usize| u32::try_from(length).unwrap_or(0);
    Span {
        start: span.start + cut(text.len() - text.trim_start().len()),
        end: span.end - cut(text.len() - text.trim_end().len()),
        ..span
    }
}
