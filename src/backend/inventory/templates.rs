//! Templates that name top-level keys of config.yml, which no inventory has: they are expanded as TPA does.
//!
//! Other templates, such as lookups, stay as they are written: Ansible expands them where they are used.

use crate::tpa::config::Config;
use crate::value::{Data, Map, Value};

/// Expands the templates of all that reaches an inventory.
pub(super) fn expand(config: &mut Config, names: &Map) {
    let maps = [
        &mut config.general,
        &mut config.platform,
        &mut config.cluster_vars,
        &mut config.instance_defaults,
    ];
    for section in maps {
        if section.iter().any(|(_, value)| has_template(value)) {
            *section = map(section, names);
        }
    }
    for list in [&mut config.locations, &mut config.instances] {
        for entry in list.iter_mut().filter(|entry| has_template(entry)) {
            *entry = value(entry, names);
        }
    }
}

fn has_template(value: &Value) -> bool {
    match &value.data {
        Data::Text(text) => text.contains("{{"),
        Data::List(items) => items.iter().any(has_template),
        Data::Map(map) => map.iter().any(|(_, value)| has_template(value)),
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => false,
    }
}

fn map(from: &Map, names: &Map) -> Map {
    let mut expanded = Map::default();
    for ((key, entry), at) in from.iter().zip(from.places()) {
        expanded.set_at(key.clone(), at, value(entry, names));
    }
    expanded
}

fn value(from: &Value, names: &Map) -> Value {
    let data = match &from.data {
        Data::Text(template) => text(template, names),
        Data::List(items) => Data::List(items.iter().map(|item| value(item, names)).collect()),
        Data::Map(entries) => Data::Map(map(entries, names)),
        other @ (Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_)) => {
            other.clone()
        }
    };
    Value::new(data, from.origin)
}

/// A text that is one name becomes its value, which is a text unless it is a boolean, a list or a map.
fn text(template: &str, names: &Map) -> Data {
    let unchanged = || Data::Text(template.to_owned());
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((name, behind)) = behind.split_once("}}") else {
            return unchanged();
        };
        let Some(named) = names.get(name.trim()) else {
            return unchanged();
        };
        text.push_str(before);
        match &named.data {
            Data::Boolean(_) | Data::List(_) | Data::Map(_)
                if before.is_empty() && behind.is_empty() && text.is_empty() =>
            {
                return named.data.clone();
            }
            Data::Boolean(boolean) => text.push_str(if *boolean { "True" } else { "False" }),
            Data::Text(_) | Data::Integer(_) | Data::Decimal(_) => {
                text.push_str(&named.spelling().unwrap_or_default());
            }
            Data::Null | Data::List(_) | Data::Map(_) => return unchanged(),
        }
        rest = behind;
    }
    text.push_str(rest);
    Data::Text(text)
}
