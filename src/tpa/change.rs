//! What is different between two versions of a cluster, as far as the machines that run it care.
//!
//! Both are compared as TPA sees them, so that it does not matter where and how something is written. Nothing here
//! knows where the older version comes from.

mod efm;
mod machines;
mod networks;
mod settings;

use crate::facts::choices::Platform;
use crate::facts::settled::Settled;
use crate::origin::Sourced;
use crate::tpa::view::{Instance, Subject};

/// Something that is different, once for every cause.
#[derive(Clone, Debug)]
pub enum Change<'s> {
    /// The cluster has another name; this is the old one.
    Called(&'s Sourced<String>),
    /// A machine of the older version is not there.
    Gone(&'s Instance),
    /// What seems to be the same machine has another name.
    Renamed {
        from: &'s Instance,
        to: &'s Instance,
    },
    /// Machines have other node numbers.
    Renumbered(Vec<Renumbered<'s>>),
    /// A machine is on another platform.
    Replatformed {
        from: &'s Instance,
        to: &'s Instance,
    },
    /// What is settled when a cluster is made.
    Settled(Settled, Altered<'s>),
    /// EFM is of another version.
    EfmVersion(Altered<'s>),
    /// An option of a network of docker, by the name of the network and its own.
    Network(String, Altered<'s>),
    /// What Postgres reads only when it starts, or what TPA restarts it for.
    Restart(Restart<'s>),
    /// There are more or fewer servers of Postgres, and limits count them that are not written.
    Servers {
        from: usize,
        to: usize,
        limits: Vec<&'static str>,
    },
}

#[derive(Clone, Debug)]
pub struct Renumbered<'s> {
    pub machine: &'s Instance,
    pub from: i64,
    pub to: Sourced<i64>,
}

/// A value that is another one.
#[derive(Clone, Debug)]
pub struct Altered<'s> {
    /// Nothing where it is not written.
    pub from: Option<Sourced<String>>,
    pub to: Option<Sourced<String>>,
    /// The machines that see it, as they are now.
    pub machines: Vec<&'s Instance>,
}

/// A parameter of Postgres.
#[derive(Clone, Debug)]
pub struct Restart<'s> {
    pub name: String,
    /// A variable of TPA, and not an entry of `postgres_conf_settings`.
    pub is_variable: bool,
    pub altered: Altered<'s>,
    /// Whether it is less than before, also where one side is not written; nothing where nobody knows.
    pub is_lower: Option<bool>,
}

/// What is different in `now`.
pub fn changes<'s>(before: &'s Subject, now: &'s Subject) -> Vec<Change<'s>> {
    let mut changes = Vec::new();
    if let (Some(old), Some(new)) = (&before.name, &now.name)
        && old.value != new.value
    {
        changes.push(Change::Called(old));
    }
    machines::compare(before, now, &mut changes);
    settings::compare(before, now, &mut changes);
    efm::compare(before, now, &mut changes);
    networks::compare(before, now, &mut changes);
    changes
}

/// The machines that are in both, as they were and as they are.
pub fn pairs<'s>(
    before: &'s Subject,
    now: &'s Subject,
) -> impl Iterator<Item = (&'s Instance, &'s Instance)> {
    let renamed = machines::renamed(before, now);
    let pair = move |machine: &'s Instance| {
        let renamed = renamed
            .iter()
            .find(|(old, new)| std::ptr::eq(*new, machine) && stays(now, old, new));
        let renamed = renamed.map(|(old, _)| *old);
        Some((before.instance(&machine.name.value).or(renamed)?, machine))
    };
    now.instances.iter().filter_map(pair)
}

/// Whether a machine that has another name is still the same machine after a deployment: `was` says so, or nobody makes
/// machines.
pub fn stays(now: &Subject, old: &Instance, new: &Instance) -> bool {
    let is_made = matches!(new.known_platform(), Some(Platform::Aws | Platform::Docker));
    !is_made || now.past.was(&new.name.value, &old.name.value)
}

/// Adds what a machine sees to what others see of the same cause.
fn gather<'s, K: PartialEq>(
    found: &mut Vec<(K, Altered<'s>)>,
    key: K,
    from: Option<Sourced<String>>,
    to: Option<Sourced<String>>,
    machine: &'s Instance,
) {
    let same = found
        .iter_mut()
        .find(|(known, altered)| *known == key && altered.from == from && altered.to == to);
    match same {
        Some((_, altered)) => altered.machines.push(machine),
        None => {
            let machines = vec![machine];
            found.push((key, Altered { from, to, machines }));
        }
    }
}
