//! The users, databases and tablespaces that a cluster declares.

use super::declared;
use crate::origin::Origin;
use crate::topology::Flavour;
use crate::tpa::view::Entity;
use crate::tpa::view::Subject;
use crate::value::{Key, Map, Value};

/// Roles that TPA makes for itself, whether or not a cluster needs them.
pub(super) const TPA_ROLES: &[&str] = &[
    "barman",
    "barman_role",
    "beacon",
    "efm",
    "haproxy",
    "patroni",
    "pgbouncer_auth_user",
    "replication",
    "repmgr",
    "rewind",
    "streaming_barman",
];

/// An entry of a list of users or databases.
pub(super) struct Entry<'s> {
    pub(super) entity: Entity,
    pub(super) key: String,
    pub(super) at: Origin,
    pub(super) map: &'s Map,
}

/// Every entry of this variable.
pub(super) fn entries<'s>(subject: &'s Subject, variable: &str) -> Vec<Entry<'s>> {
    let mut entries = Vec::new();
    for list in declared::variable(subject, variable) {
        for item in list.value.as_list().unwrap_or_default() {
            if let Some(map) = item.as_map() {
                entries.push(Entry {
                    entity: list.entity.clone(),
                    key: list.key.clone(),
                    at: declared::place_of(subject, item.origin),
                    map,
                });
            }
        }
    }
    entries
}

/// The superuser of the flavour.
pub(super) fn superuser(subject: &Subject) -> String {
    let written = subject.text("postgres_user").map(|user| user.value);
    written.unwrap_or_else(|| {
        match subject.flavour() {
            Some(Flavour::Epas) => "enterprisedb",
            Some(Flavour::Postgresql | Flavour::Edbpge | Flavour::Pgextended) | None => "postgres",
        }
        .to_owned()
    })
}

/// Every role that exists when TPA makes databases.
pub(super) fn roles(subject: &Subject) -> Vec<String> {
    let mut roles: Vec<String> = TPA_ROLES.iter().map(|role| (*role).to_owned()).collect();
    roles.push(superuser(subject));
    for user in entries(subject, "postgres_users") {
        roles.extend(user.map.get("username").and_then(Value::spelling));
    }
    for variable in [
        "pgbouncer_auth_user",
        "replication_user",
        "patroni_replication_user",
        "patroni_rewind_user",
    ] {
        roles.extend(subject.text(variable).map(|name| name.value));
    }
    roles
}

/// Every tablespace that exists then.
pub(super) fn tablespaces(subject: &Subject) -> Vec<String> {
    let mut tablespaces = vec!["pg_default".to_owned(), "pg_global".to_owned()];
    for declared in declared::variable(subject, "postgres_tablespaces") {
        let names = declared.value.as_map().into_iter().flat_map(Map::iter);
        tablespaces.extend(names.filter_map(|(key, _)| match key {
            Key::Text(name) => Some(name.clone()),
            Key::Integer(_) => None,
        }));
    }
    for instance in &subject.instances {
        for volume in &instance.volumes {
            let vars = volume.get("vars").and_then(Value::as_map);
            let name = vars.and_then(|vars| vars.get("tablespace_name"));
            tablespaces.extend(name.and_then(Value::spelling));
        }
    }
    tablespaces
}

pub(super) fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known == name)
}
