//! What the lock must have after a build: what it had, and what machines and locations have been given.

use super::Lowering;
use super::identities::{Identities, Known};
use super::layout::{Layout, Machine, Site};
use super::names::Named;
use crate::lock::{self, Cluster, Location};
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::topology::{Instance, Place};

/// What a cluster has been given.
pub(super) struct Given<'g, 'm> {
    pub(super) layout: &'g Layout<'m>,
    pub(super) identities: &'g Identities<'m>,
    pub(super) named: &'g [Named<'m>],
    pub(super) instances: &'g [Instance],
    /// Where the locations are, on aws.
    pub(super) places: Option<&'g [Place]>,
    /// The subnet of all machines, on docker.
    pub(super) subnet: Option<String>,
    pub(super) vault_name: Option<&'g Sourced<String>>,
}

/// A lock that is copied once something is to be changed, which is rare.
pub(super) struct Draft<'l> {
    pub(super) old: &'l Cluster,
    pub(super) new: Option<Cluster>,
}

impl Draft<'_> {
    /// What it has so far.
    pub(super) fn lock(&self) -> &Cluster {
        self.new.as_ref().unwrap_or(self.old)
    }

    pub(super) fn edit(&mut self) -> &mut Cluster {
        self.new.get_or_insert_with(|| self.old.clone())
    }

    fn location(&mut self, name: &str) -> &mut Location {
        let locations = &mut self.edit().locations;
        locations.entry(name.to_owned()).or_insert(Location::EMPTY)
    }
}

impl Lowering<'_, '_> {
    /// The lock of the cluster, if it is not what it must be.
    pub(super) fn locked(&self, given: &Given<'_, '_>) -> Option<Cluster> {
        let old = self.lock?;
        let mut draft = Draft { old, new: None };
        if let Some(name) = given.vault_name.filter(|_| old.vault_name.is_none()) {
            draft.edit().vault_name = Some(name.clone());
        }
        if let Some(subnet) = given.subnet.as_ref().filter(|_| old.subnet.is_none()) {
            let origin = Origin::Written(Span::NONE);
            draft.edit().subnet = Some(Sourced::new(subnet.clone(), origin));
        }
        for (index, site) in given.layout.sites.iter().enumerate() {
            let place = given.places.and_then(|places| places.get(index));
            draft.keep_place(site, place);
        }
        let machines = given.layout.machines.iter().zip(given.named);
        let machines = machines.zip(given.instances).enumerate();
        for (index, ((machine, named), instance)) in machines {
            let known = given.identities.known.get(index).copied().flatten();
            let place = given.identities.places.get(index).copied().flatten();
            // Only on docker is an address given.
            let address = instance.address.as_ref().filter(|_| given.subnet.is_some());
            match known {
                Some(known) => draft.update(known, named, place, address),
                None => {
                    let site = given.layout.sites.get(machine.location);
                    draft.add(site, machine, named, place, address);
                }
            }
        }
        draft.new
    }
}

impl Draft<'_> {
    /// Keeps where a location is.
    fn keep_place(&mut self, site: &Site<'_>, place: Option<&Place>) {
        let Some(place) = place else { return };
        let name = site.name.value;
        let nothing = Location::EMPTY;
        let known = self.old.locations.get(name).unwrap_or(&nothing);
        if known.region.is_none() {
            self.location(name).region = Some(place.region.clone());
        }
        if known.zone.is_none() {
            self.location(name).zone = Some(place.zone.clone());
        }
        if known.subnet.is_none() {
            self.location(name).subnet = Some(place.subnet.clone());
        }
    }

    /// Adds a machine that is new.
    fn add(
        &mut self,
        site: Option<&Site<'_>>,
        machine: &Machine<'_>,
        named: &Named<'_>,
        place: Option<lock::Place>,
        address: Option<&Sourced<String>>,
    ) {
        let location = site.map_or("", |site| site.name.value);
        let new = lock::Machine {
            at: machine.at.place(),
            number: named.id.value,
            address: address.cloned(),
            host: host(named, place, &named.name.value),
            place,
            is_named: false,
            was: Vec::new(),
        };
        let machines = &mut self.location(location).machines;
        machines.insert(named.name.value.clone(), new);
    }

    /// Notes that a machine has come to a name, a line of `hosts` or an address.
    fn update(
        &mut self,
        known: Known<'_>,
        named: &Named<'_>,
        place: Option<lock::Place>,
        address: Option<&Sourced<String>>,
    ) {
        let machine = known.machine;
        let is_named = place.is_none() && machine.nameless_place().is_some();
        let address = address.filter(|_| machine.address.is_none());
        let host =
            host(named, place, known.name).filter(|host| machine.host.as_ref() != Some(host));
        if !is_named && address.is_none() && host.is_none() {
            return;
        }
        let machines = &mut self.location(known.location).machines;
        if let Some(machine) = machines.get_mut(known.name) {
            machine.is_named |= is_named;
            if let Some(address) = address {
                machine.address = Some(address.clone());
            }
            if let Some(host) = host {
                machine.host = Some(host);
            }
        }
    }
}

/// The line of `hosts` that a machine has, where its written name does not say so.
fn host(named: &Named<'_>, place: Option<lock::Place>, name: &str) -> Option<String> {
    let line = named.line.map(|line| line.word.clone());
    line.filter(|line| place.is_some() || line != name)
}
