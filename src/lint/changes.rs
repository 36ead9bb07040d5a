//! What a change does to a cluster that runs, in words.

mod settled;

use super::finding::Of;
use super::{Earlier, declared, words};
use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::facts::settled::AS_HIGH_AS_ON_THE_PRIMARY;
use crate::facts::tpa::changes::{Availability, Stop, stops};
use crate::origin::{Origin, Sourced};
use crate::topology::FailoverManager;
use crate::tpa::change::{Altered, Change, Renumbered, Restart};
use crate::tpa::view::{Entity, Instance, Subject, Written};

/// A cluster as it is, and as it was.
pub(super) struct Report<'r> {
    pub(super) subject: &'r Subject,
    pub(super) before: Earlier<'r>,
}

impl Report<'_> {
    pub(super) fn say(&self, change: &Change<'_>, findings: &mut Of<'_>) {
        match change {
            Change::Called(old) => self.called(old, findings),
            Change::Gone(machine) => self.gone(machine, findings),
            Change::Renamed { from, to } => self.renamed(from, to, findings),
            Change::Renumbered(machines) => self.renumbered(machines, findings),
            Change::Replatformed { from, to } => self.replatformed(from, to, findings),
            Change::Settled(what, altered) => self.settled(*what, altered, findings),
            Change::EfmVersion(altered) => self.efm_version(altered, findings),
            Change::Network(network, altered) => self.network(network, altered, findings),
            Change::Restart(restart) => self.restart(restart, findings),
            Change::Servers { from, to, limits } => self.servers(*from, *to, limits, findings),
        }
    }

    fn at_cluster(&self) -> Origin {
        declared::at_cluster(self.subject)
    }

    fn called(&self, old: &Sourced<String>, findings: &mut Of<'_>) {
        let message = format!("the cluster was called `{}`", old.value);
        findings
            .at(Entity::Cluster, self.at_cluster(), message)
            .key("cluster_name")
            .label("another name")
            .consequence("TPA knows a cluster by its name: it makes new keys and passwords, on aws and docker new machines too, and the old ones run on")
            .help(format!(
                "keep `{}`, or make the new cluster beside the old one, move the data, and `tpaexec deprovision` the old one",
                old.value
            ));
    }

    // ---- machines ----

    fn gone(&self, machine: &Instance, findings: &mut Of<'_>) {
        let name = &machine.name.value;
        let location = self.before.subject.location_name(machine);
        let mut locations = self.subject.locations.iter();
        let location = locations.find(|now| {
            now.name.as_ref().map(|name| name.value.as_str()) == location && location.is_some()
        });
        let (entity, at) = match location {
            Some(location) => {
                let named = location.name.as_ref().map(|name| name.origin);
                (location.entity(), named.unwrap_or(location.at))
            }
            None => (Entity::Cluster, self.at_cluster()),
        };
        let roles: Vec<&str> = machine
            .roles
            .iter()
            .map(|role| role.value.as_str())
            .collect();
        let place = self.before.place(machine.name.origin);
        let (consequence, help) = self.after_loss(machine);
        findings
            .at(
                entity,
                declared::place_of(self.subject, at),
                format!("the machine `{name}`, {place}, is gone"),
            )
            .key(format!("gone/{name}"))
            .label(format!("had `{name}`, with {}", words::list(&roles)))
            .consequence(consequence)
            .help(help);
    }

    /// What becomes of a machine that TPA is not told of any more, and what to do.
    fn after_loss(&self, machine: &Instance) -> (&'static str, String) {
        let name = &machine.name.value;
        let first = "before the next deployment";
        if machine.has_role(Role::Primary) {
            (
                "TPA leaves the machine alone: it runs on as a primary, and takes writes that nobody else has",
                format!(
                    "{first}: `tpaexec switchover` to another machine, then stop Postgres on `{name}`"
                ),
            )
        } else if machine.is_data_node() {
            let forget = match self.before.subject.failover_manager() {
                Some(FailoverManager::Repmgr) => "`repmgr standby unregister` it, ",
                Some(FailoverManager::Efm) => "`efm disallow-node` its address, ",
                Some(FailoverManager::Patroni) => "stop Patroni there, ",
                Some(FailoverManager::None) | None => "",
            };
            (
                "TPA leaves the machine alone: it goes on as a standby that may be promoted, or its replication slot keeps WAL on the primary until the disk is full",
                format!(
                    "{first}: {forget}stop Postgres on `{name}`, and drop its replication slot on the primary"
                ),
            )
        } else if machine.has_role(Role::Etcd) {
            (
                "it stays a member of etcd, which counts it for the majority whether it runs or not",
                format!("{first}: `etcdctl member remove` the member of `{name}`"),
            )
        } else if machine.has_role(Role::Barman) {
            (
                "its backups stay on the machine, and its replication slot keeps WAL on the primary once Barman stops there",
                format!(
                    "{first}: keep its backups as long as they are needed, stop Barman on `{name}`, and drop its replication slot"
                ),
            )
        } else if machine.has_role(Role::Witness) || machine.has_role(Role::EfmWitness) {
            (
                "TPA leaves the machine alone: it goes on to vote, or counts as a vote that is lost",
                format!(
                    "{first}: unregister the witness `{name}` with the failover manager, and stop it"
                ),
            )
        } else {
            (
                "TPA leaves the machine alone: whatever runs there runs on",
                format!("{first}: stop what runs on `{name}`, and send its clients elsewhere"),
            )
        }
    }

    fn renamed(&self, from: &Instance, to: &Instance, findings: &mut Of<'_>) {
        let (old, new) = (&from.name.value, &to.name.value);
        if self.subject.past.was(new, old) {
            // The rule about renamed machines speaks of it.
            return;
        }
        let is_made = to.known_platform().is_some_and(|platform| match platform {
            Platform::Aws | Platform::Docker => true,
            Platform::Bare => false,
        });
        findings
            .at(
                to.entity(),
                declared::place_of(self.subject, to.name.origin),
                format!("`{new}` seems to be the machine that was `{old}`"),
            )
            .key("Name")
            .label(format!("was `{old}`"))
            .consequence(if is_made {
                "TPA knows a machine by its name: it makes another one, and the old one runs on"
            } else {
                "TPA knows a machine by its name: replication slots, backups and the failover manager keep the old one, which looks lost to them"
            })
            .help(format!(
                "call it `{old}`; to replace it, add `{new}` first, and take `{old}` out when that has caught up"
            ));
    }

    fn renumbered(&self, machines: &[Renumbered<'_>], findings: &mut Of<'_>) {
        let Some(first) = machines.first() else {
            return;
        };
        let each: Vec<String> = machines
            .iter()
            .take(MOST_NUMBERS)
            .map(|one| {
                format!(
                    "`{}` from {} to {}",
                    one.machine.name.value, one.from, one.to.value
                )
            })
            .collect();
        let more = match machines.len().saturating_sub(MOST_NUMBERS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let (machine, from) = (&first.machine.name.value, first.from);
        let message = match machines {
            [only] => format!(
                "the node number of `{machine}` changes from {from} to {}",
                only.to.value
            ),
            _ => format!("node numbers change: {}{more}", each.join(", ")),
        };
        let help = match (self.subject.written, machines.len()) {
            (Written::Source, 1) => format!("write `id = {from}` in `{machine}`"),
            (Written::Source, _) => {
                format!(
                    "write the old numbers, such as `id = {from}` in `{machine}`: without them machines are counted in their order"
                )
            }
            (Written::Config, _) => {
                "write the old numbers: each machine keeps its `node` as long as it lives"
                    .to_owned()
            }
        };
        let finding = findings
            .at(
                first.machine.entity(),
                declared::place_of(self.subject, first.to.origin),
                message,
            )
            .key("node")
            .label(format!("{machine} was {from}", machine = format_args!("`{machine}`")))
            .consequence("repmgr knows a machine by its number: it finds the name taken by the old number, or keeps that as a node that has failed")
            .help(help);
        for other in machines.iter().skip(1).take(MOST_NUMBERS) {
            if other.to.origin.place() != first.to.origin.place() {
                finding.related(other.to.origin, format!("was {}", other.from));
            }
        }
    }

    fn replatformed(&self, from: &Instance, to: &Instance, findings: &mut Of<'_>) {
        let name = &to.name.value;
        let (old, new) = (&from.platform.value, &to.platform.value);
        findings
            .at(
                to.entity(),
                declared::place_of(self.subject, to.platform.origin),
                format!("`{name}` is on `{new}` now, and was on `{old}`"),
            )
            .key("platform")
            .label(format!("was `{old}`"))
            .consequence("TPA takes or makes a machine there, without the data; the old one runs on")
            .help("add machines on the new platform beside the old ones, let them catch up, switch over, and take the old ones out");
    }

    // ---- EFM ----

    fn efm_version(&self, altered: &Altered<'_>, findings: &mut Of<'_>) {
        let is_refused = stops(self.subject.tpa, Stop::SecondEfmVersion) == Availability::Here;
        let consequence = if is_refused {
            "a deployment stops: but for an upgrade, a machine may have one version of EFM alone"
        } else {
            "a deployment is not for upgrades, and leaves two versions of EFM on each machine"
        };
        let key = "vars/efm_version";
        self.altered("`efm_version`", key, altered, findings, |finding| {
            finding
                .level(Level::Advice)
                .consequence(consequence)
                .help("run `tpaexec upgrade --components=efm` before the next deployment: it moves EFM on all machines");
        });
    }

    // ---- networks ----

    fn network(&self, network: &str, altered: &Altered<'_>, findings: &mut Of<'_>) {
        let message = match (&altered.from, &altered.to) {
            (Some(from), Some(to)) => {
                format!(
                    "the network `{network}` has `{}` where it had `{}`",
                    to.value, from.value
                )
            }
            (None, Some(to)) => format!("the network `{network}` has `{}`, which is new", to.value),
            (Some(from), None) => format!(
                "the network `{network}` does not have `{}` any more, which was {}",
                from.value,
                self.before.place(from.origin)
            ),
            (None, None) => return,
        };
        let at = altered
            .to
            .as_ref()
            .map_or(self.at_cluster(), |to| to.origin);
        findings
            .at(Entity::Cluster, declared::place_of(self.subject, at), message)
            .key(format!("docker_networks/{network}"))
            .label("docker does not change a network")
            .consequence("a network that exists stays as it is: its address range and its MTU were given when it was made")
            .help("undo it, or `tpaexec deprovision` the cluster, which removes its containers and their data, and provision it again");
    }

    // ---- restarts ----

    fn restart(&self, restart: &Restart<'_>, findings: &mut Of<'_>) {
        let Restart {
            name,
            is_variable,
            altered,
            is_lower,
        } = restart;
        let major = self.subject.major();
        let is_needed = restart.is_needed(major);
        let is_ordered = AS_HIGH_AS_ON_THE_PRIMARY.contains(&name.as_str());
        let is_patroni = self.subject.failover_manager() == Some(FailoverManager::Patroni);
        let mut help = String::from(if is_patroni {
            "deploy when connections may break; `patronictl list` shows who is left with a pending restart, and `patronictl restart` restarts one after the other, replicas first"
        } else {
            "deploy when connections may break"
        });
        if is_ordered && !is_patroni {
            help = match is_lower {
                Some(true) => "lower it on the primary first and on the standbys after that: a standby with less than its primary stops or pauses".to_owned(),
                Some(false) => "raise it on the standbys first and on the primary after that: a standby with less than its primary stops or pauses".to_owned(),
                None => "to raise it begin with the standbys, to lower it with the primary: a standby with less than its primary stops or pauses".to_owned(),
            };
            help.push_str("; deploy when connections may break");
        }
        if !is_variable && !is_needed {
            help.push_str(
                ", or set it as a variable of its own if TPA has one, for which a reload is enough",
            );
        }
        let consequence = restart.consequence(major);
        let key = if *is_variable {
            format!("vars/{name}")
        } else {
            format!("vars/postgres_conf_settings/{name}")
        };
        self.altered(&format!("`{name}`"), &key, altered, findings, |finding| {
            finding
                .level(Level::Advice)
                .consequence(consequence)
                .help(help.clone());
        });
    }

    fn servers(&self, from: usize, to: usize, limits: &[&str], findings: &mut Of<'_>) {
        let what = if to > from { "more" } else { "fewer" };
        findings
            .at(
                Entity::Cluster,
                self.at_cluster(),
                format!("{to} servers of Postgres in place of {from}: {} follow", words::list(limits)),
            )
            .key("servers")
            .label(format!("{what} servers than before"))
            .level(Level::Advice)
            .consequence("TPA counts the servers for limits that are not written, and restarts Postgres on all of them when these change")
            .help(format!(
                "deploy when connections may break; to avoid it the next time, write {} in the cluster's variables, high enough for servers to come",
                words::list(limits)
            ));
    }

    /// Says that a value is another one, and where the old one was if nothing is written in its place.
    fn altered(
        &self,
        name: &str,
        key: &str,
        altered: &Altered<'_>,
        findings: &mut Of<'_>,
        finish: impl Fn(&mut super::Finding),
    ) {
        let machines: Vec<&str> = altered
            .machines
            .iter()
            .map(|one| one.name.value.as_str())
            .collect();
        let (entity, head) = match altered.machines.as_slice() {
            [only] => (only.entity(), only.at),
            _ => (Entity::Cluster, self.at_cluster()),
        };
        let (message, label) = match (&altered.from, &altered.to) {
            (Some(from), Some(to)) => (
                format!("{name} changes from `{}` to `{}`", from.value, to.value),
                format!("was `{}`", from.value),
            ),
            (None, Some(to)) => (
                format!("{name} changes from TPA's own value to `{}`", to.value),
                "was not written".to_owned(),
            ),
            (Some(from), None) => (
                format!(
                    "{name} changes from `{}`, {}, to TPA's own value",
                    from.value,
                    self.before.place(from.origin)
                ),
                format!("{name} is not written any more"),
            ),
            (None, None) => (
                format!("{name} changes"),
                "follows from something else".to_owned(),
            ),
        };
        let at = altered.to.as_ref().map_or(head, |to| to.origin);
        let message = match machines.len() {
            0 => message,
            _ => format!("{message} on {}", words::first_of(&machines)),
        };
        let finding = findings
            .at(entity, declared::place_of(self.subject, at), message)
            .key(key)
            .label(label);
        finish(finding);
    }
}

/// More numbers do not help to read a finding.
const MOST_NUMBERS: usize = 3;
