//! Subnets of the cluster's network, and regions and zones of locations.
//!
//! Subnets are given out in ascending order: on aws one a location, on docker the first to all machines.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::identities::kept;
use super::layout::{Layout, Site};
use super::{Lowering, by_default, derived, errors};
use crate::facts::tables::{DEFAULT_REGION, Platform};
use crate::lock;
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
        let subnets = self.location_subnets(layout)?;
        let regions = self.regions();
        let mut used = self.locked_locations();
        let mut places = Vec::new();
        for (index, (site, subnet)) in layout.sites.iter().zip(subnets).enumerate() {
            let locked = self.locked_location(site);
            let region = self.region(site, index, &regions)?;
            let zone = self.location_zone(site, &region.value, &mut used)?;
            if let Some(locked) = locked {
                let is_kept = self.agrees(site, "region", &region, locked.region.as_ref())
                    && self.agrees(site, "zone", &zone, locked.zone.as_ref());
                if !is_kept {
                    return None;
                }
            }
            places.push(Place {
                region,
                zone,
                subnet,
            });
        }
        Some(Some(places))
    }

    /// The region of a location: its own, that of the lock, or the platform's in turn.
    fn region(
        &self,
        site: &Site<'m>,
        index: usize,
        regions: &[Sourced<&'m str>],
    ) -> Option<Sourced<String>> {
        if let Some(own) = site.block.text("region") {
            return Some(own.to_owned());
        }
        let locked = self.locked_location(site).and_then(|it| it.region.as_ref());
        let is_named = |region: &str| {
            let is_default = |region: &Sourced<&str>| !region.origin.is_written();
            regions.iter().any(|known| known.value == region) || regions.iter().all(is_default)
        };
        if let Some(locked) = locked.filter(|locked| is_named(&locked.value)) {
            return Some(kept(locked.value.clone(), site.name.origin.place()));
        }
        let region = regions.get(index % regions.len().max(1))?;
        let rule = "the platform's regions are given to the locations in turn";
        let region = match region.origin {
            Origin::Default(_) => *region,
            _ if regions.len() == 1 => *region,
            origin @ (Origin::Written(_) | Origin::Included { .. } | Origin::Derived { .. }) => {
                derived(region.value, origin.place(), rule)
            }
        };
        Some(region.to_owned())
    }

    /// How many locations of each region the lock has, also of those that went.
    fn locked_locations(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for location in self
            .lock
            .into_iter()
            .flat_map(|lock| lock.locations.values())
        {
            if let Some(region) = &location.region {
                *counts.entry(region.value.clone()).or_default() += 1;
            }
        }
        counts
    }

    /// The zone of a location: its own, that of the lock, or the region's in turn.
    fn location_zone(
        &mut self,
        site: &Site<'m>,
        region: &str,
        used: &mut HashMap<String, usize>,
    ) -> Option<Sourced<String>> {
        let from = site.name.origin.place();
        let locked = self.locked_location(site);
        let is_here = |locked: &&lock::Location| {
            let known = locked.region.as_ref();
            known.is_some_and(|known| known.value == region)
        };
        let locked = locked
            .filter(is_here)
            .and_then(|locked| locked.zone.as_ref());
        let turn = used.get(region).copied().unwrap_or(0);
        if locked.is_none() {
            used.insert(region.to_owned(), turn + 1);
        }
        if let Some(zone) = site.block.text("zone") {
            return self.zone(zone, region);
        }
        if let Some(zone) = locked {
            return Some(kept(zone.value.clone(), from));
        }
        let zones = &self.tables.region(region)?.zones;
        let zone = zones.get(turn % zones.len().max(1))?;
        let rule = "the locations of a region take its zones in turn";
        Some(derived(format!("{region}{zone}"), from, rule))
    }

    /// The subnets of the locations: their own, those of the lock, or the next free ones.
    fn location_subnets(&mut self, layout: &Layout<'m>) -> Option<Vec<Sourced<String>>> {
        let mut taken: Vec<Ipv4Net> = Vec::new();
        let mut known: Vec<Option<Sourced<String>>> = Vec::new();
        let mut is_kept = true;
        for site in &layout.sites {
            let locked = self.locked_location(site).and_then(|it| it.subnet.as_ref());
            let own = site.block.text("subnet").map(Sourced::to_owned);
            if let Some(own) = &own {
                is_kept &= self.agrees(site, "subnet", own, locked);
                is_kept &= locked.is_some() || self.is_unreserved(site, own);
            } else if let Some(locked) = locked {
                is_kept &= self.is_in_network(site.name.origin, locked);
            }
            let from = site.name.origin.place();
            let known_one = own.or_else(|| Some(kept(locked?.value.clone(), from)));
            let net = known_one
                .as_ref()
                .map(|subnet| subnet.value.parse::<Ipv4Net>());
            taken.extend(net.and_then(Result::ok));
            known.push(known_one);
        }
        if !is_kept {
            return None;
        }
        let locations = self
            .lock
            .into_iter()
            .flat_map(|lock| lock.locations.values());
        let reserved = locations
            .filter_map(|location| location.subnet.as_ref()?.value.parse::<Ipv4Net>().ok());
        taken.extend(reserved);
        let needed = known.iter().filter(|subnet| subnet.is_none()).count();
        let prefix = self.prefix(DEFAULT_PREFIX);
        let mut free = self.subnets(&prefix, needed, taken)?.into_iter();
        let subnets = layout.sites.iter().zip(known).map(|(site, known)| {
            let rule = "locations take the subnets of the network in ascending order";
            let from = site.name.origin.place();
            known.or_else(|| Some(derived(free.next()?.to_string(), from, rule)))
        });
        subnets.collect()
    }

    /// Whether a location is where the lock has it.
    fn agrees(
        &mut self,
        site: &Site<'m>,
        what: &str,
        written: &Sourced<String>,
        locked: Option<&Sourced<String>>,
    ) -> bool {
        let Some(locked) = locked.filter(|locked| locked.value != written.value) else {
            return true;
        };
        let place = locked.origin.place();
        self.report(written.origin, |at| {
            let location = site.name.value;
            errors::locked_place(at, location, what, &written.value, (&locked.value, place))
        });
        false
    }

    /// Whether a subnet that is written for a new location is none that the lock has for another.
    fn is_unreserved(&mut self, site: &Site<'m>, written: &Sourced<String>) -> bool {
        let Ok(net) = written.value.parse::<Ipv4Net>() else {
            return true;
        };
        let locations = self.lock.into_iter().flat_map(|lock| &lock.locations);
        let mut others = locations.filter(|(name, _)| name.as_str() != site.name.value);
        let found = others.find_map(|(name, location)| {
            let subnet = location.subnet.as_ref()?;
            let other: Ipv4Net = subnet.value.parse().ok()?;
            let overlap = net.contains(&other.network()) || other.contains(&net.network());
            overlap.then_some((name, subnet))
        });
        if let Some((name, subnet)) = found {
            let place = subnet.origin.place();
            self.report(written.origin, |at| {
                errors::reserved_subnet(at, &written.value, name, &subnet.value, place)
            });
        }
        found.is_none()
    }

    /// Whether a subnet of the lock is in the network of the source.
    fn is_in_network(&mut self, at: Origin, locked: &Sourced<String>) -> bool {
        let cidr = self.cidr();
        let network: Option<Ipv4Net> = cidr.value.parse().ok();
        let subnet: Option<Ipv4Net> = locked.value.parse().ok();
        let (Some(network), Some(subnet)) = (network, subnet) else {
            return true;
        };
        let is_in = network.contains(&subnet);
        if !is_in {
            let origin = if cidr.origin.is_written() {
                cidr.origin
            } else {
                at
            };
            let place = locked.origin.place();
            let cluster = &self.cluster.name;
            self.report(origin, |at| {
                errors::locked_network(at, cluster, network, subnet, place)
            });
        }
        is_in
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
        if let Some(locked) = self.lock.and_then(|lock| lock.subnet.as_ref()) {
            return self.locked_docker_subnet(locked).map(Some);
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

    /// The subnet of the lock, if the source does not ask for another one.
    fn locked_docker_subnet(&mut self, locked: &Sourced<String>) -> Option<Sourced<Ipv4Net>> {
        let subnet: Ipv4Net = locked.value.parse().ok()?;
        let place = locked.origin.place();
        let prefix = self.prefix(subnet.prefix_len());
        if prefix.value != subnet.prefix_len() {
            let cluster = &self.cluster.name;
            self.report(prefix.origin, |at| {
                errors::locked_prefix(at, cluster, prefix.value, subnet, place)
            });
            return None;
        }
        let at = Origin::Written(self.cluster.at);
        let is_kept = self.is_in_network(at, locked);
        is_kept.then(|| kept(subnet, self.cluster.at))
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
