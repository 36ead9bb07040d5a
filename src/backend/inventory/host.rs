//! A machine as Ansible sees it, in the steps that TPA takes from an entry of `instances` to it.

use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::facts::systems;
use crate::origin::{Origin, Sourced};
use crate::tpa::view::{Instance, Subject};
use crate::value::{Data, Map, Value};
use crate::yaml;

pub(super) struct Host {
    /// As TPA knows it.
    pub(super) name: Sourced<String>,
    /// As the source has it.
    pub(super) written: String,
    pub(super) node: String,
    pub(super) platform: String,
    /// Who logs in, where the machine says so.
    pub(super) user: Option<Sourced<String>>,
    /// Where ssh finds it.
    pub(super) address: Address,
    /// Whether it is made and then left alone.
    pub(super) provision_only: bool,
    pub(super) location: Option<Sourced<String>>,
    pub(super) vars: Map,
}

#[derive(PartialEq)]
pub(super) enum Address {
    Known(Sourced<String>),
    /// The platform chooses it.
    Later,
    Missing,
}

impl Host {
    /// Whether the platform chooses its address.
    pub(super) fn is_found_later(&self) -> bool {
        self.address == Address::Later
    }

    /// The text of its `01-instance_vars.yml`.
    pub(super) fn text(&self) -> String {
        let variables = yaml::write(&self.vars.clone().into());
        let volumes = self.vars.get("volumes").and_then(Value::as_list);
        let has_root = |volume: &Value| {
            let device = volume.as_map().and_then(|volume| volume.get("device"));
            device.and_then(Value::as_text) == Some("root")
        };
        if self.platform == Platform::Aws.name() && volumes.unwrap_or_default().iter().any(has_root)
        {
            format!(
                "# `root` stands for the root device of the image, which only aws knows.\n{variables}"
            )
        } else {
            variables
        }
    }
}

/// The machines of a cluster.
pub(super) fn hosts(subject: &Subject) -> Vec<Host> {
    let instances = subject.instances.iter();
    instances
        .map(|instance| host(&subject.document, subject, instance))
        .collect()
}

fn host(settings: &Map, subject: &Subject, instance: &Instance) -> Host {
    let keys = &instance.provisioned();
    let text = |key: &str| keys.get(key)?.sourced_spelling();
    let platform = &instance.platform.value;
    let location = subject.location_of(instance);
    let location = location.and_then(|location| location.name.clone());
    Host {
        written: text("Name").map_or_else(|| instance.name.value.clone(), |name| name.value),
        name: instance.name.clone(),
        node: text("node").map_or_else(String::new, |node| node.value),
        user: instance.user(),
        address: address(settings, platform, text),
        provision_only: instance.is_provision_only(),
        vars: vars(settings, keys, instance, location.as_ref()),
        platform: platform.clone(),
        location,
    }
}

fn address(
    settings: &Map,
    platform: &str,
    text: impl Fn(&str) -> Option<Sourced<String>>,
) -> Address {
    let first = |keys: &[&str]| keys.iter().find_map(|key| text(key));
    let is_private = || {
        let reachability = settings.get("ec2_instance_reachability");
        reachability.and_then(Value::as_text) == Some("private")
    };
    match Platform::parse(platform) {
        Some(Platform::Aws) => first(&["elastic_ip"])
            .or_else(|| first(&["private_ip"]).filter(|_| is_private()))
            .map_or(Address::Later, Address::Known),
        Some(Platform::Docker) => first(&["ip_address"]).map_or(Address::Missing, Address::Known),
        Some(Platform::Bare) | None => first(&["public_ip", "ip_address", "private_ip"])
            .map_or(Address::Missing, Address::Known),
    }
}

/// What is in its `01-instance_vars.yml`.
fn vars(
    settings: &Map,
    entry: &Map,
    instance: &Instance,
    location: Option<&Sourced<String>>,
) -> Map {
    let mut vars = Map::default();
    for key in [
        "ip_address",
        "public_ip",
        "private_ip",
        "region",
        "backup",
        "upstream",
        "ansible_host",
    ] {
        if let Some(value) = entry.get(key).filter(|value| value.data != Data::Null) {
            vars.set(key, value.clone());
        }
    }
    let none = || Value::new(Data::Null, Origin::Default("in no location"));
    let location = match location {
        Some(name) => Value::text(&name.value, name.origin),
        None => entry.get("location").cloned().unwrap_or_else(none),
    };
    vars.set("location", location);
    // TPA's own word, which it finds out again.
    let is_derived = |role: &&Sourced<String>| role.value == Role::Postgres.name();
    let roles = instance.roles.iter().filter(|role| !is_derived(role));
    let roles = roles.map(|role| Value::text(&role.value, role.origin));
    vars.set("role", Value::list(roles.collect(), instance.at));
    vars.set("volumes", devices(settings, entry, instance));
    for (key, value) in entry
        .get("vars")
        .and_then(Value::as_map)
        .into_iter()
        .flat_map(Map::iter)
    {
        vars.set(key.clone(), value.clone());
    }
    vars
}

/// Each device once, with what the deployment does with it.
fn devices(settings: &Map, entry: &Map, instance: &Instance) -> Value {
    let at = instance.at;
    let mut devices: Vec<(String, Value)> = Vec::new();
    let volumes = entry
        .get("volumes")
        .filter(|_| !instance.is_on(Platform::Docker));
    let volumes = volumes.and_then(Value::as_list).unwrap_or_default();
    for volume in volumes.iter().filter_map(Value::as_map) {
        let Some(name) = volume.get("device_name").and_then(Value::spelling) else {
            continue;
        };
        if devices.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let root = (name == "root" && instance.is_on(Platform::Aws))
            .then(|| root_device(settings, entry))
            .flatten();
        let mut device = Map::default();
        device.set("device", Value::text(root.unwrap_or(&name), at));
        let vars = volume.get("vars").and_then(Value::as_map);
        for (key, value) in vars.into_iter().flat_map(Map::iter) {
            device.set(key.clone(), value.clone());
        }
        devices.push((name, Value::map(device, at)));
    }
    let devices = devices.into_iter().map(|(_, device)| device);
    Value::list(devices.collect(), at)
}

/// The root device of the images that are known; an image of its own may have any.
fn root_device(settings: &Map, entry: &Map) -> Option<&'static str> {
    let image = settings.get("ec2_ami").and_then(Value::as_map);
    let owner = image.and_then(|image| image.get("Owner")?.spelling())?;
    systems::root_device(&owner).filter(|_| entry.get("image").is_none())
}
