//! Disks, by their devices.

use super::collect::{Collector, said};
use super::differ::{self, Difference};
use super::{Change, by_hand};
use crate::facts::choices::Platform;
use crate::facts::consequences::Effect;
use crate::facts::effects;
use crate::facts::instance_types;
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
                let place = replaced(old, machine, volume).filter(|_| !is_aws);
                if let Some(place) = &place {
                    by_hand::device(place, &device, found);
                }
                let says = if is_aws {
                    "Terraform makes and attaches it; TPA makes no volume for a machine that is there"
                } else {
                    "TPA mounts it with the next deployment; the disk has to be there"
                };
                let change = Change {
                    new: found.new_value(volume.get("device_name")),
                    ..match place {
                        Some(_) => said(Effect::Manual, format!("volumes[{device}]"), EMPTY),
                        None => said(Effect::Create, format!("volumes[{device}]"), says),
                    }
                };
                found.on(&machine.name.value, change);
            }
        }
    }
    stores(old, machine, found);
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
        } else if is_moved(volume, machine) {
            (
                Effect::Nothing,
                "its data stays on it, and nothing mounts it any more",
            )
        } else {
            by_hand::unmount(&device, found);
            (Effect::Manual, "TPA leaves it mounted, with its data")
        };
        let change = Change {
            old: found.old(volume.get("device_name")),
            ..said(effect, format!("volumes[{device}]"), says)
        };
        found.on(&machine.name.value, change);
    }
}

/// An instance store is empty after the machine has been stopped, which another type takes.
fn stores(old: &Instance, machine: &Instance, found: &mut Collector<'_>) {
    let kind = |machine: &Instance| machine.provisioned().get("type").and_then(Value::spelling);
    let (was, is) = (kind(old), kind(machine));
    let is_arm = |kind: &Option<String>| kind.as_deref().and_then(instance_types::is_arm);
    if was == is || is_arm(&was) != is_arm(&is) || !machine.is_on(Platform::Aws) {
        return;
    }
    for volume in old
        .volumes
        .iter()
        .filter(|volume| volume.get("ephemeral").is_some())
    {
        let cause = format!("volumes[{}].ephemeral", device(volume));
        let says = "an instance store is empty after the machine has been stopped";
        found.on(&machine.name.value, said(Effect::Loss, cause, says));
    }
}

const EMPTY: &str =
    "TPA mounts the disk, which is empty, where the data of another one is: move the data first";

/// The device that a volume takes the place of, which is mounted at the same place.
fn replaced(old: &Instance, machine: &Instance, volume: &Map) -> Option<String> {
    let is_gone = |other: &&Map| {
        let mut volumes = machine.volumes.iter();
        !volumes.any(|one| device(one) == device(other))
    };
    let mut gone = old.volumes.iter().filter(is_gone);
    let same = gone.find(|other| is_same_place(other, volume))?;
    Some(device(same))
}

/// Whether another volume of a machine is where this one was.
fn is_moved(was: &Map, machine: &Instance) -> bool {
    machine.volumes.iter().any(|one| is_same_place(was, one))
}

fn is_same_place(one: &Map, other: &Map) -> bool {
    let place = |volume: &Map, key: &str| volume.get(VARIABLES)?.as_map()?.get(key)?.spelling();
    ["mountpoint", "volume_for"].iter().any(|key| {
        let here = place(one, key);
        here.is_some() && here == place(other, key)
    })
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
