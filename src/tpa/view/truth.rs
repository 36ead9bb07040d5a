//! What the programs between config.yml and a running cluster each take for true, and for a whole number.
//!
//! They disagree: the text `no` is true to Python, false to Ansible and to Postgres.

use super::guc;
use crate::facts::parameters::{self, Quantity};
use crate::value::{Data, Value};

/// What Ansible's filter `bool` makes of a value; nothing for what nobody means as a boolean, which it takes for false.
pub fn ansible_bool(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Boolean(boolean) => Some(*boolean),
        Data::Integer(integer) => Some(*integer == 1),
        Data::Text(text) => match text.to_lowercase().as_str() {
            "yes" | "on" | "true" | "1" => Some(true),
            // `y` and `t` are true to modules alone.
            "no" | "off" | "false" | "0" | "y" | "n" | "t" | "f" => Some(false),
            _ => None,
        },
        Data::Null | Data::Decimal(_) | Data::List(_) | Data::Map(_) => None,
    }
}

/// What the modules of Ansible make of a boolean argument, those for aws and docker too; they refuse anything else.
pub fn module_bool(value: &Value) -> Option<bool> {
    match value.spelling()?.to_lowercase().as_str() {
        "yes" | "on" | "true" | "1" | "1.0" | "y" | "t" => Some(true),
        "no" | "off" | "false" | "0" | "0.0" | "n" | "f" => Some(false),
        _ => None,
    }
}

/// Whether Python and Jinja take a value for true: any text is, unless it is empty.
pub fn python_truthy(value: &Value) -> bool {
    match &value.data {
        Data::Null => false,
        Data::Boolean(boolean) => *boolean,
        Data::Integer(integer) => *integer != 0,
        Data::Decimal(decimal) => *decimal != 0.0,
        Data::Text(text) => !text.is_empty(),
        Data::List(items) => !items.is_empty(),
        Data::Map(map) => !map.is_empty(),
    }
}

/// What Postgres makes of a switch: any beginning of one of its words that is not the beginning of another.
pub fn postgres_bool(value: &Value) -> Option<bool> {
    parameters::boolean(&guc::meaning(&value.spelling()?))
}

/// A whole number, written as one or as a text.
pub fn whole(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Integer(integer) => Some(*integer),
        Data::Text(text) => text.trim().parse().ok(),
        Data::Null | Data::Boolean(_) | Data::Decimal(_) | Data::List(_) | Data::Map(_) => None,
    }
}

/// A whole number without a unit, as Postgres reads it: `010` is 8 and `0x10` is 16.
pub fn postgres_whole(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Integer(integer) => Some(*integer),
        Data::Text(text) => parameters::amount(&guc::meaning(text), Quantity::Number),
        Data::Null | Data::Boolean(_) | Data::Decimal(_) | Data::List(_) | Data::Map(_) => None,
    }
}
