//! What written values mean to Ansible, and the settings of failover managers as they take effect on a machine.
//!
//! Ansible replaces a whole map or list of the cluster by that of a machine, so a setting is looked for in one place only.

use super::places;
use super::truth::{ansible_bool, python_truthy, whole};
use super::{Instance, Subject, patroni};
use crate::facts::choices::Platform;
use crate::origin::{Origin, Sourced};
use crate::value::{Data, Value};

pub fn is_true(value: Option<&Value>) -> bool {
    value.and_then(ansible_bool) == Some(true)
}

/// A whole number, in whichever way it is written.
pub fn number(value: Option<&Value>) -> Option<Sourced<i64>> {
    let value = value?;
    Some(Sourced::new(whole(value)?, value.origin))
}

/// What is in a map below these keys.
pub fn inside<'v>(value: Option<&'v Value>, path: &[&str]) -> Option<&'v Value> {
    let mut value = value?;
    for key in path {
        value = value.as_map()?.get(key)?;
    }
    Some(value)
}

/// Where a key of a map stands; where there is none, the map.
pub fn at_key(map: &Value, key: &str) -> Origin {
    let key = map.as_map().and_then(|map| places::of_key(map, key));
    key.unwrap_or(map.origin)
}

/// A setting of EFM.
pub fn efm<'s>(subject: &'s Subject, instance: &'s Instance, property: &str) -> Option<&'s Value> {
    inside(
        subject.variable_of(instance, "efm_conf_settings"),
        &[property],
    )
}

/// A setting of Patroni for the whole cluster, which etcd keeps: `ttl`.
pub fn patroni_dynamic<'s>(
    subject: &'s Subject,
    instance: &'s Instance,
    setting: &str,
) -> Option<&'s Value> {
    let dynamic = subject.variable_of(instance, "patroni_dynamic_conf_settings");
    let general = subject.variable_of(instance, "patroni_conf_settings");
    inside(dynamic, &[setting]).or_else(|| inside(general, &["bootstrap", "dcs", setting]))
}

/// Where a replica is told never to become the leader of Patroni, to which any text is true. A priority counts only where
/// the tag is not written.
pub fn patroni_nofailover(subject: &Subject, instance: &Instance) -> Option<Origin> {
    let settings = subject.variable_of(instance, "patroni_conf_settings");
    let tag = |name: &str| inside(settings, &["tags", name]).filter(|tag| tag.data != Data::Null);
    if let Some(written) = tag("nofailover") {
        return python_truthy(written).then_some(written.origin);
    }
    let priority = tag("failover_priority")?;
    let is_never = patroni::integer(priority, &[]).is_some_and(|priority| priority <= 0);
    is_never.then_some(priority.origin)
}

/// Whether a machine is never promoted because a text that says no is true for Patroni.
pub fn patroni_misread_nofailover(subject: &Subject, instance: &Instance) -> bool {
    let settings = subject.variable_of(instance, "patroni_conf_settings");
    inside(settings, &["tags", "nofailover"]).is_some_and(|tag| {
        tag.as_text().is_some() && python_truthy(tag) && patroni::switch(tag) == Some(false)
    })
}

/// The image that a machine runs, where TPA makes the machine: the name of the AMI, or of the container's image.
pub fn image(subject: &Subject, instance: &Instance) -> Option<Sourced<String>> {
    let own = instance.entry.get("image").and_then(Value::sourced_text);
    let common = inside(subject.document.get("ec2_ami"), &["Name"]);
    match instance.known_platform() {
        Some(Platform::Docker) => own,
        Some(Platform::Aws) => own.or_else(|| common.and_then(Value::sourced_text)),
        Some(Platform::Bare) | None => None,
    }
    .map(Sourced::to_owned)
}

/// Whether an image holds one of these words, whatever their case.
pub fn image_names(image: &Sourced<String>, words: &[&str]) -> bool {
    let name = image.value.to_lowercase();
    words.iter().any(|word| name.contains(word))
}

/// Where the failover manager is chosen.
pub fn at_manager(subject: &Subject) -> Origin {
    let written = subject.variable("failover_manager");
    written.map_or(subject.at, |manager| manager.origin)
}
