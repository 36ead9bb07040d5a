//! What two pieces of data differ in.

use crate::source::Span;
use crate::value::{Data, Key, Map, Value};

/// What has to be said so that something derived becomes what is wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Rest {
    /// What is merged over it.
    pub(super) over: Map,
    /// Paths of keys that are taken away before.
    pub(super) omit: Vec<String>,
}

impl Rest {
    /// Whether nothing has to be said.
    pub(super) fn is_empty(&self) -> bool {
        self.over.is_empty() && self.omit.is_empty()
    }
}

/// Whether two values are the same data; the order of keys does not count.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (&one.data, &other.data) {
        (Data::Null, Data::Null) => true,
        (Data::Boolean(one), Data::Boolean(other)) => one == other,
        (Data::Integer(one), Data::Integer(other)) => one == other,
        (Data::Decimal(one), Data::Decimal(other)) => one.to_bits() == other.to_bits(),
        (Data::Text(one), Data::Text(other)) => one == other,
        (Data::List(one), Data::List(other)) => same_items(one, other),
        (Data::Map(one), Data::Map(other)) => same_maps(one, other),
        (
            Data::Null
            | Data::Boolean(_)
            | Data::Integer(_)
            | Data::Decimal(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Map(_),
            _,
        ) => false,
    }
}

pub(super) fn same_items(one: &[Value], other: &[Value]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
}

pub(super) fn same_maps(one: &Map, other: &Map) -> bool {
    let is_there =
        |(key, value): (&Key, &Value)| other.value_of(key).is_some_and(|other| same(value, other));
    one.len() == other.len() && one.iter().all(is_there)
}

/// What makes `wanted` of what is derived.
pub(super) fn rest(derived: &Map, wanted: &Map) -> Rest {
    let mut rest = Rest::default();
    for (key, _) in derived.iter() {
        if let Key::Text(text) = key
            && wanted.value_of(key).is_none()
        {
            rest.omit.push(text.clone());
        }
    }
    for ((key, value), at) in wanted.iter().zip(wanted.places()) {
        let derived = derived.value_of(key);
        match (derived.map(|derived| &derived.data), &value.data, key) {
            (Some(Data::Map(derived)), Data::Map(wanted), Key::Text(text)) => {
                let within = self::rest(derived, wanted);
                rest.omit
                    .extend(within.omit.iter().map(|path| format!("{text}.{path}")));
                if !within.over.is_empty() {
                    let value = Value::map(within.over, value.origin);
                    rest.over.set_at(key.clone(), at, value);
                }
            }
            (_, _, _) if derived.is_some_and(|derived| same(derived, value)) => {}
            (_, _, _) => rest.over.set_at(key.clone(), at, value.clone()),
        }
    }
    rest
}

/// Puts the instances of a document into the order of their numbers, in which they are built. TPA takes them in any.
pub(super) fn in_order(document: &mut Map) {
    let instances = document.get("instances");
    let Some((items, origin)) = instances.and_then(|it| Some((it.as_list()?, it.origin))) else {
        return;
    };
    let number = |instance: &Value| instance.as_map()?.get("node")?.as_integer();
    let mut items = items.to_vec();
    items.sort_by_key(number);
    let at = document.place_of("instances").unwrap_or(Span::NONE);
    document.set_at(Key::from("instances"), at, Value::list(items, origin));
}

/// Whether a key of a map is a text.
pub(super) fn is_text(key: &Key, text: &str) -> bool {
    matches!(key, Key::Text(key) if key == text)
}
