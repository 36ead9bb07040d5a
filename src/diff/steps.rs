//! Variables that TPA reads and does not follow: what it takes to follow them.

use super::collect::{Collector, cluster_name};
use super::differ::{self, Difference};
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
        let shown = value.map(|value| differ::shown(name, value));
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
        _ => Vec::new(),
    }
}
