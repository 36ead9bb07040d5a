//! Which word each machine is written with, and what the cluster chooses for all of them: the choice with which the
//! fewest machines have to list their roles.

use super::{Choices, Machine, Site};
use crate::facts::choices::FailoverManager;
use crate::facts::machines::Kind;
use crate::facts::roles::Role;

const KINDS: &[Kind] = &[
    Kind::Primary,
    Kind::Replica,
    Kind::Barman,
    Kind::Etcd,
    Kind::Haproxy,
    Kind::Witness,
    Kind::Pem,
];

/// What a machine is under some choices.
struct Fit {
    kind: Kind,
    witness: bool,
    extra: Vec<String>,
}

pub(super) fn decide(
    sites: &mut [Site<'_>],
    machines: &mut [Machine<'_>],
    manager: FailoverManager,
) -> Choices {
    for machine in machines.iter() {
        if machine.is_data_node()
            && let Some(site) = sites.get_mut(machine.site)
        {
            site.active = true;
        }
    }
    let choices = choices(machines, manager);
    for machine in machines.iter_mut() {
        let fit = fit(machine, choices);
        machine.kind = fit.kind;
        machine.witness = fit.witness;
        machine.extra = fit.extra;
    }
    choices
}

fn choices(machines: &[Machine<'_>], manager: FailoverManager) -> Choices {
    let has = |role: Role| machines.iter().any(|machine| machine.has_role(role));
    let patroni = manager == FailoverManager::Patroni;
    let balance = patroni && has(Role::Haproxy);
    let base = Choices {
        balance,
        patroni,
        ..Choices::default()
    };
    let candidates = [false, true].into_iter().flat_map(|pool| {
        [false, true].into_iter().flat_map(move |pem| {
            [false, true].into_iter().map(move |beacon| Choices {
                pool,
                pem,
                beacon,
                ..base
            })
        })
    });
    let possible = candidates.filter(|choices| {
        (!choices.pool || has(Role::Pgbouncer) && !balance)
            && (!choices.pem || has(Role::PemServer))
            && (!choices.beacon || has(Role::BeaconAgent))
    });
    let lengths = possible.map(|choices| (length(machines, choices), choices));
    let shortest = lengths.min_by_key(|(length, _)| *length);
    shortest.map_or(base, |(_, choices)| choices)
}

/// How much has to be written about roles.
fn length(machines: &[Machine<'_>], choices: Choices) -> usize {
    let of = |machine: &Machine<'_>| {
        let fit = fit(machine, choices);
        let listed = if fit.kind == Kind::Node { 3 } else { 0 };
        listed + fit.extra.len()
    };
    machines.iter().map(of).sum()
}

fn fit(machine: &Machine<'_>, choices: Choices) -> Fit {
    let of = |kind: &Kind| {
        let (witness, extra) = split(machine, *kind, choices)?;
        Some(Fit {
            kind: *kind,
            witness,
            extra,
        })
    };
    let listed = || Fit {
        kind: Kind::Node,
        witness: false,
        extra: Vec::new(),
    };
    // What is one text in config.yml is one in the source.
    if machine.role_text.is_some() || machine.entry.get("role").is_none() {
        return listed();
    }
    KINDS.iter().find_map(of).unwrap_or_else(listed)
}

/// Takes from a machine's roles what its kind and the choices give; none if they do not give these roles in this order.
fn split(machine: &Machine<'_>, kind: Kind, choices: Choices) -> Option<(bool, Vec<String>)> {
    let possible = match kind {
        Kind::Etcd => choices.patroni,
        Kind::Haproxy => choices.balance,
        Kind::Pem => choices.pem,
        Kind::Primary
        | Kind::Replica
        | Kind::Single
        | Kind::Barman
        | Kind::Witness
        | Kind::Node => true,
    };
    let mut roles = machine.roles.iter().map(String::as_str).peekable();
    let own = kind.roles();
    if !possible || !own.iter().all(|role| roles.next() == Some(role.name())) {
        return None;
    }
    let is_barman = kind == Kind::Barman;
    let witness = is_barman && roles.next_if_eq(&Role::Witness.name()).is_some();
    let data = kind.is_data() && machine.is_data_node();
    let watched = data || kind == Kind::Witness || is_barman;
    for (given, role) in [
        (choices.pool && data, Role::Pgbouncer),
        (choices.pem && watched, Role::PemAgent),
        (choices.beacon && data, Role::BeaconAgent),
    ] {
        if given {
            roles.next_if_eq(&role.name())?;
        }
    }
    let extra: Vec<String> = roles.map(str::to_owned).collect();
    let is_new = |(index, role): (usize, &String)| {
        let before = machine.roles.len() - extra.len() + index;
        !machine.roles.iter().take(before).any(|known| known == role)
    };
    // These make another machine of it.
    let changes = |role: &String| {
        [Role::Primary, Role::Replica, Role::Barman, Role::PemServer]
            .iter()
            .any(|other| role == other.name())
    };
    let fits = extra.iter().enumerate().all(is_new) && !extra.iter().any(changes);
    fits.then_some((witness, extra))
}
