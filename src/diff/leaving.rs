//! Machines that leave config.yml, and what they leave to the others: slots, registrations, entries of Barman.

use super::collect::{Collector, names, said};
use super::etcd;
use crate::facts::barman;
use crate::facts::choices::Platform;
use crate::facts::consequences::Effect;
use crate::facts::roles::Role;
use crate::schema::list;
use crate::topology::FailoverManager;
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

/// A machine that left config.yml.
pub(super) fn gone(machine: &Instance, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    let says = match machine.known_platform() {
        Some(Platform::Aws | Platform::Docker) => {
            "TPA leaves the machine alone, and Terraform refuses to take it away until you say that it may go"
        }
        Some(Platform::Bare) | None => "TPA leaves the machine alone: whatever runs there runs on",
    };
    found.on(name, said(Effect::Manual, "machine", says));
    let before = found.before.subject;
    let mut steps = Vec::new();
    if machine.is_data_node() {
        steps.extend(data(machine, found));
    }
    if machine.has_role(Role::Etcd) {
        steps.push(etcd::AS_MEMBER.to_owned());
    }
    if machine.has_role(Role::Barman) {
        steps.push(format!(
            "keep the backups on `{name}` as long as they are needed"
        ));
        steps.push(format!(
            "on `{name}`: stop Barman's cron, so that it receives no WAL"
        ));
        let backed = before.instances.iter().filter(|one| {
            let mut servers = one.backup.iter();
            found.stays(one) && servers.any(|server| server.value == *name)
        });
        steps.extend(backed.map(|one| drop_barman_slot(name, one)));
    }
    if machine.has_role(Role::Witness) || machine.has_role(Role::EfmWitness) {
        steps.extend(forget_witness(before, machine));
    }
    if steps.is_empty() {
        steps.push(format!(
            "send the clients of `{name}` elsewhere, and stop what runs there"
        ));
    }
    steps.extend(take_away(machine));
    found.by_hand(
        format!("the machine `{name}` left config.yml, and runs on"),
        steps,
    );
}

/// A machine that stays, and is to hold no data any more.
pub(super) fn data_lost(machine: &Instance, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    let steps = data(machine, found);
    found.by_hand(
        format!("TPA takes Postgres and its data off no machine: `{name}` was a data node"),
        steps,
    );
}

/// What it takes to do without a data node.
fn data(machine: &Instance, found: &Collector<'_>) -> Vec<String> {
    let name = &machine.name.value;
    let before = found.before.subject;
    let mut steps = Vec::new();
    let children = before.children_of(machine);
    let streams = names(children.filter(|child| child.is_data_node() && found.stays(child)));
    let has_patroni = before.failover_manager() == Some(FailoverManager::Patroni);
    if !streams.is_empty() && !has_patroni {
        steps.push(format!(
            "see in `select * from pg_stat_replication` on `{name}` that {} no longer stream from it",
            list(&streams)
        ));
    }
    steps.extend(forget(before, machine));
    steps.push(format!(
        "on `{name}`: stop Postgres, and keep it from starting again"
    ));
    steps.extend(drop_slot(found, machine));
    steps.extend(barman_entries(found, machine));
    steps
}

/// The failover manager no longer counts on a data node.
fn forget(before: &Subject, machine: &Instance) -> Option<String> {
    let name = &machine.name.value;
    match before.failover_manager()? {
        FailoverManager::Repmgr => Some(format!(
            "on `{name}`: stop repmgrd; `repmgr standby unregister`"
        )),
        FailoverManager::Efm => Some(disallow(name)),
        FailoverManager::Patroni => Some(format!(
            "on `{name}`: stop Patroni, and keep it from starting again"
        )),
        FailoverManager::None => None,
    }
}

/// EFM no longer counts on a machine.
pub(super) fn disallow(name: &str) -> String {
    format!(
        "on `{name}`: stop EFM, and keep it from starting again; on another machine: `efm disallow-node` with the address of `{name}`"
    )
}

fn forget_witness(before: &Subject, machine: &Instance) -> Option<String> {
    let name = &machine.name.value;
    match before.failover_manager()? {
        FailoverManager::Repmgr => Some(format!(
            "on `{name}`: stop repmgrd; `repmgr witness unregister`; stop Postgres"
        )),
        FailoverManager::Efm => Some(disallow(name)),
        FailoverManager::Patroni | FailoverManager::None => None,
    }
}

/// The slot of a standby keeps WAL on the machine that it streamed from until the disk is full. Patroni takes it away
/// itself.
fn drop_slot(found: &Collector<'_>, machine: &Instance) -> Option<String> {
    let before = found.before.subject;
    let upstream = before.upstream_of(machine)?;
    // What goes itself takes its slots along.
    if !found.stays(upstream) {
        return None;
    }
    let slot = slot(before, machine)?;
    Some(format!(
        "on `{}`: `select pg_drop_replication_slot('{slot}')`",
        upstream.name.value
    ))
}

/// The slot through which a standby streams. Nothing with Patroni, which makes and drops its own.
pub(super) fn slot(before: &Subject, machine: &Instance) -> Option<String> {
    match before.failover_manager()? {
        FailoverManager::Repmgr => {
            let node = machine.entry.get("node").and_then(Value::spelling)?;
            Some(format!("repmgr_slot_{node}"))
        }
        FailoverManager::Efm | FailoverManager::None => {
            let written = before.variable_of(machine, "primary_slot_name");
            let unwritten = || {
                let letter = |one: char| {
                    if one.is_ascii_alphanumeric() {
                        one
                    } else {
                        '_'
                    }
                };
                let name: String = machine.name.value.chars().map(letter).collect();
                format!("tpa_{name}")
            };
            Some(written.and_then(Value::spelling).unwrap_or_else(unwritten))
        }
        FailoverManager::Patroni => None,
    }
}

/// A machine is backed up no longer by a Barman that stays.
pub(super) fn backup_lost(server: &str, machine: &Instance, found: &mut Collector<'_>) {
    // Of one that goes itself it is said there.
    if !stays(server, found) {
        return;
    }
    let name = &machine.name.value;
    let mut steps = vec![drop_barman_slot(server, machine)];
    steps.extend(barman_entry(server, machine, found));
    found.by_hand(
        format!("Barman on `{server}` is told nothing: it still backs up `{name}`"),
        steps,
    );
}

/// What Barmans that stay still have of a machine that goes.
fn barman_entries(found: &Collector<'_>, machine: &Instance) -> Vec<String> {
    let servers = machine.backup.iter();
    let staying = servers.filter(|server| stays(&server.value, found));
    let entries = staying.flat_map(|server| barman_entry(&server.value, machine, found));
    entries.collect()
}

/// Whether the machine with this name stays.
fn stays(name: &str, found: &Collector<'_>) -> bool {
    let machine = found.before.subject.instance(name);
    machine.is_some_and(|machine| found.stays(machine))
}

fn barman_entry(server: &str, machine: &Instance, found: &Collector<'_>) -> [String; 2] {
    let before = found.before.subject;
    let named = before.variable_of(machine, "backup_name");
    let name = named.and_then(Value::spelling);
    let name = name.unwrap_or_else(|| machine.name.value.clone());
    let home = before
        .instance(server)
        .and_then(|barman| before.variable_of(barman, "barman_home")?.spelling());
    let home = home.unwrap_or_else(|| barman::HOME.to_owned());
    [
        format!(
            "on `{server}`, as long as the backups are needed: `active = false` in the file of `{name}` below `/etc/barman.d`, and its job out of cron, so that Barman asks for nothing more"
        ),
        format!(
            "on `{server}`, when nobody needs them any more: remove that file and `{home}/{name}`"
        ),
    ]
}

fn drop_barman_slot(server: &str, machine: &Instance) -> String {
    format!(
        "on `{}`: `select pg_drop_replication_slot('{}')`, when Barman does not use it any more: it keeps WAL",
        machine.name.value,
        barman::slot(server)
    )
}

/// How a machine that TPA or Terraform has made is taken away.
fn take_away(machine: &Instance) -> Option<String> {
    let name = &machine.name.value;
    match machine.known_platform()? {
        Platform::Aws => Some(format!(
            "with Terraform: say that `aws_instance.node[\"{name}\"]` and its volumes may go, and apply; else delete them in aws"
        )),
        Platform::Docker => Some(format!(
            "`docker rm --force {name}`, with its volumes, once nobody misses it"
        )),
        Platform::Bare => None,
    }
}
