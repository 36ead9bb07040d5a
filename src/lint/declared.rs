//! Variables where they are declared, each once: of the cluster, of `instance_defaults`, of locations, of machines.

use super::{Entity, Subject};
use crate::origin::Origin;
use crate::source::Span;
use crate::value::{Map, Value};

/// A variable in the place that declares it.
pub(super) struct Declared<'s> {
    pub(super) entity: Entity,
    /// Its path in that place.
    pub(super) key: String,
    pub(super) value: &'s Value,
}

/// Every declaration of a variable.
pub(super) fn variable<'s>(subject: &'s Subject, name: &str) -> Vec<Declared<'s>> {
    let declared = |(entity, prefix, vars): (Entity, &str, &'s Map)| {
        Some(Declared {
            entity,
            key: format!("{prefix}vars/{name}"),
            value: vars.get(name)?,
        })
    };
    places(subject).into_iter().filter_map(declared).collect()
}

/// Every declaration of a setting in `postgres_conf_settings`.
pub(super) fn postgres_setting<'s>(subject: &'s Subject, name: &str) -> Vec<Declared<'s>> {
    let inner = |map: Declared<'s>| {
        Some(Declared {
            key: format!("{}/{name}", map.key),
            value: map.value.as_map()?.get(name)?,
            entity: map.entity,
        })
    };
    variable(subject, "postgres_conf_settings")
        .into_iter()
        .filter_map(inner)
        .collect()
}

/// Every declaration of a setting of Postgres, as a variable of TPA or in `postgres_conf_settings`.
pub(super) fn either<'s>(subject: &'s Subject, name: &str) -> Vec<Declared<'s>> {
    let mut all = variable(subject, name);
    all.extend(postgres_setting(subject, name));
    all
}

/// The maps that hold variables.
fn places(subject: &Subject) -> Vec<(Entity, &'static str, &Map)> {
    let mut places = vec![(Entity::Cluster, "", &subject.vars)];
    if let Some(vars) = subject.defaults.get("vars").and_then(Value::as_map) {
        places.push((Entity::Cluster, "instance_defaults/", vars));
    }
    for location in &subject.locations {
        if let Some(vars) = location.entry.get("vars").and_then(Value::as_map) {
            let name = location.name.as_ref();
            let name = name.map_or_else(String::new, |name| name.value.clone());
            places.push((Entity::Location(name), "", vars));
        }
    }
    for instance in &subject.instances {
        if let Some(vars) = instance.own.get("vars").and_then(Value::as_map) {
            places.push((instance.entity(), "", vars));
        }
    }
    places
}

/// Where the cluster gets its name, for what is wrong with all of it.
pub(super) fn at_cluster(subject: &Subject) -> Origin {
    let named = subject.name.as_ref().map(|name| name.origin);
    named
        .filter(|at| at.place() != Span::NONE)
        .unwrap_or(subject.at)
}

/// The place of a value; that of the cluster for one that nobody wrote.
pub(super) fn place_of(subject: &Subject, at: Origin) -> Origin {
    if at.place() == Span::NONE {
        at_cluster(subject)
    } else {
        at
    }
}

/// Where a key of a map stands; where that is not known, its value.
pub(super) fn at_key(map: &Map, key: &str, value: &Value) -> Origin {
    map.place_of(key).map_or(value.origin, Origin::Written)
}
