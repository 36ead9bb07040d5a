//! Disks, by their devices.

use super::Change;
use super::collect::{Collector, said};
use super::differ::{self, Difference};
use crate::facts::choices::Platform;
use crate::facts::consequences::Effect;
use crate::facts::effects;
use crate::tpa::view::Instance;
use crate::tpa::view::truth::module_bool;
use crate::value::{Key, Map, Value};

const VARIABLES: &str = "vars";

pub(super) fn compare(old: &Instance, machine: &Instance, found: &mut Collector<'_>) {
    let is_aws = machine.is_on(Platform::Aws);
    for volume in &machine.volumes {
        let device = device(volume);
        match old
            .volumes
            .iter()
            .find(|other| self::device(other) == device)
        {
            Some(same) => volume_changes(&device, same, volume, machine, found),
            None => {
                let says = if is_aws {
                    "Terraform makes and attaches it; TPA makes no volume for a machine that is there"
                } else {
                    "TPA mounts it with the next deployment; the disk has to be there"
                };
                let change = Change {
                    new: found.new_value(volume.get("device_name")),
                    ..said(Effect::Create, format!("volumes[{device}]"), says)
                };
                found.on(&machine.name.value, change);
            }
        }
    }
    for volume in &old.volumes {
        let device = device(volume);
        if machine
            .volumes
            .iter()
            .any(|other| self::device(other) == device)
        {
            continue;
        }
        let (effect, says) = if is_aws {
            (
                Effect::Refused,
                "Terraform takes no volume away: say that it may go, or `terraform state rm` it; TPA leaves it where it is",
            )
        } else {
            (Effect::Manual, "TPA leaves it mounted, with its data")
        };
        let change = Change {
            old: found.old(volume.get("device_name")),
            ..said(effect, format!("volumes[{device}]"), says)
        };
        found.on(&machine.name.value, change);
    }
}

/// What tells a volume apart: its device; where it has none, where it is mounted.
fn device(volume: &Map) -> String {
    let mountpoint = || {
        volume
            .get(VARIABLES)?
            .as_map()?
            .get("mountpoint")?
            .spelling()
    };
    let device = volume.get("device_name").and_then(Value::spelling);
    device.or_else(mountpoint).unwrap_or_default()
}

fn volume_changes(
    device: &str,
    was: &Map,
    is: &Map,
    machine: &Instance,
    found: &mut Collector<'_>,
) {
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in is.iter().chain(was.iter()) {
        if let Key::Text(key) = key
            && !keys.contains(&key.as_str())
        {
            keys.push(key);
        }
    }
    for key in keys {
        for difference in differ::differences(key, was.get(key), is.get(key)) {
            let (effect, says) = effect(key, &difference, machine);
            let change = Change {
                old: found.old(difference.old),
                new: found.new_value(difference.new),
                ..said(
                    effect,
                    format!("volumes[{device}].{}", difference.path),
                    says,
                )
            };
            found.on(&machine.name.value, change);
        }
    }
}

/// Not every value of a key does what its row says.
fn effect(key: &str, difference: &Difference<'_>, machine: &Instance) -> (Effect, &'static str) {
    if key == VARIABLES {
        let name = difference.path.strip_prefix("vars.").unwrap_or_default();
        if machine.is_on(Platform::Aws) && matches!(name, "mountpoint" | "volume_for") {
            return (
                Effect::Refused,
                "two disks might change places, so Terraform refuses, and TPA moves no data: if it is meant, change the volume's tag `Use` first",
            );
        }
        return match effects::of_volume_variable(name) {
            Some(known) => (known.effect, known.says),
            None => (
                Effect::Unknown,
                "m1c does not know this variable of a volume",
            ),
        };
    }
    if !machine.is_on(Platform::Aws) {
        return (Effect::Nothing, "read on aws alone");
    }
    let number = |value: Option<&Value>| value?.spelling()?.parse::<i64>().ok();
    if let ("volume_size", Some(old), Some(new)) =
        (key, number(difference.old), number(difference.new))
        && new < old
    {
        return (
            Effect::Refused,
            "EBS makes no volume smaller: add a volume and move the data",
        );
    }
    if key == "encrypted" && difference.new.and_then(module_bool) == Some(false) {
        return (Effect::Nothing, "what is encrypted stays encrypted");
    }
    match effects::of_volume_key(key) {
        Some(known) => (known.effect, known.says),
        None => (Effect::Unknown, "m1c does not know this key of a volume"),
    }
}
