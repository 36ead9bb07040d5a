//! The parameters of Postgres in force on a machine: what is written, else what TPA writes, else the server's default.

use super::{Instance, Subject, guc, postgres};
use crate::facts::parameters::{self, Meaning, Quantity};
use crate::facts::settled;
use crate::value::{Data, Key, Value};

/// What TPA writes where nobody sets its variable, beside what [`settled`] knows.
const TPA: &[(&str, &str)] = &[
    ("archive_mode", "on"),
    ("max_wal_size", "4GB"),
    ("min_wal_size", "128MB"),
];

/// What a value means, if it is one that the server takes.
pub fn read(name: &str, value: &Value, major: u32) -> Option<Meaning> {
    let text = match &value.data {
        Data::Text(text) if guc::check(text).is_ok() => guc::meaning(text),
        Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => value.spelling()?,
        Data::Text(_) | Data::Null | Data::List(_) | Data::Map(_) => return None,
    };
    parameters::find(name, major)?.read(&text, major).ok()
}

/// Where a parameter is written for a machine.
pub fn written<'s>(subject: &'s Subject, machine: &'s Instance, name: &str) -> Option<&'s Value> {
    postgres::setting(subject, machine, name)
}

/// The data nodes that may have other values than one before them: the first, and those that set something themselves.
pub fn different(subject: &Subject) -> impl Iterator<Item = &Instance> {
    let mut is_first = true;
    let may_differ = move |machine: &&Instance| {
        let is_different = std::mem::take(&mut is_first);
        is_different || sets_parameters(machine)
    };
    subject.data_nodes().filter(may_differ)
}

fn sets_parameters(machine: &Instance) -> bool {
    machine.vars.iter().any(|(key, _)| match key {
        Key::Text(name) => {
            name == "postgres_conf_settings" || parameters::rows(name).next().is_some()
        }
        Key::Integer(_) => false,
    })
}

/// What holds on a machine. Nothing for what the server would refuse, or what nobody knows.
pub fn meaning(subject: &Subject, machine: &Instance, major: u32, name: &str) -> Option<Meaning> {
    if let Some(value) = written(subject, machine, name) {
        return read(name, value, major);
    }
    let parameter = parameters::find(name, major)?;
    let restarting = || settled::unwritten(name)?.value(subject.data_nodes().count());
    let reloaded = || TPA.iter().find(|(known, _)| *known == name);
    let by_tpa = restarting().or_else(|| Some(reloaded()?.1.into()));
    match by_tpa {
        Some(value) => parameter.read(&value, major).ok(),
        None => parameter.default_meaning(major),
    }
}

/// The size that a value stands for, in bytes, where the parameter counts memory.
pub fn bytes(name: &str, value: &Value, major: u32) -> Option<u64> {
    let Meaning::Whole(number) = read(name, value, major)? else {
        return None;
    };
    let each = parameters::find(name, major)?.quantity().bytes()?;
    u64::try_from(number).ok()?.checked_mul(each)
}

/// An amount of memory in kB, which is what counts where no unit is written.
pub fn kilobytes(value: &Value) -> Option<i64> {
    parameters::amount(&guc::meaning(&value.spelling()?), Quantity::Kilobytes)
}
