use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::facts::services::{SSH, Service};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Origin;
use crate::tpa::view::services::{self, Listener};
use crate::tpa::view::{Instance, Subject};
use crate::tpa::view::{exposure, places};

rule! {
    /// ## What it does
    ///
    /// Finds two services of one machine that should listen on one port, ssh among them, and data nodes whose Postgres
    /// listens on different ports.
    ///
    /// ## Why is this bad?
    ///
    /// The second service does not start. Data nodes with different ports do not find each other: repmgr and EFM take
    /// the port of the machine that they run on for that of all others.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform docker
    ///   location main { data 2 }
    ///   vars { pgbouncer_port = 5432 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform docker
    ///   location main { data 2 }
    ///   vars { pgbouncer_port = 6432 }
    /// }
    /// ```
    pub(super) static PORT_CONFLICT = {
        name: "port-conflict",
        level: Error,
        summary: "two services on one port",
        consequence: "the second service does not start: `tpaexec deploy` fails",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    // A port of all machines is said once.
    let mut seen = BTreeSet::new();
    for instance in &subject.instances {
        let mut taken: BTreeMap<i64, Listening> = BTreeMap::new();
        for service in listening(subject, instance) {
            let Some(first) = taken.get(&service.port) else {
                taken.insert(service.port, service);
                continue;
            };
            let place = places::of_entry(&instance.own, instance.at);
            let at = places::or(service.at.or(first.at).unwrap_or(place), place);
            if seen.insert((at.place(), service.name, first.name)) {
                clash(instance, first, &service, at, findings);
            }
        }
    }
    postgres(subject, findings);
}

/// A service and ssh alike.
struct Listening {
    name: &'static str,
    variable: Option<&'static str>,
    port: i64,
    at: Option<Origin>,
}

/// Whatever listens on a machine, ssh last.
fn listening(subject: &Subject, instance: &Instance) -> Vec<Listening> {
    let listening = |listener: Listener| Listening {
        name: listener.name(),
        variable: listener.service.variable(),
        port: listener.port,
        at: listener.at,
    };
    let ssh = exposure::ssh_port(subject);
    let services = services::of(subject, instance).into_iter();
    let mut all: Vec<Listening> = services.map(listening).collect();
    all.push(Listening {
        name: "ssh",
        variable: None,
        port: ssh.map_or(SSH, |port| port.value),
        at: ssh.map(|port| port.origin),
    });
    all
}

fn clash(
    instance: &Instance,
    first: &Listening,
    second: &Listening,
    at: Origin,
    findings: &mut Of<'_>,
) {
    let variable = second.variable.or(first.variable);
    let finding = findings
        .at(
            instance.entity(),
            at,
            format!(
                "{} and {} of `{}` both listen on port {}",
                first.name, second.name, instance.name.value, second.port
            ),
        )
        .key(format!("vars/{}", variable.unwrap_or_default()))
        .label("one port for two")
        .help(match variable {
            Some(variable) => {
                format!("set `{variable}` to another port, or move one of them to another machine")
            }
            None => "move one of them to another machine".to_owned(),
        });
    if second.at.is_some()
        && let Some(at) = first.at
    {
        finding.related(at, format!("the port of {}", first.name));
    }
}

/// The data nodes and witnesses of a cluster use one port.
fn postgres(subject: &Subject, findings: &mut Of<'_>) {
    let ports: Vec<(&Instance, i64, Option<Origin>)> = subject
        .instances
        .iter()
        .filter(|instance| {
            services::has_postgres(subject, instance) && !instance.has_role(Role::PemServer)
        })
        .filter_map(|instance| {
            let mut services = services::of(subject, instance).into_iter();
            let postgres = services.find(|listener| listener.service == Service::Postgres)?;
            Some((instance, postgres.port, postgres.at))
        })
        .collect();
    let Some((primary, expected, _)) = ports
        .iter()
        .find(|(instance, ..)| instance.has_role(Role::Primary))
    else {
        return;
    };
    for (instance, port, at) in ports.iter().filter(|(_, port, _)| port != expected) {
        let place = places::of_entry(&instance.own, instance.at);
        findings
            .at(
                instance.entity(),
                places::or(at.unwrap_or(place), place),
                format!(
                    "Postgres of `{}` listens on port {port}, that of the primary `{}` on {expected}",
                    instance.name.value, primary.name.value
                ),
            )
            .key("vars/postgres_port")
            .label("another port")
            .level(Level::Warning)
            .consequence("witnesses register and standbys follow on the port of their own machine, and find nobody there")
            .help(words::say(
                subject,
                "set `postgres_port` once, in the `vars` of the cluster",
                "set `postgres_port` once, in `cluster_vars`",
            ));
    }
}
