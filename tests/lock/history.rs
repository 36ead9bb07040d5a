//! What a series of builds has given to machines, held against what the sources said.
//!
//! It has its own idea of which machine is which: from the source as data, and not from the compiler.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;
use m1c::check::{Analysis, Options, Setting, analyse};
use m1c::diagnostic::{Diagnostics, Level};
use m1c::load::{Files, LockFile, ReadError};
use m1c::lock::{self, Kind, Lock};
use m1c::source::FileId;
use m1c::topology::{self, Instance};

use super::edits::one;
use super::source::{Cluster, Location, PATRONI, Source};
use crate::robust::Random;

/// Everything that was ever built from a source and its lock.
#[derive(Clone, Default)]
pub(super) struct History {
    clusters: BTreeMap<String, Past>,
    /// The text of the lock; none before the first build.
    pub(super) lock: Option<String>,
}

/// What one cluster has given out.
#[derive(Clone, Default)]
struct Past {
    platform: &'static str,
    vault_name: Option<String>,
    /// Region, zone and subnet by location.
    places: BTreeMap<String, [String; 3]>,
    /// By name.
    machines: BTreeMap<String, Identity>,
    /// The names of machines that have or had none in the source, by location and kind, in their count.
    counted: BTreeMap<(String, Kind), Vec<String>>,
    /// The names that the source has come to write.
    written: BTreeSet<String>,
    /// The locations in which machines were first built.
    homes: BTreeMap<String, String>,
    /// Names that are nobody's any more.
    old: BTreeSet<String>,
    /// Names that locations had.
    old_locations: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Identity {
    number: i64,
    address: Option<String>,
}

impl Identity {
    /// Whether a machine has what it had. An address that it did not have is new.
    fn is_kept_by(&self, found: &Identity) -> bool {
        let either = self.address.is_none() || found.address.is_none();
        self.number == found.number && (either || self.address == found.address)
    }
}

struct Memory<'m> {
    text: &'m str,
    lock: LockFile,
}

impl Files for Memory<'_> {
    fn read(&self, _: &str) -> Result<String, ReadError> {
        Ok(self.text.to_owned())
    }

    fn lock(&self, _: &str) -> LockFile {
        self.lock.clone()
    }
}

/// Checks a source with a lock.
fn check(source: &Source, lock: LockFile) -> Result<Analysis, String> {
    check_text(&source.text(), &source.settings(), lock)
}

fn check_text(text: &str, settings: &[Setting], lock: LockFile) -> Result<Analysis, String> {
    let options = Options {
        settings,
        ..Options::default()
    };
    let files = Memory { text, lock };
    let analysis = analyse("main.m1", &files, options);
    let errors = analysis.diagnostics.iter();
    let errors: Vec<String> = errors
        .filter(|diagnostic| diagnostic.level == Level::Error)
        .map(|diagnostic| {
            let help = diagnostic.help.as_deref().unwrap_or_default();
            format!("{}: {}; {help}", diagnostic.code.name, diagnostic.message)
        })
        .collect();
    if errors.is_empty() {
        Ok(analysis)
    } else {
        Err(errors.join("\n"))
    }
}

/// Reads a text as a lock: the errors where it is none.
pub(super) fn read(text: &str) -> Result<Lock, Vec<&'static str>> {
    let mut diagnostics = Diagnostics::default();
    let lock = lock::read(FileId::nth(0), "main.m1.lock", text, &mut diagnostics);
    let codes = diagnostics.into_sorted().into_iter();
    lock.ok_or_else(|| codes.map(|diagnostic| diagnostic.code.name).collect())
}

/// What is to be true, and what is there.
macro_rules! ensure {
    ($condition:expr, $($said:tt)+) => {
        if !$condition {
            return Err(format!($($said)+));
        }
    };
}

impl History {
    /// Builds a source, and checks that nobody has lost anything.
    pub(super) fn build(&mut self, source: &Source) -> Result<(), String> {
        let before = match &self.lock {
            Some(text) => LockFile::Read(Ok(text.clone())),
            None => LockFile::Missing,
        };
        let built = check(source, before)?;
        if self.lock.is_none() {
            let unlocked = check(source, LockFile::Unwanted)?;
            same(&unlocked.topology.clusters, &built.topology.clusters)?;
        }
        let after = built.topology.lock.as_ref().or(built.lock.as_ref());
        let after = after.ok_or("there is no lock")?;
        let text = lock::write(after);
        let locked = read(&text).map_err(|codes| format!("its own lock: {codes:?}\n{text}"))?;
        for (cluster, built) in source.clusters.iter().zip(&built.topology.clusters) {
            let name = &cluster.name;
            let locked = locked
                .clusters
                .get(name)
                .ok_or("a cluster is not in the lock")?;
            let past = self.clusters.entry(name.clone()).or_default();
            past.platform = cluster.platform;
            let seen = past.build(cluster, built, locked);
            seen.map_err(|what| format!("{name}: {what}\n{text}"))?;
        }
        // What `--locked` asks.
        let again = check(source, LockFile::Read(Ok(text.clone())))?;
        ensure!(
            again.topology.lock.is_none(),
            "the lock is outdated at once\n{text}"
        );
        same(&built.topology.clusters, &again.topology.clusters)?;
        // One that says what the source gives is compared and not read; with a comment it has to be read.
        let commented = format!("# A comment.\n{text}");
        let read = check(source, LockFile::Read(Ok(commented)))?;
        ensure!(
            read.topology.lock.is_none(),
            "the lock is outdated once it is read\n{text}"
        );
        same(&again.topology.clusters, &read.topology.clusters)?;
        self.lock = Some(text);
        Ok(())
    }

    /// Checks that a lock has everything that was ever given, and gives nothing to two.
    pub(super) fn is_in(&self, lock: &Lock) -> Result<(), String> {
        for (name, past) in &self.clusters {
            let locked = lock
                .clusters
                .get(name)
                .ok_or("a cluster is not in the lock")?;
            past.nothing_is_lost(locked)?;
            nothing_is_twice(locked)?;
        }
        Ok(())
    }

    /// Builds a source that two branches have made together. What m1c refuses is well; else nothing that a branch has
    /// built is another.
    pub(super) fn agrees(
        branches: &[&History],
        text: &str,
        settings: &[Setting],
        lock: &str,
    ) -> Result<bool, String> {
        let Ok(built) = check_text(text, settings, LockFile::Read(Ok(lock.to_owned()))) else {
            return Ok(false);
        };
        for cluster in &built.topology.clusters {
            for past in branches
                .iter()
                .filter_map(|it| it.clusters.get(&cluster.name.value))
            {
                for machine in &cluster.instances {
                    let name = &machine.name.value;
                    let known = past.machines.get(name);
                    let found = identity(machine);
                    ensure!(
                        known.is_none_or(|known| known.is_kept_by(&found)),
                        "{name} was {known:?} and is {found:?}"
                    );
                }
                for location in &cluster.locations {
                    let (name, place) = (&location.name.value, place(location));
                    let known = past.places.get(name);
                    ensure!(
                        known.is_none() || place.as_ref() == known,
                        "{name} was {known:?} and is {place:?}"
                    );
                }
            }
        }
        if let Some(lock) = &built.topology.lock {
            let lock = read(&lock::write(lock)).map_err(|codes| format!("then {codes:?}"))?;
            branches.iter().try_for_each(|branch| branch.is_in(&lock))?;
        }
        Ok(true)
    }

    /// Whether a location has been built, so that it has a subnet or machines.
    pub(super) fn has_location(&self, cluster: &str, location: &str) -> bool {
        let past = self.clusters.get(cluster);
        past.is_some_and(|past| {
            let mut homes = past.homes.values();
            past.places.contains_key(location) || homes.any(|home| home == location)
        })
    }

    /// Whether no location of a cluster has a name that another one had.
    pub(super) fn may_have_locations(&self, cluster: &Cluster) -> bool {
        let past = self.clusters.get(&cluster.name);
        let is_old = |name: &String| past.is_some_and(|past| past.old_locations.contains(name));
        !cluster.locations.iter().any(|it| is_old(&it.name))
    }

    /// Whether a machine has been built, under this name or a later one.
    pub(super) fn has_machine(&self, cluster: &str, name: &str) -> bool {
        let past = self.clusters.get(cluster);
        past.is_some_and(|past| past.machines.contains_key(name) || past.old.contains(name))
    }

    /// Whether a machine of that name may be in a location: none leaves its subnet, and no new one has an old name.
    pub(super) fn may_be_in(&self, cluster: &Cluster, name: &str, location: &str) -> bool {
        let Some(past) = self.clusters.get(&cluster.name) else {
            return true;
        };
        let home = past.homes.get(name);
        let is_home = home.is_none_or(|home| home == location);
        !past.old.contains(name) && (is_home || cluster.platform != "aws")
    }

    pub(super) fn platform(&self, cluster: &str) -> Option<&'static str> {
        self.clusters.get(cluster).map(|past| past.platform)
    }

    /// Whether a machine with a name and a number is to have another one, or a number of another machine.
    pub(super) fn has_other_number(
        &self,
        cluster: &Cluster,
        machine: &super::source::Machine,
    ) -> bool {
        let (Some(id), Some(past)) = (machine.id, self.clusters.get(&cluster.name)) else {
            return false;
        };
        let name = machine.name.as_deref().unwrap_or_default();
        match past.machines.get(name) {
            Some(known) => known.number != id,
            None => past.machines.values().any(|known| known.number == id),
        }
    }

    /// Writes the name that a data node has into the source.
    pub(super) fn name_machine(&self, cluster: &mut Cluster, at: usize, random: &mut Random) {
        let Some(past) = self.clusters.get(&cluster.name) else {
            return;
        };
        let key = (cluster.locations[at].name.clone(), Kind::Data);
        let names = past.counted.get(&key).map_or(&[][..], Vec::as_slice);
        let names: Vec<&String> = names
            .iter()
            .filter(|name| !past.written.contains(*name) && !cluster.names(name))
            .take(cluster.locations[at].data)
            .collect();
        if !names.is_empty() {
            let location = &mut cluster.locations[at];
            location.data -= 1;
            location.machines.push(super::source::Machine {
                word: "replica",
                name: Some(one(random, &names).clone()),
                id: None,
                was: Vec::new(),
            });
        }
    }
}

/// Whether two builds give the same to every machine.
fn same(first: &[topology::Cluster], second: &[topology::Cluster]) -> Result<(), String> {
    let facts = |clusters: &[topology::Cluster]| {
        let mut facts = Vec::new();
        for cluster in clusters {
            let machines = cluster
                .instances
                .iter()
                .map(|machine| format!("{} {:?}", machine.name.value, identity(machine)));
            facts.extend(machines);
            facts.extend(
                cluster
                    .locations
                    .iter()
                    .map(|it| format!("{:?}", place(it))),
            );
        }
        facts
    };
    let (first, second) = (facts(first), facts(second));
    ensure!(first == second, "two builds differ:\n{first:?}\n{second:?}");
    Ok(())
}

fn identity(machine: &Instance) -> Identity {
    Identity {
        number: machine.id.value,
        address: machine
            .address
            .as_ref()
            .map(|address| address.value.clone()),
    }
}

fn place(location: &topology::Location) -> Option<[String; 3]> {
    let place = location.place.as_ref()?;
    let parts = [&place.region, &place.zone, &place.subnet];
    Some(parts.map(|part| part.value.clone()))
}

impl Past {
    fn build(
        &mut self,
        cluster: &Cluster,
        built: &topology::Cluster,
        locked: &lock::Cluster,
    ) -> Result<(), String> {
        let vault_name = built.vault_name.as_ref().map(|name| name.value.clone());
        let known = self
            .vault_name
            .get_or_insert(vault_name.clone().unwrap_or_default());
        ensure!(
            vault_name.is_none_or(|name| name == *known),
            "another vault_name"
        );
        self.rename(cluster);
        self.places(built)?;
        let machines: BTreeMap<&str, &Instance> = built
            .instances
            .iter()
            .map(|machine| (machine.name.value.as_str(), machine))
            .collect();
        ensure!(
            machines.len() == built.instances.len(),
            "two machines with a name"
        );
        let fresh = self.known_machines(cluster, &machines)?;
        self.new_machines(cluster, fresh, &machines, locked)?;
        ensure!(
            locked.machines().count() == self.machines.len(),
            "the lock has machines that never were"
        );
        self.nothing_is_lost(locked)?;
        nothing_is_twice(locked)
    }

    /// What had an old name has the new one.
    fn rename(&mut self, cluster: &Cluster) {
        for location in cluster.wanted() {
            for old in &location.was {
                let name = &location.name;
                self.old_locations.insert(old.clone());
                if let Some(place) = self.places.remove(old) {
                    self.places.insert(name.clone(), place);
                }
                let homes = self.homes.values_mut().filter(|home| *home == old);
                homes.for_each(|home| home.clone_from(name));
                let of_old = self.counted.extract_if(.., |(place, _), _| place == old);
                let renamed: Vec<_> = of_old.collect();
                let renamed = renamed.into_iter();
                self.counted
                    .extend(renamed.map(|((_, kind), names)| ((name.clone(), kind), names)));
            }
            for machine in &location.machines {
                for old in &machine.was {
                    let name = machine.name.as_ref().unwrap();
                    let Some(known) = self.machines.remove(old) else {
                        continue;
                    };
                    self.machines.insert(name.clone(), known);
                    self.old.insert(old.clone());
                    if let Some(home) = self.homes.remove(old) {
                        self.homes.insert(name.clone(), home);
                    }
                    let counted = self.counted.values_mut().flatten();
                    let called = counted.filter(|known| *known == old);
                    called.for_each(|known| known.clone_from(name));
                    self.written.insert(name.clone());
                }
            }
        }
    }

    /// Locations are where they were, and no two share a subnet.
    fn places(&mut self, built: &topology::Cluster) -> Result<(), String> {
        for location in &built.locations {
            let Some(place) = place(location) else {
                continue;
            };
            let name = &location.name.value;
            let known = self.places.entry(name.clone()).or_insert(place.clone());
            ensure!(*known == place, "{name} was {known:?} and is {place:?}");
            let net: Ipv4Net = place[2].parse().unwrap();
            for (other, [.., subnet]) in self.places.iter().filter(|(other, _)| *other != name) {
                let subnet: Ipv4Net = subnet.parse().unwrap();
                let overlap = subnet.contains(&net) || net.contains(&subnet);
                ensure!(!overlap, "{name} has the subnet {net} of {other}");
            }
        }
        Ok(())
    }

    /// Checks the machines that were there before. Gives how many of each location and kind are to be new, and the new
    /// written names.
    fn known_machines(
        &mut self,
        cluster: &Cluster,
        machines: &BTreeMap<&str, &Instance>,
    ) -> Result<Fresh, String> {
        let mut fresh = Fresh::default();
        let written = cluster.wanted().flat_map(|location| &location.machines);
        for name in written.filter_map(|machine| machine.name.clone()) {
            if self.machines.contains_key(&name) {
                self.is_kept(&name, machines)?;
            } else {
                fresh.named.insert(name.clone());
            }
            self.written.insert(name);
        }
        for ((location, kind), wanted) in self.counts(cluster) {
            let names = self.counted.get(&(location.clone(), kind));
            let names = names.map_or(&[][..], Vec::as_slice).iter();
            let names = names.filter(|name| !self.written.contains(*name)).cloned();
            let names: Vec<String> = names.collect();
            for name in names.iter().take(wanted) {
                self.is_kept(name, machines)?;
            }
            let new = wanted.saturating_sub(names.len());
            if new > 0 {
                fresh.counted.insert((location, kind), new);
            }
        }
        Ok(fresh)
    }

    /// Checks that a machine has what it had, and remembers an address that it did not have.
    fn is_kept(&mut self, name: &str, machines: &BTreeMap<&str, &Instance>) -> Result<(), String> {
        let known = self.machines.get_mut(name).unwrap();
        let machine = machines.get(name);
        let found = identity(machine.ok_or(format!("{name} is not there"))?);
        ensure!(
            known.is_kept_by(&found),
            "{name} was {known:?} and is {found:?}"
        );
        if known.address.is_none() {
            known.address = found.address;
        }
        Ok(())
    }

    /// How many machines without a name the source has, by location and kind.
    fn counts(&self, cluster: &Cluster) -> BTreeMap<(String, Kind), usize> {
        let mut counts = BTreeMap::new();
        let mut count = |location: &str, kind: Kind, number: usize| {
            *counts.entry((location.to_owned(), kind)).or_default() += number;
        };
        for location in cluster.wanted() {
            count(&location.name, Kind::Data, location.data);
            let nameless = location
                .machines
                .iter()
                .filter(|machine| machine.name.is_none());
            for machine in nameless {
                count(&location.name, kind_of(machine.word), 1);
            }
        }
        let placed = |word: &str| cluster.wanted().any(|location| location.has(word));
        let home = cluster.home().map_or("", |home| &home.name);
        let first = cluster.wanted().next().map_or("", |first| &first.name);
        if cluster.backup && !placed("barman") {
            count(self.home(cluster, Kind::Barman, home), Kind::Barman, 1);
        }
        if cluster.failover == PATRONI && !placed("etcd") {
            count(self.home(cluster, Kind::Etcd, home), Kind::Etcd, 3);
        }
        if cluster.pem && !placed("pem") {
            count(self.home(cluster, Kind::Pem, first), Kind::Pem, 1);
        }
        if cluster.balance && !placed("haproxy") {
            for location in cluster.wanted().filter(|location| location.is_active()) {
                count(&location.name, Kind::Haproxy, 2);
            }
        }
        counts
    }

    /// Where a component is that the source does not place: where its first machine is, as long as that location is.
    fn home<'c>(&self, cluster: &'c Cluster, kind: Kind, otherwise: &'c str) -> &'c str {
        let number = |location: &&Location| {
            let names = self.counted.get(&(location.name.clone(), kind))?.iter();
            let names = names.filter(|name| !self.written.contains(*name));
            names.map(|name| self.machines[name].number).min()
        };
        let homes = cluster
            .wanted()
            .filter_map(|location| Some((number(&location)?, location)));
        let home = homes.min_by_key(|(number, _)| *number);
        home.map_or(otherwise, |(_, location)| &location.name)
    }

    /// Checks the machines that are new: they have what nobody ever had.
    fn new_machines(
        &mut self,
        cluster: &Cluster,
        fresh: Fresh,
        machines: &BTreeMap<&str, &Instance>,
        locked: &lock::Cluster,
    ) -> Result<(), String> {
        let new = machines
            .iter()
            .filter(|(name, _)| !self.machines.contains_key(**name));
        let mut new: Vec<(&str, &Instance)> =
            new.map(|(name, machine)| (*name, *machine)).collect();
        let place = |name: &str| locked.machine(name).and_then(|machine| machine.place);
        new.sort_by_key(|(name, _)| place(name));
        let written = cluster.wanted().flat_map(|location| &location.machines);
        let own: BTreeSet<i64> = written.filter_map(|machine| machine.id).collect();
        let numbers = self.machines.values().map(|known| known.number);
        let highest = numbers.chain(own.iter().copied()).max().unwrap_or(0);
        let is_first = self.machines.is_empty();
        let mut counted: BTreeMap<(String, Kind), usize> = BTreeMap::new();
        let mut given: BTreeSet<i64> = BTreeSet::new();
        for (name, machine) in &new {
            let found = identity(machine);
            for (other, known) in &self.machines {
                ensure!(
                    known.number != found.number,
                    "{name} has the number of {other}"
                );
                let shared = known.address.is_some() && known.address == found.address;
                ensure!(!shared, "{name} has the address of {other}");
            }
            if !own.contains(&found.number) {
                given.insert(found.number);
            }
            if fresh.named.contains(*name) {
                ensure!(place(name).is_none(), "{name} has a place in a count");
            } else {
                let place = place(name).ok_or(format!("{name} has no place in a count"))?;
                let key = (machine.location.clone(), place.kind);
                let names = self.counted.entry(key.clone()).or_default();
                names.push((*name).to_owned());
                let count = place.number as usize;
                ensure!(
                    names.len() == count,
                    "{name} has the place {count} of {names:?}"
                );
                *counted.entry(key).or_default() += 1;
            }
            self.machines.insert((*name).to_owned(), found);
            self.homes
                .insert((*name).to_owned(), machine.location.clone());
        }
        let named = new
            .iter()
            .filter(|(name, _)| fresh.named.contains(*name))
            .count();
        ensure!(
            named == fresh.named.len(),
            "new are {:?}, and there is {new:?}",
            fresh.named
        );
        ensure!(
            counted == fresh.counted,
            "new are {:?}, and there are {counted:?}",
            fresh.counted
        );
        // Those of the first build begin below the written ones.
        let first = if is_first { 1 } else { highest + 1 };
        let free = (first..).filter(|number| !own.contains(number));
        let expected: BTreeSet<i64> = free.take(given.len()).collect();
        ensure!(
            given == expected,
            "the new numbers are {given:?}, not {expected:?}"
        );
        Ok(())
    }

    /// The lock has everything that there ever was.
    fn nothing_is_lost(&self, locked: &lock::Cluster) -> Result<(), String> {
        for (name, known) in &self.machines {
            let found = locked.machine(name).map(|machine| machine.number);
            ensure!(
                found == Some(known.number),
                "{name} is {found:?} in the lock"
            );
        }
        for (name, [region, zone, subnet]) in &self.places {
            let location = locked.locations.get(name);
            let found = location.map(|location| {
                let parts = [&location.region, &location.zone, &location.subnet];
                parts.map(|part| part.as_ref().map(|part| &part.value))
            });
            let expected = [region, zone, subnet].map(Some);
            ensure!(found == Some(expected), "{name} is {found:?} in the lock");
        }
        Ok(())
    }
}

/// Whether every number, name, address and subnet of a lock is that of one machine or location.
fn nothing_is_twice(locked: &lock::Cluster) -> Result<(), String> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for (name, machine) in locked.machines() {
        let mut facts = vec![format!("number {}", machine.number), format!("name {name}")];
        facts.extend(
            machine
                .address
                .as_ref()
                .map(|it| format!("address {}", it.value)),
        );
        facts.extend(machine.host.as_ref().map(|it| format!("line {it}")));
        for fact in facts {
            ensure!(seen.insert(fact.clone()), "two machines have the {fact}");
        }
    }
    let subnets = locked
        .locations
        .values()
        .filter_map(|it| it.subnet.as_ref());
    let subnets: Vec<Ipv4Net> = subnets
        .map(|subnet| subnet.value.parse().unwrap())
        .collect();
    for (number, subnet) in subnets.iter().enumerate() {
        for other in &subnets[..number] {
            let overlap = subnet.contains(other) || other.contains(subnet);
            ensure!(!overlap, "two locations have the subnet {subnet}");
        }
    }
    Ok(())
}

/// The machines that a source has and no build before had.
#[derive(Default)]
struct Fresh {
    named: BTreeSet<String>,
    counted: BTreeMap<(String, Kind), usize>,
}

fn kind_of(word: &str) -> Kind {
    match word {
        "barman" => Kind::Barman,
        "etcd" => Kind::Etcd,
        "haproxy" => Kind::Haproxy,
        "witness" => Kind::Witness,
        "node" => Kind::Node,
        "pem" => Kind::Pem,
        _ => Kind::Data,
    }
}
