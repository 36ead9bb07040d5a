//! Which machine is which: what the lock knows about the machines of a layout.
//!
//! A machine with a written name is known by it, another one by its location, its kind and its place in the count.

use std::collections::HashMap;

use super::layout::{Layout, Machine, Site};
use super::renames::Of;
use super::{Lowering, derived, errors};
use crate::facts::machines::Kind;
use crate::lock::{self, Place};
use crate::origin::Sourced;

/// The rule that gives what the lock has.
const KEPT: &str = "the lock has it: it does not change while the machine runs";

/// What the lock knows about the machines, in their order.
pub(super) struct Identities<'m> {
    pub(super) known: Vec<Option<Known<'m>>>,
    /// The places of machines without a name.
    pub(super) places: Vec<Option<Place>>,
}

/// A machine that the lock has.
#[derive(Clone, Copy)]
pub(super) struct Known<'m> {
    pub(super) name: &'m str,
    /// The location where the lock has it.
    pub(super) location: &'m str,
    pub(super) machine: &'m lock::Machine,
}

impl<'m> Lowering<'m, '_> {
    /// Finds the machines in the lock.
    pub(super) fn identities(&self, layout: &Layout<'m>) -> Identities<'m> {
        let Some(lock) = self.lock else {
            let nothing = || layout.machines.iter().map(|_| None);
            return Identities {
                known: nothing().collect(),
                places: layout.machines.iter().map(|_| None).collect(),
            };
        };
        let mut by_name: HashMap<&str, Known<'m>> = HashMap::new();
        let mut by_place: HashMap<(&str, Place), Known<'m>> = HashMap::new();
        for (location, locked) in &lock.locations {
            for (name, machine) in &locked.machines {
                let known = Known {
                    name,
                    location,
                    machine,
                };
                by_name.insert(name, known);
                if let Some(place) = machine.nameless_place() {
                    by_place.insert((location, place), known);
                }
            }
        }
        let own = |machine: &Machine<'m>| Some(*by_name.get(machine.own_name()?.value)?);
        let mut taken: HashMap<&str, Vec<Place>> = HashMap::new();
        for (location, locked) in &lock.locations {
            let named = locked.machines.values().filter(|machine| machine.is_named);
            let places = taken.entry(location).or_default();
            places.extend(named.filter_map(|machine| machine.place));
        }
        for known in layout.machines.iter().filter_map(own) {
            let places = taken.entry(known.location).or_default();
            places.extend(known.machine.nameless_place());
        }
        for places in taken.values_mut() {
            places.sort_unstable();
        }
        let place = |machine: &Machine<'m>| {
            let location = layout.sites.get(machine.location)?.name.value;
            let mut place = Place {
                kind: machine.kind.locked(),
                number: machine.count?,
            };
            for taken in taken.get(location).into_iter().flatten() {
                if taken.kind == place.kind && taken.number <= place.number {
                    place.number += 1;
                }
            }
            Some((location, place))
        };
        let places: Vec<Option<(&str, Place)>> = layout.machines.iter().map(place).collect();
        let known = layout.machines.iter().zip(&places);
        Identities {
            known: known
                .map(|(machine, place)| match place {
                    Some(place) => by_place.get(place).copied(),
                    None => own(machine),
                })
                .collect(),
            places: places
                .into_iter()
                .map(|place| place.map(|(_, place)| place))
                .collect(),
        }
    }

    /// A new location has no name that another one had.
    pub(super) fn locations_are_new(&mut self, layout: &Layout<'m>) {
        let Some(lock) = self.lock else { return };
        let new = layout
            .sites
            .iter()
            .filter(|site| !lock.locations.contains_key(site.name.value));
        for site in new {
            let name = site.name.value;
            let had = |location: &lock::Location| location.was.iter().any(|was| was == name);
            let other = lock.locations.iter().find(|(_, location)| had(location));
            if let Some((other, location)) = other {
                let other = (other.as_str(), location.at);
                self.report(site.name.origin, |at| {
                    errors::reserved_location(at, name, other)
                });
            }
        }
    }

    /// A machine that is called by a name now was no machine without one that is still there: as many of its kind are wanted
    /// as before, and one of them would be new.
    pub(super) fn renamed_are_gone(&mut self, layout: &Layout<'m>, identities: &Identities<'m>) {
        let machines = || layout.machines.iter().zip(&identities.known);
        let is_new = |location: &str, kind: lock::Kind| {
            let mut new = machines().filter(|(machine, known)| {
                let site = layout.sites.get(machine.location);
                known.is_none()
                    && machine.count.is_some()
                    && machine.kind.locked() == kind
                    && site.is_some_and(|site| site.name.value == location)
            });
            new.next().map(|(machine, _)| machine.at.place())
        };
        for (machine, known) in machines() {
            let (Some(entry), Some(name), Some(known)) = (machine.entry, machine.own_name(), known)
            else {
                continue;
            };
            let place = known.machine.nameless_place();
            let other = place.and_then(|place| is_new(known.location, place.kind));
            let mut written = entry.block.names("was").into_iter();
            let old =
                written.find(|old| known.machine.was.last().is_some_and(|it| it == old.value));
            if let (Some(other), Some(old)) = (other, old) {
                self.report(old.origin, |at| {
                    errors::was_is_there(at, Of::Machine, name.value, old.value, other)
                });
            }
        }
    }

    /// On aws a location is a subnet, and no machine can leave its own: it stays in its location.
    pub(super) fn machines_stay(&mut self, layout: &Layout<'m>, identities: &Identities<'m>) {
        for (machine, known) in layout.machines.iter().zip(&identities.known) {
            let Some(known) = known else { continue };
            let Some(site) = layout.sites.get(machine.location) else {
                continue;
            };
            let has_subnet = self.lock.is_some_and(|lock| {
                let location = lock.locations.get(known.location);
                location.is_some_and(|location| location.subnet.is_some())
            });
            if has_subnet && known.location != site.name.value {
                let (name, location) = (known.name, site.name.value);
                let locked = (known.location, known.machine.at);
                let mut sites = layout.sites.iter();
                let is_gone = sites.all(|site| site.name.value != known.location);
                let forget = self.forget.at(known.machine.at);
                self.report(machine.at, |at| {
                    errors::locked_machine(at, name, location, is_gone, locked, &forget)
                });
            }
        }
    }

    /// A location as the lock has it.
    pub(super) fn locked_location(&self, site: &Site<'_>) -> Option<&'m lock::Location> {
        self.lock?.locations.get(site.name.value)
    }

    /// The location in which the lock has its first machine without a name of a kind: a rule that has placed a machine
    /// leaves it there.
    pub(super) fn locked_home(&self, kind: Kind, sites: &[Site<'_>]) -> Option<usize> {
        let kind = kind.locked();
        let homes = sites.iter().enumerate().filter_map(|(index, site)| {
            let machines = self.locked_location(site)?.machines.values();
            let of_kind = machines.filter(|machine| {
                let place = machine.nameless_place();
                place.is_some_and(|place| place.kind == kind)
            });
            let first = of_kind.map(|machine| machine.number).min()?;
            Some((first, index))
        });
        homes.min().map(|(_, index)| index)
    }
}

/// A value that the lock has, for a machine or location that is defined at a place.
pub(super) fn kept<T>(value: T, from: crate::source::Span) -> Sourced<T> {
    derived(value, from, KEPT)
}
