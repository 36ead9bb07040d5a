//! The regions of a cluster on aws, their zones, and the networks of their VPCs.

use std::collections::HashMap;

use ipnet::Ipv4Net;

use super::identities::kept;
use super::layout::Site;
use super::{Lowering, by_default, derived, errors};
use crate::facts::tables::DEFAULT_REGION;
use crate::lock;
use crate::origin::{Origin, Sourced};
use crate::topology::platform::Network;
use crate::value::{Data, Value};

/// The second part of the first region's network, `10.33.0.0/16`; the next region has `10.34.0.0/16`.
const FIRST_NETWORK: u8 = 33;
const NETWORK_PREFIX: u8 = 16;

impl<'m> Lowering<'m, '_> {
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

    /// The region of a location: its own, that of the lock, or the platform's in turn.
    pub(super) fn region(
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
    pub(super) fn locked_locations(&self) -> HashMap<String, usize> {
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
    pub(super) fn location_zone(
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

    /// Every region of the platform and of its locations, each once, with the network of its VPC.
    pub(super) fn networks<'r>(
        &self,
        of_locations: impl Iterator<Item = &'r Sourced<String>>,
    ) -> Vec<Network> {
        let mut regions: Vec<Sourced<String>> =
            self.regions().into_iter().map(Sourced::to_owned).collect();
        for region in of_locations {
            if !regions.iter().any(|known| known.value == region.value) {
                regions.push(region.clone());
            }
        }
        let written = self.network().and_then(|network| network.text("cidr"));
        let written = written.map(Sourced::to_owned);
        let shared = self.has_own_networks().then(|| self.cidr());
        let locked: Vec<Option<Ipv4Net>> = regions
            .iter()
            .map(|region| self.locked_network(&region.value))
            .collect();
        let rule = "each region has a network of its own by default";
        let by_rule = |network: Ipv4Net| by_default(network.to_string(), rule);
        let is_free = |network: &Ipv4Net| !locked.contains(&Some(*network));
        let mut free = (FIRST_NETWORK..=u8::MAX)
            .filter_map(|second| Ipv4Net::new([10, second, 0, 0].into(), NETWORK_PREFIX).ok())
            .filter(is_free);
        // What the source writes about other networks changes none that the lock has machines in.
        let mut network = |locked: Option<Ipv4Net>| {
            let kept = written.clone().or_else(|| locked.map(by_rule));
            let shared = kept.or_else(|| shared.clone());
            shared.unwrap_or_else(|| free.next().map_or_else(|| self.cidr(), by_rule))
        };
        let networks = regions.into_iter().zip(&locked);
        networks
            .map(|(region, locked)| Network {
                region,
                cidr: network(*locked),
            })
            .collect()
    }

    /// Whether the source says anything about networks. Then one holds for all regions, as in TPA.
    fn has_own_networks(&self) -> bool {
        let cidr = self.network().and_then(|network| network.text("cidr"));
        let vpc = self
            .whole("platform")
            .and_then(|platform| platform.block.value("vpc"));
        let mut locations = self.block.entries("location");
        cidr.is_some()
            || vpc.is_some_and(|vpc| matches!(vpc.data, Data::Map(_)))
            || locations.any(|location| location.block.text("subnet").is_some())
    }

    /// The network that the lock has subnets of a region in.
    fn locked_network(&self, region: &str) -> Option<Ipv4Net> {
        let mut locations = self.lock?.locations.values();
        let subnet = locations.find_map(|location| {
            let is_here = location
                .region
                .as_ref()
                .is_some_and(|it| it.value == region);
            location.subnet.as_ref().filter(|_| is_here)
        })?;
        let subnet: Ipv4Net = subnet.value.parse().ok()?;
        Ipv4Net::new(subnet.addr(), NETWORK_PREFIX)
            .ok()
            .map(|network| network.trunc())
    }
}
