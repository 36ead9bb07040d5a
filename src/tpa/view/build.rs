//! A document becomes a subject, in the steps that TPA takes when it provisions.

use std::sync::Arc;

use super::{Instance, Location, Subject};
use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::facts::tables::Tables;
use crate::facts::tpa::TpaVersion;
use crate::origin::{Origin, Sourced};
use crate::topology::Past;
use crate::tpa::config::Config;
use crate::tpa::document::Document;
use crate::tpa::view::entries::{self, Expansion, expand};
use crate::tpa::view::inherit::{names, normalised};
use crate::tpa::view::places;
use crate::value::{Map, Value};

/// How a cluster is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// In `.m1`: a key is a statement there.
    Source,
    /// In YAML, as TPA reads it.
    Config,
}

/// The subject of a cluster that is written in `.m1`.
pub fn from_config(config: Config) -> Subject {
    from_source(document(config))
}

/// What is known of a cluster that is written in `.m1`. Nothing else is known to the rules.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where the cluster is defined.
    pub at: Origin,
    /// The TPA that it is for.
    pub tpa: TpaVersion,
    /// What its source defines beside the library.
    pub own: Arc<Tables>,
    /// The one that it names itself, where the run asks for another one instead.
    pub made_for: Option<TpaVersion>,
    /// Its whole config.yml.
    pub document: Map,
    /// The system of machines that exist already.
    pub system: Option<Sourced<String>>,
    /// What its machines were.
    pub past: Past,
}

/// The subject of the config.yml that a cluster in `.m1` becomes.
pub fn from_source(source: Source) -> Subject {
    Subject {
        tpa: source.tpa,
        own: source.own,
        made_for: source.made_for,
        system: source.system,
        past: source.past,
        ..subject(Written::Source, source.at, source.document)
    }
}

/// What the rules see of a cluster.
pub fn document(config: Config) -> Source {
    let at = config.name.origin;
    let (tpa, made_for) = (config.tpa, config.made_for);
    let (own, system, past) = (config.own, config.system, config.past);
    let mut document = Map::default();
    document.set("architecture", Value::text("M1", at));
    document.set("cluster_name", Value::text(config.name.value, at));
    let sections = [
        ("cluster_tags", Value::map(config.tags, at)),
        ("cluster_vars", Value::map(config.cluster_vars, at)),
        ("locations", Value::list(config.locations, at)),
        (
            "instance_defaults",
            Value::map(config.instance_defaults, at),
        ),
        ("instances", Value::list(config.instances, at)),
    ];
    for section in [config.general, config.tower, config.platform] {
        document.merge(section);
    }
    for (key, value) in sections {
        if !config.omitted.contains(&key) {
            document.set(key, value);
        }
    }
    Source {
        at,
        tpa,
        own,
        made_for,
        document,
        system,
        past,
    }
}

/// The subject of a config.yml.
pub fn from_document(document: Map, at: Origin) -> Subject {
    subject(Written::Config, at, document)
}

/// The subject of a config.yml, with what its text says twice.
pub fn from_file(document: Document) -> Subject {
    Subject {
        duplicates: document.duplicates,
        misread: document.misread,
        ..subject(Written::Config, document.at, document.map)
    }
}

fn subject(written: Written, at: Origin, document: Map) -> Subject {
    let map = |key: &str| {
        document
            .get(key)
            .and_then(Value::as_map)
            .cloned()
            .unwrap_or_default()
    };
    let list = |key: &str| {
        document
            .get(key)
            .and_then(Value::as_list)
            .unwrap_or_default()
    };
    let entries = |key: &str| -> Vec<(Map, Origin)> {
        let entries = list(key).iter();
        entries
            .filter_map(|entry| Some((entry.as_map()?.clone(), entry.origin)))
            .collect()
    };
    let name = document
        .get("cluster_name")
        .and_then(Value::sourced_text)
        .map(Sourced::to_owned);
    let defaults = map("instance_defaults");
    let locations: Vec<Location> = entries("locations")
        .into_iter()
        .map(|(entry, at)| Location {
            at,
            name: entry
                .get("Name")
                .and_then(Value::sourced_text)
                .map(Sourced::to_owned),
            entry,
        })
        .collect();
    let inherited = entries::defaults(&defaults, &document);
    let cluster = name.as_ref().map_or("", |name| name.value.as_str());
    let instances = entries("instances")
        .into_iter()
        .map(|(own, at)| instance(own, at, cluster, &inherited, &locations))
        .collect();
    Subject {
        tpa: TpaVersion::NEWEST,
        own: Arc::default(),
        made_for: None,
        past: Past::default(),
        written,
        at,
        tags: map("cluster_tags"),
        vars: map("cluster_vars"),
        name,
        defaults,
        locations,
        instances,
        duplicates: Vec::new(),
        misread: Vec::new(),
        system: None,
        document,
    }
}

fn instance(
    own: Map,
    at: Origin,
    cluster: &str,
    defaults: &Map,
    locations: &[Location],
) -> Instance {
    let entries: Vec<&Map> = locations.iter().map(|location| &location.entry).collect();
    let Expansion {
        entry,
        location,
        volumes,
    } = expand(&own, defaults, &entries);
    let tag = |key: &str| {
        own.get("tags")
            .and_then(Value::as_map)
            .and_then(|tags| tags.get(key))
    };
    let text = |value: Option<&Value>| {
        let value = value?;
        Some(Sourced::new(value.spelling()?, value.origin))
    };
    let name = text(own.get("Name"))
        .or_else(|| text(tag("Name")))
        .unwrap_or_else(|| {
            let node = own
                .get("node")
                .and_then(Value::spelling)
                .unwrap_or_default();
            Sourced::new(format!("{cluster}-{node}"), places::of_entry(&own, at))
        });
    // What is written as nothing is not TPA's default either.
    let nothing = entry
        .get("platform")
        .map(|value| Sourced::new(String::new(), value.origin));
    let platform = text(entry.get("platform")).or(nothing).unwrap_or_else(|| {
        Sourced::new(
            Platform::DEFAULT.name().to_owned(),
            Origin::Default("TPA's default platform"),
        )
    });
    let moved = |key| entries::moved(&own, &entry, key);
    let (roles, backup) = (names(moved("role")), names(moved("backup")));
    let upstream = text(moved("upstream"));
    let known = |roles: &[Sourced<String>]| {
        let roles = roles.iter();
        roles.filter_map(|role| Role::parse(&role.value)).collect()
    };
    Instance {
        at,
        name: name.map(|name| normalised(&name)),
        vars: entry
            .get("vars")
            .and_then(Value::as_map)
            .cloned()
            .unwrap_or_default(),
        platform,
        location,
        known_roles: known(&roles),
        roles,
        upstream,
        backup,
        volumes,
        own,
        entry,
    }
}
