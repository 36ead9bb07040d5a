//! The settings of Postgres as they take effect on a machine, and who streams from whom.

use super::guc;
use super::truth;
use super::{Instance, Subject};
use crate::facts::parameters::{self, Quantity};
use crate::facts::roles::Role;
use crate::topology::FailoverManager;
use crate::value::Value;

pub use super::truth::postgres_whole as number;

/// Settings that Patroni replaces with its own.
pub const REPLACED_BY_PATRONI: &[&str] = &[
    "cluster_name",
    "hot_standby",
    "listen_addresses",
    "port",
    "primary_slot_name",
];

/// A setting in `postgres_conf_settings`. A machine's map replaces that of the cluster as a whole.
pub fn in_conf<'s>(subject: &'s Subject, instance: &'s Instance, name: &str) -> Option<&'s Value> {
    let settings = subject.variable_of(instance, "postgres_conf_settings")?;
    settings.as_map()?.get(name)
}

/// A setting: `postgres_conf_settings` wins over the variable of its name.
pub fn setting<'s>(subject: &'s Subject, instance: &'s Instance, name: &str) -> Option<&'s Value> {
    in_conf(subject, instance, name).or_else(|| subject.variable_of(instance, name))
}

/// What a value means to Postgres, in small letters.
pub fn word(value: &Value) -> Option<String> {
    let spelling = value.spelling()?;
    Some(guc::meaning(&spelling).to_lowercase())
}

/// Whether a switch is off.
pub fn is_off(value: &Value) -> bool {
    truth::postgres_bool(value) == Some(false)
}

/// Whether a switch is on.
pub fn is_on(value: &Value) -> bool {
    truth::postgres_bool(value) == Some(true)
}

/// A time, in milliseconds where no unit is written.
pub fn milliseconds(value: &Value) -> Option<i64> {
    parameters::amount(&guc::meaning(&value.spelling()?), Quantity::Milliseconds)
}

/// The seconds after which a primary gives up a standby that does not answer; nothing where it never does.
pub fn standby_timeout(subject: &Subject, primary: &Instance) -> Option<i64> {
    let written = setting(subject, primary, "wal_sender_timeout");
    let timeout = written.and_then(milliseconds).unwrap_or(60_000);
    (timeout > 0).then_some(timeout / 1_000)
}

/// The data nodes that stream from a machine directly.
pub fn standbys<'s>(subject: &'s Subject, of: &'s Instance) -> Vec<&'s Instance> {
    subject
        .children_of(of)
        .filter(|child| child.is_data_node())
        .collect()
}

/// The machines that run a Postgres of their own that nobody streams from: repmgr's witnesses, and the PEM server.
pub fn lone_servers(subject: &Subject) -> Vec<&Instance> {
    let has_witnesses = subject.failover_manager() == Some(FailoverManager::Repmgr);
    let is_lone = |instance: &&Instance| {
        instance.has_role(Role::PemServer)
            || (has_witnesses && instance.has_role(Role::Witness) && !instance.is_data_node())
    };
    subject.instances.iter().filter(is_lone).collect()
}

/// Whether a commit on a machine waits for synchronous standbys at all.
pub fn commits_wait(subject: &Subject, instance: &Instance) -> bool {
    let written = setting(subject, instance, "synchronous_commit");
    !written.is_some_and(|value| is_off(value) || word(value).as_deref() == Some("local"))
}
