//! Values with which Postgres does not start.

use super::collect::Collector;
use super::differ;
use crate::facts::parameters::{self, Kind, Parameter, Problem};
use crate::facts::services::Service;
use crate::tpa::view::guc;
use crate::value::{Data, Value};

/// What is wrong with a parameter that has this value, with a step to take; nothing where Postgres takes it.
pub(super) fn value(
    name: &str,
    value: Option<&Value>,
    found: &mut Collector<'_>,
) -> Option<String> {
    let value = value?;
    let text = match &value.data {
        Data::Boolean(true) => "on".to_owned(),
        Data::Boolean(false) => "off".to_owned(),
        Data::Integer(_) | Data::Decimal(_) | Data::Text(_) => value.spelling()?,
        Data::Null | Data::List(_) | Data::Map(_) => return None,
    };
    guc::check(&text).ok()?;
    self::text(name, &guc::meaning(&text), found)
}

/// The same of a value that is read already.
pub(super) fn text(name: &str, value: &str, found: &mut Collector<'_>) -> Option<String> {
    let major = found.now.subject.major();
    if value.contains("{{") {
        return None;
    }
    let is_port = Service::Postgres.variable() == Some(name);
    let parameter = if is_port { "port" } else { name };
    let parameter = parameters::find(parameter, major)?;
    let meaning = if value.starts_with('\'') {
        guc::meaning(value)
    } else {
        value.to_owned()
    };
    let problem = parameter.read(&meaning, major).err()?;
    let (says, step) = match problem {
        Problem::Internal => (
            "Postgres does not start with it: nobody sets this parameter".to_owned(),
            format!("take `{name}` out"),
        ),
        Problem::NoSwitch
        | Problem::Number(_)
        | Problem::OutOfRange
        | Problem::NoWord
        | Problem::Text(_) => {
            let takes = takes(parameter, &problem);
            let says = format!("Postgres does not start with it: it takes {takes}");
            (says, format!("write {takes} for `{name}`"))
        }
    };
    found.by_hand(
        format!(
            "Postgres does not start with `{name} = {}`",
            differ::shown_text(name, value)
        ),
        vec![step],
    );
    Some(says)
}

fn takes(parameter: &Parameter, problem: &Problem) -> String {
    match parameter.kind {
        Kind::Boolean => "`on` or `off`".to_owned(),
        Kind::Integer(quantity, least, _) if parameter.is_open_above() => {
            format!("{} or more", quantity.show(least.into()))
        }
        Kind::Real(_, least, _) if parameter.is_open_above() => format!("{least} or more"),
        Kind::Integer(quantity, least, greatest) => format!(
            "{} to {}",
            quantity.show(least.into()),
            quantity.show(greatest.into())
        ),
        Kind::Real(_, least, greatest) => format!("{least} to {greatest}"),
        Kind::Enumeration(words, _) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("one of {}", words.join(", "))
        }
        Kind::Text => match problem {
            Problem::Text(takes) => takes.clone(),
            Problem::Internal
            | Problem::NoSwitch
            | Problem::Number(_)
            | Problem::OutOfRange
            | Problem::NoWord => "another value".to_owned(),
        },
    }
}
