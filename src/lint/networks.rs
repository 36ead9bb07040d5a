//! The networks of a cluster: subnets and VPCs on aws, the networks of containers on docker.

use ipnet::Ipv4Net;

use super::scopes;
use crate::facts::choices::Platform;
use crate::origin::Origin;
use crate::resolve::tables::library_region;
use crate::tpa::view::Entity;
use crate::tpa::view::settings;
use crate::tpa::view::{Instance, Subject};
use crate::value::{Map, Value};

/// A network that is written, without bits of a host.
pub(super) struct Network {
    pub(super) net: Ipv4Net,
    pub(super) at: Origin,
}

/// A subnet that machines are in.
pub(super) struct Subnet<'s> {
    pub(super) net: Ipv4Net,
    pub(super) at: Origin,
    pub(super) entity: Entity,
    pub(super) region: Option<&'s str>,
    pub(super) zone: Option<&'s str>,
}

fn network(value: &Value) -> Option<Network> {
    let net: Ipv4Net = value.as_text()?.parse().ok()?;
    Some(Network {
        net: net.trunc(),
        at: value.origin,
    })
}

/// The written texts that should be subnets on aws, each place once.
pub(super) fn written(subject: &Subject) -> Vec<(Entity, &Value)> {
    let is_used = |value: &Value| {
        on_aws(subject).any(|instance| {
            let subnet = instance.entry.get("subnet");
            subnet.is_some_and(|subnet| subnet.origin == value.origin)
        })
    };
    scopes::settings(subject)
        .filter_map(|scope| {
            let value = scope.map.get("subnet")?;
            let is_text = !scopes::is_template(value) && is_used(value);
            is_text.then_some((scope.entity, value))
        })
        .collect()
}

pub(super) fn on_aws(subject: &Subject) -> impl Iterator<Item = &Instance> {
    subject
        .instances
        .iter()
        .filter(|instance| instance.is_on(Platform::Aws))
}

/// The subnets of machines on aws, each once for every region and zone.
pub(super) fn subnets(subject: &Subject) -> Vec<Subnet<'_>> {
    let mut all: Vec<Subnet<'_>> = Vec::new();
    for instance in on_aws(subject) {
        let text = |key: &str| instance.entry.get(key).and_then(Value::as_text);
        let Some(Network { net, at }) = of_instance(instance) else {
            continue;
        };
        let (region, zone) = (text("region"), text("az"));
        let is_same =
            |known: &Subnet<'_>| known.net == net && known.region == region && known.zone == zone;
        if all.iter().any(is_same) {
            continue;
        }
        let entity = match subject.location_of(instance) {
            Some(location) if instance.own.get("subnet").is_none() => location.entity(),
            Some(_) | None => instance.entity(),
        };
        all.push(Subnet {
            net,
            at,
            entity,
            region,
            zone,
        });
    }
    all
}

/// The full names of a region's zones, where TPA or the source knows it.
pub(super) fn zones(subject: &Subject, region: &str) -> Option<Vec<String>> {
    let own = subject.own.region(region).cloned();
    let known = own.or_else(|| library_region(region))?;
    let zones = known.zones.iter();
    Some(zones.map(|letter| format!("{region}{letter}")).collect())
}

/// The subnet of a machine on aws.
pub(super) fn of_instance(instance: &Instance) -> Option<Network> {
    network(instance.entry.get("subnet")?)
}

/// The network of the VPC of a region, where the file says it.
pub(super) fn vpc(subject: &Subject, region: &str) -> Option<Network> {
    let vpcs = subject.document.get("ec2_vpc")?.as_map()?;
    let of_region = vpcs.get(region).and_then(Value::as_map).unwrap_or(vpcs);
    network(of_region.get("cidr")?)
}

/// The network that containers get their addresses from.
pub(super) fn docker(subject: &Subject) -> Option<Network> {
    let first = docker_subnets(subject).into_iter().next()?;
    network(first)
}

/// The subnets of all networks of containers, as they are written.
pub(super) fn docker_subnets(subject: &Subject) -> Vec<&Value> {
    let networks = subject
        .document
        .get("docker_networks")
        .and_then(Value::as_list);
    networks
        .unwrap_or_default()
        .iter()
        .filter_map(|network| {
            let ipam = network.as_map()?.get("ipam_config")?.as_list()?.first();
            settings::inside(ipam, &["subnet"])
        })
        .collect()
}

/// Whether two networks have an address in common.
pub(super) fn overlap(one: Ipv4Net, other: Ipv4Net) -> bool {
    one.contains(&other) || other.contains(&one)
}

/// The text of a key.
pub(super) fn text<'m>(map: &'m Map, key: &str) -> Option<&'m str> {
    map.get(key).and_then(Value::as_text)
}
