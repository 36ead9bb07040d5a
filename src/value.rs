//! Free-form values with their places: what is in `vars`, `tags` and `settings`, and what becomes YAML.

use std::fmt;

use crate::origin::{Origin, Sourced};
use crate::source::Span;

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub data: Data,
    pub origin: Origin,
}

/// What a value is. A text is a YAML string whatever it looks like: `on` is never a boolean.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    Text(String),
    List(Vec<Value>),
    Map(Map),
}

/// A key of a map: a text, or an integer where one was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Text(String),
    Integer(i64),
}

impl From<&str> for Key {
    fn from(text: &str) -> Key {
        Key::Text(text.to_owned())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Text(text) => formatter.write_str(text),
            Key::Integer(integer) => write!(formatter, "{integer}"),
        }
    }
}

/// Entries in the order in which they were written. Invariant: no key is written twice.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<Entry>,
    /// Which entry has which key, each near where its key's digest says; empty for a small map.
    slots: Vec<Slot>,
    /// The lists of profiles that a cluster's have taken the place of.
    replaced: Option<Box<Replaced>>,
}

/// A list of a profile that the cluster's own list has taken the place of.
#[derive(Clone, Debug, PartialEq)]
pub struct Replaced {
    pub key: Key,
    /// What the profile says.
    pub old: Value,
    /// Maps are many and such lists are few.
    next: Option<Box<Replaced>>,
}

#[derive(Clone, Debug)]
struct Entry {
    key: Key,
    /// Where the key stands, if that is known.
    at: Span,
    value: Value,
}

impl PartialEq for Map {
    fn eq(&self, other: &Map) -> bool {
        self.iter().eq(other.iter()) && self.replaced == other.replaced
    }
}

/// Up to so many keys are compared one by one.
const SMALL: usize = 8;

/// One more than the number of an entry; zero where there is none.
type Slot = u32;

impl Value {
    pub fn new(data: Data, origin: Origin) -> Value {
        Value { data, origin }
    }

    /// A list of texts, all from one origin.
    pub fn texts(texts: &[&str], origin: Origin) -> Value {
        let items = texts.iter().map(|text| Value::text(*text, origin));
        Value::list(items.collect(), origin)
    }

    pub fn text(text: impl Into<String>, origin: Origin) -> Value {
        Value::new(Data::Text(text.into()), origin)
    }

    pub fn boolean(value: bool, origin: Origin) -> Value {
        Value::new(Data::Boolean(value), origin)
    }

    pub fn integer(value: i64, origin: Origin) -> Value {
        Value::new(Data::Integer(value), origin)
    }

    pub fn list(items: Vec<Value>, origin: Origin) -> Value {
        Value::new(Data::List(items), origin)
    }

    pub fn map(map: Map, origin: Origin) -> Value {
        Value::new(Data::Map(map), origin)
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            Data::Null
            | Data::Boolean(_)
            | Data::Integer(_)
            | Data::Decimal(_)
            | Data::List(_)
            | Data::Map(_) => None,
        }
    }

    pub fn sourced_text(&self) -> Option<Sourced<&str>> {
        Some(Sourced::new(self.as_text()?, self.origin))
    }

    /// A text, or a number or boolean as YAML spells it.
    pub fn spelling(&self) -> Option<String> {
        match &self.data {
            Data::Text(text) => Some(text.clone()),
            Data::Boolean(boolean) => Some(boolean.to_string()),
            Data::Integer(integer) => Some(integer.to_string()),
            Data::Decimal(decimal) => Some(format!("{decimal:?}")),
            Data::Null | Data::List(_) | Data::Map(_) => None,
        }
    }

    pub fn sourced_spelling(&self) -> Option<Sourced<String>> {
        Some(Sourced::new(self.spelling()?, self.origin))
    }

    /// Whether it has a spelling.
    pub fn is_single(&self) -> bool {
        match &self.data {
            Data::Text(_) | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => true,
            Data::Null | Data::List(_) | Data::Map(_) => false,
        }
    }

    pub fn as_integer(&self) -> Option<i64> {
        match self.data {
            Data::Integer(integer) => Some(integer),
            Data::Null
            | Data::Boolean(_)
            | Data::Decimal(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Map(_) => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        match &self.data {
            Data::List(items) => Some(items),
            Data::Null
            | Data::Boolean(_)
            | Data::Integer(_)
            | Data::Decimal(_)
            | Data::Text(_)
            | Data::Map(_) => None,
        }
    }

    /// The items of a list, or the value alone where it stands for a list of one.
    pub fn items(&self) -> &[Value] {
        self.as_list().unwrap_or(std::slice::from_ref(self))
    }

    pub fn as_map(&self) -> Option<&Map> {
        match &self.data {
            Data::Map(map) => Some(map),
            Data::Null
            | Data::Boolean(_)
            | Data::Integer(_)
            | Data::Decimal(_)
            | Data::Text(_)
            | Data::List(_) => None,
        }
    }

    /// Merges `over` into this value: maps key by key and deeply, everything else is replaced.
    pub fn merge(&mut self, over: Value) {
        match (&mut self.data, over.data) {
            (Data::Map(map), Data::Map(over)) => map.merge(over),
            (data, over_data) => {
                *data = over_data;
                self.origin = over.origin;
            }
        }
    }
}

impl Map {
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// What is at a key, which may be an integer.
    pub fn value_of(&self, key: &Key) -> Option<&Value> {
        let at = self.position(key)?;
        self.entries.get(at).map(|entry| &entry.value)
    }

    /// Where a key stands, if that is known.
    pub fn place_of(&self, key: &str) -> Option<Span> {
        let at = self.entry(key)?.at;
        (at != Span::NONE).then_some(at)
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        let is = |known: &Key| matches!(known, Key::Text(text) if text == key);
        let at = self.find(is, || digest(key.as_bytes()))?;
        self.entries.get(at)
    }

    fn entry_mut(&mut self, key: &Key) -> Option<&mut Entry> {
        let at = self.position(key)?;
        self.entries.get_mut(at)
    }

    /// Which entry a key has.
    fn position(&self, key: &Key) -> Option<usize> {
        self.find(|known| known == key, || digest_of(key))
    }

    /// Which entry has the only key that this may be.
    fn find(&self, is: impl Fn(&Key) -> bool, digest: impl Fn() -> usize) -> Option<usize> {
        let is_there = |at: &usize| self.entries.get(*at).is_some_and(|entry| is(&entry.key));
        if self.slots.is_empty() {
            return self.entries.iter().position(|entry| is(&entry.key));
        }
        self.slots_from(digest())
            .map_while(|slot| self.slots.get(slot).copied()?.checked_sub(1))
            .filter_map(|at| usize::try_from(at).ok())
            .find(is_there)
    }

    /// The slots in the order in which an entry with this digest looks for a free one.
    fn slots_from(&self, digest: usize) -> impl Iterator<Item = usize> + use<> {
        // There are as many as a power of two.
        let last = self.slots.len().saturating_sub(1);
        (0..self.slots.len()).map(move |step| digest.wrapping_add(step) & last)
    }

    /// Adds an entry whose key is new.
    fn push(&mut self, entry: Entry) {
        let count = self.entries.len() + 1;
        if count <= SMALL {
            self.entries.push(entry);
            return;
        }
        let digest = digest_of(&entry.key);
        self.entries.push(entry);
        // With half of the slots free, a search is short.
        if count * 2 > self.slots.len() {
            self.fill_slots();
        } else {
            self.take_slot(digest, count);
        }
    }

    /// Gives a slot to the entry that makes `count` of them.
    fn take_slot(&mut self, digest: usize, count: usize) {
        let is_free = |slot: &usize| self.slots.get(*slot) == Some(&0);
        let free = self.slots_from(digest).find(is_free);
        if let Some(slot) = free.and_then(|free| self.slots.get_mut(free)) {
            *slot = Slot::try_from(count).unwrap_or_default();
        }
    }

    /// Gives slots to all entries of a map that is not small.
    fn fill_slots(&mut self) {
        self.slots.clear();
        if self.entries.len() <= SMALL {
            return;
        }
        let size = (self.entries.len() * 2).next_power_of_two();
        self.slots.resize(size, 0);
        let digests: Vec<usize> = self.entries.iter().map(|it| digest_of(&it.key)).collect();
        for (before, digest) in digests.into_iter().enumerate() {
            self.take_slot(digest, before + 1);
        }
    }

    /// Sets a key, replacing what stood there.
    pub fn set(&mut self, key: impl Into<Key>, value: Value) {
        self.set_at(key.into(), Span::NONE, value);
    }

    /// Sets a key that is at a place.
    pub fn set_at(&mut self, key: Key, at: Span, value: Value) {
        match self.entry_mut(&key) {
            Some(old) => (old.at, old.value) = (at, value),
            None => self.push(Entry { key, at, value }),
        }
    }

    /// Merges `over` into this map, key by key and deeply.
    pub fn merge(&mut self, over: Map) {
        for Entry { key, at, value } in over.entries {
            self.merge_key(key, at, value);
        }
        let mut next = over.replaced;
        while let Some(mut replaced) = next {
            next = replaced.next.take();
            self.add_replaced(replaced.key, replaced.old);
        }
    }

    fn add_replaced(&mut self, key: Key, old: Value) {
        let next = self.replaced.take();
        self.replaced = Some(Box::new(Replaced { key, old, next }));
    }

    /// The lists of profiles that a cluster's have taken the place of.
    pub fn replaced(&self) -> impl Iterator<Item = &Replaced> {
        std::iter::successors(self.replaced.as_deref(), |replaced| {
            replaced.next.as_deref()
        })
    }

    /// Merges a value into what is at a key; `at` is where the new one's key stands.
    pub fn merge_key(&mut self, key: Key, at: Span, value: Value) {
        match self.entry_mut(&key) {
            Some(old) => {
                old.at = at;
                if is_replaced_list(&old.value, &value) {
                    let old = std::mem::replace(&mut old.value, value);
                    self.add_replaced(key, old);
                } else {
                    old.value.merge(value);
                }
            }
            None => self.push(Entry { key, at, value }),
        }
    }

    /// Takes away what is at the end of a path of keys, if there is such a thing.
    pub fn remove(&mut self, path: &[&str]) {
        let (last, within) = match path {
            [] => return,
            [last] => (last, None),
            [first, rest @ ..] => (first, Some(rest)),
        };
        let key = Key::from(*last);
        match within {
            Some(rest) => {
                if let Some(Entry { value, .. }) = self.entry_mut(&key)
                    && let Data::Map(map) = &mut value.data
                {
                    map.remove(rest);
                }
            }
            None => {
                let before = self.entries.len();
                self.entries.retain(|entry| entry.key != key);
                if self.entries.len() < before {
                    self.fill_slots();
                }
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Value)> {
        self.entries.iter().map(|entry| (&entry.key, &entry.value))
    }

    /// Where each key stands, in their order; [`Span::NONE`] where that is not known.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        self.entries.iter().map(|entry| entry.at)
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }
}

fn digest_of(key: &Key) -> usize {
    match key {
        Key::Text(text) => digest(text.as_bytes()),
        Key::Integer(integer) => digest(&integer.to_le_bytes()),
    }
}

/// Made of all bytes, several at once, so that names that differ in one place only are apart.
fn digest(bytes: &[u8]) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = bytes.as_chunks();
    let mixed = |all: u64, word: u64| (all.rotate_left(5) ^ word).wrapping_mul(ODD);
    let all = words.iter().map(|word| u64::from_le_bytes(*word));
    let rest = rest
        .iter()
        .fold(0, |all, byte| (all << 8) | u64::from(*byte));
    let all = all.chain([rest]).fold(bytes.len() as u64, mixed);
    usize::try_from(all >> 32).unwrap_or_default()
}

/// Whether a list of a profile gives way to one that the cluster writes itself.
fn is_replaced_list(old: &Value, new: &Value) -> bool {
    let are_lists = matches!((&old.data, &new.data), (Data::List(_), Data::List(_)));
    let is_included = matches!(old.origin, Origin::Included { .. });
    are_lists && is_included && matches!(new.origin, Origin::Written(_))
}

impl From<Value> for serde_yaml::Value {
    fn from(value: Value) -> serde_yaml::Value {
        match value.data {
            Data::Null => serde_yaml::Value::Null,
            Data::Boolean(boolean) => boolean.into(),
            Data::Integer(integer) => integer.into(),
            Data::Decimal(decimal) => decimal.into(),
            Data::Text(text) => text.into(),
            Data::List(items) => items
                .into_iter()
                .map(serde_yaml::Value::from)
                .collect::<Vec<_>>()
                .into(),
            Data::Map(map) => map.into(),
        }
    }
}

impl From<Map> for serde_yaml::Value {
    fn from(map: Map) -> serde_yaml::Value {
        let entries = map.entries.into_iter().map(|Entry { key, value, .. }| {
            let key = match key {
                Key::Text(text) => text.into(),
                Key::Integer(integer) => integer.into(),
            };
            (key, serde_yaml::Value::from(value))
        });
        serde_yaml::Value::Mapping(entries.collect())
    }
}
