//! What is on the line of a statement, or between statements, by mistake.

use pest::iterators::Pair;

use super::{Builder, Rule, errors, first, offset, trim};
use crate::diagnostic::{Diagnostic, Label};
use crate::source::Span;
use crate::syntax::tree::{
    Attribute, Binding, BindingKind, Conditional, Entry, Node, Otherwise, Scalar, ScalarKind,
    Statement, Value,
};

impl Builder<'_> {
    /// An `else` that follows no `}`: it belongs to the conditional above it.
    pub(super) fn else_apart(&mut self, pair: Pair<'_, Rule>, at: Span, above: &mut [Statement]) {
        let word = self.slice(at).split([' ', '\t', '{', '\n', '\r']).next();
        let word = word.unwrap_or("");
        let word_at = Span {
            end: at.start + offset(word.len()),
            ..at
        };
        self.error(errors::else_apart_from_brace(word_at, word));
        let Some(pair) = pair.into_inner().next() else {
            return;
        };
        let otherwise = self.otherwise(pair);
        if let Some(Statement {
            node: Node::Conditional(conditional),
            ..
        }) = above.last_mut()
        {
            append(conditional, otherwise);
        }
    }

    /// A block that no word is before. Whether it has been given to the entry above it.
    pub(super) fn lone_block(
        &mut self,
        pair: Pair<'_, Rule>,
        at: Span,
        above: Option<&mut Statement>,
    ) -> bool {
        let head = above.as_ref().map_or(at, |above| above.span);
        let entry = match above.map(|above| &mut above.node) {
            Some(Node::Entry(entry)) if entry.block.is_none() => Some(entry),
            Some(
                Node::Binding(_)
                | Node::Attribute(_)
                | Node::Conditional(_)
                | Node::Entry(_)
                | Node::Junk,
            )
            | None => None,
        };
        self.error(if entry.is_some() {
            errors::block_apart_from_head(first(at))
        } else {
            errors::lone_block(first(at))
        });
        let head = if entry.is_some() { head } else { at };
        let block = pair
            .into_inner()
            .next()
            .map(|block| self.block(block, head));
        match entry {
            Some(entry) => {
                entry.block = block;
                true
            }
            None => false,
        }
    }

    /// Whether a statement is a lone word that was meant to be the value of the attribute above it, which has none.
    pub(super) fn is_value_below(&self, above: Option<&Statement>, node: &Node, at: Span) -> bool {
        let (Some(above), Node::Entry(entry)) = (above, node) else {
            return false;
        };
        let has_no_value = matches!(
            &above.node,
            Node::Attribute(Attribute { value: Value::Missing(span), .. }) if span.range().is_empty()
        );
        has_no_value
            && entry.labels.is_empty()
            && entry.block.is_none()
            && self.indentation(at.start) > self.indentation(above.span.start)
    }

    /// A line that begins with something no statement begins with.
    pub(super) fn junk(&mut self, at: Span) {
        let text = self.slice(at);
        let at = trim(at, text);
        let text = self.slice(at);
        let token = first_word(text);
        let token_at = Span {
            end: at.start + offset(token.len()),
            ..at
        };
        if token == "-" {
            let item = text.trim_start_matches('-').trim();
            self.list_item(token_at, item);
            return;
        }
        self.error(match text.chars().next() {
            Some(character) if character.is_alphabetic() => errors::unquoted_text(token_at, token),
            Some('/') => errors::unquoted_text(token_at, token),
            _ => errors::unexpected_text(at, text),
        });
    }

    /// Lines that begin with `-`, one after the other, are one mistake.
    fn list_item(&mut self, at: Span, item: &str) {
        if let Some(last) = self
            .errors
            .last_mut()
            .filter(|last| errors::is_list_item(last))
        {
            last.related.push(Label::new(at, "here too"));
            let next = errors::list_item(at, item).fix;
            last.fix = last.fix.take().zip(next).map(|(mut all, next)| {
                all.edits.extend(next.edits);
                all
            });
            return;
        }
        self.error(errors::list_item(at, item));
    }

    /// Several words where one value stands.
    pub(super) fn several_values(&mut self, first: &Scalar, extra: &[Scalar]) -> Value {
        let whole = extra
            .last()
            .map_or(first.span, |last| first.span.to(last.span));
        let quoted =
            |scalar: &Scalar| matches!(scalar.kind, ScalarKind::Text(_) | ScalarKind::Missing);
        let second = extra.first().map_or(whole, |second| second.span);
        self.error(if quoted(first) || extra.iter().any(quoted) {
            errors::second_value(second, self.slice(second))
        } else {
            errors::unquoted_text(whole, self.slice(whole))
        });
        Value::Missing(whole)
    }

    /// What is between a statement and the end of its line.
    pub(super) fn tail(&mut self, pair: Pair<'_, Rule>, node: Option<&Node>, statement: Span) {
        let at = self.span_of(&pair);
        match pair.as_rule() {
            Rule::stray_comma => match self.decimal_comma(at, node) {
                Some(whole) => self.error(errors::decimal_comma(whole, self.slice(whole))),
                None if self.opens(at, node) => self.error(self.ports(at, statement)),
                None => self.stray_comma(at),
            },
            Rule::foreign_comment => self.error(errors::foreign_comment(at, pair.as_str())),
            Rule::missing_end => self.error(errors::missing_end(at)),
            Rule::junk_head | Rule::junk_tail => {
                let error = self.unexpected(at, node, statement);
                self.error(error);
            }
            // There is no statement that it could belong to, but there may be mistakes in it.
            Rule::block => {
                self.error(errors::unexpected_text(first(at), "{"));
                self.block(pair, at);
            }
            _ => {}
        }
    }

    /// The number that this comma is part of, as in `tpa = 23,45`.
    pub(super) fn decimal_comma(&self, at: Span, node: Option<&Node>) -> Option<Span> {
        let last = last_scalar(node?).filter(|_| !matches!(node, Some(Node::Entry(_))))?;
        let is_number = matches!(last.kind, ScalarKind::Number(_)) && last.span.end == at.start;
        let rest = self.text.get(at.end as usize..).unwrap_or("");
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = rest.len() - after.len();
        let ends = after.is_empty() || after.starts_with([' ', '\t', '\n', '\r', ';', '}', '#']);
        let whole = last.span.to(Span {
            end: at.end + offset(digits),
            ..at
        });
        let is_decimal = !self.slice(last.span).contains('.') && digits > 0 && ends;
        (is_number && is_decimal).then_some(whole)
    }

    /// Whether a comma is after the port of an `open`.
    pub(super) fn opens(&self, at: Span, node: Option<&Node>) -> bool {
        let Some(Node::Entry(entry)) = node else {
            return false;
        };
        let rest = self.text.get(at.end as usize..).unwrap_or("");
        let has_port = rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
        self.slice(entry.word.span) == "open" && entry.labels.len() == 1 && has_port
    }

    /// `open 22,5432 10.0.0.0/8`.
    fn ports(&self, at: Span, statement: Span) -> Diagnostic {
        let rest = self.text.get(at.start as usize..).unwrap_or("");
        let rest = rest.split(['\n', '\r', ';', '}', '#']).next().unwrap_or("");
        let whole = statement.to(Span {
            end: at.start + offset(rest.trim_end().len()),
            ..at
        });
        let (_, ports) = self.slice(whole).split_at("open".len());
        let last = ports.rfind(',').map_or(0, |comma| comma + 1);
        let last = ports.get(last..).unwrap_or("").trim_start();
        let networks = last.find([' ', '\t']).and_then(|end| last.get(end..));
        let networks = networks.unwrap_or("");
        let ports = ports.strip_suffix(networks).unwrap_or(ports);
        errors::ports_with_commas(whole, (ports.trim(), networks))
    }

    fn stray_comma(&mut self, at: Span) {
        let rest = self.text.get(at.end as usize..).unwrap_or("");
        let rest = rest.trim_start_matches([' ', '\t']);
        let last = rest.is_empty() || rest.starts_with(['\n', '\r', '}', '#']);
        self.error(if last {
            errors::comma_behind_statement(at)
        } else if is_attribute(rest) {
            errors::comma_between_attributes(at)
        } else {
            errors::comma_between_statements(at)
        });
    }

    /// Text after a statement: together with the statement's last token it may be text that lacks its quotes.
    fn unexpected(&self, at: Span, node: Option<&Node>, statement: Span) -> Diagnostic {
        let text = self.slice(at);
        let last = node.and_then(last_scalar);
        if let Some(word) = misplaced_binding(node, text) {
            let at = statement.to(trim(at, text));
            return errors::misplaced_binding(at, word);
        }
        let adjacent = last.filter(|scalar| scalar.span.end == at.start);
        if let Some(error) = adjacent.and_then(|scalar| self.adjacent(at, node, scalar)) {
            return error;
        }
        let at = trim(at, text);
        let text = self.slice(at);
        if let Some(Node::Entry(Entry {
            word,
            labels,
            block: None,
        })) = node
            && let [before @ .., key] = labels.as_slice()
            && text.starts_with('=')
            && errors::declares_elsewhere(self.slice(word.span))
        {
            let extra = before
                .last()
                .map_or(word.span, |last| word.span.to(last.span));
            let assignment = (self.slice(key.span), text);
            let whole = extra.to(at);
            return errors::words_before_key(extra, whole, self.slice(extra), assignment);
        }
        if let Some(last) = last
            && let Some(result) = calculated(self.slice(last.span), text)
        {
            return errors::arithmetic(last.span.to(at), self.slice(last.span.to(at)), result);
        }
        let token = first_word(text);
        if token.len() > 1 && token.starts_with(['/', '@', '.', '-', '*', '%', '~', '\\']) {
            let end = at.start + offset(token.len());
            return errors::unquoted_text(Span { end, ..at }, token);
        }
        if let Some(Node::Binding(binding)) = node
            && text.starts_with('|')
            && let Some(Value::Scalar(first)) = binding.ty.as_ref().or(binding.value.as_ref())
        {
            let name = self.slice(binding.name.span);
            let from = binding.name.span.to(at);
            return errors::values_with_bars(at, from, name, (self.slice(first.span), text));
        }
        if let Some(Node::Entry(entry)) = node
            && entry.labels.is_empty()
            && text.starts_with('[')
        {
            let word = entry.word.span;
            return errors::list_after_word(at, word.to(at), (self.slice(word), text));
        }
        errors::unexpected_text(at, text)
    }

    /// The name after the `$` that a text begins with, where it is one of a `param` or `let` of the file.
    fn referred(&self, text: &str) -> Option<&str> {
        let name = text.strip_prefix('$')?;
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let name = name.split(|c| !is_letter(c)).next()?;
        self.text.lines().find_map(|line| {
            let mut words = line
                .split([' ', '\t', ':', '='])
                .filter(|it| !it.is_empty());
            let is_binding = matches!(words.next(), Some("param" | "let"));
            words
                .next()
                .filter(|defined| is_binding && *defined == name)
        })
    }

    /// Text directly after the last token of a statement.
    fn adjacent(&self, at: Span, node: Option<&Node>, last: &Scalar) -> Option<Diagnostic> {
        let text = self.slice(at);
        let behind = Span {
            end: at.start + offset(first_word(text).len()),
            ..at
        };
        let whole = last.span.to(behind);
        let text_of_whole = self.slice(whole);
        if errors::is_strange_blank(text) {
            return None;
        }
        match &last.kind {
            ScalarKind::Name(name) if text.starts_with('(') => {
                Some(errors::function_call(last.span, name))
            }
            ScalarKind::Name(_) | ScalarKind::Number(_) | ScalarKind::Literal(_) => {
                if text.starts_with(['(', ')', ']', '=', '\'']) {
                    None
                } else if text.starts_with('"') && matches!(node, Some(Node::Entry(_))) {
                    Some(errors::missing_blank(behind, self.slice(behind)))
                } else if let Some(name) = self.referred(text) {
                    Some(errors::reference_in_word(whole, text_of_whole, name))
                } else {
                    Some(errors::unquoted_text(whole, text_of_whole))
                }
            }
            ScalarKind::Text(_) => Some(errors::text_behind_string(behind, self.slice(behind))),
            ScalarKind::Reference(_) => Some(errors::text_behind_reference(
                behind,
                self.slice(behind),
                text_of_whole,
            )),
            ScalarKind::Missing => None,
        }
    }
}

/// The token that a statement ends with, or its head.
fn last_scalar(node: &Node) -> Option<&Scalar> {
    match node {
        Node::Attribute(Attribute {
            value: Value::Scalar(scalar),
            ..
        })
        | Node::Binding(Binding {
            value: Some(Value::Scalar(scalar)),
            ..
        }) => Some(scalar),
        Node::Entry(entry) => Some(entry.labels.last().unwrap_or(&entry.word)),
        Node::Binding(_) | Node::Attribute(_) | Node::Conditional(_) | Node::Junk => None,
    }
}

/// The word of a binding that is in a block, if what follows its name makes it one.
fn misplaced_binding(node: Option<&Node>, text: &str) -> Option<&'static str> {
    let Some(Node::Entry(entry)) = node else {
        return None;
    };
    let ScalarKind::Name(word) = &entry.word.kind else {
        return None;
    };
    let kinds = [BindingKind::Param, BindingKind::Let];
    let kind = kinds.into_iter().find(|kind| kind.word() == word)?;
    let text = text.trim_start_matches([' ', '\t']);
    (entry.labels.len() == 1 && text.starts_with(['=', ':'])).then(|| kind.word())
}

/// What comes out of `100 + 100`.
fn calculated(left: &str, text: &str) -> Option<i64> {
    let left: i64 = left.parse().ok()?;
    let (operator, right) = text.split_at_checked(1)?;
    let right: i64 = right.trim().parse().ok()?;
    match operator {
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        "/" => left.checked_div(right),
        _ => None,
    }
}

fn first_word(text: &str) -> &str {
    text.split([' ', '\t', ';', ',']).next().unwrap_or("")
}

/// Gives a chain of conditionals its last part, unless it has one.
fn append(conditional: &mut Conditional, last: Option<Otherwise>) {
    match &mut conditional.otherwise {
        Some(Otherwise::If(next)) => append(next, last),
        Some(Otherwise::Block(_)) => {}
        none @ None => *none = last,
    }
}

/// Whether a text begins with `key =`.
fn is_attribute(text: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || "_-.\"".contains(c);
    let behind = text.trim_start_matches(is_name);
    behind.len() < text.len() && behind.trim_start_matches([' ', '\t']).starts_with('=')
}
