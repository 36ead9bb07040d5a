//! What the lock remembers of machines, for whoever has to know what they were called and which went.

use std::collections::HashSet;

use super::identities::{Identities, kept};
use super::layout::Layout;
use super::names::Named;
use super::{Lowering, NO_LOCK};
use crate::lock::{Forget, Lock};
use crate::model::Model;
use crate::origin::{Origin, Sourced};
use crate::topology::Cluster;
use crate::topology::past::{Gone, GoneCluster, Past, Renamed};

/// Tells one cluster of those that the lock has and the source does not.
pub(super) fn clusters_gone(model: &Model, source: &str, lock: &Lock, clusters: &mut [Cluster]) {
    let is_here = |name: &String| model.clusters.iter().any(|cluster| cluster.name == *name);
    let locked = lock.clusters.iter().filter(|(name, _)| !is_here(name));
    let gone = locked.map(|(name, locked)| {
        let forget = Forget {
            source,
            cluster: name,
            lock: locked,
        };
        GoneCluster {
            name: Sourced::new(name.clone(), Origin::Written(locked.at)),
            forget: forget.cluster(),
        }
    });
    let gone: Vec<GoneCluster> = gone.collect();
    let new = clusters.iter().position(|it| !it.past.is_locked);
    if let Some(cluster) = clusters.get_mut(new.unwrap_or_default()) {
        cluster.past.clusters = gone;
    }
}

impl<'m> Lowering<'m, '_> {
    pub(super) fn past(
        &self,
        layout: &Layout<'m>,
        identities: &Identities<'m>,
        named: &[Named<'m>],
    ) -> Past {
        let mut renamed = Vec::new();
        let machines = layout.machines.iter().zip(&identities.known).zip(named);
        for ((machine, known), named) in machines {
            let written = machine.entry.map(|entry| entry.block.names("was"));
            let written = written.unwrap_or_default();
            let remembered = known.map_or(&[][..], |known| known.machine.was.as_slice());
            let is_remembered = |old: &&Sourced<&str>| !remembered.iter().any(|it| it == old.value);
            let before = written.iter().filter(is_remembered).map(ToOwned::to_owned);
            let mut was: Vec<Sourced<String>> = before.map(Sourced::to_owned).collect();
            was.extend(remembered.iter().map(|old| {
                let here = written.iter().find(|written| written.value == *old);
                let of_lock = || kept(old.clone(), machine.at.place());
                here.map_or_else(of_lock, |written| (*written).to_owned())
            }));
            if !was.is_empty() {
                renamed.push(Renamed {
                    name: named.name.value.clone(),
                    was,
                });
            }
        }
        Past {
            renamed,
            gone: self.gone(identities),
            clusters: Vec::new(),
            is_locked: self.lock.is_some_and(|lock| *lock != NO_LOCK),
        }
    }

    /// The machines that the lock has and the source does not.
    pub(super) fn gone(&self, identities: &Identities<'m>) -> Vec<Gone> {
        let here = identities.known.iter().flatten().map(|known| known.name);
        let here: HashSet<&str> = here.collect();
        let is_gone = |name: &str| !here.contains(name);
        let locations = self.lock.into_iter().flat_map(|lock| &lock.locations);
        let gone = locations.flat_map(|(location, locked)| {
            let machines = locked.machines.iter();
            let machines = machines.filter(|(name, _)| is_gone(name));
            machines.map(move |(name, machine)| Gone {
                name: Sourced::new(name.clone(), Origin::Written(machine.at)),
                number: machine.number,
                location: location.clone(),
                region: locked.region.clone(),
                forget: self.forget.at(machine.at),
                forget_location: self.forget.at(locked.at),
            })
        });
        gone.collect()
    }
}
