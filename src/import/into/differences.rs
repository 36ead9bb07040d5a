//! What is different between what a source builds and a config.yml, key by key.

use crate::import::data;
use crate::import::read::Unsaid;
use crate::source::Span;
use crate::value::{Data, Key, Map, Value};

/// Something that one of the two has and the other has not, or has with another value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    /// The keys that lead to it. An entry with a name is found by that, other items of lists by their places.
    pub(super) path: Vec<Key>,
    /// What is built.
    pub(super) old: Option<Value>,
    /// What the file says.
    pub(super) new: Option<Value>,
    /// Where the key of what is built is written.
    pub(super) old_key: Span,
    /// Where it is in the file.
    pub(super) at: Span,
}

impl Difference {
    /// The keys as they are read.
    pub(super) fn keys(&self) -> Vec<String> {
        let spelled = |key: &Key| match key {
            Key::Text(text) => text.clone(),
            Key::Integer(integer) => integer.to_string(),
        };
        self.path.iter().map(spelled).collect()
    }

    /// What a source cannot say of it.
    pub(super) fn unsaid(&self) -> Unsaid {
        let path = self.keys().join(".");
        let what = match self.new {
            Some(_) => format!("`{path}`"),
            None => format!("that there is no `{path}`"),
        };
        Unsaid::new(self.at, what)
    }
}

/// How much is different.
pub(super) fn weight(differences: &[Difference]) -> usize {
    let weight = |difference: &Difference| match (&difference.old, &difference.new) {
        (Some(old), Some(new)) => match (&old.data, &new.data) {
            (Data::List(old), Data::List(new)) => {
                let (old, new) = apart(old, new);
                1 + old.iter().chain(new).map(size).sum::<usize>()
            }
            (_, _) => size(old) + size(new),
        },
        (old, new) => old.iter().chain(new).map(size).sum(),
    };
    differences.iter().map(weight).sum()
}

/// The items of two lists between those at their beginnings and ends that are the same.
pub(super) fn apart<'v>(old: &'v [Value], new: &'v [Value]) -> (&'v [Value], &'v [Value]) {
    let same = |(old, new): &(&Value, &Value)| data::same(old, new);
    let before = old.iter().zip(new).take_while(same).count();
    let (old, new) = (
        old.get(before..).unwrap_or_default(),
        new.get(before..).unwrap_or_default(),
    );
    let pairs = old.iter().rev().zip(new.iter().rev());
    let after = pairs.take_while(same).count();
    (
        old.get(..old.len() - after).unwrap_or_default(),
        new.get(..new.len() - after).unwrap_or_default(),
    )
}

fn size(value: &Value) -> usize {
    match &value.data {
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Text(_) => 1,
        Data::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Data::Map(map) => 1 + map.iter().map(|(_, value)| size(value)).sum::<usize>(),
    }
}

/// What is different between what is built and a file; `at` is where a key would be that the file has not.
pub(super) fn differences(old: &Map, new: &Map, at: Span) -> Vec<Difference> {
    let mut found = Comparison::default();
    found.maps(old, new, at);
    found.differences
}

#[derive(Default)]
struct Comparison {
    path: Vec<Key>,
    differences: Vec<Difference>,
}

impl Comparison {
    fn maps(&mut self, old: &Map, new: &Map, at: Span) {
        for ((key, value), old_key) in old.iter().zip(old.places()) {
            self.path.push(key.clone());
            let mut news = new.iter().zip(new.places());
            match news.find(|((other, _), _)| *other == key) {
                Some(((_, new), at)) => self.values(value, new, old_key, at),
                None => self.add(Some(value), None, old_key, at),
            }
            self.path.pop();
        }
        for ((key, value), at) in new.iter().zip(new.places()) {
            if old.value_of(key).is_none() {
                self.path.push(key.clone());
                self.add(None, Some(value), Span::NONE, at);
                self.path.pop();
            }
        }
    }

    fn values(&mut self, old: &Value, new: &Value, old_key: Span, at: Span) {
        if data::same(old, new) {
            return;
        }
        match (&old.data, &new.data) {
            (Data::Map(old), Data::Map(new)) => self.maps(old, new, at),
            (Data::List(olds), Data::List(news)) => {
                if let (Some(olds), Some(news)) = (named(olds), named(news)) {
                    self.entries(&olds, &news, at);
                } else if olds.len() == news.len() {
                    for (place, (old, new)) in (0..).zip(olds.iter().zip(news)) {
                        self.path.push(Key::Integer(place));
                        self.values(old, new, Span::NONE, new.origin.place());
                        self.path.pop();
                    }
                } else {
                    self.add(Some(old), Some(new), old_key, at);
                }
            }
            (_, _) => self.add(Some(old), Some(new), old_key, at),
        }
    }

    /// Compares entries that have names.
    fn entries(&mut self, olds: &[(&str, &Value)], news: &[(&str, &Value)], at: Span) {
        for (name, old) in olds {
            self.path.push(Key::from(*name));
            match entry(news, name) {
                Some(new) => self.values(old, new, Span::NONE, new.origin.place()),
                None => self.add(Some(old), None, Span::NONE, at),
            }
            self.path.pop();
        }
        for (name, new) in news {
            if entry(olds, name).is_none() {
                self.path.push(Key::from(*name));
                self.add(None, Some(new), Span::NONE, new.origin.place());
                self.path.pop();
            }
        }
    }

    fn add(&mut self, old: Option<&Value>, new: Option<&Value>, old_key: Span, at: Span) {
        self.differences.push(Difference {
            path: self.path.clone(),
            old: old.cloned(),
            new: new.cloned(),
            old_key,
            at,
        });
    }
}

/// The items of a list with their names; `None` if one has none.
fn named(items: &[Value]) -> Option<Vec<(&str, &Value)>> {
    items
        .iter()
        .map(|item| Some((item.as_map()?.get("Name")?.as_text()?, item)))
        .collect()
}

fn entry<'v>(entries: &[(&str, &'v Value)], name: &str) -> Option<&'v Value> {
    let found = entries.iter().find(|(other, _)| *other == name);
    found.map(|(_, value)| *value)
}
