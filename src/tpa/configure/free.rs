//! YAML values become free-form values of the language.

use serde_yaml::{Mapping, Number, Value};

use super::nodes;
use super::refusal::{Refusal, refused};
use crate::syntax::tree::{self, Statement};

/// How words are written that could be bare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    Bare,
    Quoted,
}

/// The entries of a map as statements.
pub(super) fn entries(map: &Mapping, place: &str, words: Words) -> Result<Vec<Statement>, Refusal> {
    map.iter()
        .map(|(key, entry)| {
            let (key, name) = match key {
                Value::String(text) => (nodes::key(text), text.clone()),
                Value::Number(number) if number.is_i64() => {
                    (nodes::decimal(number.to_string()), number.to_string())
                }
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Sequence(_)
                | Value::Mapping(_)
                | Value::Tagged(_) => {
                    return Err(inexpressible(
                        place,
                        "a key that is neither text nor integer",
                    ));
                }
            };
            let place = format!("{place}.{name}");
            Ok(nodes::attribute(key, value(entry, &place, words)?))
        })
        .collect()
}

fn value(yaml: &Value, place: &str, words: Words) -> Result<tree::Value, Refusal> {
    Ok(match yaml {
        Value::Null => tree::Value::Scalar(nodes::word("null")),
        Value::Bool(boolean) => {
            tree::Value::Scalar(nodes::word(if *boolean { "true" } else { "false" }))
        }
        Value::Number(number) => tree::Value::Scalar(self::number(number, place)?),
        Value::String(text) => tree::Value::Scalar(match words {
            Words::Bare => nodes::free_value(text),
            Words::Quoted => nodes::value_text(text),
        }),
        Value::Sequence(items) => {
            let items: Result<Vec<tree::Value>, Refusal> =
                items.iter().map(|item| value(item, place, words)).collect();
            nodes::list(items?)
        }
        Value::Mapping(map) => nodes::map(entries(map, place, words)?),
        Value::Tagged(tagged) => {
            return Err(inexpressible(
                place,
                &format!("a value with the tag `{}`", tagged.tag),
            ));
        }
    })
}

/// A number in the language's spelling, which knows no exponents.
fn number(number: &Number, place: &str) -> Result<tree::Scalar, Refusal> {
    if let Some(integer) = number.as_i64() {
        return Ok(nodes::number(integer));
    }
    let decimal = number.as_f64().filter(|_| number.is_f64());
    match decimal {
        Some(decimal) if decimal.is_finite() => {
            let mut spelling = decimal.to_string();
            if !spelling.contains('.') {
                spelling.push_str(".0");
            }
            Ok(nodes::decimal(spelling))
        }
        Some(_) | None => Err(inexpressible(place, &format!("the number {number}"))),
    }
}

fn inexpressible(place: &str, what: &str) -> Refusal {
    refused(
        format!("`{place}` has {what}, which a source cannot say"),
        "write it as text or as a number of 64 bits in the overrides file",
    )
}
