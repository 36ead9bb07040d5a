//! Machines that are new, and keys of those that stay.

use super::collect::{Collector, said};
use super::differ::{self, Difference};
use super::{Change, by_hand, etcd, neighbours, port, roles, volumes};
use crate::facts::choices::Platform;
use crate::facts::consequences::Effect;
use crate::facts::effects;
use crate::facts::instance_types;
use crate::topology::FailoverManager;
use crate::tpa::view::Instance;
use crate::value::{Key, Map, Value};

/// Keys that are compared on their own.
const OWN: &[&str] = &[
    "Name", "backup", "location", "node", "platform", "role", "upstream", "vars", "volumes",
];

/// Where TPA reaches a machine, and nobody else.
const ANSIBLE_HOST: &str = "ansible_host";

pub(super) fn compare(found: &mut Collector<'_>) {
    roles::primary(found);
    by_hand::manager(found);
    etcd::compare(found);
    for machine in &found.now.subject.instances {
        if !found.is_kept(machine) {
            made(machine, found);
        }
    }
    for (old, machine) in found.pairs() {
        let platform = machine.known_platform();
        if platform.is_some() && platform == old.known_platform() {
            keys(old, machine, platform.unwrap_or(Platform::DEFAULT), found);
        }
        location(old, machine, found);
        number(old, machine, found);
        roles::compare(old, machine, found);
        volumes::compare(old, machine, found);
    }
    port::compare(found);
    neighbours::compare(found);
}

fn made(machine: &Instance, found: &mut Collector<'_>) {
    let is_bare = machine.is_on(Platform::Bare);
    let says = if machine.is_provision_only() {
        "made, and left alone"
    } else if is_bare {
        "TPA sets it up with the next deployment"
    } else {
        "made by `tpaexec provision` or Terraform, and set up with the next deployment"
    };
    let change = Change {
        new: found.new_text(Some(&machine.name)),
        ..said(Effect::Create, "machine", says)
    };
    // One that had another name is told already.
    if found.is_silent_of(&machine.name.value) {
        found.on(&machine.name.value, change);
    }
    roles::made(machine, found);
}

fn keys(old: &Instance, machine: &Instance, platform: Platform, found: &mut Collector<'_>) {
    let (was, is) = (old.provisioned(), machine.provisioned());
    for name in names(&was, &is) {
        if OWN.contains(&name) {
            continue;
        }
        for difference in differ::differences(name, was.get(name), is.get(name)) {
            let (mut effect, says) = effect(name, platform, &difference);
            // The others find it at another address, which somebody has to give it.
            if platform == Platform::Bare
                && effect == Effect::Update
                && name != ANSIBLE_HOST
                && neighbours::is_moved(old, machine)
            {
                effect = Effect::Manual;
            }
            let change = Change {
                old: found.old_at(&difference.path, difference.old),
                new: found.new_at(&difference.path, difference.new),
                ..said(effect, difference.path, says)
            };
            found.on(&machine.name.value, change);
        }
    }
}

/// The keys of both maps, each once.
fn names<'v>(was: &'v Map, is: &'v Map) -> Vec<&'v str> {
    let word = |(key, _): (&'v Key, &'v Value)| match key {
        Key::Text(name) => Some(name.as_str()),
        Key::Integer(_) => None,
    };
    let mut names: Vec<&str> = is.iter().chain(was.iter()).filter_map(word).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Not every value of a key does what its row says.
fn effect(name: &str, platform: Platform, difference: &Difference<'_>) -> (Effect, &'static str) {
    let spelling = |value: Option<&Value>| value.and_then(Value::spelling);
    let (old, new) = (spelling(difference.old), spelling(difference.new));
    if let ("type", Some(old), Some(new)) = (name, &old, &new)
        && instance_types::is_arm(old) != instance_types::is_arm(new)
    {
        return (
            Effect::Refused,
            "the architecture is another one: Terraform would replace the machine, and refuses; TPA leaves it as it is",
        );
    }
    if name == "private_ip" && new.is_none() {
        return (Effect::Nothing, "the machine keeps the address that it has");
    }
    if name == "private_ip" && old.is_none() {
        return (
            Effect::Unknown,
            "an address is given at the first boot: Terraform does nothing if it is the one that the machine has, and refuses another one",
        );
    }
    if name == "assign_elastic_ip" && old.is_some_and(|old| old == "true") {
        return (
            Effect::Refused,
            "the allocated address would be given back, and be somebody else's: leave the line, or `terraform state rm` its `aws_eip`",
        );
    }
    match effects::of_machine_key(name, platform) {
        Some(known) => (known.effect, known.says),
        None => (Effect::Unknown, "m1c does not know this key of a machine"),
    }
}

/// A number that repmgr does not know. What it knows is told by [`known`](super::known).
fn number(old: &Instance, machine: &Instance, found: &mut Collector<'_>) {
    let (was, is) = (old.own.get("node"), machine.own.get("node"));
    let is_repmgrs = found.now.subject.failover_manager() == Some(FailoverManager::Repmgr)
        && machine.is_data_node();
    if differ::is_same(was, is) || is_repmgrs {
        return;
    }
    let (effect, says) = match machine.known_platform() {
        Some(Platform::Aws) => (
            Effect::Update,
            "the number is in tags of the machine and its volumes, which change in place with Terraform",
        ),
        Some(Platform::Docker | Platform::Bare) | None => {
            (Effect::Nothing, "nothing on the machine knows its number")
        }
    };
    let change = Change {
        old: found.old(was),
        new: found.new_value(is),
        ..said(effect, "node", says)
    };
    found.on(&machine.name.value, change);
}

/// A location that is only called otherwise moves no machine. Whether its subnet is another one, other keys say.
fn location(old: &Instance, machine: &Instance, found: &mut Collector<'_>) {
    let (before, now) = (found.before.subject, found.now.subject);
    let was = before.location_name(old);
    let is = now.location_name(machine);
    if was == is {
        return;
    }
    let names = |name: Option<&str>| {
        now.locations
            .iter()
            .any(|location| location.name.as_ref().map(|known| known.value.as_str()) == name)
    };
    let (effect, says) = if names(was) {
        (
            Effect::Manual,
            "a machine stays where it is: add one there, and take this one away afterwards",
        )
    } else {
        (
            Effect::Update,
            "the location has another name: only tags change",
        )
    };
    if effect == Effect::Manual {
        let name = &machine.name.value;
        found.by_hand(
            format!("`{name}` stays where it is"),
            vec![
                format!("add a machine at the new location, and take `{name}` away when it has caught up; or"),
                format!("leave `{name}` where it is"),
            ],
        );
    }
    let change = Change {
        old: found.old(old.entry.get("location")),
        new: found.new_value(machine.entry.get("location")),
        ..said(effect, "location", says)
    };
    found.on(&machine.name.value, change);
}
