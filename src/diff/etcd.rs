//! Members of etcd, which come and go one at a time: two at once may cost the majority.

use super::collect::{Collector, cluster_name, doings, names};
use super::neighbours::{address, is_moved};
use crate::facts::choices::Flavour;
use crate::facts::roles::Role;
use crate::facts::services::Service;
use crate::tpa::view::{Instance, Subject, settings};

/// The step of a machine that is a member among other things.
pub(super) const AS_MEMBER: &str = "as a member of etcd: what is said of its members";

/// What is different in the members of an etcd that runs.
struct Members<'s> {
    joined: Vec<&'s Instance>,
    left: Vec<&'s Instance>,
    moved: Vec<&'s Instance>,
}

fn members<'s>(found: &Collector<'s>) -> Members<'s> {
    let (before, now) = (found.before.subject, found.now.subject);
    let mut members = Members {
        joined: Vec::new(),
        left: Vec::new(),
        moved: Vec::new(),
    };
    let has_any = |subject: &Subject| subject.with_role(Role::Etcd).next().is_some();
    if !has_any(before) || !has_any(now) {
        return members;
    }
    let pairs = found.pairs();
    for machine in now.with_role(Role::Etcd) {
        let mut pairs = pairs.iter();
        match pairs.find(|(_, new)| std::ptr::eq(*new, machine)) {
            Some((old, _)) if old.has_role(Role::Etcd) => {
                if is_moved(old, machine) {
                    members.moved.push(machine);
                }
            }
            Some(_) | None => members.joined.push(machine),
        }
    }
    let leaves = |old: &&Instance| {
        let mut pairs = pairs.iter();
        let new = pairs.find(|(was, _)| std::ptr::eq(*was, *old));
        new.is_none_or(|(_, new)| !new.has_role(Role::Etcd))
    };
    members.left = before.with_role(Role::Etcd).filter(leaves).collect();
    members
}

impl Members<'_> {
    /// Who joins, leaves and moves, in words; nothing where nobody does.
    fn words(&self) -> Option<String> {
        let of = |machines: &[&Instance]| names(machines.iter().copied());
        doings(&[
            (&of(&self.joined), "joins", "join"),
            (&of(&self.left), "leaves", "leave"),
            (&of(&self.moved), "moves", "move"),
        ])
    }
}

/// Who joins, leaves and moves, in words; nothing where nobody does.
pub(super) fn others(found: &Collector<'_>) -> Option<String> {
    members(found).words()
}

/// Whether a machine of a cluster is a member of etcd and holds no data.
pub(super) fn is_only_member(subject: &Subject, name: &str) -> bool {
    let machine = subject.instance(name);
    machine.is_some_and(|machine| machine.has_role(Role::Etcd) && !machine.is_data_node())
}

pub(super) fn compare(found: &mut Collector<'_>) {
    let members = members(found);
    let Some(others) = members.words() else {
        return;
    };
    let cluster = cluster_name(found.now.subject);
    let mut steps = vec![
        "before each of them, `etcdctl endpoint health --cluster`: all members must be well"
            .to_owned(),
    ];
    for machine in &members.moved {
        steps.push(format!(
            "on another member: `etcdctl member update`, with the id that `etcdctl member list` shows for `{}`, and `--peer-urls={}`; then give it the address",
            machine.name.value,
            peer_url(machine, found)
        ));
    }
    let most = members.joined.len().max(members.left.len());
    for at in 0..most {
        if let Some(machine) = members.joined.get(at) {
            let name = &machine.name.value;
            steps.push(format!(
                "on a member that runs: `etcdctl member add {name} --peer-urls={}`, written as `etcdctl member list` shows those of the others",
                peer_url(machine, found)
            ));
            let alone = if most > 1 {
                " and nothing else of this"
            } else {
                ""
            };
            steps.push(format!(
                "write `{name}`{alone}, with `etcd_initial_cluster_state = existing` in its variables, and `tpaexec deploy {cluster}`"
            ));
        }
        if let Some(machine) = members.left.get(at) {
            let name = &machine.name.value;
            steps.push(format!(
                "on another member: `etcdctl member remove`, with the id that `etcdctl member list` shows for `{name}`; on `{name}`: stop etcd, and keep it from starting again"
            ));
            steps.push(format!(
                "take `{name}` out, and `tpaexec deploy {cluster}`: Patroni looks for it no longer"
            ));
        }
    }
    found.by_hand(
        format!("members of etcd come and go one at a time: {others}"),
        steps,
    );
}

/// How the others reach a member. An address is as good as a name, which they must know first.
fn peer_url(machine: &Instance, found: &Collector<'_>) -> String {
    let now = found.now.subject;
    let of = |variable: &str| now.variable_of(machine, variable);
    let port = Service::EtcdPeers.variable().and_then(of);
    let port = settings::number(port).map_or_else(
        || Service::EtcdPeers.port(Flavour::DEFAULT),
        |port| port.value,
    );
    let scheme = if settings::is_true(of("etcd_ssl_enabled")) {
        "https"
    } else {
        "http"
    };
    let host = address(machine).unwrap_or_else(|| machine.name.value.clone());
    format!("{scheme}://{host}:{port}")
}
