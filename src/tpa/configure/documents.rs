//! YAML that comes from outside, and what YAML makes of a word that is written into it without quotes.

use serde_yaml::Value;

use crate::yaml;

/// Reads a document; where there is none, what is wrong and where.
pub(super) fn read(text: &str) -> Result<Value, String> {
    yaml::read(text).map(Value::from).map_err(|error| {
        let yaml::Error {
            message,
            line,
            column,
            ..
        } = error;
        format!("{message} at line {line}, column {column}")
    })
}

/// What a word is when YAML has read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// The same word.
    Text,
    /// A whole number; a boolean counts as 0 or 1, as in Python.
    Number(i64),
    /// Anything else, or nothing that YAML can read.
    Other,
}

/// TPA writes names of locations and machines into a YAML document as they are, and reads that.
pub(super) fn reading(word: &str) -> Reading {
    let breaks =
        |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    if word.contains(breaks) {
        return Reading::Other;
    }
    let document = read(&format!("- {word}\n"));
    let items = match &document {
        Ok(Value::Sequence(items)) => items.as_slice(),
        Ok(_) | Err(_) => &[],
    };
    match items {
        [Value::String(text)] if text == word && yaml::is_text(word) => Reading::Text,
        [Value::Bool(boolean)] => Reading::Number(i64::from(*boolean)),
        [Value::Number(number)] => number.as_i64().map_or(Reading::Other, Reading::Number),
        _ => Reading::Other,
    }
}
