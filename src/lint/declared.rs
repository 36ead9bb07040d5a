//! A variable in all places that declare it.

use super::scopes::{self, Scope};
use crate::origin::Origin;
use crate::source::Span;
use crate::tpa::view::{Entity, Subject};
use crate::value::Value;

/// A variable in the place that declares it.
pub(super) struct Declared<'s> {
    pub(super) entity: Entity,
    /// Its path in that place.
    pub(super) key: String,
    pub(super) value: &'s Value,
}

/// Every declaration of a variable.
pub(super) fn variable<'s>(subject: &'s Subject, name: &str) -> Vec<Declared<'s>> {
    let declared = |scope: Scope<'s>| {
        let value = scope.map.get(name)?;
        Some(Declared {
            key: scope.key(name),
            value,
            entity: scope.entity,
        })
    };
    scopes::variables(subject).filter_map(declared).collect()
}

/// Every declaration of a setting in `postgres_conf_settings`.
pub(super) fn postgres_setting<'s>(subject: &'s Subject, name: &str) -> Vec<Declared<'s>> {
    let inner = |map: Declared<'s>| {
        let value = map.value.as_map()?.get(name)?;
        Some(Declared {
            key: format!("{}/{name}", map.key),
            value,
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
