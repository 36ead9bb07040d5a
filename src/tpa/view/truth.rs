//! What the programs between config.yml and a running cluster each take for true.

use crate::value::{Data, Value};

/// What Ansible's filter `bool` makes of a value; nothing where it has no opinion.
pub fn ansible_bool(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Boolean(boolean) => Some(*boolean),
        Data::Integer(integer) => Some(*integer == 1),
        Data::Text(text) => match text.to_lowercase().as_str() {
            "yes" | "on" | "true" | "1" | "y" | "t" => Some(true),
            "no" | "off" | "false" | "0" | "n" | "f" => Some(false),
            _ => None,
        },
        Data::Null | Data::Decimal(_) | Data::List(_) | Data::Map(_) => None,
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
