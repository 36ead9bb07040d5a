use crate::facts::roles::Role;
use crate::facts::systems::Family;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes;
use crate::lint::{Context, words};
use crate::topology::FailoverManager;
use crate::tpa::view::places;
use crate::tpa::view::systems;
use crate::tpa::view::{Instance, Subject};
use crate::value::{Key, Value};

rule! {
    /// ## What it does
    ///
    /// Finds versions of packages that are pinned with a wildcard on RedHat, Rocky and their like, on some data nodes
    /// only, or for software that the cluster does not have.
    ///
    /// ## Why is this bad?
    ///
    /// With a wildcard `dnf` does not see that the installed version fits, and a deployment that should change nothing
    /// upgrades Postgres and restarts it. Pins of single machines leave the cluster with different minor versions.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker { os Rocky 9 }
    ///   versions { postgres = 17.2* }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker { os Rocky 9 }
    ///   versions { postgres = 17.2-1PGDG.rhel9 }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static PACKAGE_VERSION_PIN = {
        name: "package-version-pin",
        level: Warning,
        summary: "a pinned version of a package that does not hold",
        consequence: "`tpaexec deploy` upgrades packages and restarts what they are of",
    }
}

const SUFFIX: &str = "_package_version";

/// Components with the role that brings them.
const ROLES: &[(&str, Role)] = &[
    ("barman", Role::Barman),
    ("beacon_agent", Role::BeaconAgent),
    ("etcd", Role::Etcd),
    ("haproxy", Role::Haproxy),
    ("pem_agent", Role::PemAgent),
    ("pem_server", Role::PemServer),
    ("pgbouncer", Role::Pgbouncer),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let on_redhat = systems::chosen(subject)
        .iter()
        .any(|chosen| chosen.system.family == Family::RedHat && chosen.system.version != "7");
    for scope in scopes::variables(subject) {
        for (key, value) in scope.map.iter() {
            let Key::Text(key) = key else { continue };
            let Some(component) = key.strip_suffix(SUFFIX) else {
                continue;
            };
            let version = value.spelling().unwrap_or_default();
            let at = places::or(value.origin, subject.at);
            if !is_there(subject, component) {
                findings
                    .at(
                        scope.entity.clone(),
                        at,
                        format!("`{key}` pins what the cluster does not have"),
                    )
                    .key(scope.key(key))
                    .label("nothing to pin")
                    .consequence("TPA ignores it")
                    .help("remove it");
            } else if on_redhat && version.contains('*') {
                findings
                    .at(
                        scope.entity.clone(),
                        at,
                        format!("`{version}` does not hold {component} at a version"),
                    )
                    .key(scope.key(key))
                    .label("a wildcard")
                    .help("write the whole version with its release, for example `17.2-1PGDG.rhel9`, or leave it out");
            }
        }
    }
    some(subject, findings);
}

fn is_there(subject: &Subject, component: &str) -> bool {
    let role = ROLES.iter().find(|(known, _)| *known == component);
    let manager = subject.failover_manager().map(FailoverManager::name);
    match (role, component) {
        (Some((_, role)), _) => subject.instances.iter().any(|one| one.has_role(*role)),
        (None, "patroni" | "repmgr") => manager.is_none_or(|manager| manager == component),
        (None, _) => true,
    }
}

/// Data nodes that are all pinned, and to different versions.
fn different(subject: &Subject, key: &str, findings: &mut Of<'_>) {
    let pin = |instance: &Instance| subject.variable_of(instance, key)?.sourced_spelling();
    let Some((primary, expected)) = subject.primary().and_then(|one| Some((one, pin(one)?))) else {
        return;
    };
    let other = subject.data_nodes().find_map(|node| {
        let pin = pin(node).filter(|pin| pin.value != expected.value)?;
        Some((node, pin))
    });
    let Some((node, pin)) = other else { return };
    findings
        .at(
            node.entity(),
            places::or(pin.origin, subject.at),
            format!(
                "Postgres is pinned to {} on `{}` and to {} on the primary `{}`",
                pin.value, node.name.value, expected.value, primary.name.value
            ),
        )
        .key(format!("vars/{key}"))
        .label("another version")
        .related(expected.origin, "the primary's")
        .consequence(
            "the data nodes get different minor versions, and behave differently after a failover",
        )
        .help(words::say(
            subject,
            "pin it once, for the whole cluster, with `versions { postgres = … }`",
            "pin it once, in `cluster_vars`",
        ));
}

/// Data nodes have one version of Postgres.
fn some(subject: &Subject, findings: &mut Of<'_>) {
    let key = "postgres_package_version";
    if subject.variable(key).is_some() {
        different(subject, key, findings);
        return;
    }
    let has = |instance: &&Instance| instance.vars.get(key).is_some();
    let (with, without): (Vec<_>, Vec<_>) = subject.data_nodes().partition(has);
    let (Some(first), Some(other)) = (with.first(), without.first()) else {
        different(subject, key, findings);
        return;
    };
    let at = first
        .vars
        .get(key)
        .map_or(first.at, |value: &Value| value.origin);
    findings
        .at(
            first.entity(),
            places::or(at, first.at),
            format!(
                "Postgres is pinned on `{}` and not on `{}`",
                first.name.value, other.name.value
            ),
        )
        .key(format!("vars/{key}"))
        .label("not on every data node")
        .consequence(
            "the data nodes get different minor versions, and behave differently after a failover",
        )
        .help(words::say(
            subject,
            "pin it for the whole cluster with `versions { postgres = … }`",
            "move it to `cluster_vars`",
        ));
}
