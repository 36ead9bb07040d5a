//! Variables that TPA reads and does not follow: what it takes to follow them.

use super::collect::{Collector, cluster_name};
use super::differ::{self, Difference};
use crate::facts::consequences::Part;
use crate::facts::effects;
use crate::facts::roles::Role;
use crate::topology::Flavour;
use crate::value::Value;

pub(super) fn add(name: &str, difference: &Difference<'_>, found: &mut Collector<'_>) {
    // All of it is one task, whose steps name the machines.
    if name == "failover_manager" {
        return;
    }
    let flavour = found.now.subject.flavour().unwrap_or(Flavour::DEFAULT);
    let value = |value: Option<&Value>| {
        let shown = value.map(|value| differ::shown(&difference.path, value));
        let shown = shown.or_else(|| effects::unwritten(name, flavour));
        shown.map_or("TPA's own value".to_owned(), |shown| format!("`{shown}`"))
    };
    let (from, to) = (value(difference.old), value(difference.new));
    let path = &difference.path;
    let steps = steps(name, &from, &to, found);
    found.by_hand(
        format!("`{path}`, {from}, does not become {to} with a deployment"),
        steps,
    );
}

fn steps(name: &str, from: &str, to: &str, found: &Collector<'_>) -> Vec<String> {
    let now = found.now.subject;
    let cluster = cluster_name(now);
    let primary = now.primary();
    let primary = primary.map_or("the primary", |one| one.name.value.as_str());
    let deploy = || format!("`tpaexec deploy {cluster}`");
    let with = |role: Role| {
        let names = now.with_role(role);
        let names: Vec<String> = names.map(|one| format!("`{}`", one.name.value)).collect();
        names.join(", ")
    };
    if let Some(component) = effects::component(name) {
        return vec![format!(
            "`tpaexec upgrade {cluster} --components={component}`"
        )];
    }
    match name {
        "postgres_package_version" => vec![format!("`tpaexec upgrade {cluster}`")],
        "postgis_version" => vec![
            deploy(),
            format!(
                "on `{primary}`, in each database that has it: `alter extension postgis update`"
            ),
        ],
        "replication_user" => vec![
            format!("{}: makes the user {to}", deploy()),
            format!(
                "on each standby: let `primary_conninfo` name {to}, and `select pg_reload_conf()`"
            ),
            format!(
                "on `{primary}`, when `select usename from pg_stat_replication` does not show {from} any more: drop that user"
            ),
        ],
        "keyring_backend" | "vault_name" => vec![
            format!(
                "on the machine that runs TPA: store the passphrase of `{cluster}` where {to} looks for it, or keep {from}"
            ),
            deploy(),
        ],
        "barman_home" | "barman_streaming_wals_directory" => vec![
            format!(
                "on {}: stop Barman, and move what is in {from} to {to}; or keep {from}",
                with(Role::Barman)
            ),
            deploy(),
        ],
        "backup_name" => vec![
            format!(
                "on {}: keep the backups under {from} as long as they are needed, and take its file out of Barman's configuration",
                with(Role::Barman)
            ),
            deploy(),
        ],
        "barman_user" | "barman_group" => vec![
            format!(
                "on {}: stop Barman, and give its files to {to}; or keep {from}",
                with(Role::Barman)
            ),
            deploy(),
        ],
        "etcd_user" | "etcd_group" => vec![
            format!(
                "on {}, one after another: stop etcd, and give its data to {to}; or keep {from}",
                with(Role::Etcd)
            ),
            deploy(),
        ],
        "ansible_user" => vec![
            format!(
                "on each machine: make the user {to}, with TPA's key and the right to become root; or keep {from}"
            ),
            deploy(),
        ],
        "cluster_ssh_port" => vec![
            format!("on each machine: let sshd listen at {to}"),
            deploy(),
        ],
        "include_dir" | "postgres_conf_dir" | "postgres_home" | "repmgr_conf_dir" => vec![
            format!(
                "on each machine, standbys first: move what is in {from} to {to}; or keep {from}"
            ),
            deploy(),
        ],
        _ => kept(name, from, to, &cluster).unwrap_or_else(|| built(name, deploy())),
    }
}

/// What is better kept as it is; nothing for all else.
fn kept(name: &str, from: &str, to: &str, cluster: &str) -> Option<Vec<String>> {
    Some(match name {
        "postgres_bin_dir" | "postgres_group" | "postgres_install_dir" | "postgres_lib_dir" => {
            vec![
                format!(
                    "on each machine, standbys first: see that all is there under {to}; or keep {from}"
                ),
                format!("`tpaexec deploy {cluster}`"),
            ]
        }
        "patroni_dcs" | "patroni_dcs_namespace" => {
            vec![format!("keep {from}: {to} is for a new cluster")]
        }
        "patroni_package_flavour" => vec![
            format!("`patronictl pause {cluster}`"),
            format!("on each data node: remove the package of {from}"),
            format!("`tpaexec deploy {cluster}`"),
            format!(
                "`patronictl resume {cluster}`, when `patronictl list {cluster}` shows all of them"
            ),
        ],
        "etcd_location" => vec![format!(
            "keep {from}; or, one member at a time, `etcdctl member remove` it from the one and add it to the other with an empty directory"
        )],
        _ => return None,
    })
}

/// What is built from its sources runs when it has been started again.
fn built(name: &str, deploy: String) -> Vec<String> {
    let Some(known) = effects::of_variable(name) else {
        return Vec::new();
    };
    let step = if known.part == Part::Postgres {
        "on each machine, standbys first: restart Postgres".to_owned()
    } else {
        format!("on each machine, one after another: restart {}", known.part)
    };
    vec![deploy, step]
}
