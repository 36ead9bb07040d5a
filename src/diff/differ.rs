//! Where two values differ: the paths to what is different in maps and lists.

use crate::tpa::secrets;
use crate::tpa::view::truth::ansible_bool;
use crate::value::{Data, Key, Map, Value};

/// What tells the entries of a list apart.
const NAMES: &[&str] = &["name", "Name", "username", "device_name"];

/// A difference: the path to it, and what was and is there.
pub(super) struct Difference<'v> {
    pub(super) path: String,
    pub(super) old: Option<&'v Value>,
    pub(super) new: Option<&'v Value>,
}

/// All differences below a path.
pub(super) fn differences<'v>(
    path: &str,
    old: Option<&'v Value>,
    new: Option<&'v Value>,
) -> Vec<Difference<'v>> {
    let mut found = Vec::new();
    differ(path.to_owned(), there(old), there(new), &mut found);
    found
}

/// What is shown in the place of a secret.
pub(super) const HIDDEN: &str = "…";

/// A value in words, for readers: what may be secret, by its key or by itself, is not shown.
pub(super) fn shown(path: &str, value: &Value) -> String {
    if let Some(text) = value.spelling() {
        return shown_text(path, &text);
    }
    in_line(last(path), value, &shown)
}

/// The same of a value in words.
pub(super) fn shown_text(path: &str, text: &str) -> String {
    let is_secret = secrets::may_be(last(path), text);
    if is_secret { HIDDEN } else { text }.to_owned()
}

/// The last key of a path.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// Whether a value is what these words say.
pub(super) fn says(value: &Value, words: &str) -> bool {
    text(value) == words || ansible_bool(value).is_some_and(|switch| switch.to_string() == words)
}

/// A value in words: maps and lists in one line.
fn text(value: &Value) -> String {
    in_line("", value, &|_, value| text(value))
}

/// The items of a list are what its key says.
fn in_line(key: &str, value: &Value, text: &dyn Fn(&str, &Value) -> String) -> String {
    match &value.data {
        Data::Null => "null".to_owned(),
        Data::List(items) => {
            let items: Vec<String> = items.iter().map(|item| text(key, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Data::Map(map) => {
            let entry = |(key, value): (&Key, &Value)| {
                let key = word(key);
                format!("{key}: {}", text(&key, value))
            };
            let entries: Vec<String> = map.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Text(_) => {
            value.spelling().unwrap_or_default()
        }
    }
}

fn there(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| value.data != Data::Null)
}

fn differ<'v>(
    path: String,
    old: Option<&'v Value>,
    new: Option<&'v Value>,
    found: &mut Vec<Difference<'v>>,
) {
    match (old.map(|old| &old.data), new.map(|new| &new.data)) {
        (Some(Data::Map(was)), Some(Data::Map(is))) => maps(&path, Some(was), Some(is), found),
        (Some(Data::List(was)), Some(Data::List(is))) => lists(&path, (was, old), (is, new), found),
        (None, Some(Data::Map(is))) => maps(&path, None, Some(is), found),
        (Some(Data::Map(was)), None) => maps(&path, Some(was), None, found),
        (None, Some(Data::List(is))) if !is.is_empty() => {
            lists(&path, (&[], old), (is, new), found);
        }
        (Some(Data::List(was)), None) if !was.is_empty() => {
            lists(&path, (was, old), (&[], new), found);
        }
        _ if is_same(old, new) => {}
        _ => found.push(Difference { path, old, new }),
    }
}

fn maps<'v>(
    path: &str,
    was: Option<&'v Map>,
    is: Option<&'v Map>,
    found: &mut Vec<Difference<'v>>,
) {
    let value = |map: Option<&'v Map>, key: &Key| there(map.and_then(|map| map.value_of(key)));
    for (key, new) in is.into_iter().flat_map(Map::iter) {
        differ(below(path, key), value(was, key), there(Some(new)), found);
    }
    for (key, old) in was.into_iter().flat_map(Map::iter) {
        if is.and_then(|is| is.value_of(key)).is_none() {
            differ(below(path, key), there(Some(old)), None, found);
        }
    }
}

fn below(path: &str, key: &Key) -> String {
    format!("{path}.{}", word(key))
}

type List<'v> = (&'v [Value], Option<&'v Value>);

fn lists<'v>(
    path: &str,
    (was, old): List<'v>,
    (is, new): List<'v>,
    found: &mut Vec<Difference<'v>>,
) {
    let before = found.len();
    for item in is {
        match name(item) {
            Some(known) => {
                let same = was
                    .iter()
                    .find(|other| name(other).as_ref() == Some(&known));
                let below = format!("{path}[{known}]");
                match same {
                    Some(same) => differ(below, Some(same), Some(item), found),
                    None => found.push(Difference {
                        path: below,
                        old: None,
                        new: Some(item),
                    }),
                }
            }
            None if !was.iter().any(|other| is_same(Some(other), Some(item))) => {
                found.push(Difference {
                    path: path.to_owned(),
                    old: None,
                    new: Some(item),
                });
            }
            None => {}
        }
    }
    for item in was {
        let is_there = match name(item) {
            Some(known) => is.iter().any(|other| name(other).as_ref() == Some(&known)),
            None => is.iter().any(|other| is_same(Some(other), Some(item))),
        };
        if !is_there {
            found.push(Difference {
                path: name(item).map_or_else(|| path.to_owned(), |name| format!("{path}[{name}]")),
                old: Some(item),
                new: None,
            });
        }
    }
    // The same entries in another order.
    let has_names = is.iter().any(|item| name(item).is_some());
    if found.len() == before && !has_names && !are_same(was, is) {
        found.push(Difference {
            path: path.to_owned(),
            old,
            new,
        });
    }
}

fn name(item: &Value) -> Option<String> {
    let map = item.as_map()?;
    NAMES.iter().find_map(|key| map.get(key)?.spelling())
}

/// Whether two values say the same. The order of keys says nothing.
pub(super) fn is_same(old: Option<&Value>, new: Option<&Value>) -> bool {
    let (Some(old), Some(new)) = (there(old), there(new)) else {
        return there(old).is_none() && there(new).is_none();
    };
    match (&old.data, &new.data) {
        (Data::Map(was), Data::Map(is)) => {
            let has_same = |(key, new): (&Key, &Value)| is_same(was.value_of(key), Some(new));
            was.iter().all(|(key, _)| is.value_of(key).is_some()) && is.iter().all(has_same)
        }
        (Data::List(was), Data::List(is)) => are_same(was, is),
        _ => text(old) == text(new) || is_same_switch(old, new),
    }
}

fn are_same(was: &[Value], is: &[Value]) -> bool {
    let mut pairs = was.iter().zip(is);
    was.len() == is.len() && pairs.all(|(old, new)| is_same(Some(old), Some(new)))
}

/// `on` in quotes and `true` are one to Ansible. Numbers are not switches.
fn is_same_switch(old: &Value, new: &Value) -> bool {
    let switch = |value: &Value| match value.data {
        Data::Integer(_) => None,
        Data::Null
        | Data::Boolean(_)
        | Data::Decimal(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => ansible_bool(value),
    };
    switch(old).is_some() && switch(old) == switch(new)
}

fn word(key: &Key) -> String {
    match key {
        Key::Text(text) => text.clone(),
        Key::Integer(integer) => integer.to_string(),
    }
}
