//! `hosts.yml`: groups by role and by location, which TPA makes itself when it deploys.

use std::collections::BTreeSet;

use super::Inventory;
use super::host::Host;
use crate::facts::roles::Role;
use crate::origin::Origin;
use crate::tpa::view::inherit::names;
use crate::value::{Map, Value};
use crate::yaml;

const COMMENT: &str = "\
# Groups for whoever works without TPA: by role and by location.
# Who is the primary changes with every switchover: `initial_primary` is the one that the cluster begins with.
";

/// The parent of the primary and its replicas.
const POSTGRES: &str = "postgres";
const PRIMARY: &str = "initial_primary";
const REPLICA: &str = "replica";

/// Roles that have a group of that name, but for `primary`. Others have one that begins as TPA's groups of roles do.
const ROLES: &[Role] = &[
    Role::Replica,
    Role::Witness,
    Role::Barman,
    Role::Etcd,
    Role::Haproxy,
    Role::Pgbouncer,
    Role::PemServer,
    Role::PemAgent,
    Role::BeaconAgent,
    Role::LogServer,
    Role::MonitoringServer,
    Role::OpenvpnServer,
    Role::EfmWitness,
    Role::EfmNotPromotable,
    Role::Readonly,
];

pub(super) fn text(inventory: &Inventory) -> String {
    let mut children = Map::default();
    for host in inventory.listed() {
        for group in groups_of(host) {
            let member = under("hosts", under(&host.name.value, Map::default()));
            let is_below = group == PRIMARY || group == REPLICA;
            let group = under(&group, member);
            children.merge(if is_below {
                under(POSTGRES, under("children", group))
            } else {
                group
            });
        }
    }
    let root = under("all", under("children", children));
    format!("{COMMENT}{}", yaml::write(&root.into()))
}

fn under(key: &str, value: Map) -> Map {
    let mut map = Map::default();
    map.set(
        key,
        Value::map(value, Origin::Default("groups of the inventory")),
    );
    map
}

/// The groups that a machine is in.
pub(super) fn groups_of(host: &Host) -> impl Iterator<Item = String> {
    let roles = names(host.vars.get("role")).into_iter();
    let roles = roles.map(|role| of_role(&role.value));
    let location = host.location.as_ref();
    roles.chain(location.map(|location| of_location(&location.value)))
}

/// All groups of a cluster.
pub(super) fn all(inventory: &Inventory) -> BTreeSet<String> {
    let listed = inventory.listed().into_iter();
    let given = ["all", "ungrouped", POSTGRES, &inventory.group.value];
    listed
        .flat_map(groups_of)
        .chain(given.map(str::to_owned))
        .collect()
}

pub(super) fn of_location(name: &str) -> String {
    format!("location_{}", word(name))
}

fn of_role(role: &str) -> String {
    match Role::parse(role) {
        Some(Role::Primary) => PRIMARY.to_owned(),
        Some(known) if ROLES.contains(&known) => word(role),
        Some(_) | None => format!("role_{}", word(role)),
    }
}

/// Group names have letters, digits and `_`.
fn word(name: &str) -> String {
    let letter = |character: char| {
        if character.is_ascii_alphanumeric() {
            character
        } else {
            '_'
        }
    };
    name.chars().map(letter).collect()
}
