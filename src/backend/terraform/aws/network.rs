//! Where machines are: regions with their VPCs, and locations with their subnets.

use ipnet::Ipv4Net;

use super::super::keys::{Keys, texts};
use super::super::machine::Machine;
use super::super::{Source, errors};
use crate::backend::hcl::{Object, identifier};
use crate::diagnostic::Diagnostics;
use crate::origin::Sourced;
use crate::tpa::view::truth::module_bool;
use crate::value::{Map, Value};

/// Keys of a VPC; others are names of regions.
const VPC: [&str; 3] = ["Name", "cidr", "filters"];

/// A location, and the subnet that it is.
pub(super) struct Place {
    pub(super) name: Sourced<String>,
    pub(super) region: Sourced<String>,
    pub(super) zone: String,
    pub(super) subnet: Sourced<String>,
    /// The subnet's name, where it is not that of the location.
    subnet_name: Option<String>,
}

/// A region that the source names.
pub(super) struct Region {
    pub(super) name: String,
    /// Whether it has machines.
    pub(super) is_used: bool,
    /// As part of an address: `eu_west_1`.
    pub(super) identifier: String,
    /// The network of the VPC, where one is made.
    pub(super) cidr: Option<String>,
    pub(super) network: Object,
}

/// The locations of a cluster.
pub(super) fn places(source: &Source<'_>, diagnostics: &mut Diagnostics) -> Vec<Place> {
    let subnets = source
        .settings
        .get("ec2_vpc_subnets")
        .and_then(Value::as_map);
    let mut places: Vec<Place> = Vec::new();
    for (location, entry) in source
        .cluster
        .locations
        .iter()
        .zip(&source.config.locations)
    {
        let Some(entry) = entry.as_map() else {
            continue;
        };
        let text = |key: &str| entry.get(key)?.sourced_spelling();
        let (Some(region), Some(zone), Some(subnet)) = (text("region"), text("az"), text("subnet"))
        else {
            diagnostics.push_at(location.name.origin, |at| {
                errors::value(at, "location", "a region, a zone and a subnet")
            });
            continue;
        };
        let own = subnets.and_then(|regions| {
            regions
                .get(&region.value)?
                .as_map()?
                .get(&subnet.value)?
                .as_map()
        });
        let of_subnet = |key: &str| own.and_then(|subnet| subnet.get(key)?.spelling());
        let zone = of_subnet("az").unwrap_or(zone.value);
        let is_elsewhere = |known: &Place| {
            known.region.value == region.value
                && known.subnet.value == subnet.value
                && known.zone != zone
        };
        if places.iter().any(is_elsewhere) {
            diagnostics.push_at(subnet.origin, |at| {
                let help = "a subnet is in one zone: give this location one of its own";
                errors::setting(at, "subnet", help)
            });
        }
        places.push(Place {
            name: location.name.clone(),
            zone,
            subnet_name: of_subnet("Name"),
            region,
            subnet,
        });
    }
    places
}

/// Refuses the entries of `ec2_vpc_subnets` that belong to no location.
pub(super) fn other_subnets(keys: &mut Keys<'_, '_>, places: &[Place]) {
    let Some(regions) = keys.map("ec2_vpc_subnets") else {
        return;
    };
    for (region, subnets) in regions.iter() {
        for (subnet, entry) in subnets.as_map().into_iter().flat_map(Map::iter) {
            let (region, subnet) = (region.to_string(), subnet.to_string());
            let is_known = places
                .iter()
                .any(|place| place.region.value == region && place.subnet.value == subnet);
            if !is_known {
                keys.diagnostics().push_at(entry.origin, |at| {
                    errors::setting(
                        at,
                        &subnet,
                        "a subnet is that of a location: add one with it",
                    )
                });
            }
        }
    }
}

impl Place {
    pub(super) fn object(&self) -> Object {
        let mut object = Object::default();
        object.set("region", self.region.value.as_str());
        object.set("zone", self.zone.as_str());
        object.set("subnet", self.subnet.value.as_str());
        object.set_some("subnet_name", self.subnet_name.clone());
        object
    }
}

/// The place of a machine.
pub(super) fn of<'p>(places: &'p [Place], machine: &Machine) -> Option<&'p Place> {
    places
        .iter()
        .find(|place| place.name.value == machine.location.value)
}

/// The regions of a cluster: those of the machines in the order in which they appear, then those that have none, and those
/// that the source has left with their machines: without a provider Terraform cannot take away what is there.
pub(super) fn regions(
    keys: &mut Keys<'_, '_>,
    machines: &[Machine],
    places: &[Place],
    left: &[&Sourced<String>],
    is_public: bool,
) -> Vec<Region> {
    let vpcs = keys.map("ec2_vpc").cloned().unwrap_or_default();
    let is_one = VPC.iter().any(|key| vpcs.get(key).is_some());
    let used = machines.iter().filter_map(|machine| of(places, machine));
    let mut names: Vec<Sourced<String>> = used.map(|place| place.region.clone()).collect();
    let count = names.len();
    names.extend(places.iter().map(|place| place.region.clone()));
    if !is_one {
        names.extend(
            vpcs.iter()
                .map(|(region, entry)| Sourced::new(region.to_string(), entry.origin)),
        );
    }
    let is_left = |name: &str| left.iter().any(|region| region.value == name);
    names.extend(left.iter().map(|region| (*region).clone()));
    let mut regions: Vec<Region> = Vec::new();
    for (index, region) in names.into_iter().enumerate() {
        if regions.iter().any(|known| known.name == region.value) {
            continue;
        }
        let identifier = identifier(&region.value);
        if regions.iter().any(|known| known.identifier == identifier) {
            let expected = "a name that differs from others in letters or digits";
            keys.wrong(region.origin, "region", expected);
        }
        let mut network = Object::default();
        let vpc = if is_one {
            Some(&vpcs)
        } else {
            entry(&vpcs, &region.value)
        };
        let cidr = match vpc {
            Some(vpc) => self::vpc(vpc, &mut network, keys.diagnostics()),
            None => {
                let is_missing = index < count || !is_left(&region.value);
                if is_missing {
                    keys.wrong(region.origin, "ec2_vpc", "an entry for this region");
                }
                None
            }
        };
        gateway(keys, &region.value, is_public, &mut network);
        group(keys, &region.value, &mut network);
        regions.push(Region {
            name: region.value,
            is_used: index < count,
            identifier,
            cidr,
            network,
        });
    }
    regions
}

fn entry<'m>(regions: &'m Map, region: &str) -> Option<&'m Map> {
    regions.get(region)?.as_map()
}

/// Whether a region has a gateway beside those that public machines need.
fn gateway(keys: &mut Keys<'_, '_>, region: &str, is_public: bool, network: &mut Object) {
    let Some(gateway) = keys.map("ec2_vpc_igw").and_then(|map| map.get(region)) else {
        return;
    };
    match module_bool(gateway) {
        Some(true) => network.set("internet_gateway", true),
        Some(false) if !is_public => {}
        Some(false) | None => {
            let expected = "`true`, or `reachability = private`";
            keys.wrong(gateway.origin, "ec2_vpc_igw", expected);
        }
    }
}

/// The security groups of a region that exist.
fn group(keys: &mut Keys<'_, '_>, region: &str, network: &mut Object) {
    let Some(group) = keys.map("ec2_groups").and_then(|map| map.get(region)) else {
        return;
    };
    let Some(pairs) = named_texts(group) else {
        let expected = "filters, such as `{ group-name = db }`";
        keys.wrong(group.origin, "ec2_groups", expected);
        return;
    };
    // Each group is found on its own: a filter with several values means several groups.
    let mut groups = vec![Object::default()];
    for (key, values) in &pairs {
        let with = |group: &Object, value: &String| {
            let mut group = group.clone();
            group.set(key.as_str(), value.as_str());
            group
        };
        groups = groups
            .iter()
            .flat_map(|group| values.iter().map(move |value| with(group, value)))
            .collect();
    }
    network.set("group_filters", groups);
}

/// Whether two regions have VPCs that are made here, with networks that do not overlap.
pub(super) fn can_be_joined(one: &Region, other: &Region) -> bool {
    let network = |region: &Region| {
        let cidr = region.cidr.as_ref().filter(|_| region.is_used)?;
        cidr.parse::<Ipv4Net>().ok()
    };
    match (network(one), network(other)) {
        (Some(one), Some(other)) => {
            !one.contains(&other.network()) && !other.contains(&one.network())
        }
        (_, _) => false,
    }
}

/// One entry of `ec2_vpc`: the network of a VPC that is made, or filters for one that exists.
fn vpc(entry: &Map, network: &mut Object, diagnostics: &mut Diagnostics) -> Option<String> {
    let mut keys = Keys::new(entry, diagnostics);
    let name = keys.text("Name");
    let cidr = keys.text("cidr");
    let mut wanted = Object::default();
    if let Some(written) = keys.value("filters") {
        match filters(written) {
            Some(filters) => wanted = filters,
            None => keys.wrong(written.origin, "filters", "a map of texts"),
        }
    }
    keys.end();
    match (name, cidr) {
        (Some(name), Some(cidr)) if wanted.is_empty() => {
            network.set("vpc_name", name.value);
            network.set("vpc_cidr", cidr.value.as_str());
            Some(cidr.value)
        }
        (name, cidr) => {
            // What TPA looks for beside the filters. An id says all.
            if entry
                .get("filters")
                .and_then(Value::as_map)
                .is_none_or(|map| map.get("vpc-id").is_none())
            {
                if let Some(name) = name {
                    wanted.set("tag:Name", vec![name.value]);
                }
                if let Some(cidr) = cidr {
                    wanted.set("cidr", vec![cidr.value]);
                }
            }
            network.set("vpc_filters", wanted);
            None
        }
    }
}

/// Filters of the EC2 API: a name each, with a value or several.
pub(super) fn filters(value: &Value) -> Option<Object> {
    Some(named_texts(value)?.into_iter().collect())
}

fn named_texts(value: &Value) -> Option<Vec<(String, Vec<String>)>> {
    let entries = value.as_map()?.iter();
    entries
        .map(|(key, value)| Some((key.to_string(), texts(value)?)))
        .collect()
}
