//! What an entry of `instances` inherits when TPA provisions: from `instance_defaults`, then from its location.
//!
//! Nothing is taken for granted: keys may be missing or have any type.

use crate::origin::Sourced;
use crate::value::{Data, Key, Map, Value};

/// A machine's name as TPA knows it.
pub fn normalised(name: &str) -> String {
    name.replace('_', "-").to_lowercase()
}

/// Adds the keys that an entry lacks; two maps are merged one level deep.
pub fn inherit(entry: &mut Map, from: &Map, except: &str) {
    for ((key, value), at) in from.iter().zip(from.places()) {
        let Key::Text(name) = key else { continue };
        if name == except {
            continue;
        }
        match (entry.get(name).map(|own| &own.data), &value.data) {
            (None, _) => entry.set_at(key.clone(), at, value.clone()),
            (Some(Data::Map(own)), Data::Map(inherited)) => {
                let origin = entry.get(name).map_or(value.origin, |own| own.origin);
                let mut merged = inherited.clone();
                for (key, value) in own.iter() {
                    merged.set(key.clone(), value.clone());
                }
                entry.set(name.as_str(), Value::map(merged, origin));
            }
            (Some(_), _) => {}
        }
    }
}

/// The place of a location in their list: what is written is its name, or that place.
pub fn location<'l>(
    written: Option<&Value>,
    mut names: impl ExactSizeIterator<Item = Option<&'l str>>,
) -> Option<usize> {
    let written = written?;
    match &written.data {
        Data::Integer(index) => usize::try_from(*index)
            .ok()
            .filter(|index| *index < names.len()),
        Data::Text(name) => names.position(|known| known == Some(name.as_str())),
        Data::Null | Data::Boolean(_) | Data::Decimal(_) | Data::List(_) | Data::Map(_) => None,
    }
}

/// A list of names, or a text of names with commas between.
pub fn names(value: Option<&Value>) -> Vec<Sourced<String>> {
    let Some(value) = value else {
        return Vec::new();
    };
    match &value.data {
        Data::List(items) => items
            .iter()
            .filter_map(|item| Some(Sourced::new(item.spelling()?, item.origin)))
            .collect(),
        Data::Text(text) => text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(|name| Sourced::new(name.to_owned(), value.origin))
            .collect(),
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Map(_) => {
            Vec::new()
        }
    }
}

/// An entry's volumes over the default ones, by device name and in its order; without default ones, as they stand.
/// Those of type `none` are left out, and so is what is not a map.
pub fn volumes(own: Option<&Value>, default: Option<&Value>) -> Vec<Map> {
    let maps = |value: Option<&Value>| -> Vec<Map> {
        let items = value.and_then(Value::as_list).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| item.as_map().cloned())
            .collect()
    };
    let is_empty_list = own
        .and_then(Value::as_list)
        .is_some_and(<[Value]>::is_empty);
    let default = if is_empty_list {
        Vec::new()
    } else {
        maps(default)
    };
    let mut volumes = if default.is_empty() {
        maps(own)
    } else {
        combined(default, maps(own))
    };
    volumes.retain(|volume| volume.get("volume_type").and_then(Value::as_text) != Some("none"));
    volumes
}

/// One volume for each device: the last one.
fn combined(default: Vec<Map>, own: Vec<Map>) -> Vec<Map> {
    let device = |volume: &Map| {
        let name = volume
            .get("device_name")
            .and_then(Value::spelling)
            .unwrap_or_default();
        name.strip_prefix("/dev/")
            .map_or(name.clone(), str::to_owned)
    };
    let mut volumes: Vec<(String, Map)> = Vec::new();
    for volume in default.into_iter().chain(own) {
        let device = device(&volume);
        match volumes.iter_mut().find(|(known, _)| *known == device) {
            Some((_, known)) => *known = volume,
            None => volumes.push((device, volume)),
        }
    }
    volumes.sort_by(|(one, _), (other, _)| one.cmp(other));
    volumes.into_iter().map(|(_, volume)| volume).collect()
}
