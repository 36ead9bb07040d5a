//! Networks of docker: they are made once.

use super::{Altered, Change};
use crate::origin::Sourced;
use crate::tpa::view::Subject;
use crate::value::{Data, Map, Value};

const NETWORKS: &str = "docker_networks";

pub(super) fn compare<'s>(before: &'s Subject, now: &'s Subject, changes: &mut Vec<Change<'s>>) {
    for (name, network) in networks(now) {
        let Some((_, old)) = networks(before).into_iter().find(|(old, _)| *old == name) else {
            continue;
        };
        let (old, new) = (leaves(old), leaves(network));
        for (path, to) in &new {
            let from = old.iter().find(|(known, _)| known == path);
            let from = from.map(|(_, value)| value.clone());
            if from.as_ref().map(|from| &from.value) != Some(&to.value) {
                changes.push(altered(&name, from, Some(to.clone())));
            }
        }
        for (path, from) in old {
            if !new.iter().any(|(known, _)| *known == path) {
                changes.push(altered(&name, Some(from), None));
            }
        }
    }
}

fn altered<'s>(
    network: &str,
    from: Option<Sourced<String>>,
    to: Option<Sourced<String>>,
) -> Change<'s> {
    let machines = Vec::new();
    Change::Network(network.to_owned(), Altered { from, to, machines })
}

fn networks(subject: &Subject) -> Vec<(String, &Map)> {
    let list = subject.document.get(NETWORKS).and_then(Value::as_list);
    let entries = list.unwrap_or_default().iter();
    entries
        .filter_map(|entry| {
            let map = entry.as_map()?;
            Some((map.get("name")?.spelling()?, map))
        })
        .collect()
}

/// The single values in a map, each with the keys that lead to it.
fn leaves(map: &Map) -> Vec<(Vec<String>, Sourced<String>)> {
    let mut found = Vec::new();
    for (key, value) in map.iter() {
        let key = key.to_string();
        add(value, &mut vec![key], &mut found);
    }
    found
}

fn add(value: &Value, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, Sourced<String>)>) {
    let mut below = |key: String, value: &Value, found: &mut Vec<_>| {
        path.push(key);
        add(value, path, found);
        path.pop();
    };
    match &value.data {
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                below(index.to_string(), item, found);
            }
        }
        Data::Map(map) => {
            for (key, value) in map.iter() {
                let key = key.to_string();
                below(key, value, found);
            }
        }
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Text(_) => {
            if let Some(spelling) = value.spelling() {
                found.push((path.clone(), Sourced::new(spelling, value.origin)));
            }
        }
    }
}
