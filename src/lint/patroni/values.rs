//! Values that Patroni cannot read, and those that it replaces.

use super::Reader;
use crate::diagnostic::{Applicability, Level};
use crate::facts::patroni::{Kind, Shared, TIMES};
use crate::lint::words;
use crate::tpa::view::guc;
use crate::tpa::view::patroni::{MEGABYTES, SECONDS, integer, integer_of, seconds, switch};
use crate::value::{Data, Value};

/// Units of a size in bytes, for what somebody meant.
const BYTES: &[(&str, i64)] = &[
    ("TB", 1 << 40),
    ("GB", 1 << 30),
    ("MB", 1 << 20),
    ("kB", 1 << 10),
    ("B", 1),
];

pub(super) fn value(reader: &mut Reader<'_, '_>, name: &str, kind: Kind, value: &Value) {
    match kind {
        Kind::Seconds => {
            let is_cut = matches!(value.data, Data::Decimal(_) | Data::Boolean(_));
            if is_cut || seconds(value).is_none() {
                let meant = integer(value, SECONDS).map(|meant| meant.to_string());
                let default = TIMES.iter().find(|(known, _)| *known == name);
                let default = default.map_or("30", |(_, default)| *default);
                let finding = reader
                    .at(
                        value.origin,
                        name,
                        format!(
                            "Patroni cannot read {} as the seconds of `{name}`",
                            shown(value)
                        ),
                    )
                    .label("a number without a unit")
                    .help(match &meant {
                        Some(meant) => format!("write `{meant}`"),
                        None => {
                            format!("write a whole number of seconds; the default is {default}")
                        }
                    })
                    .consequence(
                        "Patroni applies none of these times, and logs an exception in every loop",
                    );
                if let Some(meant) = meant {
                    finding.fix(Applicability::Suggested, value.origin, meant);
                }
            }
        }
        Kind::Integer(least, instead) => {
            whole(reader, name, (least, instead), integer(value, &[]), value);
        }
        Kind::Time(instead) => whole(reader, name, (0, instead), integer(value, SECONDS), value),
        Kind::Switch => unread_switch(reader, name, value),
        Kind::Boolean => {
            let is_text = value.data != Data::Boolean(true) && value.data != Data::Boolean(false);
            match switch(value).filter(|_| is_text) {
                Some(meant) => {
                    reader
                        .at(
                            value.origin,
                            name,
                            format!(
                                "Patroni's own validator refuses {} for `{name}`",
                                shown(value)
                            ),
                        )
                        .label("not a boolean")
                        .help(format!("write `{meant}`"))
                        .consequence("`patroni --validate-config` fails")
                        .level(Level::Warning)
                        .fix(Applicability::Safe, value.origin, meant.to_string());
                }
                None => unread_switch(reader, name, value),
            }
        }
        Kind::Synchronous => {
            let is_quorum = value
                .as_text()
                .is_some_and(|mode| mode.eq_ignore_ascii_case("quorum"));
            if !is_quorum {
                unread_switch(reader, name, value);
            }
        }
        Kind::Word(known, also) => {
            let spelling = value.spelling().unwrap_or_default();
            let mut all = known.iter().chain(also);
            if !all.any(|word| word.eq_ignore_ascii_case(&spelling)) {
                reader
                    .at(
                        value.origin,
                        name,
                        format!(
                            "Patroni does not know {} as a value of `{name}`",
                            shown(value)
                        ),
                    )
                    .label("not a word that it knows")
                    .help(words::instead(&spelling, known))
                    .consequence("Patroni does not start, or takes its default");
            }
        }
        Kind::List => {
            if value.as_list().is_none() {
                reader
                    .at(value.origin, name, format!("`{name}` of Patroni is a list"))
                    .label("not a list")
                    .help("write its items between brackets")
                    .consequence("Patroni ignores it, or fails where it uses it");
            }
        }
        Kind::Section(_) | Kind::Slots | Kind::Any => {}
    }
}

fn shown(value: &Value) -> String {
    match value.spelling() {
        Some(spelling) => format!("`{spelling}`"),
        None if value.as_list().is_some() => "a list".to_owned(),
        None => "a map".to_owned(),
    }
}

/// A number that Patroni replaces with its default where it cannot read it.
fn whole(
    reader: &mut Reader<'_, '_>,
    name: &str,
    (least, instead): (i64, &str),
    read: Option<i64>,
    value: &Value,
) {
    match read {
        Some(read) if read >= least => {}
        Some(read) => {
            let finding = reader
                .at(
                    value.origin,
                    name,
                    format!("`{name}` is {read}, and Patroni's validator accepts {least} or more"),
                )
                .label(format!("{least} or more"))
                .help(format!(
                    "write {least} or more, or remove it: the default is {instead}"
                ));
            if name == "synchronous_node_count" {
                finding.consequence(
                    "no standby is synchronous, and the last commits are lost with the primary",
                );
            }
        }
        None => {
            let meant = meant(name, value);
            let finding = reader
                .at(
                    value.origin,
                    name,
                    format!(
                        "Patroni cannot read {} as the number of `{name}`, and takes {instead}",
                        shown(value)
                    ),
                )
                .label("a whole number")
                .help(match &meant {
                    Some(meant) => format!("write `{meant}`"),
                    None => "write a whole number without a unit".to_owned(),
                })
                .consequence(if name == "maximum_lag_on_failover" {
                    "a standby that lags more than 1048576 bytes is never promoted"
                } else {
                    "Patroni silently takes its default"
                });
            if let Some(meant) = meant {
                finding.fix(Applicability::Suggested, value.origin, meant);
            }
        }
    }
}

/// The number that somebody meant by one with a unit.
fn meant(name: &str, value: &Value) -> Option<String> {
    let text = value.as_text()?.trim();
    if name.ends_with("timeout") {
        return integer_of(text, SECONDS).map(|seconds| seconds.to_string());
    }
    if !name.starts_with("maximum_lag") {
        return None;
    }
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(digits.len()..)?;
    let (_, factor) = BYTES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(unit))?;
    let bytes = digits.trim().parse::<i64>().ok()?.checked_mul(*factor)?;
    Some(bytes.to_string())
}

fn unread_switch(reader: &mut Reader<'_, '_>, name: &str, value: &Value) {
    if switch(value).is_some() {
        return;
    }
    let words = if name == "synchronous_mode" {
        "write `true`, `false` or `quorum`"
    } else {
        "write `true` or `false`"
    };
    reader
        .at(
            value.origin,
            name,
            format!(
                "Patroni cannot read {} as a switch, and takes `{name}` for off",
                shown(value)
            ),
        )
        .label("neither on nor off")
        .help(words)
        .consequence("what it was meant for does not happen, and nothing says so");
}

/// A parameter of Postgres below the least that Patroni takes.
pub(super) fn shared(reader: &mut Reader<'_, '_>, shared: &Shared, name: &str, value: &Value) {
    if let Some((least, instead)) = replaced(shared, value) {
        let least = with_unit(shared, least);
        reader
            .at(
                value.origin,
                name,
                format!(
                    "Patroni accepts no `{name}` below {least}, and runs Postgres with {instead}"
                ),
            )
            .label(format!("becomes {instead}"))
            .help(format!("write {least} or more"))
            .consequence("Postgres runs with another value, and only Patroni's log says so")
            .level(Level::Warning);
    }
}

/// The least value as somebody writes it.
pub(in crate::lint) fn with_unit(shared: &Shared, least: i64) -> String {
    let unit = if shared.is_memory { "MB" } else { "" };
    format!("{least}{unit}")
}

/// The least that Patroni accepts and what it takes instead, where a value is below.
pub(in crate::lint) fn replaced(shared: &Shared, value: &Value) -> Option<(i64, &'static str)> {
    let (least, instead) = shared.least?;
    let units: &[(&str, f64)] = if shared.is_memory { MEGABYTES } else { &[] };
    let read = match &value.data {
        Data::Text(text) => integer_of(guc::meaning(text).trim(), units),
        Data::Null
        | Data::Boolean(_)
        | Data::Integer(_)
        | Data::Decimal(_)
        | Data::List(_)
        | Data::Map(_) => integer(value, units),
    };
    read.is_none_or(|read| read < least)
        .then_some((least, instead))
}
