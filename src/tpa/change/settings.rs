//! Variables that are settled when a cluster is made, and parameters that Postgres reads only when it starts.

use std::borrow::Cow;

use super::{Altered, Change, Restart, gather, pairs};
use crate::facts::parameters::{self, Context};
use crate::facts::roles::Role;
use crate::facts::settled::{self, RESTARTING, Settled, Unwritten};
use crate::facts::tpa::changes::{self, Difference};
use crate::facts::volumes::VolumeFor;
use crate::origin::Sourced;
use crate::topology::{FailoverManager, Flavour};
use crate::tpa::view::postgres::{self, REPLACED_BY_PATRONI};
use crate::tpa::view::truth::ansible_bool;
use crate::tpa::view::{Instance, Subject, guc};
use crate::value::{Data, Key, Map, Value};

pub(super) fn compare<'s>(before: &'s Subject, now: &'s Subject, changes: &mut Vec<Change<'s>>) {
    let mut found = Vec::new();
    for what in Settled::ALL {
        for (old, machine) in pairs(before, now).filter(|(_, machine)| sees(what, machine)) {
            if let Some((from, to)) = settled(what, (before, old), (now, machine)) {
                gather(&mut found, what, from, to, machine);
            }
        }
    }
    let is_moved = found
        .iter()
        .any(|(what, _)| *what == Settled::DataDirectory);
    // The WAL is in the data directory where nothing else is said, and moves with it.
    let is_own = |altered: &Altered<'_>| altered.to.is_some() || altered.from.is_some();
    found.retain(|(what, altered)| *what != Settled::WalDirectory || !is_moved || is_own(altered));
    changes.extend(
        found
            .into_iter()
            .map(|(what, altered)| Change::Settled(what, altered)),
    );
    restarts(before, now, changes);
}

/// Whether a machine has to do with something that is settled.
fn sees(what: Settled, machine: &Instance) -> bool {
    match what {
        Settled::EtcdTls => machine.has_role(Role::Etcd),
        Settled::Version
        | Settled::Flavour
        | Settled::User
        | Settled::DataDirectory
        | Settled::WalDirectory
        | Settled::InitdbOptions
        | Settled::Locale
        | Settled::Redwood => machine.is_data_node(),
    }
}

type Side<'s> = (&'s Subject, &'s Instance);
type FromTo = (Option<Sourced<String>>, Option<Sourced<String>>);

/// What was and what is, where that is not the same.
fn settled(what: Settled, before: Side<'_>, now: Side<'_>) -> Option<FromTo> {
    let written = |(subject, machine): Side<'_>| match what {
        Settled::WalDirectory => wal_directory(subject, machine),
        Settled::Version
        | Settled::Flavour
        | Settled::User
        | Settled::DataDirectory
        | Settled::InitdbOptions
        | Settled::Locale
        | Settled::Redwood
        | Settled::EtcdTls => text(subject.variable_of(machine, what.name())?),
    };
    let (from, to) = (written(before), written(now));
    let in_force = |side: Side<'_>, written: &Option<Sourced<String>>| match written {
        Some(written) => Some(written.value.clone()),
        None if what == Settled::WalDirectory => Some(format!("{}/pg_wal", data_directory(side))),
        None => {
            let flavour = side.0.flavour().unwrap_or(Flavour::DEFAULT);
            what.unwritten(flavour).map(str::to_owned)
        }
    };
    let is_epas = |(subject, _): Side<'_>| subject.flavour() == Some(Flavour::Epas);
    // What follows from another flavour is not said again.
    let follows = what == Settled::Redwood && !(is_epas(before) && is_epas(now))
        || what == Settled::User && from.is_none() && to.is_none();
    (!follows && in_force(before, &from) != in_force(now, &to)).then_some((from, to))
}

fn data_directory((subject, machine): Side<'_>) -> String {
    let written = subject.variable_of(machine, Settled::DataDirectory.name());
    let written = written.and_then(Value::spelling);
    let unwritten = || Settled::DataDirectory.unwritten(Flavour::DEFAULT);
    written.unwrap_or_else(|| unwritten().unwrap_or_default().to_owned())
}

/// Where the WAL is, as far as somebody has said it: by the variable, or by a volume for it.
fn wal_directory(subject: &Subject, machine: &Instance) -> Option<Sourced<String>> {
    if let Some(written) = subject.variable_of(machine, Settled::WalDirectory.name()) {
        return text(written);
    }
    let for_wal = machine.volumes.iter().find(|volume| {
        let vars = volume.get("vars").and_then(Value::as_map);
        let purpose = vars.and_then(|vars| vars.get("volume_for"));
        purpose.and_then(Value::as_text) == Some(VolumeFor::Wal.name())
    })?;
    let vars = for_wal.get("vars").and_then(Value::as_map)?;
    let at = vars.get("volume_for")?.origin;
    let mountpoint = vars.get("mountpoint").and_then(Value::spelling);
    let mountpoint = mountpoint.unwrap_or_else(|| VolumeFor::Wal.mountpoint().to_owned());
    Some(Sourced::new(format!("{mountpoint}/pg_wal"), at))
}

/// A value in words that compare: a list is its items, a switch is `true` or `false`.
fn text(value: &Value) -> Option<Sourced<String>> {
    let spelled = match &value.data {
        Data::Null => return None,
        Data::List(items) => {
            let items: Vec<String> = items.iter().filter_map(Value::spelling).collect();
            items.join(" ")
        }
        Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Text(_) | Data::Map(_) => {
            value.spelling()?
        }
    };
    let switch = ansible_bool(value).filter(|_| !matches!(value.data, Data::Integer(_)));
    let spelled = switch.map_or(spelled, |switch| switch.to_string());
    Some(Sourced::new(spelled, value.origin))
}

// ---- restarts ----

fn restarts<'s>(before: &'s Subject, now: &'s Subject, changes: &mut Vec<Change<'s>>) {
    let mut found: Vec<((String, bool), Altered<'s>)> = Vec::new();
    let counts = (servers(before), servers(now));
    let mut limits = Vec::new();
    for (old, machine) in pairs(before, now).filter(|(_, machine)| machine.is_data_node()) {
        for (name, unwritten) in RESTARTING {
            let from = before.variable_of(old, name).and_then(parameter);
            let to = now.variable_of(machine, name).and_then(parameter);
            if !is_other(from.as_ref(), to.as_ref(), *unwritten, counts) {
                continue;
            }
            if from.is_some() || to.is_some() {
                gather(&mut found, ((*name).to_owned(), true), from, to, machine);
            } else if !limits.contains(name) {
                limits.push(*name);
            }
        }
        for name in conf_names(before, old, now, machine) {
            let was = postgres::in_conf(before, old, &name);
            let is = postgres::in_conf(now, machine, &name);
            // TPA compares what it writes, whatever it means. What another TPA writes otherwise is said of that.
            if line(was, now) == line(is, now) {
                continue;
            }
            let value = |side: &Option<Sourced<String>>| side.as_ref().map(|it| it.value.clone());
            let (mut from, mut to) = (was.and_then(parameter), is.and_then(parameter));
            if value(&from) == value(&to) {
                from = was.and_then(Value::sourced_spelling);
                to = is.and_then(Value::sourced_spelling);
            }
            gather(&mut found, (name, false), from, to, machine);
        }
    }
    let is_patroni = now.failover_manager() == Some(FailoverManager::Patroni);
    let is_heeded = |name: &str| !is_patroni || !REPLACED_BY_PATRONI.contains(&name);
    let found = found.into_iter().filter(|((name, _), _)| is_heeded(name));
    let major = now.major();
    changes.extend(found.map(|((name, is_variable), altered)| {
        let from = number(&name, altered.from.as_ref(), counts.0, major);
        let to = number(&name, altered.to.as_ref(), counts.1, major);
        Change::Restart(Restart {
            is_lower: from.zip(to).map(|(from, to)| to < from),
            name,
            is_variable,
            altered,
        })
    }));
    if !limits.is_empty() && !is_patroni {
        changes.push(Change::Servers {
            from: counts.0,
            to: counts.1,
            limits,
        });
    }
}

/// The servers of Postgres that TPA counts for its limits.
fn servers(subject: &Subject) -> usize {
    let lone = postgres::lone_servers(subject);
    let lone = lone
        .iter()
        .filter(|server| !server.has_role(Role::PemServer));
    subject.data_nodes().count() + lone.count()
}

/// The number that is in force: what is written, or what TPA or Postgres takes where nothing is.
fn number(
    name: &str,
    written: Option<&Sourced<String>>,
    servers: usize,
    major: u32,
) -> Option<i64> {
    if let Some(written) = written {
        return written.value.parse().ok();
    }
    match settled::unwritten(name) {
        Some(unwritten) => unwritten.value(servers)?.parse().ok(),
        None => parameters::find(name, major)?.default.parse().ok(),
    }
}

fn in_force(
    written: Option<&Sourced<String>>,
    unwritten: Unwritten,
    servers: usize,
) -> Option<Cow<'_, str>> {
    match written {
        Some(written) => Some(Cow::from(&written.value)),
        None => unwritten.value(servers),
    }
}

fn is_other(
    from: Option<&Sourced<String>>,
    to: Option<&Sourced<String>>,
    unwritten: Unwritten,
    counts: (usize, usize),
) -> bool {
    let is_unknown = unwritten == Unwritten::Unknown && (from.is_none() || to.is_none());
    !is_unknown && in_force(from, unwritten, counts.0) != in_force(to, unwritten, counts.1)
}

/// What TPA writes after the `=` of a line.
fn line(value: Option<&Value>, subject: &Subject) -> Option<String> {
    let value = value?;
    let is_word = changes::differs(subject.tpa, Difference::BooleansAsOn);
    match (&value.data, is_word) {
        (Data::Boolean(true), true) => Some("on".to_owned()),
        (Data::Boolean(false), true) => Some("off".to_owned()),
        (Data::Boolean(true), false) => Some("True".to_owned()),
        (Data::Boolean(false), false) => Some("False".to_owned()),
        (Data::List(_) | Data::Map(_), _) => text(value).map(|text| text.value),
        (Data::Null | Data::Integer(_) | Data::Decimal(_) | Data::Text(_), _) => value.spelling(),
    }
}

/// A value as Postgres reads it.
fn parameter(value: &Value) -> Option<Sourced<String>> {
    let text = text(value)?;
    let switch = match &value.data {
        Data::Boolean(true) => Some("on"),
        Data::Boolean(false) => Some("off"),
        Data::Null
        | Data::Integer(_)
        | Data::Decimal(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => None,
    };
    let spelled = match (switch, value.spelling()) {
        (Some(switch), _) => switch.to_owned(),
        (None, Some(spelling)) => guc::meaning(&spelling),
        (None, None) => text.value,
    };
    Some(Sourced::new(spelled, value.origin))
}

/// The names in `postgres_conf_settings` of both versions, each once.
fn conf_names(before: &Subject, old: &Instance, now: &Subject, machine: &Instance) -> Vec<String> {
    let conf = |value: Option<&Value>| -> Vec<String> {
        let map = value.and_then(Value::as_map);
        map.map(names).unwrap_or_default()
    };
    let mut all = conf(now.variable_of(machine, "postgres_conf_settings"));
    for name in conf(before.variable_of(old, "postgres_conf_settings")) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn names(map: &Map) -> Vec<String> {
    let name = |(key, _): (&Key, &Value)| match key {
        Key::Text(text) => Some(text.clone()),
        Key::Integer(_) => None,
    };
    map.iter().filter_map(name).collect()
}

impl Restart<'_> {
    /// Whether Postgres itself reads it only when it starts. TPA restarts it all the same for what is in
    /// `postgres_conf_settings`.
    pub fn is_needed(&self, major: u32) -> bool {
        let parameter = parameters::find(&self.name, major);
        parameter.is_some_and(|parameter| parameter.context == Context::Restart)
    }

    /// What a change of it does.
    pub fn consequence(&self, major: u32) -> &'static str {
        match (self.is_variable, self.is_needed(major)) {
            (_, true) => "it takes effect only when Postgres starts, and connections break then",
            (true, false) => "TPA restarts Postgres when it changes, and connections break then",
            (false, false) => {
                "TPA restarts Postgres for every change of `postgres_conf_settings`, and connections break then"
            }
        }
    }
}
