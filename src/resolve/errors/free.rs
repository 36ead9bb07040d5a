//! The wording of errors about free form.

use super::{RESERVED_KEY, VARIABLE_TYPE, kind_of, with_article};
use crate::diagnostic::Diagnostic;
use crate::facts::{parameters, variables};
use crate::source::Span;
use crate::value::{Data, Value};

/// What a text says that means a boolean.
fn boolean_in(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

pub(in crate::resolve) fn reserved_key(
    at: Span,
    key: &str,
    block: &str,
    instead: &str,
) -> Diagnostic {
    Diagnostic::error(
        &RESERVED_KEY,
        at,
        format!("`{key}` cannot be set in `{block}`"),
    )
    .label("another statement decides it")
    .help(format!("remove it here, and write {instead}"))
}

pub(in crate::resolve) fn variable_type(
    at: Span,
    name: &str,
    accepts: &[&str],
    found: &Value,
) -> Diagnostic {
    Diagnostic::error(
        &VARIABLE_TYPE,
        at,
        format!(
            "`{name}` takes {}, not {}",
            accepts.join(" or "),
            with_article(kind_of(found))
        ),
    )
    .label(format!("expected {}", accepts.join(" or ")))
    .help(part_of_memory(name, found).unwrap_or_else(|| as_accepted(name, accepts, found)))
}

/// What to write for a part of the memory, `0.25` or `25%`, of which Postgres reads none.
fn part_of_memory(name: &str, found: &Value) -> Option<String> {
    let Data::Decimal(part) = found.data else {
        return None;
    };
    let mut rows = parameters::rows(name);
    if !rows.any(|row| row.quantity().is_memory()) {
        return None;
    }
    let ratio = format!("{name}_ratio");
    Some(if variables::find(&ratio).is_some() {
        format!("for a part of the memory write `{ratio} = {part}` instead")
    } else {
        "write a size, such as `64MB`".to_owned()
    })
}

/// How a value is written as what is accepted.
fn as_accepted(name: &str, accepts: &[&str], found: &Value) -> String {
    let takes = |kind: &str| accepts.contains(&kind);
    let boolean = found.as_text().and_then(boolean_in);
    if let Some(boolean) = boolean.filter(|_| takes("a boolean")) {
        return format!("write `{boolean}`, without quotes");
    }
    match &found.data {
        Data::Map(map) if takes("a list") => {
            let lines = map
                .iter()
                .filter_map(|(key, value)| Some(format!("\"{key}={}\"", value.spelling()?)));
            let lines: Vec<String> = lines.collect();
            if lines.is_empty() {
                "put it in brackets: `[{ … }]`".to_owned()
            } else {
                format!(
                    "put it in brackets, `[{{ … }}]`, if it is an entry; as lines of a file it is `[{}]`",
                    lines.join(", ")
                )
            }
        }
        Data::List(_) if takes("a map") => "write a map: `{ key = value }`".to_owned(),
        Data::Null | Data::Map(_) | Data::List(_) => {
            format!("write {}", accepts.join(" or "))
        }
        Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Text(_) => {
            let text = found.spelling().unwrap_or_default();
            let is_word = !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
            let item = if is_word { text } else { format!("\"{text}\"") };
            if takes("a list") {
                format!("write `[{item}]`")
            } else if takes("a map") {
                "write a map: `{ key = value }`".to_owned()
            } else if takes("text") {
                format!("write `\"{}\"`", found.spelling().unwrap_or_default())
            } else if takes("an integer") {
                let example = if name.ends_with("_port") { 5432 } else { 10 };
                format!("write a number without quotes, such as `{example}`")
            } else {
                format!("write {}", accepts.join(" or "))
            }
        }
    }
}
