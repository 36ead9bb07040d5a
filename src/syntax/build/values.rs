//! Values: lists, maps and single tokens.

use pest::iterators::Pair;

use super::{Builder, Rule, comment, errors, first, offset, trim};
use crate::source::Span;
use crate::syntax::tree::{
    Block, Comment, Item, List, Node, Reference, Scalar, ScalarKind, Text, Value,
};

/// What has been seen of a list.
struct Items {
    list: List,
    /// Comments that wait for their item.
    pending: Vec<Comment>,
    /// Where the last item or comment ends.
    cursor: u32,
    /// Where the last item ends, be it a good one or not.
    last_end: u32,
    comma_since_item: bool,
    line_break_since_item: bool,
}

impl Builder<'_> {
    /// A value; `key` names what it is the value of.
    pub(super) fn value(&mut self, pair: Pair<'_, Rule>, key: &str) -> Value {
        let at = self.span_of(&pair);
        match pair.as_rule() {
            Rule::missing_value => {
                let at = self.behind_blanks(at);
                self.error(errors::missing_value(at, key));
                Value::Missing(at)
            }
            Rule::value_below => match pair.into_inner().last() {
                Some(pair) => {
                    let at = first(self.span_of(&pair));
                    self.error(errors::value_below(at, key));
                    self.value(pair, key)
                }
                None => Value::Missing(at),
            },
            Rule::broken_value => {
                let at = trim(at, self.slice(at));
                self.broken_value(at);
                Value::Missing(at)
            }
            Rule::list => Value::List(self.list(pair)),
            Rule::block if self.slice(at).starts_with("{{") => {
                self.error(errors::template(at, self.slice(at)));
                Value::Missing(at)
            }
            Rule::block => {
                let block = self.block(pair, at);
                Value::Map(self.entries_of_map(block))
            }
            _ => Value::Scalar(self.scalar(pair)),
        }
    }

    fn broken_value(&mut self, at: Span) {
        let text = self.slice(at);
        let error = match text.chars().next() {
            Some('(') => {
                let line = self.text.get(at.start as usize..).unwrap_or(text);
                let line = line.lines().next().unwrap_or(text);
                errors::list_in_parentheses(at, line)
            }
            Some(']' | ')' | '=') => errors::unexpected_text(at, text),
            Some('<') if text.starts_with("<<") => {
                let rest = self.text.get(at.start as usize..).unwrap_or(text);
                if let Some(length) = errors::end_of_here_document(rest) {
                    self.here_document = at.end..at.start.saturating_add(offset(length));
                }
                errors::here_document(at, text)
            }
            Some('/') if text.starts_with("//") || text.starts_with("/*") => {
                errors::foreign_comment(at, text)
            }
            _ => errors::unquoted_text(at, text),
        };
        self.error(error);
    }

    /// Reports statements of a map that are not `key = value`.
    fn entries_of_map(&mut self, mut block: Block) -> Block {
        for statement in &mut block.body.statements {
            if !matches!(statement.node, Node::Attribute(_) | Node::Junk) {
                self.error(errors::not_a_map_entry(
                    statement.span,
                    self.slice(statement.span),
                ));
                statement.node = Node::Junk;
            }
        }
        block
    }

    // ---- lists ----

    fn list(&mut self, pair: Pair<'_, Rule>) -> List {
        let span = self.span_of(&pair);
        let mut items = Items {
            list: List {
                open: None,
                items: Vec::new(),
                end: Vec::new(),
                multiline: self.is_multiline(span),
                span,
            },
            pending: Vec::new(),
            cursor: span.start + 1,
            last_end: span.start + 1,
            comma_since_item: true,
            line_break_since_item: false,
        };
        let errors = self.errors.len();
        let mut open = false;
        for pair in pair.into_inner() {
            match pair.as_rule() {
                Rule::too_deep => self.too_deep(first(span)),
                Rule::missing_bracket => open = true,
                _ => self.pair_of_list(pair, &mut items),
            }
        }
        if open && !self.unread {
            // Its items may be what comes after the missing bracket.
            self.forget_errors(errors);
            let rest = self.text.get(span.end as usize..).unwrap_or("");
            if rest.starts_with('}') {
                self.lists_with_brace += 1;
            }
            let end = Span {
                start: items.last_end,
                end: items.last_end,
                ..span
            };
            self.error(errors::unclosed_list(first(span), end));
        } else {
            self.commas(&mut items, span.end.saturating_sub(1));
        }
        items.list.end = items.pending;
        items.list
    }

    fn pair_of_list(&mut self, pair: Pair<'_, Rule>, items: &mut Items) {
        let at = self.span_of(&pair);
        let breaks = self.line_breaks(items.cursor, at.start);
        self.commas(items, at.start);
        items.line_break_since_item |= breaks > 0;
        items.cursor = at.end;
        let list = &mut items.list;
        let empty = list.items.is_empty() && items.pending.is_empty();
        let blank_line_before = breaks > 1 && !empty;
        match pair.as_rule() {
            Rule::comment => {
                let comment = comment(&pair, at, blank_line_before);
                match list.items.last_mut() {
                    Some(item) if !items.line_break_since_item => item.after = Some(comment),
                    None if !items.line_break_since_item && empty => list.open = Some(comment),
                    _ => items.pending.push(comment),
                }
                return;
            }
            Rule::foreign_comment => {
                self.error(errors::foreign_comment(at, pair.as_str()));
                return;
            }
            Rule::semicolon => {
                if !self.is_echo(at) {
                    self.error(errors::semicolon_in_list(at));
                }
                items.comma_since_item = true;
                return;
            }
            Rule::junk_item => self.junk_item(at, list.items.last()),
            _ => {
                if !list.items.is_empty() && !items.comma_since_item && !items.line_break_since_item
                {
                    self.missing_comma(items.last_end, at);
                }
                let value = self.value(pair, "item");
                items.list.items.push(Item {
                    before: std::mem::take(&mut items.pending),
                    blank_line_before,
                    value,
                    after: None,
                });
            }
        }
        items.comma_since_item = false;
        items.line_break_since_item = false;
        items.last_end = at.end;
    }

    /// Looks at the commas between the last pair of a list and the next.
    fn commas(&mut self, items: &mut Items, end: u32) {
        let gap = self.slice(Span {
            start: items.cursor,
            end: end.max(items.cursor),
            ..items.list.span
        });
        for (at, _) in gap.match_indices(',') {
            if items.comma_since_item {
                let start = items.cursor + offset(at);
                let end = start + 1;
                self.error(errors::comma_without_item(Span {
                    start,
                    end,
                    ..items.list.span
                }));
            }
            items.comma_since_item = true;
        }
    }

    /// Two items that only blanks part, if anything.
    fn missing_comma(&mut self, last_end: u32, at: Span) {
        let gap = Span {
            start: last_end,
            end: at.start,
            ..at
        };
        self.error(errors::missing_comma(gap, self.slice(at)));
    }

    fn junk_item(&mut self, at: Span, last: Option<&Item>) {
        let text = self.slice(at);
        let trimmed = trim(at, text);
        let text = self.slice(trimmed);
        let adjacent = match last.map(|item| &item.value) {
            Some(Value::Scalar(scalar)) if scalar.span.end == at.start => Some(scalar),
            Some(_) | None => None,
        };
        let whole = adjacent.map_or(trimmed, |scalar| scalar.span.to(trimmed));
        self.error(
            match (adjacent.map(|scalar| &scalar.kind), text.chars().next()) {
                (_, Some('=')) => errors::attribute_in_list(trimmed, text),
                (_, Some('(' | ')')) => errors::unexpected_text(trimmed, text),
                (Some(ScalarKind::Text(_)), _) => errors::text_behind_string(trimmed, text),
                (Some(ScalarKind::Reference(_)), _) => {
                    errors::text_behind_reference(trimmed, text, self.slice(whole))
                }
                _ => errors::unquoted_text(whole, self.slice(whole)),
            },
        );
    }

    // ---- tokens ----

    pub(super) fn scalar(&mut self, pair: Pair<'_, Rule>) -> Scalar {
        let span = self.span_of(&pair);
        let spelling = pair.as_str();
        let kind = match pair.as_rule() {
            Rule::name => ScalarKind::Name(spelling.to_owned()),
            Rule::number => ScalarKind::Number(spelling.to_owned()),
            Rule::literal => ScalarKind::Literal(spelling.to_owned()),
            Rule::reference => ScalarKind::Reference(reference(spelling, 1, span)),
            Rule::plain_text => ScalarKind::Text(plain_text(spelling)),
            Rule::rich_text => self.rich_text(pair),
            Rule::long_text => self.long_text(pair, span),
            Rule::unclosed_text => {
                self.error(errors::unclosed_string(first(span), span.after()));
                ScalarKind::Missing
            }
            _ => {
                self.error(errors::invalid_reference(span, spelling));
                ScalarKind::Missing
            }
        };
        Scalar { kind, span }
    }
}

/// `$name`, `$module.name` or, after a longer mark and before a `}`, what is in a string.
pub(super) fn reference(spelling: &str, mark: usize, span: Span) -> Reference {
    let names = spelling.get(mark..).unwrap_or("").trim_end_matches('}');
    let (module, name) = match names.split_once('.') {
        Some((module, name)) => (Some(module.to_owned()), name),
        None => (None, names),
    };
    Reference {
        module,
        name: name.to_owned(),
        span,
    }
}

fn plain_text(spelling: &str) -> Text {
    let raw = spelling.trim_start_matches('"').trim_end_matches('"');
    Text {
        raw: raw.to_owned(),
        long: false,
        parts: super::strings::parts(raw),
    }
}
