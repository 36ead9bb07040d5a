//! What TPA does not do, with the steps that do it, in order.

use super::collect::{Collector, cluster_name, names};
use super::differ::Difference;
use super::entries::identifier;
use super::{Task, leaving};
use crate::facts::roles::Role;
use crate::facts::settled::Settled;
use crate::schema::list;
use crate::topology::FailoverManager;
use crate::tpa::change::Altered;
use crate::tpa::renamed::repmgr_kind;
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

/// A cluster that is not there any more.
pub(super) fn cluster_gone(cluster: &str) -> Task {
    Task {
        title: format!("the cluster `{cluster}` left the source, and runs on"),
        steps: vec![format!(
            "`tpaexec deprovision {cluster}`, once nobody misses its data"
        )],
    }
}

/// A role that needs more than a deployment.
pub(super) fn role_gained(role: &str, machine: &Instance, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    match Role::parse(role) {
        Some(Role::Barman)
            if found
                .before
                .subject
                .with_role(Role::Barman)
                .next()
                .is_some() =>
        {
            found.by_hand(
                format!("the Barman server `{name}` begins with no backups"),
                vec![
                    "keep the old backups until the new ones reach back as far as they have to"
                        .to_owned(),
                    format!("on `{name}`: `barman check all`, `barman list-backup all`"),
                ],
            );
        }
        Some(_) | None => {}
    }
}

/// A role that a machine does not have any more.
pub(super) fn role_lost(role: &str, machine: &Instance, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    let before = found.before.subject;
    let step = match Role::parse(role) {
        Some(Role::Barman) => format!(
            "keep the backups on `{name}` as long as they are needed, and stop Barman's cron there"
        ),
        Some(Role::Witness) if before.failover_manager() == Some(FailoverManager::Repmgr) => {
            format!(
                "on `{name}`: `repmgr witness unregister`; stop repmgrd and Postgres, and keep them from starting again"
            )
        }
        Some(Role::Witness | Role::EfmWitness)
            if before.failover_manager() == Some(FailoverManager::Efm) =>
        {
            leaving::disallow(name)
        }
        Some(_) | None => format!("on `{name}`: stop `{role}`, and keep it from starting again"),
    };
    found.by_hand(
        format!("TPA removes no role: `{name}` had `{role}`"),
        vec![step],
    );
}

pub(super) fn upstream(old: &Instance, machine: &Instance, to: &str, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    let (before, now) = (found.before.subject, found.now.subject);
    let step = match now.failover_manager() {
        Some(FailoverManager::Repmgr) => {
            let node = now
                .instance(to)
                .and_then(|to| to.entry.get("node")?.spelling());
            let node = node.map_or_else(String::new, |node| format!(" --upstream-node-id={node}"));
            format!("on `{name}`: `repmgr standby follow{node}`")
        }
        Some(FailoverManager::Efm | FailoverManager::Patroni | FailoverManager::None) | None => {
            format!(
                "on `{name}`: let `primary_conninfo` lead to `{to}`, and `select pg_reload_conf()`"
            )
        }
    };
    let mut steps = vec![step];
    if let Some(upstream) = before.upstream_of(old).filter(|one| found.stays(one))
        && let Some(slot) = leaving::slot(before, old)
    {
        steps.push(format!(
            "on `{}`, when `{name}` streams from `{to}`: `select pg_drop_replication_slot('{slot}')`, if the slot is still there, for it keeps WAL",
            upstream.name.value
        ));
    }
    found.by_hand(format!("`{name}` is to stream from `{to}`"), steps);
}

/// Nobody is promoted while machines do not find each other because somebody works on them.
pub(super) fn paused(subject: &Subject) -> Option<String> {
    match subject.failover_manager()? {
        FailoverManager::Repmgr => Some(
            "before it `repmgr service pause`, and `repmgr service unpause` when all is well: nobody is promoted meanwhile"
                .to_owned(),
        ),
        FailoverManager::Patroni => {
            let cluster = cluster_name(subject);
            Some(format!(
                "before it `patronictl pause {cluster}`, and `patronictl resume {cluster}` when all is well: nobody is promoted meanwhile"
            ))
        }
        FailoverManager::Efm => Some(
            "before it stop EFM on all its nodes, and start it when all is well: nobody is promoted meanwhile"
                .to_owned(),
        ),
        FailoverManager::None => None,
    }
}

/// A disk that takes the place of another one.
pub(super) fn device(from: &str, to: &str, found: &mut Collector<'_>) {
    found.by_hand(
        format!("`{to}` takes the place of `{from}`, and is empty"),
        vec![
            "one machine after another, standbys first: stop what uses the disk".to_owned(),
            format!("make a file system on `{to}`, and copy everything there from `{from}`"),
            format!("mount `{to}` in the place of `{from}`, and start what uses it"),
            format!(
                "`tpaexec deploy {}`, when this is done on all machines",
                cluster_name(found.now.subject)
            ),
        ],
    );
}

/// A disk that left config.yml.
pub(super) fn unmount(device: &str, found: &mut Collector<'_>) {
    found.by_hand(
        format!("the volume `{device}` left config.yml, and stays mounted"),
        vec![
            "once nobody misses its data: unmount it, and take its line out of `/etc/fstab`"
                .to_owned(),
        ],
    );
}

/// A number that repmgr knows, which becomes another one.
pub(super) fn renumbered(machine: &Instance, from: i64, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    let cluster = cluster_name(found.now.subject);
    let Some(kind) = repmgr_kind(machine) else {
        return;
    };
    found.by_hand(
        format!("repmgr knows `{name}` by the number {from}"),
        vec![
            format!("write `id = {from}` at `{name}`, or"),
            format!(
                "on `{name}`: `repmgr {kind} unregister`; `tpaexec deploy {cluster}`; `repmgr {kind} register --force`"
            ),
        ],
    );
}

/// What is settled when a cluster is made.
pub(super) fn settled(what: Settled, altered: &Altered<'_>, found: &mut Collector<'_>) {
    let value = |side: &Option<crate::origin::Sourced<String>>| {
        side.as_ref().map_or("TPA's own value".to_owned(), |side| {
            format!("`{}`", side.value)
        })
    };
    let (from, to) = (value(&altered.from), value(&altered.to));
    found.by_hand(
        format!("`{}` is settled: {from} does not become {to}", what.name()),
        vec![format!("keep {from}, or"), what.instead().to_owned()],
    );
}

/// Something that left a list, which TPA does not remove. Whether it is that.
pub(super) fn left(list: &str, difference: &Difference<'_>, found: &mut Collector<'_>) -> bool {
    let (Some(old), None) = (difference.old, difference.new) else {
        return false;
    };
    let now = found.now.subject;
    let primary = now
        .primary()
        .map_or("the primary", |one| one.name.value.as_str());
    let entry = |key: &str| {
        old.as_map()
            .and_then(|map| map.get(key))
            .and_then(Value::spelling)
    };
    // Not something within an entry that stays.
    let is_entry =
        |name: &String| difference.path == list || difference.path == format!("{list}[{name}]");
    let named = || {
        let name = entry("name").or_else(|| entry("username"));
        let item = || old.spelling().filter(|_| !difference.path.contains('['));
        name.filter(is_entry).or_else(item)
    };
    // The name of a tablespace is a key, and of all else a value.
    let key = difference
        .path
        .strip_prefix(list)
        .and_then(|path| path.strip_prefix('.'));
    let (what, name, step) = match (list, key, named()) {
        ("postgres_databases", None, Some(name)) => {
            let step = format!(
                "on `{primary}`, once nobody misses its data: `drop database {}`",
                identifier(&name)
            );
            ("database", name, step)
        }
        ("postgres_users", None, Some(name)) => {
            let role = identifier(&name);
            let step = format!(
                "on `{primary}`, in each database: `reassign owned by {role} to …; drop owned by {role}`, then `drop role {role}`"
            );
            ("user", name, step)
        }
        ("postgres_tablespaces", Some(path), _) => {
            let name = path.split('.').next().unwrap_or_default().to_owned();
            let step = format!(
                "on `{primary}`, when nothing is in it: `drop tablespace {}`",
                identifier(&name)
            );
            ("tablespace", name, step)
        }
        ("extra_postgres_extensions" | "postgres_extensions", None, Some(name)) => {
            let step = format!(
                "on `{primary}`, in each database that has it: `drop extension {}`",
                identifier(&name)
            );
            ("extension", name, step)
        }
        ("publications", None, Some(name)) => {
            let step =
                format!("on the provider: `select pglogical.drop_replication_set('{name}')`");
            ("publication", name, step)
        }
        ("subscriptions", None, Some(name)) => {
            let step = format!("on the subscriber: `select pglogical.drop_subscription('{name}')`");
            ("subscription", name, step)
        }
        ("packages" | "extra_postgres_packages" | "optional_packages", _, Some(name)) => {
            let step =
                format!("write it in `unwanted_packages`, or remove `{name}` on every machine");
            ("package", name, step)
        }
        _ => return false,
    };
    found.by_hand(
        format!("the {what} `{name}` left config.yml, and stays"),
        vec![step],
    );
    true
}

/// The failover manager is another one.
pub(super) fn manager(found: &mut Collector<'_>) {
    let (before, now) = (found.before.subject, found.now.subject);
    let (old, new) = (before.failover_manager(), now.failover_manager());
    if old == new {
        return;
    }
    let word = |manager: Option<FailoverManager>| manager.map_or("none", FailoverManager::name);
    let nodes = names(now.data_nodes());
    let cluster = cluster_name(now);
    let (was, is) = (word(old), word(new));
    let mut steps =
        vec!["practise it on a copy of the cluster: nobody is promoted in between".to_owned()];
    if old.is_some() {
        steps.push(format!("on {} and on witnesses: stop {was}, and keep it from starting again; nobody is promoted from here on", list(&nodes)));
    }
    steps.push(format!("`tpaexec deploy {cluster}`: sets {is} up"));
    if old == Some(FailoverManager::Repmgr) {
        steps.push(
            "remove the package of repmgr, and its database when nothing streams through its slots"
                .to_owned(),
        );
    }
    found.by_hand(
        format!("the failover manager {was} becomes {is}: TPA stops nothing of the old one"),
        steps,
    );
}
