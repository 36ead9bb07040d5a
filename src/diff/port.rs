//! Postgres listens at another port: who connects to it has to follow.

use super::by_hand;
use super::collect::{Collector, cluster_name, names};
use crate::facts::choices::Flavour;
use crate::facts::roles::Role;
use crate::facts::services::Service;
use crate::schema::list;
use crate::topology::FailoverManager;
use crate::tpa::renamed::repmgr_kind;
use crate::tpa::view::{Instance, Subject, services, settings};
use crate::value::Value;

pub(super) fn compare(found: &mut Collector<'_>) {
    let (before, now) = (found.before.subject, found.now.subject);
    let moved = found.pairs().into_iter().filter_map(|(old, machine)| {
        let port = port(now, machine)?;
        (port != self::port(before, old)?).then_some((machine, port))
    });
    let moved: Vec<(&Instance, i64)> = moved.collect();
    // Where Postgres does not start with it, nobody has to follow.
    let is_port = |(_, port): &&(&Instance, i64)| u16::try_from(*port).is_ok_and(|port| port > 0);
    let Some((_, port)) = moved.first().filter(is_port).copied() else {
        return;
    };
    found.changes_port = true;
    let machines: Vec<&Instance> = moved.iter().map(|(machine, _)| *machine).collect();
    let mut steps: Vec<String> = by_hand::paused(now).into_iter().collect();
    steps.push(format!("`tpaexec deploy {}`", cluster_name(now)));
    match now.failover_manager() {
        Some(FailoverManager::Patroni) => found.waits(None),
        Some(FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::None) | None => {
            streams(&machines, port, now, &mut steps);
        }
    }
    let with = |role| names(now.with_role(role));
    let (barman, haproxy) = (with(Role::Barman), with(Role::Haproxy));
    if !barman.is_empty() {
        steps.push(format!(
            "on {}: `barman check all`, which connects at the new port",
            list(&barman)
        ));
    }
    if !haproxy.is_empty() {
        steps.push(format!(
            "on {}: see in HAProxy's file that it leads to {port}",
            list(&haproxy)
        ));
    }
    steps.extend(pools(now, port));
    steps.push(format!(
        "clients that name the port, and rules that open it, have to say {port}"
    ));
    found.by_hand(
        format!("Postgres moves to port {port}: who connects to it has to follow"),
        steps,
    );
}

/// Whether a cause is the port of Postgres.
pub(super) fn is_meant(cause: &str) -> bool {
    Service::Postgres.variable() == Some(cause)
}

fn port(subject: &Subject, machine: &Instance) -> Option<i64> {
    let listeners = services::of(subject, machine);
    let postgres = listeners
        .iter()
        .find(|listener| listener.service == Service::Postgres)?;
    Some(postgres.port)
}

/// Standbys look for their primary at its old port, and repmgr for all of them.
fn streams(machines: &[&Instance], port: i64, now: &Subject, steps: &mut Vec<String>) {
    let is_repmgr = now.failover_manager() == Some(FailoverManager::Repmgr);
    let register = |machine: &Instance| {
        let kind = repmgr_kind(machine)?;
        Some(format!("`repmgr {kind} register --force`"))
    };
    if is_repmgr && let Some(primary) = now.primary() {
        let name = &primary.name.value;
        steps.extend(register(primary).map(|register| format!("on `{name}`: {register}")));
    }
    for machine in machines {
        let name = &machine.name.value;
        let mut parts = Vec::new();
        if machine.has_role(Role::Replica) {
            parts.push(format!(
                "let `primary_conninfo` lead to port {port}, if it does not yet, and `select pg_reload_conf()`"
            ));
        }
        if is_repmgr && !machine.has_role(Role::Primary) {
            parts.extend(register(machine));
        }
        if !parts.is_empty() {
            steps.push(format!("on `{name}`: {}", parts.join("; ")));
        }
    }
}

/// `PgBouncer` goes to a port of its own, whatever Postgres listens at: a step for each place that says it.
fn pools(now: &Subject, port: i64) -> Vec<String> {
    let mut places: Vec<(Target<'_>, Vec<String>)> = Vec::new();
    for pooler in now.with_role(Role::Pgbouncer) {
        let Some(target) = target(now, pooler).filter(|target| target.leads_to != port) else {
            continue;
        };
        let name = pooler.name.value.clone();
        match places.iter_mut().find(|(known, _)| *known == target) {
            Some((_, poolers)) => poolers.push(name),
            None => places.push((target, vec![name])),
        }
    }
    let step = |(target, poolers): (Target<'_>, Vec<String>)| {
        let Target {
            leads_to,
            variable,
            at,
        } = target;
        format!(
            "PgBouncer on {} leads to port {leads_to}: write `{variable} = {port}` in the variables of `{at}`, in the same deployment",
            list(&poolers)
        )
    };
    places.into_iter().map(step).collect()
}

/// Where a pooler leads to, and what says so.
#[derive(PartialEq)]
struct Target<'s> {
    leads_to: i64,
    variable: &'static str,
    at: &'s str,
}

/// Nothing where it leads to `HAProxy`.
fn target<'s>(now: &'s Subject, pooler: &'s Instance) -> Option<Target<'s>> {
    let flavour = now.flavour().unwrap_or(Flavour::DEFAULT);
    let backend = now.variable_of(pooler, "pgbouncer_backend");
    let backend = backend.and_then(Value::spelling).unwrap_or_default();
    // Where it is a machine, the port of HAProxy there counts, which every machine has.
    let (at, variable) = match now.instance(&backend) {
        Some(machine) if machine.has_role(Role::Haproxy) => return None,
        Some(machine) => (machine, Service::Haproxy.variable()?),
        None => (pooler, "pgbouncer_backend_port"),
    };
    let written = settings::number(now.variable_of(at, variable)).map(|written| written.value);
    Some(Target {
        leads_to: written.unwrap_or_else(|| Service::Postgres.port(flavour)),
        variable,
        at: &at.name.value,
    })
}
