//! Subnets of the cluster's networks, and where locations are on aws.
//!
//! Subnets are given out in ascending order: on aws one a location, on docker the first to all machines.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::identities::kept;
use super::layout::{Layout, Site};
use super::{Lowering, by_default, derived, errors};
use crate::facts::tables::Platform;
use crate::model::Block;
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::topology::Place;
use crate::value::Value;

const DEFAULT_NETWORK: &str = "10.33.0.0/16";
const DEFAULT_PREFIX: u8 = 28;
const SHORTEST_PREFIX: u8 = 24;

/// How many addresses of a subnet no machine has: the network's, the broadcast address, and the gateway's.
const RESERVED_ADDRESSES: u64 = 3;

impl<'m> Lowering<'m, '_> {
    pub(super) fn network(&self) -> Option<&'m Block> {
        self.whole("network").map(|network| &network.block)
    }

    /// The network that subnets are taken from.
    pub(super) fn cidr(&self) -> Sourced<String> {
        let written = self.network().and_then(|network| network.text("cidr"));
        let cidr =
            written.unwrap_or_else(|| by_default(DEFAULT_NETWORK, "the default of `network`"));
        cidr.to_owned()
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
        let regions = self.regions();
        let mut used = self.locked_locations();
        let mut located = Vec::new();
        let mut is_kept = true;
        for (index, site) in layout.sites.iter().enumerate() {
            let region = self.region(site, index, &regions)?;
            let zone = self.location_zone(site, &region.value, &mut used)?;
            if let Some(locked) = self.locked_location(site) {
                is_kept &= self.agrees(locked.at, "region", &region, locked.region.as_ref())
                    && self.agrees(locked.at, "zone", &zone, locked.zone.as_ref());
            }
            located.push((region, zone));
        }
        let networks = self.networks(located.iter().map(|(region, _)| region));
        let network_of = |(region, _): &(Sourced<String>, _)| {
            let mut networks = networks.iter();
            let own = networks.find(|network| network.region.value == region.value);
            own.map(|network| network.cidr.clone())
        };
        let networks: Option<Vec<Sourced<String>>> = located.iter().map(network_of).collect();
        let subnets = self.location_subnets(layout, &networks?)?;
        let located = located.into_iter().zip(subnets);
        let places = located.map(|((region, zone), subnet)| Place {
            region,
            zone,
            subnet,
        });
        is_kept.then(|| Some(places.collect()))
    }

    /// The subnets of the locations: their own, those of the lock, or the next free ones of the location's network.
    fn location_subnets(
        &mut self,
        layout: &Layout<'m>,
        networks: &[Sourced<String>],
    ) -> Option<Vec<Sourced<String>>> {
        let mut taken: Vec<Ipv4Net> = Vec::new();
        let mut known: Vec<Option<Sourced<String>>> = Vec::new();
        let mut is_kept = true;
        for (site, network) in layout.sites.iter().zip(networks) {
            let location = self.locked_location(site);
            let locked = location.and_then(|it| it.subnet.as_ref());
            let own = site.block.text("subnet").map(Sourced::to_owned);
            if let Some(own) = &own {
                let line = location.map_or(Span::NONE, |location| location.at);
                is_kept &= self.agrees(line, "subnet", own, locked);
                is_kept &= locked.is_some() || self.is_unreserved(site, own);
            } else if let Some(locked) = locked {
                is_kept &= self.is_in_network(network, site.name.origin, locked);
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
        let prefix = self.prefix(DEFAULT_PREFIX);
        let mut free: HashMap<&str, std::vec::IntoIter<Ipv4Net>> = HashMap::new();
        for network in networks {
            if free.contains_key(network.value.as_str()) {
                continue;
            }
            let lacking = networks.iter().zip(&known);
            let lacking =
                lacking.filter(|(other, subnet)| other.value == network.value && subnet.is_none());
            let needed = lacking.count();
            let found = self.subnets(network, &prefix, needed, taken.clone())?;
            free.insert(&network.value, found.into_iter());
        }
        let sites = layout.sites.iter().zip(networks).zip(known);
        let subnets = sites.map(|((site, network), known)| {
            let rule = "locations take the subnets of the network in ascending order";
            let from = site.name.origin.place();
            let mut next = || free.get_mut(network.value.as_str())?.next();
            known.or_else(|| Some(derived(next()?.to_string(), from, rule)))
        });
        subnets.collect()
    }

    /// Whether a location is where the lock, which has it at a line, says that it is.
    fn agrees(
        &mut self,
        line: Span,
        what: &str,
        written: &Sourced<String>,
        locked: Option<&Sourced<String>>,
    ) -> bool {
        let Some(locked) = locked.filter(|locked| locked.value != written.value) else {
            return true;
        };
        let place = locked.origin.place();
        // A new name of it is not what the lock knows.
        let path = self.forget.path_at(line);
        let forget = self.forget.at(line);
        self.report(written.origin, |at| {
            let locked = (locked.value.as_str(), place);
            errors::locked_place(at, path.name(), what, &written.value, locked, &forget)
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
            overlap.then_some((name, subnet, location.at))
        });
        if let Some((name, subnet, line)) = found {
            let (place, forget) = (subnet.origin.place(), self.forget.at(line));
            self.report(written.origin, |at| {
                errors::reserved_subnet(at, &written.value, name, &subnet.value, place, &forget)
            });
        }
        found.is_none()
    }

    /// Whether a subnet of the lock is in the network of the source.
    fn is_in_network(
        &mut self,
        cidr: &Sourced<String>,
        at: Origin,
        locked: &Sourced<String>,
    ) -> bool {
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
            let forget = self.forget.cluster();
            let cluster = &self.cluster.name;
            self.report(origin, |at| {
                errors::locked_network(at, cluster, network, subnet, place, &forget)
            });
        }
        is_in
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
        let network = self.cidr();
        let subnet = *self.subnets(&network, &prefix, 1, Vec::new())?.first()?;
        let cidr = network.origin;
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
            let forget = self.forget.cluster();
            self.report(prefix.origin, |at| {
                errors::locked_prefix(at, prefix.value, subnet, place, &forget)
            });
            return None;
        }
        let at = Origin::Written(self.cluster.at);
        let cidr = self.cidr();
        let is_kept = self.is_in_network(&cidr, at, locked);
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
        cidr: &Sourced<String>,
        prefix: &Sourced<u8>,
        needed: usize,
        taken: Vec<Ipv4Net>,
    ) -> Option<Vec<Ipv4Net>> {
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
