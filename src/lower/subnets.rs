//! Subnets of the cluster's network, and regions and zones of locations.
//!
//! Subnets are given out in ascending order: on aws one a location, on docker the first to all machines.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::layout::Layout;
use super::{Lowering, by_default, derived, errors};
use crate::facts::tables::{DEFAULT_REGION, Platform};
use crate::model::Block;
use crate::origin::{Origin, Sourced};
use crate::topology::Place;
use crate::value::{Data, Value};

const DEFAULT_NETWORK: &str = "10.33.0.0/16";
const DEFAULT_PREFIX: u8 = 28;
const SHORTEST_PREFIX: u8 = 24;

/// How many addresses of a subnet no machine has: the network's, the broadcast address, and the gateway's.
const RESERVED_ADDRESSES: u64 = 3;

impl<'m> Lowering<'m, '_> {
    fn network(&self) -> Option<&'m Block> {
        self.whole("network").map(|network| &network.block)
    }

    /// The network that subnets are taken from.
    pub(super) fn cidr(&self) -> Sourced<String> {
        let written = self.network().and_then(|network| network.text("cidr"));
        let cidr =
            written.unwrap_or_else(|| by_default(DEFAULT_NETWORK, "the default of `network`"));
        cidr.to_owned()
    }

    /// The regions of the platform, each once.
    pub(super) fn regions(&self) -> Vec<Sourced<&'m str>> {
        let written = self
            .whole("platform")
            .and_then(|platform| platform.block.value("region"));
        let named: Vec<Sourced<&'m str>> = match written.map(|value| (value, &value.data)) {
            None => vec![by_default(DEFAULT_REGION, "the default of `region`")],
            Some((_, Data::List(items))) => items.iter().filter_map(Value::sourced_text).collect(),
            Some((value, _)) => value.sourced_text().into_iter().collect(),
        };
        let mut regions: Vec<Sourced<&'m str>> = Vec::new();
        for region in named {
            if !regions.iter().any(|known| known.value == region.value) {
                regions.push(region);
            }
        }
        regions
    }

    /// Region, zone and subnet of every location, on aws; nothing elsewhere.
    pub(super) fn places(
        &mut self,
        layout: &Layout<'m>,
        platform: Platform,
    ) -> Option<Option<Vec<Place>>> {
        if platform != Platform::Aws {
            return Some(None);
        }
        let written: Vec<Option<Sourced<&'m str>>> = layout
            .sites
            .iter()
            .map(|site| site.block.text("subnet"))
            .collect();
        let needed = written.iter().filter(|subnet| subnet.is_none()).count();
        let prefix = self.prefix(DEFAULT_PREFIX);
        let taken: Vec<Ipv4Net> = written
            .iter()
            .flatten()
            .filter_map(|subnet| subnet.value.parse().ok())
            .collect();
        let mut free = self.subnets(&prefix, needed, taken)?.into_iter();
        let regions = self.regions();
        let mut used: HashMap<&str, usize> = HashMap::new();
        let mut places = Vec::new();
        for (index, (site, written)) in layout.sites.iter().zip(written).enumerate() {
            let own = site.block.text("region");
            let in_turn = || {
                let region = regions.get(index % regions.len().max(1))?;
                let rule = "the platform's regions are given to the locations in turn";
                match region.origin {
                    Origin::Default(_) => Some(*region),
                    _ if regions.len() == 1 => Some(*region),
                    origin @ (Origin::Written(_)
                    | Origin::Included { .. }
                    | Origin::Derived { .. }) => Some(derived(region.value, origin.place(), rule)),
                }
            };
            let region = own.or_else(in_turn)?;
            let count = used.entry(region.value).or_default();
            let turn = *count;
            *count += 1;
            let zones = &self.tables.region(region.value)?.zones;
            let zone = match site.block.text("zone") {
                Some(zone) => self.zone(zone, region.value)?,
                None => {
                    let zone = zones.get(turn % zones.len().max(1))?;
                    let rule = "the locations of a region take its zones in turn";
                    derived(
                        format!("{}{zone}", region.value),
                        site.name.origin.place(),
                        rule,
                    )
                }
            };
            let rule = "locations take the subnets of the network in ascending order";
            let subnet = match written {
                Some(subnet) => subnet.to_owned(),
                None => derived(free.next()?.to_string(), site.name.origin.place(), rule),
            };
            places.push(Place {
                region: region.to_owned(),
                zone,
                subnet,
            });
        }
        Some(Some(places))
    }

    /// A written zone: its full name, or what the region's name is followed by.
    fn zone(&mut self, zone: Sourced<&str>, region: &str) -> Option<Sourced<String>> {
        let zones = &self.tables.region(region)?.zones;
        let full: Vec<String> = zones.iter().map(|zone| format!("{region}{zone}")).collect();
        let found = full
            .iter()
            .zip(zones)
            .find(|(full, short)| full.as_str() == zone.value || short.as_str() == zone.value);
        if let Some((full, _)) = found {
            return Some(zone.map(|_| full.clone()));
        }
        self.report(zone.origin, |at| {
            errors::unknown_zone(at, zone.value, region, &full)
        });
        None
    }

    /// The subnet of all machines, on docker; nothing elsewhere.
    pub(super) fn docker_subnet(
        &mut self,
        platform: Platform,
        machines: usize,
    ) -> Option<Option<Sourced<Ipv4Net>>> {
        if platform != Platform::Docker {
            return Some(None);
        }
        let holds = |prefix: &u8| {
            (1_u64 << (32 - u32::from(*prefix))) - RESERVED_ADDRESSES >= machines as u64
        };
        let longest = (SHORTEST_PREFIX..=DEFAULT_PREFIX).rev().find(holds);
        let Some(longest) = longest else {
            let at = Origin::Written(self.cluster.at);
            self.report(at, |at| errors::too_many_machines(at, machines));
            return None;
        };
        let prefix = self.prefix(longest);
        let subnet = *self.subnets(&prefix, 1, Vec::new())?.first()?;
        let cidr = self.cidr().origin;
        let at = if prefix.origin.is_written() {
            prefix.origin
        } else {
            cidr
        };
        Some(Some(Sourced::new(subnet, at)))
    }

    fn prefix(&self, default: u8) -> Sourced<u8> {
        let written = self
            .network()
            .and_then(|network| network.integer("subnet_prefix"));
        match written {
            Some(prefix) => prefix.map(|prefix| u8::try_from(prefix).unwrap_or(default)),
            None => by_default(default, "the default of `subnet_prefix`"),
        }
    }

    /// The first free subnets of the network: those that overlap no excluded range and none that is taken.
    fn subnets(
        &mut self,
        prefix: &Sourced<u8>,
        needed: usize,
        taken: Vec<Ipv4Net>,
    ) -> Option<Vec<Ipv4Net>> {
        let cidr = self.cidr();
        let network: Ipv4Net = cidr.value.parse().ok()?;
        if prefix.value < network.prefix_len() {
            let at = if prefix.origin.is_written() {
                prefix.origin
            } else {
                cidr.origin
            };
            self.report(at, |at| errors::prefix_too_short(at, prefix.value, network));
            return None;
        }
        let mut ranges = taken;
        let excluded = self.network().and_then(|network| network.value("exclude"));
        let excluded = excluded.and_then(Value::as_list).unwrap_or_default();
        ranges.extend(
            excluded
                .iter()
                .filter_map(|range| range.as_text()?.parse::<Ipv4Net>().ok()),
        );
        let found = free_subnets(network, prefix.value, needed, &mut ranges);
        if found.len() < needed {
            let at = if cidr.origin.is_written() {
                cidr.origin
            } else {
                Origin::Written(self.cluster.at)
            };
            let count = found.len();
            self.report(at, |at| {
                errors::too_few_subnets(at, network, prefix.value, needed, count)
            });
            return None;
        }
        Some(found)
    }
}

/// The first subnets of a network, in ascending order, that overlap none of the ranges.
fn free_subnets(
    network: Ipv4Net,
    prefix: u8,
    needed: usize,
    ranges: &mut [Ipv4Net],
) -> Vec<Ipv4Net> {
    let size = 1_u64 << (32 - u32::from(prefix));
    let first = |net: &Ipv4Net| u64::from(u32::from(net.network()));
    let last = |net: &Ipv4Net| u64::from(u32::from(net.broadcast()));
    ranges.sort_unstable_by_key(|range| (first(range), last(range)));
    let mut ranges = ranges.iter().peekable();
    let mut found = Vec::new();
    let mut start = first(&network);
    while found.len() < needed && start + size - 1 <= last(&network) {
        while ranges.next_if(|range| last(range) < start).is_some() {}
        if let Some(range) = ranges.peek()
            && first(range) < start + size
        {
            // To the first subnet after the range.
            start = (last(range) / size + 1) * size;
            continue;
        }
        let address = Ipv4Addr::from(u32::try_from(start).unwrap_or(u32::MAX));
        found.extend(Ipv4Net::new(address, prefix));
        start += size;
    }
    found
}
