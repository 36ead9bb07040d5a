//! A machine: an EC2 instance with its volumes, addresses and name.

use super::super::keys::Keys;
use super::super::machine::{Machine, object};
use super::super::moved::Resource;
use super::super::{errors, tags};
use super::network::Place;
use crate::backend::hcl::Object;
use crate::diagnostic::Diagnostics;
use crate::value::{Map, Value};

/// The device that stands for the root device of the image.
const ROOT: &str = "root";

/// Keys that make a volume one of EBS.
const EBS: &[&str] = &[
    "ebs",
    "encrypted",
    "volume_type",
    "volume_size",
    "delete_on_termination",
    "iops",
    "kms_key_id",
    "snapshot",
    "snapshot_id",
    "throughput",
];

/// What a machine's disks are.
#[derive(Default)]
struct Disks {
    root: Option<Object>,
    /// By device.
    volumes: Object,
    /// What the deployment does with each, by device.
    uses: Object,
    /// Disks of the machine itself, by device.
    storage: Object,
}

pub(super) fn node(
    machine: &Machine,
    place: &Place,
    is_public: bool,
    diagnostics: &mut Diagnostics,
) -> Object {
    let mut node = machine.description();
    let mut keys = machine.keys(diagnostics);
    match keys.text("type") {
        Some(kind) => node.set("instance_type", kind.value),
        None => keys.wrong(machine.name.origin, "type", "an instance type"),
    }
    node.set_some("image", keys.text("image").map(|image| image.value));
    node.set_some(
        "private_ip",
        keys.text("private_ip").map(|address| address.value),
    );
    if let Some(public) = keys.boolean("assign_public_ip") {
        if public.value && !is_public {
            let expected = "`false`, or `reachability = public`";
            keys.wrong(public.origin, "assign_public_ip", expected);
        }
        node.set("public_ip", public.value);
    }
    let elastic = keys.text("elastic_ip");
    if elastic.is_some() || keys.boolean("assign_elastic_ip").is_some_and(|it| it.value) {
        node.set("elastic_ip", true);
    }
    keys.pass(&["assign_elastic_ip"]);
    node.set_some("elastic_ip_address", elastic.map(|address| address.value));
    if keys
        .boolean("termination_protection")
        .is_some_and(|it| it.value)
    {
        node.set("termination_protection", true);
    }
    dns(&mut keys, &mut node);
    stays_in_place(&mut keys, place);
    for key in ["spot_price", "spot_wait_timeout", "spot_launch_group"] {
        keys.refuse(
            key,
            "remove it: a machine with data is not a spot instance, and TPA makes none",
        );
    }
    // Who logs in is among the variables.
    keys.pass(&["cluster_ssh_user", "ec2_ami_user"]);
    let own_tags = keys.map("tags").cloned().unwrap_or_default();
    let disks = disks(keys.list("volumes").unwrap_or_default(), keys.diagnostics());
    keys.end();
    let own_tags = tags::of_machine(&own_tags, diagnostics);
    if !own_tags.is_empty() {
        node.set("tags", own_tags);
    }
    if let Some(vars) = machine.entry.get("vars").and_then(Value::as_map) {
        node.set("vars", object(vars));
    }
    node.set_some("root_volume", disks.root);
    if !disks.volumes.is_empty() {
        node.set("volumes", disks.volumes);
    }
    if !disks.uses.is_empty() {
        node.set("volume_vars", disks.uses);
    }
    if !disks.storage.is_empty() {
        node.set("instance_storage", disks.storage);
    }
    node
}

/// What is made for a machine in a region. The record of its name is not among it: one with another name is another.
pub(super) fn resources(node: &Object, region: &str) -> Vec<Resource> {
    let resource = |address: &str, rest: String| Resource {
        address: format!("module.{region}.{address}"),
        rest,
    };
    let of_machine = |address: &str| resource(address, String::new());
    let mut resources = vec![of_machine("aws_instance.node")];
    for device in node.keys_of("volumes") {
        for address in ["aws_ebs_volume.data", "aws_volume_attachment.data"] {
            resources.push(resource(address, format!(":{device}")));
        }
    }
    if node.has("elastic_ip") {
        if !node.has("elastic_ip_address") {
            resources.push(of_machine("aws_eip.node"));
        }
        resources.push(of_machine("aws_eip_association.node"));
    }
    resources
}

/// The record of a machine's name: it needs a zone by name and by id.
fn dns(keys: &mut Keys<'_, '_>, node: &mut Object) {
    // The id says which zone it is.
    keys.pass(&["route53_private_zone"]);
    match (
        keys.text("route53_zone"),
        keys.text("route53_hosted_zone_id"),
    ) {
        (Some(zone), Some(id)) => {
            let mut dns = Object::default();
            dns.set("zone", zone.value);
            dns.set("zone_id", id.value);
            node.set("dns", dns);
        }
        (Some(alone), None) => {
            keys.wrong(
                alone.origin,
                "route53_zone",
                "`route53_hosted_zone_id` beside it",
            );
        }
        (None, Some(alone)) => {
            keys.wrong(
                alone.origin,
                "route53_hosted_zone_id",
                "`route53_zone` beside it",
            );
        }
        (None, None) => {}
    }
}

/// A machine is where its location is.
fn stays_in_place(keys: &mut Keys<'_, '_>, place: &Place) {
    for (key, known) in [
        ("region", &place.region.value),
        ("subnet", &place.subnet.value),
    ] {
        if let Some(own) = keys.text(key)
            && own.value != *known
        {
            let help = "a machine is where its location is: put it into another location";
            keys.diagnostics()
                .push_at(own.origin, |at| errors::setting(at, key, help));
        }
    }
    // TPA takes that of the location only.
    keys.pass(&["az"]);
}

fn disks(volumes: &[Value], diagnostics: &mut Diagnostics) -> Disks {
    let mut disks = Disks::default();
    for volume in volumes.iter().filter_map(Value::as_map) {
        disk(volume, &mut disks, diagnostics);
    }
    disks
}

fn disk(volume: &Map, disks: &mut Disks, diagnostics: &mut Diagnostics) {
    let mut keys = Keys::new(volume, diagnostics);
    let Some(device) = keys.text("device_name") else {
        let is_missing = keys.value("device_name").is_none();
        if let Some((_, first)) = volume.iter().next().filter(|_| is_missing) {
            keys.wrong(
                first.origin,
                "device_name",
                "the name of a device beside it",
            );
        }
        return;
    };
    let storage = keys.text("ephemeral");
    let vars = keys.map("vars");
    let is_ebs = EBS.iter().any(|key| volume.get(key).is_some());
    if !is_ebs {
        // Nothing is to be made of what only the deployment joins from other disks.
        if let Some(storage) = storage {
            disks.storage.set(device.value, storage.value);
            keys.end();
        }
        return;
    }
    let is_root = device.value == ROOT;
    let mut disk = Object::default();
    let inner = keys.map("ebs").cloned().unwrap_or_default();
    ebs(&mut keys, &inner, is_root, &mut disk);
    keys.end();
    if is_root {
        disks.root = Some(disk);
        return;
    }
    if let Some(vars) = vars.filter(|vars| !vars.is_empty()) {
        let of = |key: &str| vars.get(key).and_then(Value::spelling);
        disk.set_some("use", of("volume_for").or_else(|| of("mountpoint")));
        disks.uses.set(device.value.as_str(), object(vars));
    }
    disks.volumes.set(device.value, disk);
}

/// What EBS is asked for, by keys of the volume or, as TPA passes them on, of its `ebs`.
fn ebs(keys: &mut Keys<'_, '_>, inner: &Map, is_root: bool, disk: &mut Object) {
    let mut all = inner.clone();
    for key in EBS {
        if let Some(value) = keys.value(key).filter(|_| *key != "ebs") {
            all.set(*key, value.clone());
        }
    }
    // Every volume but those that go with their machine is kept, and attached again.
    keys.pass(&["attach_existing"]);
    let mut keys = Keys::new(&all, keys.diagnostics());
    let kind = keys.text("volume_type").map(|kind| kind.value);
    disk.set("type", kind.unwrap_or_else(|| "gp2".to_owned()));
    match keys.integer("volume_size") {
        Some(size) => disk.set("size", size.value),
        None if is_root => {}
        None => {
            let at = all.iter().next().map(|(_, value)| value.origin);
            if let Some(at) = at {
                keys.wrong(at, "volume_size", "a size in GB");
            }
        }
    }
    disk.set_some("iops", keys.integer("iops").map(|iops| iops.value));
    disk.set_some("throughput", keys.integer("throughput").map(|it| it.value));
    if keys
        .boolean("encrypted")
        .is_some_and(|encrypted| !encrypted.value)
    {
        disk.set("encrypted", false);
    }
    if let Some(key) = keys.text("kms_key_id") {
        if !key.value.starts_with("arn:") {
            keys.wrong(key.origin, "kms_key_id", "the ARN of a key");
        }
        disk.set("kms_key_id", key.value);
    }
    let snapshot = keys.text("snapshot_id").or_else(|| keys.text("snapshot"));
    keys.pass(&["snapshot"]);
    if let Some(snapshot) = snapshot {
        if is_root {
            let help = "the root volume is made from the image";
            keys.diagnostics()
                .push_at(snapshot.origin, |at| errors::setting(at, "snapshot", help));
        }
        disk.set("snapshot_id", snapshot.value);
    }
    match keys.boolean("delete_on_termination") {
        Some(deleted) if is_root => disk.set("delete_on_termination", deleted.value),
        // What holds data goes when somebody says so to Terraform, and not by a word that may be edited.
        Some(_) | None => {}
    }
    keys.end();
}
