//! The types of variables that TPA knows, which the build checks too.

use serde_yaml::{Mapping, Value};

use super::errors;
use crate::facts::variables::{self, Kind, Scope};
use crate::tpa::configure::refusal::Refusal;

/// Refuses a variable with a type that no role of TPA takes.
pub(super) fn check(map: &Mapping, scope: Scope, place: &str) -> Result<(), Refusal> {
    let top_level = |scope| scope == Scope::TopLevel;
    for (key, value) in map {
        let Some(variable) = key.as_str().and_then(variables::find) else {
            continue;
        };
        if top_level(scope) == top_level(variable.scope) && !accepts(variable.accepts, value) {
            let place = format!("{place}.{}", variable.name);
            return Err(errors::variable_type(&place, variable.accepts));
        }
    }
    Ok(())
}

fn accepts(kinds: &[Kind], value: &Value) -> bool {
    match value {
        Value::Null | Value::Tagged(_) => true,
        Value::Bool(_) => kinds.contains(&Kind::Boolean),
        Value::Number(number) => {
            kinds.contains(&Kind::Decimal) || (!number.is_f64() && kinds.contains(&Kind::Integer))
        }
        // A template can become anything.
        Value::String(text) => kinds.contains(&Kind::Text) || text.contains("{{"),
        Value::Sequence(_) => kinds.contains(&Kind::List),
        Value::Mapping(_) => kinds.contains(&Kind::Map),
    }
}
