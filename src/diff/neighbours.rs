//! What machines notice of others that come, go or move: TPA writes addresses into the files of all of them.

use super::collect::{Collector, cluster_name, doings, names, said};
use super::{by_hand, etcd};
use crate::facts::choices::Platform;
use crate::facts::consequences::Effect;
use crate::facts::roles::Role;
use crate::topology::FailoverManager;
use crate::tpa::view::{Instance, services};
use crate::value::Value;

/// The roles under which a machine connects to Postgres of others.
const CONNECTS: &[Role] = &[
    Role::Barman,
    Role::BeaconAgent,
    Role::EfmWitness,
    Role::Haproxy,
    Role::PemAgent,
    Role::PemServer,
    Role::Pgbouncer,
    Role::Primary,
    Role::Replica,
    Role::Witness,
];

/// Those with an agent of EFM.
const EFM: &[Role] = &[
    Role::EfmWitness,
    Role::Primary,
    Role::Replica,
    Role::Witness,
];

/// The address at which the other machines of the cluster find one, where config.yml says it.
pub(super) fn address(machine: &Instance) -> Option<String> {
    let keys: &[&str] = match machine.known_platform()? {
        Platform::Bare => &["ip_address", "private_ip", "public_ip"],
        Platform::Docker => &["ip_address"],
        Platform::Aws => &["private_ip"],
    };
    let mut written = keys.iter().filter_map(|key| machine.entry.get(key));
    written.find_map(Value::spelling)
}

/// Whether others find a machine at another address than before. On aws and docker machines keep theirs.
pub(super) fn is_moved(old: &Instance, machine: &Instance) -> bool {
    let (was, is) = (address(old), address(machine));
    machine.is_on(Platform::Bare) && was.is_some() && is.is_some() && was != is
}

/// Machines that come, go and move, in words.
struct Others {
    come: Vec<String>,
    gone: Vec<String>,
    moved: Vec<String>,
}

impl Others {
    /// Those with one of these roles.
    fn with(roles: &[Role], found: &Collector<'_>) -> Others {
        let is_meant = |machine: &&Instance| {
            !machine.is_provision_only() && roles.iter().any(|role| machine.has_role(*role))
        };
        let pairs = found.pairs();
        let now = found.now.subject.instances.iter().filter(is_meant);
        let before = found.before.subject.instances.iter().filter(is_meant);
        let moved = pairs.iter().filter(|(old, new)| is_moved(old, new));
        let moved = moved.map(|(_, new)| *new).filter(is_meant);
        Others {
            come: names(now.filter(|machine| !found.is_kept(machine))),
            gone: names(before.filter(|machine| !found.stays(machine))),
            moved: names(moved),
        }
    }

    /// `db4` comes, `db2` goes; nothing where nobody does.
    fn words(&self) -> Option<String> {
        doings(&[
            (&self.come, "comes", "come"),
            (&self.gone, "goes", "go"),
            (&self.moved, "moves", "move"),
        ])
    }
}

pub(super) const ADDRESSES: &str = "the addresses of machines";
pub(super) const MEMBERS: &str = "the members of etcd";
pub(super) const NODES: &str = "the nodes of EFM";

pub(super) fn compare(found: &mut Collector<'_>) {
    moves(found);
    if let Some(others) = Others::with(CONNECTS, found).words() {
        on_postgres(&others, found);
    }
    let (before, now) = (found.before.subject, found.now.subject);
    let was = before.failover_manager();
    if was != now.failover_manager() {
        return;
    }
    match was {
        Some(FailoverManager::Efm) => {
            let others = Others::with(EFM, found).words();
            let says = "TPA writes the list of EFM's nodes again, and EFM may restart for it; Postgres runs on";
            on_kept(others, NODES, says, EFM, found);
        }
        Some(FailoverManager::Patroni) => {
            let others = etcd::others(found);
            let says = "Patroni finds etcd by a list of its members, and takes up the new one; Postgres runs on";
            on_kept(
                others,
                MEMBERS,
                says,
                &[Role::Primary, Role::Replica],
                found,
            );
        }
        Some(FailoverManager::Repmgr | FailoverManager::None) | None => {}
    }
}

/// Postgres reads a `pg_hba.conf` again that TPA makes of its lines for the machines.
fn on_postgres(others: &str, found: &mut Collector<'_>) {
    // A template of its own and an empty one have nothing of the machines in them.
    const TEMPLATE: &str = "postgres_hba_template";
    const GENERATED: &str = "pg_hba.conf.j2";
    let now = found.now.subject;
    for (_, machine) in found.pairs() {
        let template = now.variable_of(machine, TEMPLATE).and_then(Value::spelling);
        let is_generated = template.is_none_or(|template| template == GENERATED);
        if is_generated && services::has_postgres(now, machine) && !machine.is_provision_only() {
            let says = format!(
                "{others}: TPA writes the addresses of those who connect to Postgres to `pg_hba.conf`, and Postgres reads it again"
            );
            found.on(&machine.name.value, said(Effect::Reload, ADDRESSES, says));
        }
    }
}

/// Another program takes up a list of machines.
fn on_kept(
    others: Option<String>,
    cause: &str,
    says: &str,
    roles: &[Role],
    found: &mut Collector<'_>,
) {
    let Some(others) = others else {
        return;
    };
    for (_, machine) in found.pairs() {
        if roles.iter().any(|role| machine.has_role(*role)) && !machine.is_provision_only() {
            let change = said(Effect::Service, cause, format!("{others}: {says}"));
            found.on(&machine.name.value, change);
        }
    }
}

/// Machines that get another address.
fn moves(found: &mut Collector<'_>) {
    let cluster = cluster_name(found.now.subject);
    for (old, machine) in found.pairs() {
        let Some(address) = address(machine).filter(|_| is_moved(old, machine)) else {
            continue;
        };
        let name = &machine.name.value;
        let mut steps = Vec::new();
        if machine.has_role(Role::Etcd) {
            steps.push(etcd::AS_MEMBER.to_owned());
        }
        if machine.is_data_node() {
            steps.extend(by_hand::paused(found.now.subject));
        }
        steps.push(format!(
            "give `{name}` the address {address}; until the next step the others look for it at the old one"
        ));
        steps.push(format!(
            "`tpaexec deploy {cluster}`: the others learn the address"
        ));
        found.by_hand(
            format!("TPA moves no machine: `{name}` is to be at {address}"),
            steps,
        );
    }
}
