//! What can fail, and how it is called.

use crate::facts::roles::Role;
use crate::topology::FailoverManager;
use crate::topology::quorum::play::{Cut, Damage};
use crate::topology::quorum::{Part, Quorum};
use crate::tpa::view::{Instance, Subject};

/// One thing that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure<'s> {
    /// A machine is lost with all that is on it.
    Machine(&'s str),
    /// Postgres is stopped or killed, and the machine goes on.
    Postgres(&'s str),
    /// The daemon of the failover manager is killed.
    Daemon(&'s str),
    /// A service of this role is down on a machine that goes on.
    Service(Role, &'s str),
    /// A location is lost with all its machines.
    Location(&'s str),
    /// A location is cut off, and all its machines are alive.
    Cut(&'s str),
    /// Nothing gets through between two locations.
    Link(&'s str, &'s str),
}

/// Everything that can fail in a cluster, one at a time.
pub(super) fn all<'s>(subject: &'s Subject, quorum: &Quorum<'s>) -> Vec<Failure<'s>> {
    let mut all = Vec::new();
    for instance in &subject.instances {
        let name = instance.name.value.as_str();
        all.push(Failure::Machine(name));
        let member = quorum.members.iter().find(|member| member.name == name);
        let part = member.map_or(Part::Bystander, |member| member.part);
        let is_data = match part {
            Part::Primary | Part::Standby => true,
            Part::Witness | Part::Bystander => false,
        };
        if is_data {
            all.push(Failure::Postgres(name));
        }
        let has_daemon = match quorum.manager {
            FailoverManager::Repmgr | FailoverManager::Efm => part != Part::Bystander,
            FailoverManager::Patroni => is_data,
            FailoverManager::None => false,
        };
        if has_daemon {
            all.push(Failure::Daemon(name));
        }
        // Where a machine has one service alone, its loss says the same.
        let services = SERVICES.into_iter().map(|(role, _)| role);
        let services = services.filter(|role| instance.has_role(*role));
        if is_data || instance.roles.len() > 1 {
            all.extend(services.map(|role| Failure::Service(role, name)));
        }
    }
    let locations = quorum.locations();
    let is_elsewhere = |instance: &Instance| subject.location_name(instance).is_none();
    if locations.len() > 1 || subject.instances.iter().any(is_elsewhere) {
        all.extend(locations.iter().map(|name| Failure::Location(name)));
        all.extend(locations.iter().map(|name| Failure::Cut(name)));
    }
    // With two locations the link between them is what cuts one off.
    if locations.len() > 2 {
        for (place, one) in locations.iter().enumerate() {
            let others = locations.iter().skip(place + 1);
            all.extend(others.map(|other| Failure::Link(one, other)));
        }
    }
    all
}

/// Services that can be down while the machine goes on, and how people call them.
const SERVICES: [(Role, &str); 4] = [
    (Role::Etcd, "etcd"),
    (Role::Pgbouncer, "PgBouncer"),
    (Role::Haproxy, "HAProxy"),
    (Role::Barman, "Barman"),
];

/// The loss of each machine.
pub(super) fn machines(subject: &Subject) -> Vec<Failure<'_>> {
    let instances = subject.instances.iter();
    let machines = instances.map(|instance| Failure::Machine(&instance.name.value));
    machines.collect()
}

/// The loss of each location that has machines, also of an only one.
pub(super) fn locations(subject: &Subject) -> Vec<Failure<'_>> {
    let mut locations: Vec<Failure<'_>> = Vec::new();
    for instance in &subject.instances {
        let location = subject.location_name(instance).map(Failure::Location);
        locations.extend(location.filter(|location| !locations.contains(location)));
    }
    locations
}

/// What somebody means by a name: one failure, or several that are joined in any order.
pub(super) fn named<'s>(all: &[Failure<'s>], name: &str) -> Vec<Vec<Failure<'s>>> {
    let names: Vec<&str> = name.split('+').collect();
    let meant = all.iter().copied();
    let meant: Vec<Failure<'s>> = meant
        .filter(|failure| names.contains(&failure.name().as_str()))
        .collect();
    if meant.len() == names.len() {
        vec![meant]
    } else {
        Vec::new()
    }
}

impl<'s> Failure<'s> {
    /// The name that a person calls it by.
    pub(super) fn name(&self) -> String {
        match self {
            Failure::Machine(name) => format!("machine/{name}"),
            Failure::Postgres(name) => format!("postgres/{name}"),
            Failure::Daemon(name) => format!("daemon/{name}"),
            Failure::Service(role, name) => format!("{}/{name}", role.name()),
            Failure::Location(name) => format!("location/{name}"),
            Failure::Cut(name) => format!("cut/{name}"),
            Failure::Link(one, other) => format!("link/{one}/{other}"),
        }
    }

    /// What has happened.
    pub(super) fn title(&self, manager: FailoverManager) -> String {
        match self {
            Failure::Machine(name) => format!("the machine `{name}` is lost"),
            Failure::Postgres(name) => format!("Postgres is down on `{name}`"),
            Failure::Daemon(name) => format!("{} is down on `{name}`", daemon(manager)),
            Failure::Service(role, name) => format!("{} is down on `{name}`", service(*role)),
            Failure::Location(name) => format!("the location `{name}` is lost"),
            Failure::Cut(name) => format!("the location `{name}` is cut off and alive"),
            Failure::Link(one, other) => format!("the link between `{one}` and `{other}` is cut"),
        }
    }

    /// Whether another failure is part of this one.
    pub(super) fn holds(&self, other: &Failure<'_>, subject: &Subject) -> bool {
        let machine = match other {
            Failure::Machine(name)
            | Failure::Postgres(name)
            | Failure::Daemon(name)
            | Failure::Service(_, name) => *name,
            Failure::Location(_) | Failure::Cut(_) | Failure::Link(..) => {
                let lost = match self {
                    Failure::Location(lost) => *lost,
                    Failure::Machine(_)
                    | Failure::Postgres(_)
                    | Failure::Daemon(_)
                    | Failure::Service(..)
                    | Failure::Cut(_)
                    | Failure::Link(..) => return false,
                };
                return matches!(other, Failure::Cut(name) if *name == lost);
            }
        };
        match self {
            Failure::Machine(lost) => *lost == machine,
            Failure::Location(lost) => subject
                .instance(machine)
                .is_some_and(|machine| subject.location_name(machine) == Some(*lost)),
            Failure::Postgres(_)
            | Failure::Daemon(_)
            | Failure::Service(..)
            | Failure::Cut(_)
            | Failure::Link(..) => false,
        }
    }

    /// Adds it to what is wrong with the members of a cluster.
    pub(super) fn add_to(&self, damage: &mut Damage<'s>, quorum: &Quorum<'_>) {
        let members = damage.down.iter_mut().zip(&quorum.members);
        for (down, member) in members {
            let is = |name: &str| member.name == name;
            match self {
                Failure::Machine(name) => down.machine |= is(name),
                Failure::Postgres(name) => down.postgres |= is(name),
                Failure::Daemon(name) => down.daemon |= is(name),
                Failure::Service(Role::Etcd, name) => down.etcd |= is(name),
                Failure::Location(name) => down.machine |= member.location == Some(*name),
                Failure::Service(..) | Failure::Cut(_) | Failure::Link(..) => {}
            }
        }
        match self {
            Failure::Cut(name) => damage.cuts.push(Cut::Around(name)),
            Failure::Link(one, other) => damage.cuts.push(Cut::Between(one, other)),
            Failure::Machine(_)
            | Failure::Postgres(_)
            | Failure::Daemon(_)
            | Failure::Service(..)
            | Failure::Location(_) => {}
        }
    }
}

/// What watches Postgres on each machine.
fn daemon(manager: FailoverManager) -> &'static str {
    match manager {
        FailoverManager::Repmgr => "repmgrd",
        FailoverManager::Efm => "the agent of EFM",
        FailoverManager::Patroni => "Patroni",
        FailoverManager::None => "nothing",
    }
}

fn service(role: Role) -> &'static str {
    let mut services = SERVICES.into_iter();
    services
        .find(|(known, _)| *known == role)
        .map_or("the service", |(_, title)| title)
}
