use crate::diagnostic::Level;
use crate::facts::choices::{Flavour, Platform};
use crate::facts::services::{SSH, Service};
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::tpa::view::{Entity, places, settings};
use crate::tpa::view::{Instance, Subject, Written};
use crate::value::{Key, Value};

rule! {
    /// ## What it does
    ///
    /// Finds clusters of containers that are tagged as production, containers that have all rights of the host, ports of
    /// ssh and Postgres that are published on every address of the host, and (as an advice) names of containers that
    /// another cluster may have too.
    ///
    /// ## Why is this bad?
    ///
    /// TPA's containers are made for trying things: all of them share one host and its disk. A privileged container is
    /// root on the host. And a container that has the name of one that exists is not made: `tpaexec provision` takes the
    /// one that is there, from whichever cluster it is.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   hostnames = "{cluster}-{role}{n}"
    ///   location main { data 2 }
    ///   tags { Environment = production }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   hostnames = "{cluster}-{role}{n}"
    ///   location main { data 2 }
    ///   tags { Environment = test }
    /// }
    /// ```
    pub(super) static DOCKER_IN_PRODUCTION = {
        name: "docker-in-production",
        level: Warning,
        summary: "containers where they are a risk",
        consequence: "one host is lost, or taken over, with the whole cluster",
    }
}

const PRODUCTION: &[&str] = &["live", "prod", "production"];

/// Whether a port is not for the world: that of ssh, of Postgres, of EPAS or of PgBouncer.
fn is_inner(port: &str) -> bool {
    let of_postgres = Flavour::ALL.map(|flavour| Service::Postgres.port(flavour));
    let others = [SSH, Service::Pgbouncer.port(Flavour::DEFAULT)];
    port.parse()
        .is_ok_and(|port: i64| of_postgres.contains(&port) || others.contains(&port))
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let containers: Vec<&Instance> = subject
        .instances
        .iter()
        .filter(|instance| instance.is_on(Platform::Docker))
        .collect();
    if containers.is_empty() {
        return;
    }
    production(subject, findings);
    names(subject, &containers, findings);
    for scope in scopes::settings(subject) {
        rights(&scope, findings);
        ports(&scope, findings);
    }
}

fn production(subject: &Subject, findings: &mut Of<'_>) {
    for (key, value) in subject.tags.iter() {
        let Key::Text(key) = key else { continue };
        let spelling = value.spelling().unwrap_or_default();
        if !PRODUCTION.contains(&spelling.to_lowercase().as_str()) {
            continue;
        }
        findings
            .at(
                Entity::Cluster,
                places::or(value.origin, subject.at),
                format!("a cluster of containers is tagged `{key}`: `{spelling}`"),
            )
            .key(format!("cluster_tags/{key}"))
            .label("on one host")
            .consequence("TPA does not support containers in production: the host takes all data nodes with it")
            .help("choose the platform aws or bare for it");
    }
}

fn names(subject: &Subject, containers: &[&Instance], findings: &mut Of<'_>) {
    let Some(cluster) = &subject.name else { return };
    let own = cluster.value.to_lowercase().replace('_', "-");
    let Some(first) = containers
        .iter()
        .find(|instance| !instance.name.value.contains(&own))
    else {
        return;
    };
    findings
        .at(
            Entity::Cluster,
            places::or(cluster.origin, subject.at),
            format!("containers such as `{}` do not bear the name of their cluster", first.name.value),
        )
        .key("instances")
        .label("not in their names")
        .related(first.name.origin, "for example this one")
        .level(Level::Advice)
        .consequence("`tpaexec provision` of another cluster with a container of this name takes this one, or the other way round")
        .help(match subject.written {
            Written::Source if !first.name.origin.is_written() => {
                "write `hostnames = \"{cluster}-{location}-{role}{n}\"`"
            }
            Written::Source => "put the cluster's name in front of their names",
            Written::Config => "put `cluster_name` in front of their names",
        });
}

fn rights(scope: &Scope<'_>, findings: &mut Of<'_>) {
    let privileged = scope.map.get("privileged");
    if let Some(value) = privileged.filter(|value| settings::is_true(Some(value))) {
        findings
            .at(scope.entity.clone(), value.origin, "a privileged container")
            .key(scope.key("privileged"))
            .label("root on the host")
            .consequence("whoever gets into the container owns the host")
            .help("remove it; TPA's containers need no more than it gives them on its own");
    }
    let added = scope.map.get("docker_cap_add").and_then(Value::as_list);
    for value in added.unwrap_or_default() {
        let name = value.spelling().unwrap_or_default();
        let capability = name.to_lowercase();
        if matches!(capability.trim_start_matches("cap_"), "all" | "sys_admin") {
            findings
                .at(
                    scope.entity.clone(),
                    value.origin,
                    format!("a container with the capability `{name}`"),
                )
                .key(scope.key("docker_cap_add"))
                .label("almost root on the host")
                .consequence("whoever gets into the container can leave it for the host")
                .help("name the one capability that is needed");
        }
    }
}

/// `HOST:CONTAINER` publishes on every address, `ADDRESS:HOST:CONTAINER` on one.
fn ports(scope: &Scope<'_>, findings: &mut Of<'_>) {
    let published = scope.map.get("published_ports").and_then(Value::as_list);
    for value in published.unwrap_or_default() {
        let text = value.spelling().unwrap_or_default();
        let parts: Vec<&str> = text.split(':').collect();
        let (["0.0.0.0", _, inner] | [_, inner]) = parts.as_slice() else {
            continue;
        };
        let inner = inner.split('/').next().unwrap_or(inner);
        if !is_inner(inner) {
            continue;
        }
        findings
            .at(
                scope.entity.clone(),
                value.origin,
                format!("port {inner} of a container is published on every address of the host"),
            )
            .key(scope.key("published_ports"))
            .label("for the whole network")
            .consequence("whoever reaches the host reaches the database, past the host's firewall, which Docker goes around")
            .help("put `127.0.0.1:` in front of it");
    }
}
