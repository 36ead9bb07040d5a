//! What running machines may not lose: the numbers, names and subnets that m1c has given out.
//!
//! They are kept in `NAME.m1.lock`, beside the source `NAME.m1`. Here they are data: a text becomes a [`Lock`], a lock
//! becomes a text, and an existing config.yml becomes a part of one. Who is who, `lower` decides.

mod changes;
mod errors;
mod forget;
mod read;
mod write;

use std::collections::BTreeMap;

pub use changes::outdated;
pub use errors::{CODES, unfit_config, unreadable};
pub use forget::{Forget, Path, command, quoted};
pub use read::{parse, read, twice_in_config};
pub use write::write;

use crate::diagnostic::Diagnostic;
use crate::origin::Sourced;
use crate::source::Span;

/// The version of the format.
const VERSION: i64 = 1;

/// The last line, which says that nothing is cut off.
const END: &str = "# The end of the lock.";

/// What is added to the name of a source.
pub const ENDING: &str = ".lock";

/// What the lock of a source is called.
pub fn name_of(source: &str) -> String {
    format!("{source}{ENDING}")
}

/// The identities of all clusters of a source, also of those that it does not have any more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    pub clusters: BTreeMap<String, Cluster>,
}

impl Lock {
    /// What there is to say if all clusters of the lock, called `name`, are others than those of its source.
    pub fn foreign(&self, name: &str, clusters: &[(&str, Span)]) -> Option<Diagnostic> {
        let (locked, cluster) = self.clusters.first_key_value()?;
        let first = clusters.first()?;
        let is_known = |(name, _): &(&str, Span)| self.clusters.contains_key(*name);
        let is_foreign = !clusters.iter().any(is_known);
        is_foreign.then(|| errors::foreign(cluster.at, name, locked, *first))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    pub at: Span,
    /// Of the system's keyring.
    pub vault_name: Option<Sourced<String>>,
    /// Of docker's network.
    pub subnet: Option<Sourced<String>>,
    pub locations: BTreeMap<String, Location>,
}

impl Cluster {
    pub const EMPTY: Cluster = Cluster {
        at: Span::NONE,
        vault_name: None,
        subnet: None,
        locations: BTreeMap::new(),
    };

    /// All machines with their names, location by location.
    pub fn machines(&self) -> impl Iterator<Item = (&str, &Machine)> {
        self.locations.values().flat_map(|location| {
            let machines = location.machines.iter();
            machines.map(|(name, machine)| (name.as_str(), machine))
        })
    }

    /// A machine by its name.
    pub fn machine(&self, name: &str) -> Option<&Machine> {
        let mut locations = self.locations.values();
        locations.find_map(|location| location.machines.get(name))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    pub at: Span,
    /// Where it is on aws.
    pub region: Option<Sourced<String>>,
    pub zone: Option<Sourced<String>>,
    pub subnet: Option<Sourced<String>>,
    /// Names that it had, oldest first.
    pub was: Vec<String>,
    /// By name.
    pub machines: BTreeMap<String, Machine>,
}

impl Location {
    pub const EMPTY: Location = Location {
        at: Span::NONE,
        region: None,
        zone: None,
        subnet: None,
        was: Vec::new(),
        machines: BTreeMap::new(),
    };
}

#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    pub at: Span,
    pub number: i64,
    /// Its address in docker's network.
    pub address: Option<Sourced<String>>,
    /// The line of `hosts` whose addresses it has, for one that is not called after it.
    pub host: Option<String>,
    /// Its place among the machines without a name, for one that has or had none.
    pub place: Option<Place>,
    /// Whether the source calls it by its name, although it has a place.
    pub is_named: bool,
    /// Names that it had, oldest first.
    pub was: Vec<String>,
}

impl Machine {
    /// The place that it has as a machine without a name.
    pub fn nameless_place(&self) -> Option<Place> {
        self.place.filter(|_| !self.is_named)
    }
}

/// The place of a machine in the count of its location's machines of one kind, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub kind: Kind,
    pub number: u32,
}

/// What is counted. Data nodes are one kind, whatever word places them, because who is the primary changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Data,
    Barman,
    Etcd,
    Haproxy,
    Witness,
    Node,
    Pem,
}

impl Kind {
    pub const ALL: [Kind; 7] = [
        Kind::Data,
        Kind::Barman,
        Kind::Etcd,
        Kind::Haproxy,
        Kind::Witness,
        Kind::Node,
        Kind::Pem,
    ];

    /// The word of the language.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Data => "data",
            Kind::Barman => "barman",
            Kind::Etcd => "etcd",
            Kind::Haproxy => "haproxy",
            Kind::Witness => "witness",
            Kind::Node => "node",
            Kind::Pem => "pem",
        }
    }
}
