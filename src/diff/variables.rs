//! Variables that are different on machines, and keys of config.yml itself.

use super::collect::{Collector, said};
use super::differ::{self, Difference};
use super::{Change, by_hand, entries, patroni, refused, steps, values};
use crate::facts::consequences::{Consequence, Effect, Part};
use crate::facts::effects;
use crate::facts::extensions;
use crate::facts::roles::Role;
use crate::facts::settled::{RESTARTING, Settled, Unwritten};
use crate::topology::FailoverManager;
use crate::tpa::view::{Instance, Subject};
use crate::value::{Key, Map, Value};

/// Sections that are compared after TPA has expanded them, and keys that it puts into every machine.
const EXPANDED: &[&str] = &[
    "cluster_name",
    "cluster_ssh_user",
    "cluster_vars",
    "ec2_ami_user",
    "instance_defaults",
    "instances",
    "locations",
    "route53_hosted_zone_id",
    "route53_zone",
];

/// What is in the databases: TPA makes it on the primary, and the others have it from there.
const IN_DATABASES: &[&str] = &[
    "postgres_databases",
    "postgres_users",
    "publications",
    "subscriptions",
];

const CONF: &str = "postgres_conf_settings";
const DYNAMIC: &str = "patroni_dynamic_conf_settings";

pub(super) fn compare(found: &mut Collector<'_>) {
    let (before, now) = (found.before.subject, found.now.subject);
    for name in names(&[&before.document, &now.document]) {
        let (old, new) = (before.document.get(name), now.document.get(name));
        if !EXPANDED.contains(&name) && !differ::is_same(old, new) {
            for difference in differ::differences(name, old, new) {
                top_level(name, &difference, found);
            }
        }
    }
    let pairs = found.pairs();
    let changed = changed(before, now, &pairs);
    for name in changed {
        variable(name, &pairs, found);
    }
}

/// The variables that some machine sees otherwise, but for those with consequences of their own.
fn changed<'s>(
    before: &'s Subject,
    now: &'s Subject,
    pairs: &[(&'s Instance, &'s Instance)],
) -> Vec<&'s str> {
    let mut maps = vec![&before.vars, &now.vars];
    for (old, machine) in pairs {
        maps.extend([&old.vars, &machine.vars]);
    }
    let mut changed = names(&maps);
    changed.retain(|name| {
        let differs = |(old, machine): &(&Instance, &Instance)| {
            let old = before.variable_of(old, name);
            let new = now.variable_of(machine, name);
            !is_told(name, old, new) && !differ::is_same(old, new)
        };
        pairs.iter().any(differs)
    });
    changed
}

/// Whether [`change`](crate::tpa::change) tells what a variable does. Where nobody knows what holds when it is not
/// written, it is silent, and only that it changes can be told.
fn is_told(name: &str, old: Option<&Value>, new: Option<&Value>) -> bool {
    let restarting = RESTARTING.iter().find(|(known, _)| *known == name);
    let is_restarting = restarting.is_some_and(|(_, unwritten)| {
        *unwritten != Unwritten::Unknown || old.is_some() && new.is_some()
    });
    name == CONF || Settled::parse(name).is_some() || is_restarting
}

/// The keys of all maps, each once.
fn names<'v>(maps: &[&'v Map]) -> Vec<&'v str> {
    let mut names: Vec<&str> = Vec::new();
    for map in maps {
        for (key, _) in map.iter() {
            if let Key::Text(name) = key {
                names.push(name);
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn top_level(name: &str, difference: &Difference<'_>, found: &mut Collector<'_>) {
    let value = |value: Option<&Value>| value.and_then(Value::spelling);
    let (effect, says) = match effects::of_variable(name) {
        Some(_) if name == "ec2_vpc" && difference.path.ends_with(".Name") => {
            (Effect::Update, "a tag of the VPC")
        }
        Some(_)
            if name == "ec2_instance_reachability"
                && value(difference.new).is_some_and(|new| new == "public") =>
        {
            (
                Effect::Update,
                "the gateway and its route are made; new machines get public addresses",
            )
        }
        // What is beside the others harms none of them.
        Some(known) if known.effect == Effect::Refused && difference.old.is_none() => {
            (Effect::Create, "it is made beside the others")
        }
        Some(known) => (known.effect, known.says),
        None => (Effect::Unknown, "m1c does not know this key of config.yml"),
    };
    if effect == Effect::Manual {
        steps::add(name, difference, found);
    }
    let change = change(effect, says, difference, found);
    found.common(change);
}

fn variable(name: &str, pairs: &[(&Instance, &Instance)], found: &mut Collector<'_>) {
    let (before, now) = (found.before, found.now);
    let mut is_read = false;
    let mut all = Vec::new();
    let is_own = |machine: &Instance| machine.vars.get(name).is_some();
    let is_clusters = !pairs
        .iter()
        .any(|(old, machine)| is_own(old) || is_own(machine));
    for (old, machine) in pairs {
        let was = before.subject.variable_of(old, name);
        let is = now.subject.variable_of(machine, name);
        if is_told(name, was, is) {
            continue;
        }
        if values::is_as_unwritten(name, was, is, now.subject) {
            let (effect, says) = values::AS_UNWRITTEN;
            let whole = Difference {
                path: name.to_owned(),
                old: was,
                new: is,
            };
            let change = change(effect, says, &whole, found);
            if is_clusters {
                found.common(change);
            } else {
                found.on(&machine.name.value, change);
            }
            is_read = true;
            continue;
        }
        let differences = differ::differences(name, was, is);
        for difference in &differences {
            let known = effects::of_variable(name);
            let Some(known) = known else {
                let unknown = unknown(difference, found);
                if is_clusters {
                    found.common(unknown);
                } else {
                    found.on(&machine.name.value, unknown);
                }
                is_read = true;
                continue;
            };
            let is_common = match known.part {
                Part::Tpa | Part::Provision => true,
                // The same on all machines, and said once.
                Part::System => is_clusters,
                Part::Postgres
                | Part::Repmgr
                | Part::Efm
                | Part::Patroni
                | Part::Etcd
                | Part::Barman
                | Part::Pgbouncer
                | Part::Haproxy
                | Part::Pem
                | Part::BeaconAgent
                | Part::Openvpn => false,
            };
            if is_common {
                let change = told(name, known, None, difference, found);
                found.common(change);
                is_read = true;
            } else if is_concerned(known.part, before.subject, old)
                && is_concerned(known.part, now.subject, machine)
                && (!IN_DATABASES.contains(&name) || is_primary(machine, now.subject))
            {
                on_machine(name, known, difference, machine, found);
                is_read = true;
            }
        }
        all.extend(differences);
    }
    if is_read {
        return;
    }
    // Some variables stand at a machine and are read elsewhere: the name of its backups is Barman's.
    let known = effects::of_variable(name);
    let runs = |known: &Consequence| {
        let mut machines = now.subject.instances.iter();
        machines.any(|machine| is_concerned(known.part, now.subject, machine))
    };
    for difference in &all {
        let change = match known.filter(runs) {
            Some(known) => told(name, known, None, difference, found),
            None => change(Effect::Nothing, "no machine reads it", difference, found),
        };
        found.common(change);
    }
}

/// What a difference does, with the steps that it takes: its own effect, that of its value, or that of the row.
fn told(
    name: &str,
    known: Consequence,
    own: Option<(Effect, &'static str)>,
    difference: &Difference<'_>,
    found: &mut Collector<'_>,
) -> Change {
    let is_left = by_hand::left(name, difference, found) || entries::left(name, difference, found);
    let (effect, says) = own
        .or_else(|| values::effect(name, difference, found))
        .unwrap_or_else(|| stays(is_left, known));
    if effect == Effect::Manual && !is_left {
        steps::add(name, difference, found);
    }
    change(effect, says, difference, found)
}

fn on_machine(
    name: &str,
    known: Consequence,
    difference: &Difference<'_>,
    machine: &Instance,
    found: &mut Collector<'_>,
) {
    if name == DYNAMIC {
        let setting = difference.path.strip_prefix(DYNAMIC).unwrap_or_default();
        patroni::dynamic(difference, setting.trim_start_matches('.'), found);
        return;
    }
    if is_in_databases(name, difference, machine, found) && !is_primary(machine, found.now.subject)
    {
        return;
    }
    let in_file = patroni::in_file(&difference.path, found.now.subject.major());
    let hidden = || values::hidden(name, found.now.subject, machine);
    let own = in_file
        .or_else(hidden)
        .or_else(|| absent(difference))
        .or_else(|| extension(name, difference, machine, found));
    if known.part == Part::Postgres
        && own.is_none()
        && let Some(says) = refused::value(name, difference.new, found)
    {
        let change = change(Effect::Manual, &says, difference, found);
        found.on(&machine.name.value, change);
        return;
    }
    let change = told(name, known, own, difference, found);
    if change.effect == Effect::Restart && in_file.is_some() {
        found.waits(None);
    }
    found.on(&machine.name.value, change);
}

/// What left a list stays, if there are steps to remove it.
fn stays(is_left: bool, known: Consequence) -> (Effect, &'static str) {
    if is_left {
        (
            Effect::Manual,
            "it stays: TPA removes nothing that left the list",
        )
    } else {
        (known.effect, known.says)
    }
}

/// What an extension does that comes or goes: nothing for what is not one.
fn extension(
    list: &str,
    difference: &Difference<'_>,
    machine: &Instance,
    found: &Collector<'_>,
) -> Option<(Effect, &'static str)> {
    let is_preloaded = is_preloaded(list, difference, machine, found)?;
    Some(match (is_preloaded, difference.new.is_some()) {
        (true, true) => (
            Effect::Restart,
            "its library has to be preloaded, for which TPA restarts Postgres",
        ),
        (true, false) => (
            Effect::Restart,
            "TPA does not preload its library any more, and restarts Postgres; the extension stays in its databases",
        ),
        (false, true) => (Effect::Update, "TPA creates it in its databases"),
        (false, false) => (
            Effect::Manual,
            "it stays in its databases: TPA drops no extension",
        ),
    })
}

/// Whether an extension that comes or goes has to be preloaded: nothing for what is not one.
fn is_preloaded(
    list: &str,
    difference: &Difference<'_>,
    machine: &Instance,
    found: &Collector<'_>,
) -> Option<bool> {
    if !matches!(list, "extra_postgres_extensions" | "postgres_extensions") {
        return None;
    }
    let item = difference.new.or(difference.old)?;
    let name = item.spelling()?;
    let listed = found.now.subject.variable_of(machine, "preload_extensions");
    let listed = listed.and_then(Value::as_list).unwrap_or_default();
    let is_listed = listed.iter().any(|item| item.as_text() == Some(&name));
    Some(extensions::PRELOADED.contains(&name.as_str()) || is_listed)
}

/// Whether it is an extension that only databases have, and not Postgres itself.
fn is_in_databases(
    list: &str,
    difference: &Difference<'_>,
    machine: &Instance,
    found: &Collector<'_>,
) -> bool {
    is_preloaded(list, difference, machine, found) == Some(false)
}

fn is_primary(machine: &Instance, subject: &Subject) -> bool {
    let primary = subject.primary();
    primary.is_none_or(|primary| std::ptr::eq(primary, machine))
}

/// What is dropped because somebody says that it is to be absent.
fn absent(difference: &Difference<'_>) -> Option<(Effect, &'static str)> {
    let state = match difference.new {
        Some(new) => new.as_map().map_or(Some(new), |entry| entry.get("state"))?,
        None => return None,
    };
    let is_state =
        difference.path.rsplit('.').next() == Some("state") || difference.new.is_some_and(is_map);
    let is_absent = is_state && state.as_text() == Some("absent");
    is_absent.then_some((Effect::Loss, "TPA drops it, with all that is in it"))
}

fn is_map(value: &Value) -> bool {
    value.as_map().is_some()
}

fn change(
    effect: Effect,
    says: &str,
    difference: &Difference<'_>,
    found: &Collector<'_>,
) -> Change {
    Change {
        old: found.old_at(&difference.path, difference.old),
        new: found.new_at(&difference.path, difference.new),
        ..said(effect, difference.path.clone(), says)
    }
}

fn unknown(difference: &Difference<'_>, found: &Collector<'_>) -> Change {
    let says = "m1c does not know this variable; a hook or TPA may read it";
    change(Effect::Unknown, says, difference, found)
}

/// Whether a machine runs what reads a variable.
fn is_concerned(part: Part, subject: &Subject, machine: &Instance) -> bool {
    let has = |roles: &[Role]| roles.iter().any(|role| machine.has_role(*role));
    let is_managed = |manager| subject.failover_manager() == Some(manager);
    let has_postgres = machine.is_data_node() || has(&[Role::PemServer]);
    match part {
        Part::Tpa | Part::Provision | Part::System => true,
        Part::Postgres => {
            has_postgres || is_managed(FailoverManager::Repmgr) && has(&[Role::Witness])
        }
        Part::Repmgr => {
            is_managed(FailoverManager::Repmgr) && (machine.is_data_node() || has(&[Role::Witness]))
        }
        Part::Efm => {
            is_managed(FailoverManager::Efm)
                && (machine.is_data_node() || has(&[Role::Efm, Role::EfmWitness]))
        }
        Part::Patroni => is_managed(FailoverManager::Patroni) && machine.is_data_node(),
        Part::Etcd => has(&[Role::Etcd]),
        Part::Barman => has(&[Role::Barman]),
        Part::Pgbouncer => has(&[Role::Pgbouncer]),
        Part::Haproxy => has(&[Role::Haproxy]),
        Part::Pem => has(&[Role::PemServer, Role::PemAgent]),
        Part::BeaconAgent => has(&[Role::BeaconAgent]),
        Part::Openvpn => has(&[Role::OpenvpnServer]),
    }
}
