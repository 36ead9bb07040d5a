//! What a change of config.yml does to a cluster that runs: a row for every variable and key that TPA reads.
//!
//! Two groups have tables of their own, which are read here too: what is settled when a cluster is made
//! ([`super::settled::Settled`]), and what TPA restarts Postgres for ([`super::settled::RESTARTING`]).

mod made;
mod table;
mod unwritten;

use super::choices::Platform;
use super::consequences::{Consequence, Effect, Part};
use super::settled::{RESTARTING, Settled};

pub use unwritten::{VALUES as UNWRITTEN, unwritten};

/// The same for all of these names.
#[derive(Debug)]
struct Row {
    consequence: Consequence,
    names: &'static [&'static str],
}

const fn row(
    effect: Effect,
    part: Part,
    says: &'static str,
    names: &'static [&'static str],
) -> Row {
    Row {
        consequence: Consequence { effect, part, says },
        names,
    }
}

const RESTARTS: Consequence = Consequence {
    effect: Effect::Restart,
    part: Part::Postgres,
    says: "TPA restarts Postgres when it changes, and connections break",
};

/// What a change of a variable does. Nothing for a variable that TPA does not know.
pub fn of_variable(name: &str) -> Option<Consequence> {
    if let Some(settled) = Settled::parse(name) {
        return Some(settled.changed());
    }
    if RESTARTING.iter().any(|(known, _)| *known == name) {
        return Some(RESTARTS);
    }
    found(table::VARIABLES, name)
}

/// What a change of a key of a machine does, on a platform.
pub fn of_machine_key(name: &str, platform: Platform) -> Option<Consequence> {
    let own = match platform {
        Platform::Aws => made::ON_AWS,
        Platform::Docker => made::ON_DOCKER,
        Platform::Bare => made::ON_BARE,
    };
    found(own, name).or_else(|| found(made::EVERYWHERE, name))
}

/// What a change of a key of a volume does, on aws.
pub fn of_volume_key(name: &str) -> Option<Consequence> {
    found(made::OF_VOLUMES, name)
}

/// What a change of a variable of a volume does.
pub fn of_volume_variable(name: &str) -> Option<Consequence> {
    found(made::OF_VOLUME_VARIABLES, name)
}

fn found(rows: &'static [Row], name: &str) -> Option<Consequence> {
    let row = rows.iter().find(|row| row.names.contains(&name))?;
    Some(row.consequence)
}

/// What `tpaexec upgrade` calls what a variable has the version of.
pub fn component(variable: &str) -> Option<&'static str> {
    let found = COMPONENTS.iter().find(|(known, _)| *known == variable);
    found.map(|(_, component)| *component)
}

/// The packages that `tpaexec upgrade` moves to another version, with what it calls them.
const COMPONENTS: &[(&str, &str)] = &[
    ("barman_package_version", "barman"),
    ("efm_version", "efm"),
    ("etcd_package_version", "patroni"),
    ("patroni_package_version", "patroni"),
    ("pem_agent_package_version", "pem-server,pem-agent"),
    ("pem_server_package_version", "pem-server,pem-agent"),
    ("pg_backup_api_package_version", "pg-backup-api"),
    ("pgbouncer_package_version", "pgbouncer"),
    ("repmgr_package_version", "repmgr"),
];

/// A table as a page shows it: names with the same consequence together.
pub struct Group {
    pub consequence: Consequence,
    pub names: Vec<&'static str>,
}

/// All variables.
pub fn variables() -> Vec<Group> {
    let settled = Settled::ALL.map(|settled| Group {
        consequence: settled.changed(),
        names: vec![settled.name()],
    });
    let restarting = Group {
        consequence: RESTARTS,
        names: RESTARTING.iter().map(|(name, _)| *name).collect(),
    };
    let others = groups(table::VARIABLES);
    settled
        .into_iter()
        .chain([restarting])
        .chain(others)
        .collect()
}

/// All keys of machines and volumes, with what they are keys of.
pub fn keys() -> Vec<(&'static str, Group)> {
    let tables: [(&str, &'static [Row]); 6] = [
        ("a machine", made::EVERYWHERE),
        ("a machine on aws", made::ON_AWS),
        ("a container", made::ON_DOCKER),
        ("a bare machine", made::ON_BARE),
        ("a volume", made::OF_VOLUMES),
        ("`vars` of a volume", made::OF_VOLUME_VARIABLES),
    ];
    let of =
        |(what, rows): (&'static str, &'static [Row])| groups(rows).map(move |group| (what, group));
    tables.into_iter().flat_map(of).collect()
}

fn groups(rows: &'static [Row]) -> impl Iterator<Item = Group> {
    rows.iter().map(|row| Group {
        consequence: row.consequence,
        names: row.names.to_vec(),
    })
}
