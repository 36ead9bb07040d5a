//! What machines do: roles that come and go, the primary that is another one, upstreams, backups.

use super::collect::{Collector, cluster_name, said};
use super::{Change, by_hand, leaving};
use crate::facts::consequences::Effect;
use crate::facts::roles::Role;
use crate::origin::Sourced;
use crate::topology::FailoverManager;
use crate::tpa::view::Instance;

/// TPA does not move the primary, and needs one.
pub(super) fn primary(found: &mut Collector<'_>) {
    let (before, now) = (found.before.subject, found.now.subject);
    let Some(old) = before.primary() else {
        return;
    };
    let was = &old.name;
    let Some(new) = now.primary() else {
        let change = Change {
            old: found.old_text(Some(was)),
            ..said(
                Effect::Refused,
                "primary",
                "TPA needs a machine with the role `primary`",
            )
        };
        found.common(change);
        return;
    };
    let is = &new.name;
    let is_renamed = found.new_name(&was.value) == Some(is.value.as_str());
    if was.value == is.value || is_renamed {
        return;
    }
    let change = Change {
        old: found.old_text(Some(was)),
        new: found.new_text(Some(is)),
        ..said(
            Effect::Manual,
            "primary",
            "TPA does not move the primary: config.yml says who was it when the cluster was made",
        )
    };
    found.common(change);
    found.moves_primary = true;
    let (cluster, is) = (cluster_name(now), &is.value);
    let switchover = format!("`tpaexec switchover {cluster} {is}`, before anything else");
    let deploy = format!("`tpaexec deploy {cluster}`, when `{is}` is the primary");
    let mut steps = if found.is_kept(new) {
        vec![switchover, deploy]
    } else {
        vec![
            format!(
                "keep `{}` as the primary, add `{is}` as a replica of it, and `tpaexec deploy {cluster}`",
                was.value
            ),
            format!("`tpaexec switchover {cluster} {is}`, when `{is}` has caught up"),
            format!("write `{is}` as the primary, and deploy again"),
        ]
    };
    // Patroni drops slots that it does not need, and EFM has those of the primary on standbys too.
    let keeps_slots = match now.failover_manager() {
        Some(FailoverManager::Repmgr | FailoverManager::None) | None => true,
        Some(FailoverManager::Efm | FailoverManager::Patroni) => false,
    };
    if keeps_slots && found.stays(old) {
        steps.push(format!(
            "on `{}`, when it is a standby: drop the slots that `select slot_name from pg_replication_slots where not active` shows: they keep WAL until the disk is full",
            was.value
        ));
    }
    found.by_hand(
        format!("the primary moves from `{}` to `{is}`", was.value),
        steps,
    );
}

pub(super) fn compare(old: &Instance, machine: &Instance, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    for role in added(&old.roles, &machine.roles) {
        let (effect, says) = gained(&role.value);
        if is_primary_or_replica(&role.value) {
            continue;
        }
        let change = Change {
            new: found.new_text(Some(role)),
            ..said(effect, "role", says)
        };
        found.on(name, change);
        by_hand::role_gained(&role.value, machine, found);
    }
    for role in added(&machine.roles, &old.roles) {
        if is_primary_or_replica(&role.value) {
            continue;
        }
        let (effect, says) = lost(&role.value);
        let change = Change {
            old: found.old_text(Some(role)),
            ..said(effect, "role", says)
        };
        found.on(name, change);
        if effect == Effect::Manual {
            by_hand::role_lost(&role.value, machine, found);
        }
    }
    data(old, machine, found);
    upstream(old, machine, found);
    backup(old, machine, found);
}

/// A new machine with a role that needs care.
pub(super) fn made(machine: &Instance, found: &mut Collector<'_>) {
    for role in &machine.roles {
        by_hand::role_gained(&role.value, machine, found);
    }
}

fn is_primary_or_replica(role: &str) -> bool {
    Role::parse(role).is_some_and(Role::is_data)
}

/// The names in a second list that are not in the first.
fn added<'l>(old: &[Sourced<String>], new: &'l [Sourced<String>]) -> Vec<&'l Sourced<String>> {
    let is_new = |one: &&Sourced<String>| !old.iter().any(|other| other.value == one.value);
    new.iter().filter(is_new).collect()
}

/// A machine that begins or ends to hold the data.
fn data(old: &Instance, machine: &Instance, found: &mut Collector<'_>) {
    let (was, is) = (old.is_data_node(), machine.is_data_node());
    if was == is {
        return;
    }
    let (effect, says) = if is {
        (
            Effect::Create,
            "TPA makes a standby there, with a copy of the data",
        )
    } else {
        (
            Effect::Manual,
            "the data and Postgres stay on the machine: TPA removes neither",
        )
    };
    found.on(&machine.name.value, said(effect, "role", says));
    if !is {
        leaving::data_lost(old, found);
    }
}

fn gained(role: &str) -> (Effect, &'static str) {
    match Role::parse(role) {
        Some(Role::Barman) => (
            Effect::Create,
            "Barman is set up, and begins with an empty catalogue",
        ),
        Some(Role::Etcd) => (
            Effect::Service,
            "another member of etcd: members join one at a time",
        ),
        Some(Role::EfmNotPromotable) => (
            Effect::Service,
            "EFM restarts, and never promotes the machine",
        ),
        Some(_) => (Effect::Create, "TPA sets it up with the next deployment"),
        None => (Effect::Unknown, "m1c does not know this role"),
    }
}

fn lost(role: &str) -> (Effect, &'static str) {
    match Role::parse(role) {
        Some(Role::EfmNotPromotable) => (
            Effect::Service,
            "EFM restarts, and may promote the machine from then on",
        ),
        Some(Role::Readonly) => (Effect::Nothing, "nothing runs on the machine for this role"),
        Some(_) | None => (
            Effect::Manual,
            "TPA removes no role: what it set up runs on",
        ),
    }
}

fn upstream(old: &Instance, machine: &Instance, found: &mut Collector<'_>) {
    let value = |upstream: &Option<Sourced<String>>| upstream.as_ref().map(|up| up.value.clone());
    let (was, is) = (value(&old.upstream), value(&machine.upstream));
    let primary =
        |side: &crate::tpa::view::Subject| side.primary().map(|primary| primary.name.value.clone());
    // Who followed the old primary follows the new one, once it is that.
    let is_switched = primary(found.before.subject) != primary(found.now.subject);
    if was == is || is_switched || !machine.is_data_node() {
        return;
    }
    let (effect, says) = match found.now.subject.failover_manager() {
        Some(FailoverManager::Patroni) => (
            Effect::Nothing,
            "with Patroni replicas stream from the leader, whatever config.yml says",
        ),
        Some(FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::None) | None => (
            Effect::Manual,
            "a standby that runs follows its old upstream until somebody moves it",
        ),
    };
    let change = Change {
        old: found.old_text(old.upstream.as_ref()),
        new: found.new_text(machine.upstream.as_ref()),
        ..said(effect, "upstream", says)
    };
    found.on(&machine.name.value, change);
    if effect == Effect::Manual
        && let Some(to) = &machine.upstream
    {
        by_hand::upstream(old, machine, &to.value, found);
    }
}

fn backup(old: &Instance, machine: &Instance, found: &mut Collector<'_>) {
    let lost = added(&machine.backup, &old.backup);
    let mut gained = added(&old.backup, &machine.backup);
    for server in lost {
        let new_name = found.new_name(&server.value);
        let same = gained
            .iter()
            .position(|new| Some(new.value.as_str()) == new_name);
        if let Some(same) = same {
            let change = Change {
                old: found.old_text(Some(server)),
                new: found.new_text(Some(gained.swap_remove(same))),
                ..said(
                    Effect::Update,
                    "backup",
                    "the same Barman under another name: `archive_command` may follow, by a reload",
                )
            };
            found.on(&machine.name.value, change);
            continue;
        }
        let change = Change {
            old: found.old_text(Some(server)),
            ..said(
                Effect::Manual,
                "backup",
                "the old backups stay, Barman still expects WAL, and its slot keeps WAL on the primary",
            )
        };
        found.on(&machine.name.value, change);
        leaving::backup_lost(&server.value, old, found);
    }
    for server in gained {
        let change = Change {
            new: found.new_text(Some(server)),
            ..said(
                Effect::Update,
                "backup",
                "Barman begins with no backups of the machine, and takes the first with the next deployment; `archive_command` may follow, by a reload",
            )
        };
        found.on(&machine.name.value, change);
    }
}
