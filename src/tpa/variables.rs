//! The variables that TPA's roles read, derived from a topology: those of the cluster and those of single machines.
//!
//! Facts are from TPA 23.40.1. What is written in `vars` is merged over what is derived.

use super::config::omit;
use super::{builds, compliance, words};
use crate::facts::choices::YUM_WITH_EDB;
use crate::facts::roles::Role;
use crate::facts::tpa::changes::{self, Check};
use crate::origin::{Origin, Sourced};
use crate::topology::{Cluster, Efm, FailoverManager, Flavour, Instance};
use crate::value::{Data, Map, Value};

/// The variables that say where packages come from.
const LISTS: &[&str] = &[
    "edb_repositories",
    "apt_repository_list",
    "yum_repository_list",
    "suse_repository_list",
];

/// Where etcd comes from.
const ETCD_REPOSITORY: &str = "PGDG";

/// The variables of the whole cluster, TPA's `cluster_vars`.
pub fn cluster_vars(cluster: &Cluster) -> Map {
    let mut vars = Map::default();
    let rule = |rule| Origin::Default(rule);
    vars.set("preferred_python_version", text(&cluster.platform.python));
    postgres(cluster, &mut vars);
    let retired = rule("TPA still writes this retired switch");
    vars.set("use_volatile_subscriptions", Value::boolean(false, retired));
    failover(cluster, &mut vars);
    packages(cluster, &mut vars);
    builds::add(&cluster.sources, &mut vars);
    if let Some(project) = &cluster.monitor.beacon_project {
        vars.set("beacon_agent_project_id", text(project));
    }
    backup_api(cluster, &mut vars);
    repositories(cluster, &mut vars);
    compliance::finish(cluster, vars)
}

/// The variables of one machine; `cluster_vars` are the finished ones of the cluster.
pub fn instance_vars(cluster: &Cluster, instance: &Instance, cluster_vars: &Map) -> Map {
    let mut vars = Map::default();
    let follows = |role: &Sourced<String>, rule: &'static str| Origin::Derived {
        from: role.origin.place(),
        rule,
    };
    let primary = cluster.primary();
    if let (Some(role), Some(primary)) = (instance.role(Role::Pgbouncer), primary) {
        let origin = follows(role, "PgBouncer sends clients to the primary");
        vars.set(
            "pgbouncer_backend",
            Value::text(&primary.name.value, origin),
        );
    }
    if let Some(role) = instance.role(Role::Etcd) {
        let origin = follows(
            role,
            "etcd nodes with one `etcd_location` form one etcd cluster",
        );
        let location = primary.map_or(&instance.location, |primary| &primary.location);
        vars.set("etcd_location", Value::text(location, origin));
        if cluster.failover.manager.value == FailoverManager::Patroni {
            etcd_repositories(
                cluster_vars,
                follows(role, "etcd is installed from PGDG"),
                &mut vars,
            );
        }
    }
    if let Some(role) = instance.role(Role::Haproxy) {
        let data_nodes_of = |location: &str| -> Vec<&str> {
            let of = |other: &&Instance| other.location == location && other.is_data_node();
            let nodes = cluster.instances.iter().filter(of);
            nodes.map(|node| node.name.value.as_str()).collect()
        };
        let mut servers = data_nodes_of(&instance.location);
        if servers.is_empty()
            && let Some(primary) = primary
        {
            servers = data_nodes_of(&primary.location);
        }
        let origin = follows(role, "HAProxy balances over the data nodes of its location");
        vars.set("haproxy_backend_servers", Value::texts(&servers, origin));
        let origin = follows(role, "HAProxy listens on every address");
        vars.set("haproxy_bind_address", Value::text("0.0.0.0", origin));
    }
    omit::of_block(&mut vars, &instance.omit, omit::VARS);
    omit::of_block(
        &mut vars,
        &cluster.omit,
        &format!("{}{}", omit::MACHINES, omit::VARS),
    );
    vars.merge(instance.vars.clone());
    vars
}

fn postgres(cluster: &Cluster, vars: &mut Map) {
    let postgres = &cluster.postgres;
    let flavour = postgres.flavour;
    vars.set(
        "postgres_flavour",
        Value::text(flavour.value.name(), flavour.origin),
    );
    vars.set("postgres_version", text(&postgres.version));
    if let Some(redwood) = postgres.redwood {
        vars.set(
            "epas_redwood_compat",
            Value::boolean(redwood.value, redwood.origin),
        );
    }
}

fn failover(cluster: &Cluster, vars: &mut Map) {
    let failover = &cluster.failover;
    let manager = failover.manager;
    vars.set(
        "failover_manager",
        Value::text(manager.value.name(), manager.origin),
    );
    if let Some(bind) = failover.bind_by_hostname {
        vars.set(
            "efm_bind_by_hostname",
            Value::boolean(bind.value, bind.origin),
        );
    }
    efm(&failover.efm, vars);
    if let Some(tls) = failover.tls {
        for variable in words::TLS {
            vars.set(variable.name, variable.value(tls.value, tls.origin));
        }
    }
    if manager.value == FailoverManager::Patroni {
        let origin = Origin::Derived {
            from: manager.origin.place(),
            rule: "TPA writes `main` whatever the locations are called; only those of etcd nodes count",
        };
        vars.set("etcd_location", Value::text("main", origin));
        vars.set("patroni_package_flavour", patroni_packages(cluster));
    }
}

fn efm(efm: &Efm, vars: &mut Map) {
    if let Some(version) = &efm.version {
        vars.set(words::EFM_VERSION, text(version));
    }
    if let Some(superuser) = efm.superuser {
        vars.set(
            words::EFM_SUPERUSER,
            Value::boolean(superuser.value, superuser.origin),
        );
    }
    if let Some(encryption) = &efm.password_encryption {
        vars.set(words::EFM_PASSWORD_ENCRYPTION, text(encryption));
    }
}

/// Whose Patroni packages are installed: EDB's wherever EDB's repositories are needed anyway.
fn patroni_packages(cluster: &Cluster) -> Value {
    if let Some(written) = &cluster.failover.packages {
        return text(written);
    }
    let from = cluster.failover.manager.origin.place();
    let edb = |rule| Value::text("edb", Origin::Derived { from, rule });
    let repositories = cluster.repositories.edb.as_ref().and_then(Value::as_list);
    if repositories.is_some_and(|repositories| !repositories.is_empty()) {
        edb("EDB repositories are named")
    } else if cluster.monitor.pem.is_some() {
        edb("PEM comes from EDB's repositories")
    } else if cluster.postgres.flavour.value != Flavour::Postgresql {
        edb("the flavour comes from EDB's repositories")
    } else if api_without_repository(cluster).is_some() {
        edb("the backup API comes from EDB's repositories")
    } else {
        let rule = "nothing else needs EDB's repositories";
        Value::text("community", Origin::Derived { from, rule })
    }
}

fn packages(cluster: &Cluster, vars: &mut Map) {
    let packages = &cluster.packages;
    let lists = [
        ("packages", &packages.extra),
        ("optional_packages", &packages.optional),
        ("extra_postgres_packages", &packages.postgres),
        ("unwanted_packages", &packages.unwanted),
    ];
    for (variable, list) in lists {
        let Some(list) = list else { continue };
        let by_system = match list.data {
            Data::List(_) => {
                let mut map = Map::default();
                map.set("common", list.clone());
                Value::map(map, list.origin)
            }
            Data::Null
            | Data::Boolean(_)
            | Data::Integer(_)
            | Data::Decimal(_)
            | Data::Text(_)
            | Data::Map(_) => list.clone(),
        };
        vars.set(variable, by_system);
    }
    for (component, version) in &cluster.versions {
        let variable = format!("{}_package_version", component.replace('-', "_"));
        vars.set(variable.as_str(), text(version));
    }
}

fn backup_api(cluster: &Cluster, vars: &mut Map) {
    let value = match (cluster.backup.api, cluster.monitor.pem) {
        (Some(written), _) => Value::boolean(written.value, written.origin),
        (None, Some(from)) if cluster.has_role(Role::Barman) => {
            let rule = "PEM reads the Barman nodes through the backup API";
            Value::boolean(true, Origin::Derived { from, rule })
        }
        (None, _) => return,
    };
    vars.set("enable_pg_backup_api", value);
}

/// Repositories: those that are named, else what the cluster's software needs. Only the latter turn PGDG off.
fn repositories(cluster: &Cluster, vars: &mut Map) {
    let repositories = &cluster.repositories;
    match &repositories.edb {
        Some(named) => vars.set("edb_repositories", named.clone()),
        None => {
            let (names, origin) = needed_repositories(cluster);
            vars.set("edb_repositories", Value::texts(names, origin));
            if !names.is_empty() {
                vars.set("apt_repository_list", Value::texts(&[], origin));
                vars.set("yum_repository_list", Value::texts(YUM_WITH_EDB, origin));
                vars.set("suse_repository_list", Value::texts(&[], origin));
            }
        }
    }
    let lists = [
        ("apt_repository_list", &repositories.apt),
        ("yum_repository_list", &repositories.yum),
        ("suse_repository_list", &repositories.suse),
    ];
    for (variable, list) in lists {
        if let Some(list) = list {
            vars.set(variable, list.clone());
        }
    }
    if let Some(only) = repositories.local_only {
        vars.set(
            "use_local_repo_only",
            Value::boolean(only.value, only.origin),
        );
    }
}

/// The Postgres that TPA deploys where none is written.
pub const DEFAULT_VERSION: &str = "13";

/// EDB's repository that has its tools.
const WITH_TOOLS: &[&str] = &["standard"];

/// The EDB repositories that a flavour comes from.
fn repositories_of(flavour: Flavour) -> &'static [&'static str] {
    match flavour {
        Flavour::Epas => &["enterprise"],
        Flavour::Edbpge => &["standard"],
        Flavour::Pgextended => &["standard", "postgres_extended"],
        Flavour::Postgresql => &[],
    }
}

/// The EDB repositories that a cluster gets which names none; `agent` is whether it has an agent of EDB's.
pub fn default_repositories(
    flavour: Flavour,
    manager: FailoverManager,
    pem: bool,
    agent: bool,
) -> &'static [&'static str] {
    let of_flavour = repositories_of(flavour);
    let has_tools = manager == FailoverManager::Efm || pem || agent;
    if of_flavour.is_empty() && has_tools {
        WITH_TOOLS
    } else {
        of_flavour
    }
}

fn needed_repositories(cluster: &Cluster) -> (&'static [&'static str], Origin) {
    let flavour = cluster.postgres.flavour;
    let of_flavour = repositories_of(flavour.value);
    let manager = cluster.failover.manager;
    let efm = (manager.value == FailoverManager::Efm).then(|| manager.origin.place());
    let tools = || {
        [
            (efm, "EFM comes from EDB's repository `standard`"),
            (
                cluster.monitor.pem,
                "PEM comes from EDB's repository `standard`",
            ),
            (
                cluster.monitor.beacon,
                "the Beacon agent comes from EDB's repository `standard`",
            ),
            (
                api_without_repository(cluster).map(Origin::place),
                "pg-backup-api comes from EDB's repository `standard`",
            ),
        ]
        .into_iter()
        .find_map(|(from, rule)| Some(Origin::Derived { from: from?, rule }))
    };
    if of_flavour.is_empty()
        && let Some(origin) = tools()
    {
        return (WITH_TOOLS, origin);
    }
    let origin = Origin::Derived {
        from: flavour.origin.place(),
        rule: "the repositories that the flavour comes from",
    };
    (of_flavour, origin)
}

/// The backup API, where it is written and nothing about repositories is: from some release on it brings the one that
/// has its package. What somebody says about repositories stays as it is.
fn api_without_repository(cluster: &Cluster) -> Option<Origin> {
    let api = cluster.backup.api.filter(|api| api.value)?;
    let repositories = &cluster.repositories;
    let is_open = [
        &repositories.edb,
        &repositories.apt,
        &repositories.yum,
        &repositories.suse,
    ]
    .iter()
    .all(|list| list.is_none())
        && !repositories.local_only.is_some_and(|only| only.value)
        && LISTS.iter().all(|list| cluster.vars.get(list).is_none());
    let brings = changes::does(cluster.tpa, Check::BackupApiBringsRepository);
    (is_open && brings).then_some(api.origin)
}

/// etcd comes from PGDG: where the cluster's lists leave PGDG out, etcd nodes get it back.
fn etcd_repositories(cluster_vars: &Map, origin: Origin, vars: &mut Map) {
    for variable in ["yum_repository_list", "suse_repository_list"] {
        let list = cluster_vars.get(variable).and_then(Value::as_list);
        let Some(list) = list.filter(|list| !list.is_empty()) else {
            continue;
        };
        let mut list = list.to_vec();
        if !list
            .iter()
            .any(|name| name.as_text() == Some(ETCD_REPOSITORY))
        {
            list.push(Value::text(ETCD_REPOSITORY, origin));
        }
        vars.set(variable, Value::list(list, origin));
    }
}

fn text(value: &Sourced<String>) -> Value {
    Value::text(value.value.as_str(), value.origin)
}
