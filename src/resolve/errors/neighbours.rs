//! The wording for words that other languages have for the statements of this one.

use super::{UNKNOWN_STATEMENT, written_as};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::schema::{Block, neighbours};
use crate::source::Span;
use crate::syntax::tree::{Attribute, Entry, Scalar, ScalarKind, Value as TreeValue};

/// What somebody wrote: a word, and what follows it.
struct Foreign<'w> {
    word: &'w str,
    at: Span,
    /// From the word to the end of the statement.
    whole: Span,
    /// The value as it can be written here, where it is as simple as that.
    value: Option<String>,
    /// Whether there is more than a value: a block, which no fix may remove.
    has_more: bool,
}

pub(super) fn setting(attribute: &Attribute, word: &str, block: &Block) -> Option<Diagnostic> {
    let at = attribute.key.span;
    let value = match &attribute.value {
        TreeValue::Scalar(scalar) => plain(scalar),
        TreeValue::List(list) => {
            let items: Option<Vec<String>> = list
                .items
                .iter()
                .map(|item| match &item.value {
                    TreeValue::Scalar(scalar) => plain(scalar),
                    TreeValue::List(_) | TreeValue::Map(_) | TreeValue::Missing(_) => None,
                })
                .collect();
            items.map(|items| format!("[{}]", items.join(", ")))
        }
        TreeValue::Map(_) | TreeValue::Missing(_) => None,
    };
    let has_more = value.is_none();
    let end = attribute.value.span();
    let foreign = Foreign {
        word,
        at,
        whole: joined(at, end),
        value,
        has_more,
    };
    foreign.diagnostic(block)
}

pub(super) fn entry(entry: &Entry, word: &str, block: &Block) -> Option<Diagnostic> {
    let at = entry.word.span;
    let labels: Option<Vec<String>> = entry.labels.iter().map(plain).collect();
    let value = labels.filter(|labels| !labels.is_empty());
    let end = entry.labels.last().map_or(at, |label| label.span);
    let foreign = Foreign {
        word,
        at,
        whole: joined(at, end),
        value: value.map(|labels| labels.join(" ")),
        has_more: entry.block.is_some(),
    };
    foreign.diagnostic(block)
}

impl Foreign<'_> {
    fn diagnostic(&self, block: &Block) -> Option<Diagnostic> {
        let place = super::place(block);
        let diagnostic = Diagnostic::error(
            &UNKNOWN_STATEMENT,
            self.at,
            format!("there is no `{}` {place}", self.word),
        );
        if let Some(neighbour) = neighbours::find(self.word, block) {
            let value = self.value.as_deref();
            let value = value.filter(|value| neighbour.form.is_empty() || neighbour.takes(value));
            let Some(statement) = neighbour.statement(self.word, value) else {
                return Some(
                    diagnostic
                        .label("not a statement here")
                        .help(format!("remove it: {}", neighbour.reason(value))),
                );
            };
            // The block that follows stays where it is, unless the statement brings one.
            let keeps_block = self.has_more && !neighbour.form.contains(['{', '=']);
            let help = if keeps_block {
                format!("write `{statement} {{ … }}`")
            } else {
                format!("write `{statement}`")
            };
            let diagnostic = diagnostic.label("another language's word").help(help);
            let is_whole = value.is_some() || !neighbour.form.contains('…');
            return Some(if is_whole && (keeps_block || !self.has_more) {
                diagnostic.fix(Applicability::Suggested, self.whole, statement)
            } else {
                diagnostic
            });
        }
        if neighbours::is_variable(self.word, block) {
            let value = self.value.as_deref().unwrap_or("…");
            return Some(
                diagnostic
                    .label("a variable of TPA")
                    .help(format!("write `vars {{ {} = {value} }}`", self.word)),
            );
        }
        let home = neighbours::home(self.word, block)?;
        Some(
            diagnostic
                .label("not a statement here")
                .help(format!("write it in the block of {home}")),
        )
    }
}

/// A value without quotes where it needs none, since texts and words both take it so.
fn plain(scalar: &Scalar) -> Option<String> {
    match &scalar.kind {
        ScalarKind::Missing => None,
        ScalarKind::Text(text) if !text.long && is_simple(&text.raw) => Some(text.raw.clone()),
        ScalarKind::Name(_)
        | ScalarKind::Text(_)
        | ScalarKind::Number(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Reference(_) => Some(written_as(scalar)),
    }
}

/// Whether a text is a name or an integer in quotes, which may stand without them.
fn is_simple(text: &str) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut characters = text.chars();
    let begins = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic());
    let is_name = begins
        && characters.all(|other| other.is_ascii_alphanumeric() || "_-.".contains(other))
        && !text.contains("..")
        && !text.ends_with('.')
        && !matches!(text, "true" | "false" | "null");
    is_number || is_name
}

fn joined(first: Span, last: Span) -> Span {
    if first.file == last.file && last.end >= first.end {
        Span {
            end: last.end,
            ..first
        }
    } else {
        first
    }
}
