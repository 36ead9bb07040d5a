//! Maps that are read key by key. What nobody has asked for when the reading ends is refused, so nothing is dropped.

use std::collections::HashSet;

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::origin::{Origin, Sourced};
use crate::tpa::view::truth::{module_bool, whole};
use crate::value::{Data, Map, Value};

pub(super) struct Keys<'m, 'd> {
    map: &'m Map,
    asked: HashSet<&'static str>,
    diagnostics: &'d mut Diagnostics,
}

impl<'m, 'd> Keys<'m, 'd> {
    pub(super) fn new(map: &'m Map, diagnostics: &'d mut Diagnostics) -> Keys<'m, 'd> {
        Keys {
            map,
            asked: HashSet::new(),
            diagnostics,
        }
    }

    pub(super) fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    /// Keys that do not concern Terraform.
    pub(super) fn pass(&mut self, keys: &[&'static str]) {
        self.asked.extend(keys);
    }

    pub(super) fn value(&mut self, key: &'static str) -> Option<&'m Value> {
        self.asked.insert(key);
        self.map.get(key).filter(|value| value.data != Data::Null)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<Sourced<String>> {
        let value = self.value(key)?;
        self.typed(key, value, text(value), "a text without a template")
    }

    pub(super) fn integer(&mut self, key: &'static str) -> Option<Sourced<i64>> {
        let value = self.value(key)?;
        self.typed(key, value, whole(value), "an integer")
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> Option<Sourced<bool>> {
        let value = self.value(key)?;
        self.typed(key, value, module_bool(value), "`true` or `false`")
    }

    pub(super) fn map(&mut self, key: &'static str) -> Option<&'m Map> {
        let value = self.value(key)?;
        let map = self.typed(key, value, value.as_map(), "a map")?;
        Some(map.value)
    }

    pub(super) fn list(&mut self, key: &'static str) -> Option<&'m [Value]> {
        let value = self.value(key)?;
        let list = self.typed(key, value, value.as_list(), "a list")?;
        Some(list.value)
    }

    /// A list of texts, or one text in place of it.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let value = self.value(key)?;
        let texts = texts(value);
        self.typed(key, value, texts, "a list of texts")
            .map(|texts| texts.value)
    }

    /// A map of scalars, as texts.
    pub(super) fn pairs(&mut self, key: &'static str) -> Option<Vec<(String, String)>> {
        let value = self.value(key)?;
        let pairs = value.as_map().and_then(pairs);
        self.typed(key, value, pairs, "a map of texts")
            .map(|pairs| pairs.value)
    }

    fn typed<T>(
        &mut self,
        key: &str,
        value: &Value,
        typed: Option<T>,
        expected: &str,
    ) -> Option<Sourced<T>> {
        if typed.is_none() {
            self.wrong(value.origin, key, expected);
        }
        Some(Sourced::new(typed?, value.origin))
    }

    pub(super) fn wrong(&mut self, origin: Origin, key: &str, expected: &str) {
        self.diagnostics
            .push_at(origin, |at| errors::value(at, key, expected));
    }

    /// Refuses a key where it is written.
    pub(super) fn refuse(&mut self, key: &'static str, help: &str) {
        if self.value(key).is_some() {
            let at = self.at(key);
            self.diagnostics
                .push_at(at, |at| errors::setting(at, key, help));
        }
    }

    /// Where a key stands; where that is not known, its value.
    fn at(&self, key: &str) -> Origin {
        let origin = self.map.get(key).map(|value| value.origin);
        let origin = origin.unwrap_or(Origin::Default("not written"));
        match self.map.place_of(key) {
            Some(at) => origin.of_key(at),
            None => origin,
        }
    }

    /// Refuses what nobody has asked for.
    pub(super) fn end(self) {
        for (key, value) in self.map.iter() {
            let name = key.to_string();
            if !self.asked.contains(name.as_str()) && value.data != Data::Null {
                let at = self.at(&name);
                self.diagnostics.push_at(at, |at| {
                    errors::setting(at, &name, "remove it, or build the other targets alone")
                });
            }
        }
    }
}

/// A text. Nobody would expand a template in it.
fn text(value: &Value) -> Option<String> {
    value.spelling().filter(|text| !text.contains("{{"))
}

pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    match value.as_list() {
        Some(items) => items.iter().map(text).collect(),
        None => Some(vec![text(value)?]),
    }
}

pub(super) fn pairs(map: &Map) -> Option<Vec<(String, String)>> {
    map.iter()
        .map(|(key, value)| Some((key.to_string(), text(value)?)))
        .collect()
}
