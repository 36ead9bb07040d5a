//! Machines that are gone, have another name, another number or another platform.

use super::{Change, Renumbered, pairs};
use crate::topology::FailoverManager;
use crate::tpa::view::settings::number;
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

/// What a machine is reached by: two with the same are one.
const ADDRESSES: &[&str] = &["ansible_host", "public_ip", "private_ip", "ip_address"];

pub(super) fn compare<'s>(before: &'s Subject, now: &'s Subject, changes: &mut Vec<Change<'s>>) {
    let renamed = renamed(before, now);
    for old in &before.instances {
        if now.instance(&old.name.value).is_some() {
            continue;
        }
        let new = renamed.iter().find(|(from, _)| std::ptr::eq(*from, old));
        changes.push(match new {
            Some((from, to)) => Change::Renamed { from, to },
            None => Change::Gone(old),
        });
    }
    for (from, to) in pairs(before, now) {
        if from.platform.value != to.platform.value {
            changes.push(Change::Replatformed { from, to });
        }
    }
    // Only repmgr knows machines by their numbers.
    if now.failover_manager() == Some(FailoverManager::Repmgr) {
        let renumbered: Vec<_> = pairs(before, now)
            .filter(|(_, machine)| machine.is_data_node())
            .filter_map(|(old, machine)| renumbered(old, machine))
            .collect();
        if !renumbered.is_empty() {
            changes.push(Change::Renumbered(renumbered));
        }
    }
}

/// The machines that have another name now: those of which the source says so, and what seems to be the same machine.
pub(super) fn renamed<'s>(
    before: &'s Subject,
    now: &'s Subject,
) -> Vec<(&'s Instance, &'s Instance)> {
    let is_new = |machine: &&Instance| before.instance(&machine.name.value).is_none();
    let mut new: Vec<&Instance> = now.instances.iter().filter(is_new).collect();
    let is_gone = |old: &&Instance| now.instance(&old.name.value).is_none();
    let gone = before.instances.iter().filter(is_gone);
    let renamed = gone.filter_map(|old| {
        let is_said = |machine: &&Instance| now.past.was(&machine.name.value, &old.name.value);
        let is_same = |machine: &&Instance| is_same(before, old, now, machine);
        let said = new.iter().position(is_said);
        let same = said.or_else(|| new.iter().position(is_same))?;
        Some((old, new.swap_remove(same)))
    });
    renamed.collect()
}

fn renumbered<'s>(old: &Instance, machine: &'s Instance) -> Option<Renumbered<'s>> {
    let from = number(old.own.get("node"))?.value;
    let to = number(machine.own.get("node"))?;
    (from != to.value).then_some(Renumbered { machine, from, to })
}

/// Whether a machine with another name is the same: at the same address, or where none is known with the same number and
/// the same roles in the same location.
fn is_same(before: &Subject, old: &Instance, now: &Subject, new: &Instance) -> bool {
    let address = |machine: &Instance| {
        let mut written = ADDRESSES.iter().filter_map(|key| machine.own.get(key));
        written.find_map(Value::spelling)
    };
    match (address(old), address(new)) {
        (Some(old), Some(new)) => old == new,
        (Some(_) | None, _) => {
            let node = |machine: &Instance| Some(number(machine.own.get("node"))?.value);
            let roles = |machine: &Instance| -> Vec<String> {
                machine
                    .roles
                    .iter()
                    .map(|role| role.value.clone())
                    .collect()
            };
            node(old) == node(new)
                && roles(old) == roles(new)
                && before.location_name(old) == now.location_name(new)
        }
    }
}
