//! What TPA does not do, with the steps that do it, in order.

use super::Task;
use super::collect::{Collector, cluster_name, said};
use super::differ::Difference;
use super::entries::identifier;
use crate::facts::choices::Platform;
use crate::facts::consequences::Effect;
use crate::facts::roles::Role;
use crate::facts::settled::Settled;
use crate::topology::FailoverManager;
use crate::tpa::change::Altered;
use crate::tpa::renamed::repmgr_kind;
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

/// The first major in which a standby that has less than its primary pauses, and does not stop.
const PAUSES_SINCE: u32 = 14;

/// A machine that left config.yml.
pub(super) fn gone(machine: &Instance, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    let says = match machine.known_platform() {
        Some(Platform::Aws | Platform::Docker) => {
            "TPA leaves the machine alone, and Terraform refuses to take it away until you say that it may go"
        }
        Some(Platform::Bare) | None => "TPA leaves the machine alone: whatever runs there runs on",
    };
    found.on(name, said(Effect::Manual, "machine", says));
    let before = found.before.subject;
    let mut steps = Vec::new();
    if machine.is_data_node() {
        steps.extend(forget(before, machine));
        steps.push(format!(
            "on `{name}`: stop Postgres, and keep it from starting again"
        ));
        steps.extend(drop_slot(found, machine));
    }
    if machine.has_role(Role::Etcd) {
        steps.push(member_remove(name));
    }
    if machine.has_role(Role::Barman) {
        steps.push(format!(
            "keep the backups on `{name}` as long as they are needed"
        ));
        steps.push(format!(
            "on `{name}`: stop Barman's cron, so that it receives no WAL"
        ));
        let backed = before.instances.iter().filter(|one| {
            let mut servers = one.backup.iter();
            servers.any(|server| server.value == *name)
        });
        steps.extend(backed.map(drop_barman_slot));
    }
    if machine.has_role(Role::Witness) || machine.has_role(Role::EfmWitness) {
        steps.extend(forget_witness(before, machine));
    }
    if steps.is_empty() {
        steps.push(format!(
            "send the clients of `{name}` elsewhere, and stop what runs there"
        ));
    }
    steps.extend(take_away(machine));
    found.by_hand(
        format!("the machine `{name}` left config.yml, and runs on"),
        steps,
    );
}

/// The failover manager no longer counts on a data node.
fn forget(before: &Subject, machine: &Instance) -> Option<String> {
    let name = &machine.name.value;
    match before.failover_manager()? {
        FailoverManager::Repmgr => Some(format!(
            "on `{name}`: stop repmgrd; `repmgr standby unregister`"
        )),
        FailoverManager::Efm => Some(format!(
            "on `{name}`: stop EFM; on another machine: `efm disallow-node` with the address of `{name}`"
        )),
        FailoverManager::Patroni => Some(format!(
            "on `{name}`: stop Patroni, and keep it from starting again"
        )),
        FailoverManager::None => None,
    }
}

fn forget_witness(before: &Subject, machine: &Instance) -> Option<String> {
    let name = &machine.name.value;
    match before.failover_manager()? {
        FailoverManager::Repmgr => Some(format!(
            "on `{name}`: stop repmgrd; `repmgr witness unregister`; stop Postgres"
        )),
        FailoverManager::Efm => Some(format!(
            "on `{name}`: stop EFM; on another machine: `efm disallow-node` with the address of `{name}`"
        )),
        FailoverManager::Patroni | FailoverManager::None => None,
    }
}

/// The slot of a standby keeps WAL on the primary until the disk is full. Patroni takes it away itself.
fn drop_slot(found: &Collector<'_>, machine: &Instance) -> Option<String> {
    let before = found.before.subject;
    let upstream = before.upstream_of(machine)?;
    // What goes itself takes its slots along.
    if !found.stays(upstream) {
        return None;
    }
    let slot = match before.failover_manager()? {
        FailoverManager::Repmgr => {
            let node = machine.entry.get("node").and_then(Value::spelling)?;
            format!("repmgr_slot_{node}")
        }
        FailoverManager::Efm | FailoverManager::None => {
            let written = before.variable_of(machine, "primary_slot_name");
            written.and_then(Value::spelling).unwrap_or_else(|| {
                let letter = |one: char| {
                    if one.is_ascii_alphanumeric() {
                        one
                    } else {
                        '_'
                    }
                };
                let name: String = machine.name.value.chars().map(letter).collect();
                format!("tpa_{name}")
            })
        }
        FailoverManager::Patroni => return None,
    };
    Some(format!(
        "on `{}`: `select pg_drop_replication_slot('{slot}')`",
        upstream.name.value
    ))
}

fn drop_barman_slot(machine: &Instance) -> String {
    format!(
        "on `{}`: `select pg_drop_replication_slot(…)` for the slot of Barman that `select * from pg_replication_slots` shows",
        machine.name.value
    )
}

fn member_remove(name: &str) -> String {
    format!(
        "on another member of etcd: `etcdctl member remove` with the id that `etcdctl member list` shows for `{name}`"
    )
}

/// How a machine that TPA or Terraform has made is taken away.
fn take_away(machine: &Instance) -> Option<String> {
    let name = &machine.name.value;
    match machine.known_platform()? {
        Platform::Aws => Some(format!(
            "with Terraform: say that `aws_instance.node[\"{name}\"]` and its volumes may go, and apply; else delete them in aws"
        )),
        Platform::Docker => Some(format!(
            "`docker rm --force {name}`, with its volumes, once nobody misses it"
        )),
        Platform::Bare => None,
    }
}

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
    let cluster = cluster_name(found.now.subject);
    match Role::parse(role) {
        Some(Role::Etcd) if found.before.subject.with_role(Role::Etcd).next().is_some() => {
            found.by_hand(
                format!("members of etcd come and go one at a time: `{name}` joins"),
                vec![
                    "`etcdctl endpoint health --cluster` before each: all members must be well".to_owned(),
                    format!("`etcdctl member add {name} --peer-urls=…` on a member that runs"),
                    format!("`tpaexec deploy {cluster}` with `etcd_initial_cluster_state = existing`, and the next member after that"),
                ],
            );
        }
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
    let step = match Role::parse(role) {
        Some(Role::Etcd) => member_remove(name),
        Some(Role::Barman) => format!(
            "keep the backups on `{name}` as long as they are needed, and stop Barman's cron there"
        ),
        Some(Role::Witness) => format!(
            "on `{name}`: `repmgr witness unregister`; stop repmgrd and Postgres, and keep them from starting again"
        ),
        Some(_) | None => format!("on `{name}`: stop `{role}`, and keep it from starting again"),
    };
    found.by_hand(
        format!("TPA removes no role: `{name}` had `{role}`"),
        vec![step],
    );
}

pub(super) fn upstream(machine: &Instance, to: &str, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    let now = found.now.subject;
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
    found.by_hand(format!("`{name}` is to stream from `{to}`"), vec![step]);
}

pub(super) fn backup_lost(server: &str, machine: &Instance, found: &mut Collector<'_>) {
    let name = &machine.name.value;
    let slot = drop_barman_slot(machine);
    found.by_hand(
        format!("Barman on `{server}` is told nothing: it still backs up `{name}`"),
        vec![
            format!("on `{server}`: remove the file of `{name}` from Barman's configuration; keep its backups as long as they are needed"),
            slot,
        ],
    );
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

/// A parameter that standbys need as high as their primary, and its new value.
pub(super) struct Ordered<'s> {
    pub(super) name: &'s str,
    pub(super) value: &'s str,
    pub(super) is_lower: Option<bool>,
}

pub(super) fn ordered(parameter: &Ordered<'_>, machines: &[&Instance], found: &mut Collector<'_>) {
    let Ordered {
        name,
        value,
        is_lower,
    } = *parameter;
    let major = found.now.subject.major();
    let (primaries, standbys): (Vec<&Instance>, Vec<&Instance>) = machines
        .iter()
        .copied()
        .partition(|machine| machine.has_role(Role::Primary));
    if primaries.is_empty() || standbys.is_empty() {
        return;
    }
    let cluster = cluster_name(found.now.subject);
    let list = |machines: &[&Instance]| {
        let names: Vec<String> = machines
            .iter()
            .map(|one| format!("`{}`", one.name.value))
            .collect();
        names.join(", ")
    };
    found.is_lowered |= is_lower == Some(true);
    let (first, second) = match is_lower {
        Some(true) => (&primaries, &standbys),
        Some(false) | None => (&standbys, &primaries),
    };
    let otherwise = if major < PAUSES_SINCE {
        "stops"
    } else {
        "pauses its replay, and stops when it restarts"
    };
    let word = match is_lower {
        Some(true) => "lower it on the primary first",
        Some(false) => "raise it on standbys first",
        None => "raise it on standbys first, lower it on the primary first",
    };
    found.in_order(
        format!(
            "`{name}`: {word}; on Postgres {major} a standby with less than its primary {otherwise}"
        ),
        vec![
            format!(
                "write `{name}`, {value}, for {} alone, and `tpaexec deploy {cluster}`",
                list(first)
            ),
            format!(
                "when they have restarted and replay, write it for {} too, and deploy again",
                list(second)
            ),
        ],
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
    let names: Vec<String> = now
        .data_nodes()
        .map(|one| format!("`{}`", one.name.value))
        .collect();
    let (names, cluster) = (names.join(", "), cluster_name(now));
    let (was, is) = (word(old), word(new));
    let mut steps =
        vec!["practise it on a copy of the cluster: nobody is promoted in between".to_owned()];
    if old.is_some() {
        steps.push(format!("on {names} and witnesses: stop {was}, and keep it from starting again; nobody is promoted from here on"));
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
