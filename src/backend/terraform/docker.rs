//! Terraform for docker: a container for each machine, their networks and their images.

mod container;

use std::collections::HashMap;

use super::keys::Keys;
use super::machine::{self, machines};
use super::moved::{self, Resource};
use super::tags;
use super::{Source, with_data};
use crate::backend::hcl::{Body, Expression, Object};
use crate::diagnostic::Diagnostics;
use crate::facts::systems;
use crate::facts::tpa::TpaVersion;
use crate::value::Map;

/// What is the same for every cluster.
const CONSTANT: [(&str, &str); 5] = [
    ("image/Dockerfile", include_str!("docker/image/Dockerfile")),
    ("main.tf", include_str!("docker/main.tf")),
    ("outputs.tf", include_str!("docker/outputs.tf")),
    ("variables.tf", include_str!("docker/variables.tf")),
    ("versions.tf", include_str!("docker/versions.tf")),
];

pub(super) fn files(
    source: &Source<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'static str, String)> {
    let config = &source.config;
    let mut labels = tags::docker(&config.tags, diagnostics);
    for key in ["Name", "Cluster"] {
        labels.set(key, config.name.value.as_str());
    }
    let mut keys = Keys::new(&config.platform, diagnostics);
    let networks = networks(&mut keys);
    keys.refuse(
        "docker_images",
        "build the image yourself, and name it: `image = \"…\"` in the platform",
    );
    keys.end();
    let first = networks.first().map(|(name, _)| name.clone());
    let machines = machines(source, diagnostics);
    let mut nodes = Object::default();
    let mut images = Object::default();
    let mut resources = HashMap::new();
    for machine in &machines {
        let (image, node) = container::container(machine, first.as_deref(), diagnostics);
        if let Some(image) = image.filter(|image| !images.has(image)) {
            let base = base(&image, config.tpa).map_or(Expression::Null, Expression::Text);
            images.set(image, base);
        }
        nodes.set(machine.name.value.as_str(), node);
        let container = Resource {
            address: "docker_container.node".to_owned(),
            rest: String::new(),
        };
        resources.insert(machine.name.value.clone(), vec![container]);
    }
    let mut locals = Body::default();
    locals.set("cluster_name", config.name.value.as_str());
    locals.set("inventory_group", machine::group(source));
    let networks: Vec<Object> = networks.into_iter().map(|(_, network)| network).collect();
    let sections: [(&str, Expression); 4] = [
        ("labels", labels.into()),
        ("networks", networks.into()),
        ("images", images.into()),
        ("nodes", nodes.into()),
    ];
    for (name, value) in sections {
        locals.blank();
        locals.set(name, value);
    }
    locals.blank();
    locals.append(machine::end(source, &machines));
    let mut files = with_data(&CONSTANT, locals);
    files.extend(moved::file(source, &resources));
    files
}

/// What an image of TPA's name is built on; nothing for any other image. One that TPA cannot build may be there.
fn base(image: &str, tpa: TpaVersion) -> Option<String> {
    let name = image.strip_prefix("tpa/")?;
    Some(systems::base(image, tpa).unwrap_or(name).to_owned())
}

/// The networks with their names; machines are in the first.
fn networks(keys: &mut Keys<'_, '_>) -> Vec<(String, Object)> {
    let written = keys.list("docker_networks").unwrap_or_default();
    let mut networks = Vec::new();
    for entry in written {
        match entry.as_map() {
            Some(map) => networks.extend(network(map, keys.diagnostics())),
            None => keys.wrong(entry.origin, "docker_networks", "a list of maps"),
        }
    }
    networks
}

fn network(map: &Map, diagnostics: &mut Diagnostics) -> Option<(String, Object)> {
    let mut keys = Keys::new(map, diagnostics);
    let name = keys.text("name")?.value;
    let mut network = Object::default();
    network.set("name", name.as_str());
    network.set_some("driver", keys.text("driver").map(|driver| driver.value));
    if let Some(options) = keys.pairs("driver_options") {
        network.set("options", options.into_iter().collect::<Object>());
    }
    let ipv6 = keys.boolean("enable_ipv6");
    network.set_some("ipv6", ipv6.map(|ipv6| ipv6.value));
    let internal = keys.boolean("internal");
    network.set_some("internal", internal.map(|internal| internal.value));
    let mut ranges = Vec::new();
    for range in keys.list("ipam_config").unwrap_or_default() {
        if let Some(range) = range.as_map() {
            ranges.push(ipam(range, keys.diagnostics()));
        }
    }
    network.set("ipam", ranges);
    if let Some(labels) = keys.map("labels") {
        network.set("labels", tags::docker(labels, keys.diagnostics()));
    }
    keys.end();
    Some((name, network))
}

fn ipam(range: &Map, diagnostics: &mut Diagnostics) -> Object {
    let mut keys = Keys::new(range, diagnostics);
    let mut ipam = Object::default();
    match keys.text("subnet") {
        Some(subnet) => ipam.set("subnet", subnet.value),
        None => ipam.set("subnet", Expression::Null),
    }
    ipam.set_some("gateway", keys.text("gateway").map(|it| it.value));
    let addresses = keys.text("ip_range").or_else(|| keys.text("iprange"));
    keys.pass(&["iprange"]);
    ipam.set_some("ip_range", addresses.map(|it| it.value));
    keys.end();
    ipam
}
