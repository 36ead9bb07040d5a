//! Addresses of machines: their own, those of their line in `hosts`, and on docker the next of the subnet.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::identities::{Identities, kept};
use super::layout::Machine;
use super::names::Named;
use super::{Lowering, derived, errors};
use crate::lock;
use crate::origin::Sourced;
use crate::source::Span;

pub(super) struct Addresses {
    pub(super) address: Option<Sourced<String>>,
    pub(super) public: Option<Sourced<String>>,
    pub(super) private: Option<Sourced<String>>,
}

impl<'m> Lowering<'m, '_> {
    /// The addresses that are written for a machine. One address of a line is the machine's, two are its public and its
    /// private one; what the machine itself says wins.
    pub(super) fn addresses(
        &mut self,
        machine: &Machine<'m>,
        named: &Named<'m>,
    ) -> Option<Addresses> {
        let labels = named.line.map_or(&[][..], |line| line.labels.as_slice());
        let text = |index: usize| {
            let label = labels.get(index)?;
            label.sourced_text().map(Sourced::to_owned)
        };
        if let (Some(third), Some(line)) = (labels.get(2), named.line) {
            self.report(third.origin, |at| {
                errors::too_many_addresses(at, &line.word)
            });
            return None;
        }
        let mut addresses = match labels.len() {
            2 => Addresses {
                address: None,
                public: text(0),
                private: text(1),
            },
            _ => Addresses {
                address: text(0),
                public: None,
                private: None,
            },
        };
        if let Some(entry) = machine.entry {
            let own = |key: &str| entry.block.text(key).map(Sourced::to_owned);
            addresses.address = own("address").or(addresses.address);
            addresses.public = own("public").or(addresses.public);
            addresses.private = own("private").or(addresses.private);
        }
        Some(addresses)
    }

    /// Whether on docker every address that is written is what the lock says: no machine changes its own, and none has that
    /// of another.
    pub(super) fn addresses_stay(
        &mut self,
        addresses: &[Addresses],
        identities: &Identities<'m>,
        named: &[Named<'m>],
    ) -> bool {
        let locked = self.lock.into_iter().flat_map(lock::Cluster::machines);
        let locked = locked.filter_map(|(name, machine)| {
            let address = machine.address.as_ref()?;
            Some((parsed(address)?, (name, address.origin.place(), machine.at)))
        });
        let owners: HashMap<Ipv4Addr, (&str, Span, Span)> = locked.collect();
        let mut stay = true;
        for ((addresses, known), named) in addresses.iter().zip(&identities.known).zip(named) {
            let Some(written) = &addresses.address else {
                continue;
            };
            let (name, value) = (&named.name.value, &written.value);
            let own = known.and_then(|known| {
                let address = known.machine.address.as_ref()?;
                Some((address, known.machine.at))
            });
            if let Some((own, line)) = own {
                if parsed(own) != parsed(written) {
                    stay = false;
                    let own = (own.value.as_str(), own.origin.place());
                    let forget = self.forget.at(line);
                    self.report(written.origin, |at| {
                        errors::locked_address(at, name, value, own, &forget)
                    });
                }
            } else if let Some((other, place, line)) =
                parsed(written).and_then(|it| owners.get(&it))
            {
                stay = false;
                let forget = self.forget.at(*line);
                self.report(written.origin, |at| {
                    errors::reserved_address(at, name, value, (other, *place), &forget)
                });
            }
        }
        stay
    }
}

fn parsed(address: &Sourced<String>) -> Option<Ipv4Addr> {
    address.value.parse().ok()
}

/// Gives the machines that have no address that of the lock, or the next of the subnet, whose first is the gateway's.
/// An address that the lock has for another machine is not given. Says whether there were enough.
pub(super) fn assign(
    addresses: &mut [Addresses],
    identities: &Identities<'_>,
    lock: Option<&lock::Cluster>,
    subnet: &Sourced<Ipv4Net>,
) -> bool {
    let from = subnet.origin.place();
    for (machine, known) in addresses.iter_mut().zip(&identities.known) {
        let locked = known.and_then(|known| known.machine.address.as_ref());
        if let (None, Some(locked)) = (&machine.address, locked) {
            machine.address = Some(kept(locked.value.clone(), from));
        }
    }
    let locked = lock.into_iter().flat_map(lock::Cluster::machines);
    let locked = locked.filter_map(|(_, machine)| machine.address.as_ref());
    let own = addresses
        .iter()
        .filter_map(|addresses| addresses.address.as_ref());
    let taken: HashSet<Ipv4Addr> = own.chain(locked).filter_map(parsed).collect();
    let mut free = subnet
        .value
        .hosts()
        .skip(1)
        .filter(|address| !taken.contains(address));
    for machine in addresses
        .iter_mut()
        .filter(|machine| machine.address.is_none())
    {
        let Some(address) = free.next() else {
            return false;
        };
        let rule = "machines on docker take the next address of the subnet";
        machine.address = Some(derived(address.to_string(), from, rule));
    }
    true
}
