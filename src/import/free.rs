//! Data becomes free form, with the places that it comes from.

use crate::source::Span;
use crate::syntax::nodes;
use crate::syntax::tree::{self, Scalar, Statement};
use crate::value::{Data, Key, Map, Value};

/// How words are written that could be bare.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    Bare,
    Quoted,
}

/// A block of free form; none for an empty map.
pub(super) fn block(word: &str, map: &Map, words: Words) -> Option<Statement> {
    made(word, map, words, nodes::entry)
}

/// The same on one line, where that reads well.
pub(super) fn short_block(word: &str, map: &Map, words: Words) -> Option<Statement> {
    made(word, map, words, nodes::short_entry)
}

fn made(
    word: &str,
    map: &Map,
    words: Words,
    entry: fn(&str, Vec<Scalar>, Vec<Statement>) -> Statement,
) -> Option<Statement> {
    let mut statements = entries(map, words);
    let first = statements.first()?.span;
    let last = map.iter().last()?.1.origin.place();
    let block = match statements.len() {
        1 => nodes::lone_entry(word, statements.pop()?),
        _ => entry(word, Vec::new(), statements),
    };
    Some(from(block, first.to(last)))
}

/// Says where a statement comes from.
pub(super) fn from(mut statement: Statement, at: Span) -> Statement {
    statement.span = at;
    statement
}

pub(super) fn entries(map: &Map, words: Words) -> Vec<Statement> {
    map.iter()
        .zip(map.places())
        .map(|((key, entry), at)| {
            let key = match key {
                Key::Text(text) => nodes::key(text),
                Key::Integer(integer) => nodes::number(*integer),
            };
            let whole = at.to(entry.origin.place());
            from(nodes::attribute(key, value(entry, words)), whole)
        })
        .collect()
}

pub(super) fn value(value: &Value, words: Words) -> tree::Value {
    let scalar = match &value.data {
        Data::Null => nodes::word("null"),
        Data::Boolean(boolean) => nodes::word(if *boolean { "true" } else { "false" }),
        Data::Integer(integer) => nodes::number(*integer),
        Data::Decimal(decimal) => nodes::decimal(spelling(*decimal)),
        Data::Text(text) => match words {
            Words::Bare => nodes::free_value(text),
            Words::Quoted => nodes::value_text(text),
        },
        Data::List(items) => {
            return nodes::list(items.iter().map(|item| self::value(item, words)).collect());
        }
        Data::Map(map) => return nodes::map(entries(map, words)),
    };
    tree::Value::Scalar(scalar)
}

/// A decimal in the language's spelling, which has no exponents.
fn spelling(decimal: f64) -> String {
    let mut spelling = decimal.to_string();
    if !spelling.contains('.') {
        spelling.push_str(".0");
    }
    spelling
}
