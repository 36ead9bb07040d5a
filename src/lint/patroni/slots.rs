//! Permanent replication slots.

use super::Reader;
use crate::diagnostic::{Applicability, Level};
use crate::facts::patroni::{DYNAMIC, SLOT};
use crate::lint::{scopes, words};
use crate::origin::Origin;
use crate::suggest::nearest;
use crate::tpa::view::settings::{at_key, inside};
use crate::tpa::view::truth::python_truthy;
use crate::tpa::view::{Instance, Subject, postgres, settings};
use crate::value::{Data, Key, Map, Value};

const NAMES: [&str; 3] = ["permanent_replication_slots", "permanent_slots", "slots"];
const LONGEST: usize = 63;

pub(super) fn slots(reader: &mut Reader<'_, '_>, called: &str, written: &Value) {
    let Some(map) = written.as_map() else {
        reader
            .at(
                written.origin,
                called,
                format!("`{called}` of Patroni is a map of slots"),
            )
            .label("not a map")
            .help("write `{ NAME = { type = physical } }`")
            .consequence("Patroni makes no slot, and fails in every loop");
        return;
    };
    for (key, slot) in map.iter() {
        let Key::Text(name) = key else { continue };
        if scopes::is_template(slot) {
            continue;
        }
        let at = at_key(written, name);
        let is_legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > LONGEST || !name.chars().all(is_legal) {
            reader
                .at(at, name, format!("Patroni makes no slot called `{name}`"))
                .label("lower case letters, digits and `_` only")
                .help("give it another name, of 63 characters at most")
                .consequence("the slot does not exist, and whoever reads from it cannot connect");
            continue;
        }
        self::slot(reader, name, at, slot);
    }
}

fn slot(reader: &mut Reader<'_, '_>, name: &str, at: Origin, written: &Value) {
    let Some(map) = written.as_map() else {
        // Without anything it is a physical one.
        if python_truthy(written) {
            reader
                .at(written.origin, name, format!("the slot `{name}` is not a map"))
                .label("a map with `type`")
                .help("write `{ type = physical }`, or `{ type = logical; database = …; plugin = … }`")
                .consequence("Patroni does not make the slot");
        }
        return;
    };
    keys(reader, name, written, map);
    let kind = map.get("type").filter(|kind| kind.data != Data::Null);
    let missing: Vec<String> = ["database", "plugin"]
        .iter()
        .filter(|key| !map.get(key).is_some_and(python_truthy) && !is_misspelt(map, key))
        .map(|key| format!("`{key}`"))
        .collect();
    let word = kind.and_then(Value::spelling);
    match word.as_deref() {
        Some("physical") => {}
        Some("logical") | None if missing.is_empty() => conflicting(reader, name, at),
        // With one of the two alone it is a physical one.
        None if missing.len() == 2 => {}
        None => {
            reader
                .at(
                    at,
                    name,
                    format!(
                        "the slot `{name}` has no {}, and becomes a physical one",
                        missing.join(" and no ")
                    ),
                )
                .label("not a logical slot")
                .help(format!(
                    "add {}, or remove the other",
                    missing.join(" and ")
                ))
                .consequence(
                    "the logical slot does not exist, and whoever reads from it cannot connect",
                );
        }
        Some("logical") => {
            let lacks = |key: &str| missing.iter().any(|name| name.trim_matches('`') == key);
            let examples: Vec<String> = [("database", "postgres"), ("plugin", "pgoutput")]
                .into_iter()
                .filter(|(key, _)| lacks(key))
                .map(|(key, value)| words::setting(reader.subject.written, key, value))
                .collect();
            let help = format!(
                "add {} to it, as the reader needs them",
                examples.join(" and ")
            );
            let finding = reader
                .at(
                    at,
                    name,
                    format!(
                        "the logical slot `{name}` has no {}, and Patroni does not make it",
                        missing.join(" and no ")
                    ),
                )
                .label("not made")
                .help(help)
                .consequence("the slot does not exist, and whoever reads from it cannot connect");
            if let Some(kind) = kind {
                finding.related(kind.origin, "needs a database and a plugin");
            }
        }
        Some(other) => {
            let at = kind.map_or(at, |kind| kind.origin);
            reader
                .at(
                    at,
                    name,
                    format!("Patroni does not know the slot type `{other}`"),
                )
                .label("`physical` or `logical`")
                .help(crate::lint::words::instead(other, &["physical", "logical"]))
                .consequence("Patroni does not make the slot");
        }
    }
}

/// Whether a key is there under a name that is said to be wrong.
fn is_misspelt(map: &Map, key: &str) -> bool {
    map.iter().any(|(written, _)| match written {
        Key::Text(name) => !SLOT.contains(&name.as_str()) && nearest(name, SLOT) == Some(key),
        Key::Integer(_) => false,
    })
}

fn keys(reader: &mut Reader<'_, '_>, slot: &str, written: &Value, map: &Map) {
    for (key, _) in map.iter() {
        let Key::Text(name) = key else { continue };
        if SLOT.contains(&name.as_str()) {
            continue;
        }
        let at = at_key(written, name);
        let meant = nearest(name, SLOT);
        let belongs_above = DYNAMIC.find(name).is_some();
        let finding = reader.at(
            at,
            slot,
            format!("Patroni does not read `{name}` in the slot `{slot}`"),
        );
        match meant.filter(|_| !belongs_above) {
            Some(meant) => {
                finding
                    .label(format!("did you mean `{meant}`?"))
                    .help(format!("write `{meant}`"))
                    .fix(Applicability::Suggested, at, meant);
            }
            None if belongs_above => {
                finding.label("not at this level").help(
                    "write it at the top of the dynamic configuration, `patroni_dynamic_conf_settings`",
                );
            }
            None => {
                finding
                    .label("has no effect")
                    .help("remove it")
                    .level(Level::Warning);
            }
        }
    }
}

/// A logical slot with the name of the slot that Patroni makes for a member.
fn conflicting(reader: &mut Reader<'_, '_>, name: &str, at: Origin) {
    let member = reader.subject.data_nodes().find(|node| {
        let slot: String = node.name.value.chars().map(of_member).collect();
        slot == name
    });
    let Some(member) = member else { return };
    let (member, machine) = (member.name.value.clone(), member.at);
    reader
        .at(
            at,
            name,
            format!("the logical slot `{name}` has the name of the physical one for `{member}`"),
        )
        .label("not made")
        .help("give it another name")
        .related(machine, "Patroni makes a slot for each member")
        .consequence("the slot does not exist, and whoever reads from it cannot connect");
}

fn of_member(character: char) -> char {
    match character.to_ascii_lowercase() {
        letter @ ('a'..='z' | '0'..='9') => letter,
        _ => '_',
    }
}

/// Of several maps of slots Patroni reads one.
pub(super) fn overruled(reader: &mut Reader<'_, '_>, written: &Value) {
    let mut present = NAMES.iter().filter(|name| {
        let map = inside(Some(written), &[name]);
        map.is_some_and(python_truthy)
    });
    let Some(winner) = present.next() else { return };
    let others: Vec<&&str> = present.collect();
    for name in others {
        reader
            .at(
                at_key(written, name),
                name,
                format!("Patroni reads `{winner}`, and not `{name}`"),
            )
            .label("has no effect")
            .help(format!("move its slots to `{winner}`"))
            .related(at_key(written, winner), "wins")
            .consequence("these slots do not exist");
    }
}

/// A logical slot that this level of WAL does not allow.
pub(in crate::lint) fn logical_slots_need_wal<'s>(
    subject: &'s Subject,
    node: &'s Instance,
) -> Option<(&'s str, Origin, &'s Value)> {
    let level = settings::patroni_dynamic(subject, node, "postgresql")
        .and_then(|postgresql| inside(Some(postgresql), &["parameters", "wal_level"]))
        .or_else(|| postgres::setting(subject, node, "wal_level"))?;
    if postgres::word(level).as_deref() == Some("logical") {
        return None;
    }
    let all = NAMES.iter().find_map(|name| {
        settings::patroni_dynamic(subject, node, name).filter(|all| python_truthy(all))
    })?;
    all.as_map()?.iter().find_map(|(key, slot)| {
        let Key::Text(name) = key else { return None };
        let has = |key: &str| inside(Some(slot), &[key]).is_some_and(python_truthy);
        let kind = inside(Some(slot), &["type"]).and_then(Value::as_text);
        let is_logical =
            kind == Some("logical") || (kind.is_none() && has("database") && has("plugin"));
        is_logical.then(|| (name.as_str(), at_key(all, name), level))
    })
}
