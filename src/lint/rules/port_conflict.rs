use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::tpa::view::services::{self, Service};
use crate::tpa::view::{Instance, Subject};
use crate::tpa::view::{exposure, places, settings};

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
        let mut taken: BTreeMap<i64, Service> = BTreeMap::new();
        let mut all = services::of(subject, instance);
        all.extend(more(subject, instance));
        for service in all {
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

/// What listens too, where nobody but the machine itself or an administrator connects.
fn more(subject: &Subject, instance: &Instance) -> Vec<Service> {
    let service = |name, variable, port, at| Service {
        name,
        variable,
        port,
        at,
        internal: false,
    };
    let ssh = exposure::ssh_port(subject);
    let mut more = vec![service(
        "ssh",
        None,
        ssh.map_or(22, |port| port.value),
        ssh.map(|port| port.origin),
    )];
    let is_member = instance.is_data_node() || instance.has_role(Role::Witness);
    if is_member && subject.failover_manager() == Some(FailoverManager::Efm) {
        let written = settings::number(settings::efm(subject, instance, "admin.port"));
        more.push(service(
            "EFM's administration",
            Some("efm_conf_settings"),
            written.map_or(7809, |written| written.value),
            written.map(|written| written.origin),
        ));
    }
    let has_api = settings::is_true(subject.variable_of(instance, "enable_pg_backup_api"));
    if instance.has_role(Role::Barman) && has_api {
        more.push(service("pg-backup-api", None, 443, None));
    }
    if instance.has_role(Role::Haproxy) {
        more.push(service("HAProxy's peers", None, 10_000, None));
    }
    more
}

fn clash(
    instance: &Instance,
    first: &Service,
    second: &Service,
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
            let postgres = services.find(|service| service.name == services::POSTGRES)?;
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
