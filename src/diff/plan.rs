//! Several changes in one: which of them take a deployment of their own, and in which order.

use super::collect::Collector;
use super::limits::Turn;
use super::{Change, State, Task, etcd, neighbours, port};
use crate::facts::consequences::Effect;
use crate::schema::list;

/// What all machines see of something that is told on its own.
pub(super) const SERVERS: &str = "the number of servers";

const PRIMARY: &str = "the primary moves, as below";

/// The order of deployments; nothing where one is enough, or where each task says it all.
pub(super) fn plan(found: &Collector<'_>) -> Option<Task> {
    let names = |state: State| {
        let names = found.machines().filter(|(machine, _)| *machine == state);
        names.map(|(_, name)| name.to_owned()).collect::<Vec<_>>()
    };
    let (come, leave) = (names(State::New), names(State::Gone));
    let (before, now) = (found.before.subject, found.now.subject);
    let is_another = before.failover_manager() != now.failover_manager();
    let mut steps = Vec::new();
    // One that is not there yet becomes the primary after it has been added.
    let is_new =
        found.moves_primary && now.primary().is_some_and(|primary| !found.is_kept(primary));
    if found.moves_primary && !is_new {
        steps.push(PRIMARY.to_owned());
    }
    if is_another {
        steps.push("the failover manager is changed, as below".to_owned());
    }
    let has_limits = !found.limits.is_empty();
    // A new standby needs as much as its primary has; one that goes needs nothing.
    let is_raised = found.limits.iter().any(|limit| limit.turn != Turn::Lowered);
    if has_limits && is_raised {
        steps.push("limits are raised, as below".to_owned());
    }
    let has_members = etcd::others(found).is_some();
    if has_members {
        steps.push("members of etcd come and go, one at a time, as below".to_owned());
    }
    let come: Vec<String> = come
        .into_iter()
        .filter(|name| !has_members || !etcd::is_only_member(now, name))
        .collect();
    if !come.is_empty() {
        steps.push(format!("{} added", are(&come)));
    }
    if is_new {
        steps.push(PRIMARY.to_owned());
    }
    if found.changes_port {
        steps.push("Postgres moves to its new port, as below".to_owned());
    }
    let own = steps.len();
    if found.changes().any(|change| is_rest(change, found)) {
        steps.push("everything else".to_owned());
    }
    if has_limits && !is_raised {
        steps.push("limits are lowered, as below".to_owned());
    }
    let leave: Vec<String> = leave
        .into_iter()
        .filter(|name| !has_members || !etcd::is_only_member(before, name))
        .collect();
    if !leave.is_empty() {
        steps.push(format!("{} taken out, as below", are(&leave)));
    }
    let is_heavy = found.moves_primary || is_another || has_members || found.changes_port;
    // What is raised, lowered, added and changed in place may come together; what is above takes the cluster for itself.
    let is_worth_it = steps.len() > 1 && (is_heavy || own > 0 && !leave.is_empty());
    is_worth_it.then(|| Task {
        title: "several changes at once: each of these is deployed on its own, and the next one waits until all is well".to_owned(),
        steps,
    })
}

fn are(names: &[String]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", list(names))
}

/// Whether something happens that no other step is about.
fn is_rest(change: &Change, found: &Collector<'_>) -> bool {
    let own = [
        SERVERS,
        neighbours::ADDRESSES,
        neighbours::MEMBERS,
        neighbours::NODES,
    ];
    let of_limit = |cause: &str| {
        let last = cause.rsplit('.').next().unwrap_or(cause);
        found.limits.iter().any(|limit| limit.name == last)
    };
    let is_port = found.changes_port && port::is_meant(&change.cause);
    let is_felt = match change.effect {
        Effect::Reload
        | Effect::Service
        | Effect::Restart
        | Effect::Reboot
        | Effect::Unknown
        | Effect::Loss
        | Effect::Replace => true,
        Effect::Nothing | Effect::Create | Effect::Update | Effect::Manual | Effect::Refused => {
            false
        }
    };
    is_felt && !is_port && !own.contains(&change.cause.as_str()) && !of_limit(&change.cause)
}
