//! What there is to say about a parameter of Postgres.

use std::fmt::Write as _;

use crate::facts::parameters::{self, Context, Kind, Parameter};
use crate::schema::alternatives;

/// The settings of TPA that hold parameters, in themselves or in a map `parameters`.
const HOLDERS: &[&str] = &[
    "patroni_conf_settings",
    "patroni_dynamic_conf_settings",
    "postgres_conf_settings",
];

/// Whether parameters stand in the innermost of these maps, given by their keys from the outermost.
pub(super) fn are_in(keys: &[&str]) -> bool {
    match keys {
        ["postgres_conf_settings"] => true,
        [outermost, .., "postgresql", "parameters"] => HOLDERS.contains(outermost),
        _ => false,
    }
}

/// Whether a setting of TPA can hold parameters.
pub(super) fn may_be_in(key: &str) -> bool {
    HOLDERS.contains(&key)
}

/// The words that a parameter takes, if it takes a few.
pub(super) fn words(parameter: &Parameter) -> Option<&'static [&'static str]> {
    match parameter.kind {
        Kind::Boolean => Some(&["on", "off"]),
        Kind::Enumeration(words, _) => Some(words),
        Kind::Integer(..) | Kind::Real(..) | Kind::Text => None,
    }
}

/// `100 to 262143`, `on or off`.
pub(super) fn values(parameter: &Parameter) -> String {
    match parameter.kind {
        Kind::Boolean => "on or off".to_owned(),
        Kind::Integer(quantity, least, _) if parameter.is_open_above() => {
            format!("{} or more", quantity.show(i64::from(least)))
        }
        Kind::Integer(quantity, least, greatest) => format!(
            "{} to {}",
            quantity.show(i64::from(least)),
            quantity.show(i64::from(greatest))
        ),
        Kind::Real(quantity, least, greatest) => {
            let unit = quantity.name();
            if parameter.is_open_above() {
                format!("a decimal from {least}{unit}")
            } else {
                format!("{least}{unit} to {greatest}{unit}")
            }
        }
        Kind::Text => "a text".to_owned(),
        Kind::Enumeration(words, _) => {
            let words: Vec<&str> = words
                .iter()
                .copied()
                .filter(|word| !word.is_empty())
                .collect();
            words.join(", ")
        }
    }
}

/// Everything about a parameter, as Markdown.
pub(super) fn page(parameter: &Parameter) -> String {
    let mut page = String::new();
    let when = match parameter.context {
        Context::Internal => "Nobody sets it: it shows what the server is.",
        Context::Restart => "A change needs a restart.",
        Context::Reload => "A change needs a reload.",
        Context::Connection => "A change holds for new connections.",
        Context::Superuser => "Superusers change it in a session too.",
        Context::Any => "Everybody changes it in a session too.",
    };
    let _ = match parameter.kind {
        Kind::Enumeration(words, _) => {
            let words: Vec<&str> = words
                .iter()
                .copied()
                .filter(|word| !word.is_empty())
                .collect();
            write!(page, "One of {}", alternatives(&words))
        }
        Kind::Boolean | Kind::Integer(..) | Kind::Real(..) | Kind::Text => {
            write!(page, "A parameter of Postgres: {}", values(parameter))
        }
    };
    let default = default(parameter);
    page.push('.');
    if !default.is_empty() {
        let _ = write!(page, " The server's own default is `{default}`.");
    }
    let _ = write!(page, "\n\n{when}");
    let quantity = parameter.quantity();
    if !quantity.name().is_empty() {
        let _ = write!(page, " Without a unit it counts in {}.", quantity.name());
    }
    let mut rows = parameters::rows(parameter.name);
    let first = rows.next().map_or(parameter.first, |row| row.first);
    let last = rows.last().map_or(parameter.last, |row| row.last);
    if first > parameters::OLDEST {
        let _ = write!(page, " Since Postgres {first}.");
    }
    if last < parameters::NEWEST {
        let _ = write!(page, " Up to Postgres {last}.");
    }
    page
}

/// What the server takes by default: a number with its unit.
fn default(parameter: &Parameter) -> String {
    match parameter.kind {
        Kind::Integer(quantity, ..) => match parameter.default.parse::<i64>() {
            Ok(number) => quantity.show(number),
            Err(_) => parameter.default.to_owned(),
        },
        Kind::Boolean | Kind::Real(..) | Kind::Text | Kind::Enumeration(..) => {
            parameter.default.to_owned()
        }
    }
}
