//! What TPA does not do for a machine that gets another name.

use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::topology::FailoverManager;
use crate::tpa::view::{Instance, Subject};

/// What has to be done for a machine that was called otherwise, in order.
pub fn steps(subject: &Subject, machine: &Instance, was: &str) -> Vec<String> {
    let name = &machine.name.value;
    let mut steps = Vec::new();
    if machine.is_on(Platform::Docker) {
        steps.push(format!("`docker rename {was} {name}`"));
    }
    steps.push(format!("set the host name to `{name}`, and deploy"));
    steps.extend(known_to_manager(subject, machine, was));
    let backup = machine.own.get("backup");
    if backup.is_some() && subject.variable_of(machine, BACKUP_NAME).is_none() {
        steps.push(format!(
            "keep its backups together: `vars {{ {BACKUP_NAME} = {was} }}`"
        ));
    }
    if machine.has_role(Role::Etcd) {
        steps.push("look at what `etcdctl member list` calls it".to_owned());
    }
    steps
}

/// What the failover manager knows by the old name.
fn known_to_manager(subject: &Subject, machine: &Instance, was: &str) -> Option<String> {
    let name = &machine.name.value;
    match subject.failover_manager() {
        // It numbers its slots.
        Some(FailoverManager::Repmgr) => {
            let kind = repmgr_kind(machine)?;
            Some(format!(
                "register it again: `repmgr {kind} register --force`"
            ))
        }
        // It makes and drops its own slots.
        Some(FailoverManager::Patroni) => machine.is_data_node().then(|| {
            format!("`patronictl list` shows it as `{name}` when Patroni has restarted there")
        }),
        Some(FailoverManager::Efm | FailoverManager::None) | None => {
            let upstream = subject
                .upstream_of(machine)
                .filter(|_| machine.is_data_node())?;
            Some(format!(
                "on `{}`: drop the replication slot of `{was}`, when `{name}` streams through another one",
                upstream.name.value
            ))
        }
    }
}

/// What repmgr calls what a machine is.
pub fn repmgr_kind(machine: &Instance) -> Option<&'static str> {
    if machine.has_role(Role::Primary) {
        Some("primary")
    } else if machine.is_data_node() {
        Some("standby")
    } else if machine.has_role(Role::Witness) {
        Some("witness")
    } else {
        None
    }
}

/// What Barman calls a machine that it backs up.
const BACKUP_NAME: &str = "backup_name";
