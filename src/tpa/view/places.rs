//! Where words about a key or about something that is missing belong.

use super::Subject;
use crate::origin::Origin;
use crate::source::Span;
use crate::value::Map;

/// Where a key stands; where that is not known, what it is set to.
pub fn of_key(map: &Map, key: &str) -> Option<Origin> {
    let value = map.get(key)?;
    Some(match map.place_of(key) {
        Some(at) => value.origin.of_key(at),
        None => value.origin,
    })
}

/// The first key of a map, for what the map lacks.
pub fn first_key(map: &Map) -> Option<Origin> {
    let (key, value) = map.iter().next()?;
    Some(match key {
        crate::value::Key::Text(key) => of_key(map, key).unwrap_or(value.origin),
        crate::value::Key::Integer(_) => value.origin,
    })
}

/// A top-level key; for one that is missing the begin of the document, which is shorter than the whole of it.
pub fn of_section(subject: &Subject, key: &str) -> Origin {
    match subject.written {
        super::Written::Source => subject.at,
        super::Written::Config => of_key(&subject.document, key)
            .or_else(|| first_key(&subject.document))
            .unwrap_or(subject.at),
    }
}

/// Where an entry of a list begins: its name, else its first key.
pub fn of_entry(entry: &Map, at: Origin) -> Origin {
    let name = entry.get("Name").map(|name| name.origin);
    name.or_else(|| first_key(entry)).unwrap_or(at)
}

/// The place itself, or another one where it has none: nobody wrote a default.
pub fn or(origin: Origin, otherwise: Origin) -> Origin {
    if origin.place() == Span::NONE {
        otherwise
    } else {
        origin
    }
}
