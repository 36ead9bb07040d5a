//! Conditionals and their conditions.

use pest::iterators::{Pair, Pairs};

use super::{Builder, Rule, errors, first, trim};
use crate::source::Span;
use crate::syntax::tree::{Block, Body, Condition, Conditional, Otherwise};

impl Builder<'_> {
    /// A conditional from the pairs after its `if`.
    pub(super) fn conditional(&mut self, pairs: Pairs<'_, Rule>, at: Span) -> Conditional {
        let mut conditional = Conditional {
            condition: Condition::Missing(at),
            then: empty_block(at.after()),
            otherwise: None,
        };
        for pair in pairs {
            let span = self.span_of(&pair);
            match pair.as_rule() {
                Rule::condition => conditional.condition = self.condition(pair),
                Rule::otherwise => conditional.otherwise = self.otherwise(pair),
                Rule::junk_head => {
                    let at = trim(span, self.slice(span));
                    self.error(errors::unexpected_in_condition(at, self.slice(at)));
                    conditional.condition = Condition::Missing(span);
                }
                _ => {
                    if let Some(block) = self.branch(pair, at, "if") {
                        conditional.then = block;
                    }
                }
            }
        }
        conditional
    }

    pub(super) fn otherwise(&mut self, pair: Pair<'_, Rule>) -> Option<Otherwise> {
        let at = self.span_of(&pair);
        let mut inner = pair.into_inner();
        let word = inner.next()?;
        if word.as_rule() == Rule::else_if_word {
            self.error(errors::joined_else_if(self.span_of(&word), word.as_str()));
            let conditional = match inner.peek() {
                Some(pair) if pair.as_rule() == Rule::too_deep => {
                    self.too_deep(self.span_of(&word));
                    return None;
                }
                Some(_) | None => self.conditional(inner, at),
            };
            return Some(Otherwise::If(Box::new(conditional)));
        }
        let mut otherwise = None;
        for pair in inner {
            let span = self.span_of(&pair);
            match pair.as_rule() {
                Rule::conditional => {
                    let conditional = self.conditional(pair.into_inner(), span);
                    otherwise = Some(Otherwise::If(Box::new(conditional)));
                }
                Rule::junk_head => {
                    let at = trim(span, self.slice(span));
                    self.error(errors::unexpected_behind_else(at, self.slice(at)));
                }
                Rule::too_deep => self.too_deep(self.span_of(&word)),
                _ => {
                    let block = self.branch(pair, at, "else");
                    otherwise = block.map(Otherwise::Block).or(otherwise);
                }
            }
        }
        otherwise
    }

    /// The block after `if` or `else`, or what is in its place.
    fn branch(&mut self, pair: Pair<'_, Rule>, head: Span, word: &str) -> Option<Block> {
        let at = self.span_of(&pair);
        match pair.as_rule() {
            Rule::block => Some(self.block(pair, head)),
            Rule::block_below => {
                let pair = pair.into_inner().last()?;
                let brace = first(self.span_of(&pair));
                self.error(errors::block_apart_from_head(brace));
                Some(self.block(pair, head))
            }
            Rule::missing_block => {
                let text = self.slice(at);
                if text.is_empty() {
                    self.error(errors::missing_block(self.behind_blanks(at), word));
                } else {
                    let at = trim(at, text);
                    self.error(errors::unexpected_in_condition(at, self.slice(at)));
                }
                None
            }
            _ => None,
        }
    }

    fn condition(&mut self, pair: Pair<'_, Rule>) -> Condition {
        self.joined(pair, Self::all, Condition::Or)
    }

    fn all(&mut self, pair: Pair<'_, Rule>) -> Condition {
        self.joined(pair, Self::test, Condition::And)
    }

    /// One part, or several that are joined by a word.
    fn joined(
        &mut self,
        pair: Pair<'_, Rule>,
        build: fn(&mut Self, Pair<'_, Rule>) -> Condition,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Condition {
        let at = self.span_of(&pair);
        let mut parts = Vec::new();
        for pair in pair.into_inner() {
            match pair.as_rule() {
                Rule::wrong_or | Rule::wrong_and => {
                    self.error(errors::symbol(self.span_of(&pair), pair.as_str()));
                }
                _ => parts.push(build(self, pair)),
            }
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            Some(last) => {
                parts.push(last);
                join(parts)
            }
            None => Condition::Missing(at),
        }
    }

    fn test(&mut self, pair: Pair<'_, Rule>) -> Condition {
        let at = self.span_of(&pair);
        match pair.as_rule() {
            Rule::negation => {
                let mut test = Condition::Missing(at);
                for pair in pair.into_inner() {
                    match pair.as_rule() {
                        Rule::wrong_not => {
                            self.error(errors::symbol(self.span_of(&pair), pair.as_str()));
                        }
                        Rule::too_deep => self.too_deep(first(at)),
                        _ => test = self.test(pair),
                    }
                }
                Condition::Not(Box::new(test))
            }
            Rule::group => {
                let mut group = Condition::Missing(at);
                for pair in pair.into_inner() {
                    match pair.as_rule() {
                        Rule::condition => group = self.condition(pair),
                        Rule::too_deep => self.too_deep(first(at)),
                        Rule::missing_parenthesis if !self.unread => {
                            self.error(errors::unclosed_parenthesis(first(at)));
                        }
                        _ => {}
                    }
                }
                Condition::Group(Box::new(group))
            }
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
        let (Some(operator), Some(right)) = (inner.next(), inner.next()) else {
            return Condition::Is(left);
        };
        if operator.as_rule() == Rule::single_equals {
            let at = self.span_of(&operator);
            self.error(errors::single_equals(at));
        }
        let right_at = self.span_of(&right);
        if right.as_rule() == Rule::missing_operand {
            self.error(errors::missing_condition(right_at));
            return Condition::Missing(right_at);
        }
        match operator.as_rule() {
            Rule::in_word if matches!(right.as_rule(), Rule::list | Rule::reference) => {
                Condition::In(left, self.value(right, "in"))
            }
            Rule::in_word => {
                self.error(errors::not_a_list(right_at, self.slice(right_at)));
                Condition::Missing(right_at)
            }
            Rule::not_equal => Condition::NotEqual(left, self.scalar(right)),
            _ => Condition::Equal(left, self.scalar(right)),
        }
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
