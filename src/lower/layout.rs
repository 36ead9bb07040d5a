//! Which machines there are and in which order: the layout rules of M1, 1 to 6.
//!
//! A component is placed automatically unless it is placed explicitly somewhere in the cluster, or turned off.

use std::collections::{BTreeMap, HashMap};

use super::{Lowering, errors};
use crate::facts::choices::FailoverManager;
use crate::facts::machines::{Kind, Rank};
use crate::facts::roles::{self, Role};
use crate::lock;
use crate::model::{Block, Entry};
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::suggest;
use crate::value::Value;

/// A machine that is written or that a rule places.
#[derive(Clone, Debug)]
pub(super) struct Machine<'m> {
    pub(super) kind: Kind,
    /// What is written about it.
    pub(super) entry: Option<&'m Entry>,
    /// Where it comes from: its own statement, `data`, or the rule that placed it.
    pub(super) at: Origin,
    /// The place of its location among those of the cluster.
    pub(super) location: usize,
    /// Without a name: its place in the count of its location's machines of this kind.
    pub(super) count: Option<u32>,
}

/// A location as it is written.
pub(super) struct Site<'m> {
    pub(super) name: Sourced<&'m str>,
    pub(super) block: &'m Block,
    /// Whether it has data nodes other than `single`.
    pub(super) active: bool,
    /// Whether it has a `single` replica.
    single: bool,
    /// The place of its first data node among the machines, not counting `single`.
    pub(super) leader: Option<usize>,
    /// The place of its first Barman node among the machines.
    pub(super) barman: Option<usize>,
}

/// All machines in their order, with the locations as written.
pub(super) struct Layout<'m> {
    pub(super) sites: Vec<Site<'m>>,
    pub(super) machines: Vec<Machine<'m>>,
    pub(super) primary_location: usize,
    /// The place of the primary among the machines; nothing with `primary_location = none`.
    pub(super) primary: Option<usize>,
}

impl<'m> Machine<'m> {
    /// The name that is written for it.
    pub(super) fn own_name(&self) -> Option<Sourced<&'m str>> {
        self.entry?.name(0)
    }
}

impl Machine<'_> {
    /// The roles that are written for it: of a `node` all of them, of other kinds those beside their own.
    pub(super) fn written_roles(&self) -> impl Iterator<Item = Sourced<&str>> {
        let written = self.entry.and_then(|entry| entry.block.value("roles"));
        let list = written.and_then(Value::as_list).unwrap_or_default();
        let list = list.iter().filter_map(Value::sourced_text);
        let texts = self.role_text().into_iter().flat_map(|text| {
            let roles = text.value.split(',');
            roles.map(move |role| Sourced::new(role.trim(), text.origin))
        });
        list.chain(texts)
    }

    /// The roles as one text, where they are written so.
    pub(super) fn role_text(&self) -> Option<Sourced<&str>> {
        self.entry?.block.text("roles")
    }

    pub(super) fn first_roles(&self) -> impl Iterator<Item = Role> {
        self.kind.roles().iter().copied()
    }

    pub(super) fn has_role(&self, role: Role) -> bool {
        self.kind.roles().contains(&role)
            || self.written_roles().any(|known| known.value == role.name())
    }

    pub(super) fn is_data_node(&self) -> bool {
        roles::is_data_node(|role| self.has_role(role))
    }

    fn rank(&self) -> Rank {
        self.kind.rank(self.written_roles().map(|role| role.value))
    }
}

impl<'m> Lowering<'m, '_> {
    /// Places the machines. `None` where that cannot be done; it has been reported.
    pub(super) fn layout(&mut self) -> Option<Layout<'m>> {
        let block = self.block;
        let written: Vec<&'m Entry> = block.entries("location").collect();
        let lost = block.lost
            || written.iter().any(|location| {
                let broken = |machine: &Entry| machine.broken;
                location.broken || location.block.holes || location.block.entries.iter().any(broken)
            });
        let written: Vec<&'m Entry> = written.into_iter().filter(|entry| !entry.broken).collect();
        let mut sites = Vec::new();
        let mut machines = Vec::new();
        for (index, location) in written.iter().enumerate() {
            let own = machines_of(&location.block, index);
            let is_active =
                |machine: &Machine<'_>| machine.is_data_node() && machine.kind != Kind::Single;
            sites.push(Site {
                name: location.name(0)?,
                block: &location.block,
                active: own.iter().any(is_active),
                single: own.iter().any(|machine| machine.kind == Kind::Single),
                leader: None,
                barman: None,
            });
            machines.extend(own);
        }
        self.single_nodes(&sites, &machines);
        self.needed_choices(&machines);
        if lost || sites.is_empty() {
            // A machine or location may be missing that has been written; that there is no location is reported.
            return None;
        }
        let primary_location = self.primary_location(&sites, &machines)?;
        let primary = if self.has_primary(&sites) {
            Some(self.primary(&machines, primary_location)?)
        } else {
            None
        };
        if let Some(machine) = primary.and_then(|primary| machines.get_mut(primary))
            && machine.kind == Kind::Replica
        {
            machine.kind = Kind::Primary;
        }
        self.automatic_machines(&sites, primary_location, &mut machines);
        if self.lock.is_some() {
            count(&mut machines);
        }
        let order = |machine: &Machine<'_>| {
            let rank = machine.rank();
            let site = sites.get(machine.location);
            let group = if machine.location == primary_location {
                0
            } else if site.is_some_and(|site| site.active) {
                1
            } else if site.is_some_and(|site| site.single) {
                2
            } else {
                3
            };
            (rank == Rank::Pem, group, machine.location, rank)
        };
        let mut ordered: Vec<(usize, _)> = machines.iter().map(order).enumerate().collect();
        ordered.sort_by_key(|(index, order)| (*order, *index));
        let primary = ordered
            .iter()
            .position(|(index, _)| Some(*index) == primary);
        let machines: Vec<Machine<'m>> = ordered
            .iter()
            .filter_map(|(index, _)| machines.get(*index).cloned())
            .collect();
        for (index, machine) in machines.iter().enumerate() {
            if let Some(site) = sites.get_mut(machine.location) {
                if machine.is_data_node() && machine.kind != Kind::Single {
                    site.leader = site.leader.or(Some(index));
                }
                if machine.has_role(Role::Barman) {
                    site.barman = site.barman.or(Some(index));
                }
            }
        }
        Some(Layout {
            sites,
            machines,
            primary_location,
            primary,
        })
    }

    /// A `single` replica is the only data node of its location.
    fn single_nodes(&mut self, sites: &[Site<'_>], machines: &[Machine<'_>]) {
        let mut singles: HashMap<usize, Origin> = HashMap::new();
        for machine in machines
            .iter()
            .filter(|machine| machine.kind == Kind::Single)
        {
            singles.entry(machine.location).or_insert(machine.at);
        }
        for machine in machines.iter().filter(|machine| machine.is_data_node()) {
            let Some(single) = singles.get(&machine.location).copied() else {
                continue;
            };
            let site = sites.get(machine.location);
            if let Some(site) = site
                && machine.at != single
            {
                let (name, other) = (site.name.value, machine.at.place());
                self.report(single, |at| errors::single_with_others(at, name, other));
                // Said once a location.
                singles.remove(&machine.location);
            }
        }
    }

    /// An explicit `etcd`, `haproxy` or `pem` machine needs the choice that uses it.
    fn needed_choices(&mut self, machines: &[Machine<'_>]) {
        let patroni = self
            .chosen("failover")
            .is_none_or(|manager| manager.value == FailoverManager::Patroni.name());
        let balance = self.block.entry("balance").is_some();
        let pem = self.monitor_entry("pem").is_some();
        let no_backup = self.chosen("backup").filter(|tool| tool.value == "none");
        for machine in machines {
            let (has, word, choice) = match machine.kind {
                Kind::Etcd => (patroni, "etcd", "failover patroni"),
                Kind::Haproxy if !patroni => {
                    (balance, "haproxy", "failover patroni` and `balance haproxy")
                }
                Kind::Haproxy => (balance, "haproxy", "balance haproxy"),
                Kind::Pem => (pem, "pem", "monitor pem"),
                Kind::Barman => {
                    if let Some(none) = no_backup {
                        let none = none.origin.place();
                        self.report(machine.at, |at| errors::barman_without_backup(at, none));
                    }
                    continue;
                }
                Kind::Primary | Kind::Replica | Kind::Single | Kind::Witness | Kind::Node => {
                    continue;
                }
            };
            if !has && !self.block.holes {
                self.report(machine.at, |at| {
                    errors::machine_without_choice(at, word, choice)
                });
            }
        }
    }

    fn monitor_entry(&self, tool: &str) -> Option<&'m Entry> {
        self.block
            .entries("monitor")
            .find(|entry| entry.broken || entry.label(0) == Some(tool))
    }

    /// The location of the primary: the one that is written, else the explicit primary's, else the first active one.
    fn primary_location(&mut self, sites: &[Site<'_>], machines: &[Machine<'_>]) -> Option<usize> {
        let explicit = machines
            .iter()
            .find(|machine| machine.has_role(Role::Primary));
        let Some(written) = self.block.text("primary_location") else {
            if let Some(explicit) = explicit {
                return Some(explicit.location);
            }
            let first = sites.iter().position(|site| site.active);
            if first.is_none() {
                let at = Origin::Written(self.cluster.at);
                let name = &self.cluster.name;
                self.report(at, |at| errors::no_data_nodes(at, name));
            }
            return first;
        };
        if !self.has_primary(sites) {
            if let Some(explicit) = explicit {
                let primary = explicit.at.place();
                self.report(written.origin, |at| {
                    errors::primary_elsewhere(at, written.value, primary)
                });
                return None;
            }
            let first = sites.iter().position(|site| site.active);
            return Some(first.unwrap_or_default());
        }
        let Some(found) = sites
            .iter()
            .position(|site| site.name.value == written.value)
        else {
            let known: Vec<&str> = sites.iter().map(|site| site.name.value).collect();
            self.report(written.origin, |at| {
                suggest::among(
                    errors::unknown_location(at, written.value),
                    written.value,
                    &known,
                )
            });
            return None;
        };
        let site = sites.get(found)?;
        if !site.active {
            let location = site.name.origin.place();
            self.report(written.origin, |at| {
                errors::inactive_primary_location(at, written.value, location)
            });
            return None;
        }
        if let Some(explicit) = explicit
            && explicit.location != found
        {
            let primary = explicit.at.place();
            self.report(written.origin, |at| {
                errors::primary_elsewhere(at, written.value, primary)
            });
            return None;
        }
        Some(found)
    }

    /// Whether some machine is the primary. A location that is called `none` is one like any other.
    fn has_primary(&self, sites: &[Site<'_>]) -> bool {
        let written = self.block.text("primary_location");
        written.is_none_or(|written| written.value != "none")
            || sites.iter().any(|site| site.name.value == "none")
    }

    /// The primary: the explicit one, else the first data node of its location.
    fn primary(&mut self, machines: &[Machine<'_>], location: usize) -> Option<usize> {
        let mut explicit = machines
            .iter()
            .enumerate()
            .filter(|(_, machine)| machine.has_role(Role::Primary));
        if let Some((index, first)) = explicit.next() {
            let others: Vec<Origin> = explicit.map(|(_, other)| other.at).collect();
            for other in &others {
                let first = first.at.place();
                self.report(*other, |at| errors::two_primaries(at, first));
            }
            return others.is_empty().then_some(index);
        }
        let first = machines
            .iter()
            .position(|machine| machine.location == location && machine.kind == Kind::Replica);
        if first.is_none() {
            let at = Origin::Written(self.cluster.at);
            let name = &self.cluster.name;
            self.report(at, |at| errors::no_primary(at, name));
        }
        first
    }

    /// Adds the machines that nobody placed and that the cluster's choices need.
    fn automatic_machines(
        &self,
        sites: &[Site<'_>],
        primary_location: usize,
        machines: &mut Vec<Machine<'m>>,
    ) {
        let placed = |role: Role| machines.iter().any(|machine| machine.has_role(role));
        let home =
            |kind: Kind, otherwise: usize| self.locked_home(kind, sites).unwrap_or(otherwise);
        let here = |entry: Option<&Entry>| entry.map_or(self.cluster.at, |entry| entry.at.place());
        let backup = self.whole("backup");
        let failover = self.whole("failover");
        let balance = self.whole("balance");
        let pem = self.monitor_entry("pem").filter(|pem| !pem.broken);
        let mut missing: Vec<(Kind, usize, Span, &'static str)> = Vec::new();
        if backup.and_then(|backup| backup.label(0)) != Some("none") && !placed(Role::Barman) {
            let rule = "a cluster has one Barman node, in the primary location";
            let location = home(Kind::Barman, primary_location);
            missing.push((Kind::Barman, location, here(backup), rule));
        }
        if failover.and_then(|failover| failover.label(0)) == Some(FailoverManager::Patroni.name())
            && !placed(Role::Etcd)
        {
            let rule = "Patroni keeps its state in three etcd nodes, in the primary location";
            let location = home(Kind::Etcd, primary_location);
            missing.extend([(Kind::Etcd, location, here(failover), rule); 3]);
        }
        if balance.is_some() && !placed(Role::Haproxy) {
            let rule = "each active location has two HAProxy nodes";
            for (location, _) in sites.iter().enumerate().filter(|(_, site)| site.active) {
                missing.extend([(Kind::Haproxy, location, here(balance), rule); 2]);
            }
        }
        if pem.is_some() && !placed(Role::PemServer) {
            let rule = "the PEM server is in the first location";
            missing.push((Kind::Pem, home(Kind::Pem, 0), here(pem), rule));
        }
        machines.extend(
            missing
                .into_iter()
                .map(|(kind, location, from, rule)| Machine {
                    kind,
                    entry: None,
                    at: Origin::Derived { from, rule },
                    location,
                    count: None,
                }),
        );
    }
}

/// The machines that are written in a location; `data N` as if it were N lines.
fn machines_of(location: &Block, index: usize) -> Vec<Machine<'_>> {
    let mut machines = Vec::new();
    for entry in location.entries.iter().filter(|entry| !entry.broken) {
        if entry.schema.word == "data" {
            let count = match entry.labels.first().map(|label| &label.data) {
                Some(crate::value::Data::Integer(count)) => *count,
                _ => 0,
            };
            machines.extend((0..count).map(|_| Machine {
                kind: Kind::Replica,
                entry: None,
                at: entry.at,
                location: index,
                count: None,
            }));
            continue;
        }
        let Some(kind) = Kind::parse(entry.schema.word) else {
            continue;
        };
        machines.push(Machine {
            kind,
            entry: Some(entry),
            at: entry.at,
            location: index,
            count: None,
        });
    }
    machines
}

/// Gives the machines without a name their places in the counts of their locations. A `primary` counts first, wherever
/// it is written.
fn count(machines: &mut [Machine<'_>]) {
    let is_primary = |machine: &Machine<'_>| {
        let word = machine.entry.map(|entry| entry.schema.word);
        word == Some("primary")
    };
    let mut counts: BTreeMap<(usize, lock::Kind), u32> = BTreeMap::new();
    for primaries in [true, false] {
        for machine in machines.iter_mut() {
            if is_primary(machine) == primaries && machine.own_name().is_none() {
                let key = (machine.location, machine.kind.locked());
                let count = counts.entry(key).or_default();
                *count += 1;
                machine.count = Some(*count);
            }
        }
    }
}

impl Kind {
    /// As the lock counts it.
    pub(super) fn locked(self) -> lock::Kind {
        match self {
            Kind::Primary | Kind::Replica | Kind::Single => lock::Kind::Data,
            Kind::Barman => lock::Kind::Barman,
            Kind::Etcd => lock::Kind::Etcd,
            Kind::Haproxy => lock::Kind::Haproxy,
            Kind::Witness => lock::Kind::Witness,
            Kind::Pem => lock::Kind::Pem,
            Kind::Node => lock::Kind::Node,
        }
    }
}
