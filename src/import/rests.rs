//! What the rules do not give: the difference between what a draft builds and what is wanted.

use std::collections::BTreeMap;

use super::data::{self, Rest};
use super::machines::{Machine, Site};
use super::read::Unsaid;
use crate::source::Span;
use crate::tpa::config::Config;
use crate::value::{Data, Key, Map, Value};

/// The sections that are no settings.
const SECTIONS: &[&str] = &[
    "architecture",
    "cluster_name",
    "cluster_tags",
    "cluster_vars",
    "locations",
    "instance_defaults",
    "instances",
];

/// The variable to which a security standard adds what it needs.
const EXTENSIONS: &str = "extra_postgres_extensions";

#[derive(Debug, Default)]
pub(super) struct Rests {
    /// What the whole cluster omits.
    pub(super) omit: Vec<String>,
    pub(super) settings: Map,
    pub(super) vars: Map,
    pub(super) defaults: Map,
    /// In the order of the sites.
    pub(super) sites: Vec<Rest>,
    /// In the order of the machines.
    pub(super) machines: Vec<Rest>,
}

pub(super) fn rests(
    config: &Config,
    document: &Map,
    sites: &[Site<'_>],
    machines: &[Machine<'_>],
    unsaid: &mut Vec<Unsaid>,
) -> Rests {
    let mut rests = Rests::default();
    let mut settings = Map::default();
    for ((key, value), at) in document.iter().zip(document.places()) {
        if !matches!(key, Key::Text(key) if SECTIONS.contains(&key.as_str())) {
            settings.set_at(key.clone(), at, value.clone());
        }
    }
    let rest = data::rest(&config.settings(), &settings);
    rests.settings = rest.over;
    rests.omit.extend(rest.omit);

    let mut section = |key: &str, what: &str| {
        let value = document.get(key)?;
        if value.as_map().is_none() {
            unsaid.push(Unsaid {
                at: value.origin.place(),
                what: format!("{what} that are not a map"),
            });
        }
        value.as_map()
    };
    let tags = section("cluster_tags", "tags");
    let vars = section("cluster_vars", "variables");
    let defaults = section("instance_defaults", "defaults");
    if tags.is_none() {
        rests.omit.push("cluster_tags".to_owned());
    }
    let mut of_vars = data::rest(&config.cluster_vars, vars.unwrap_or(&Map::default()));
    extensions(config, vars, &mut of_vars);
    rests.vars = of_vars.over;
    let paths = of_vars.omit.iter().map(|path| format!("vars.{path}"));
    rests.omit.extend(paths);
    match defaults {
        Some(defaults) => {
            let rest = data::rest(&config.instance_defaults, defaults);
            rests.defaults = rest.over;
            let paths = rest.omit.iter().map(|path| format!("defaults.{path}"));
            rests.omit.extend(paths);
        }
        None => rests.omit.push("instance_defaults".to_owned()),
    }
    of_sites(config, document, sites, &mut rests);
    of_machines(config, machines, &mut rests);
    rests
}

/// A security standard adds its extensions to those that the source names.
fn extensions(config: &Config, vars: Option<&Map>, rest: &mut Rest) {
    let derived = config.cluster_vars.get(EXTENSIONS).and_then(Value::as_list);
    let (Some(derived), Some(wanted)) = (derived, vars.and_then(|vars| vars.get(EXTENSIONS)))
    else {
        return;
    };
    if config.general.get("compliance").is_none() || rest.over.get(EXTENSIONS).is_none() {
        return;
    }
    let list = wanted.as_list().unwrap_or_default();
    let own = list.len().checked_sub(derived.len());
    let own = own.and_then(|own| list.split_at_checked(own));
    match own {
        Some((own, added)) if data::same_items(added, derived) => {
            rest.over
                .set(EXTENSIONS, Value::list(own.to_vec(), wanted.origin));
        }
        Some(_) | None => rest.omit.push(EXTENSIONS.to_owned()),
    }
}

fn of_sites(config: &Config, document: &Map, sites: &[Site<'_>], rests: &mut Rests) {
    if document.get("locations").is_none() {
        rests.omit.push("locations".to_owned());
        rests.sites = vec![Rest::default(); sites.len()];
        return;
    }
    for (site, derived) in sites.iter().zip(&config.locations) {
        let nothing = Map::default();
        let derived = derived.as_map().unwrap_or(&nothing);
        let wanted = site.entry.map_or(&nothing, |(entry, _)| entry);
        rests.sites.push(data::rest(derived, wanted));
    }
}

fn of_machines(config: &Config, machines: &[Machine<'_>], rests: &mut Rests) {
    let nothing = Map::default();
    let entries = config.instances.iter().filter_map(Value::as_map);
    let named = |entry: &&Map, name: &str| entry.get("Name").and_then(Value::as_text) == Some(name);
    let mut derived = Vec::new();
    for machine in machines {
        let entry = entries.clone().find(|entry| named(entry, &machine.name));
        let entry = entry.unwrap_or(&nothing);
        derived.push(entry);
        rests.machines.push(data::rest(entry, machine.entry));
    }
    hoist(&derived, machines, rests);
}

/// What most machines omit is said once for all of them; the others say themselves what they have.
fn hoist(derived: &[&Map], machines: &[Machine<'_>], rests: &mut Rests) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for path in rests.machines.iter().flat_map(|rest| &rest.omit) {
        *counts.entry(path.clone()).or_default() += 1;
    }
    for (path, count) in counts {
        let has = |map: &Map| get(map, &path).is_some();
        let of = derived.iter().filter(|entry| has(entry)).count();
        let exceptions = of - count.min(of);
        if count < 2 || exceptions > 0 && (path != "location" || exceptions >= count) {
            continue;
        }
        for ((rest, machine), entry) in rests.machines.iter_mut().zip(machines).zip(derived) {
            match rest.omit.iter().position(|omitted| *omitted == path) {
                Some(place) => {
                    rest.omit.remove(place);
                }
                None if has(entry) => {
                    if let Some(value) = machine.entry.get(&path) {
                        rest.over.set(path.as_str(), value.clone());
                    }
                }
                None => {}
            }
        }
        rests.omit.push(format!("machines.{path}"));
    }
}

fn get<'m>(map: &'m Map, path: &str) -> Option<&'m Value> {
    match path.split_once('.') {
        None => map.get(path),
        Some((first, rest)) => get(map.get(first)?.as_map()?, rest),
    }
}

/// The places where two documents differ, each with what is there.
pub(super) fn differences(wanted: &Map, built: &Map, whole: Span) -> Vec<Unsaid> {
    let mut unsaid = Vec::new();
    maps("", wanted, built, whole, &mut unsaid);
    unsaid
}

fn maps(path: &str, wanted: &Map, built: &Map, whole: Span, unsaid: &mut Vec<Unsaid>) {
    for ((key, value), at) in wanted.iter().zip(wanted.places()) {
        let path = joined(path, key);
        match built.value_of(key) {
            Some(built) => values(&path, value, built, at, unsaid),
            None => unsaid.push(Unsaid {
                at,
                what: format!("`{path}`"),
            }),
        }
    }
    for (key, _) in built.iter() {
        if wanted.value_of(key).is_none() {
            unsaid.push(Unsaid {
                at: whole,
                what: format!("that there is no `{}`", joined(path, key)),
            });
        }
    }
}

fn values(path: &str, wanted: &Value, built: &Value, at: Span, unsaid: &mut Vec<Unsaid>) {
    if data::same(wanted, built) {
        return;
    }
    match (&wanted.data, &built.data) {
        (Data::Map(one), Data::Map(other)) => maps(path, one, other, at, unsaid),
        (Data::List(one), Data::List(other)) if one.len() == other.len() => {
            for (one, other) in one.iter().zip(other) {
                let name = one.as_map().and_then(|map| map.get("Name")?.as_text());
                let path = name.map_or_else(|| path.to_owned(), |name| format!("{path}.{name}"));
                values(&path, one, other, one.origin.place(), unsaid);
            }
        }
        (_, _) => unsaid.push(Unsaid {
            at,
            what: format!("`{path}`"),
        }),
    }
}

fn joined(path: &str, key: &Key) -> String {
    let key = key.to_string();
    if path.is_empty() {
        key
    } else {
        format!("{path}.{key}")
    }
}
