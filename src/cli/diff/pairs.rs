//! Which clusters are compared with each other.

use std::collections::{HashMap, HashSet};

use super::versions::Version;
use crate::diff::{self, Diff, Side};
use crate::facts::choices::ARCHITECTURES;
use crate::value::Value;

/// The names of clusters that are on one side and not on the other.
pub(super) fn alone(versions: &[Version], others: &[Version]) -> Vec<String> {
    let others = sides(others, |_| true);
    let others: HashSet<&str> = others.iter().map(name).collect();
    let sides = sides(versions, |version| !version.is_partly);
    let names = sides.iter().map(name);
    let alone = names.filter(|name| !name.is_empty() && !others.contains(name));
    alone.map(str::to_owned).collect()
}

/// What is compared, and why some is not.
pub(super) struct Compared {
    pub(super) diffs: Vec<Diff>,
    pub(super) failures: Vec<String>,
}

/// Compares all clusters: those with the same name with each other; what is left on one side is new or gone.
pub(super) fn diffs(old: &[Version], new: &[Version], is_pair: bool) -> Result<Compared, String> {
    let all = |versions| sides(versions, |_| true);
    // What is on one side alone is new or gone only where all of its file is known.
    let whole = |versions| sides(versions, |version| !version.is_partly);
    let (mut old_whole, mut new_whole) = (whole(old), whole(new));
    let (mut old, mut new) = (all(old), all(new));
    let mut failures = Vec::new();
    for (name, files) in twice(&new) {
        let [first, second] = files;
        failures.push(format!(
            "`{name}` is in `{first}` and in `{second}`: it is not compared, because a cluster is in one source"
        ));
        for sides in [&mut old, &mut new, &mut old_whole, &mut new_whole] {
            sides.retain(|side| self::name(side) != name);
        }
    }
    for side in old.iter().chain(&new) {
        architecture(side)?;
    }
    let mut diffs = Vec::new();
    let mut alone: Vec<&Side<'_>> = Vec::new();
    for now in &new {
        match old.iter().find(|before| name(before) == name(now)) {
            Some(before) => diffs.push((name(now), diff::compare(*before, *now))),
            None => {
                alone.extend(new_whole.iter().find(|whole| name(whole) == name(now)));
            }
        }
    }
    let is_gone = |before: &&Side<'_>| !new.iter().any(|now| name(now) == name(before));
    let gone: Vec<&Side<'_>> = old_whole.iter().filter(is_gone).collect();
    match (gone.as_slice(), alone.as_slice()) {
        ([before], [now]) if shares_machines(before, now) => {
            diffs.push((name(now), diff::compare(**before, **now)));
        }
        ([before], [now]) if is_pair && old.len() == 1 && new.len() == 1 => {
            return Err(format!(
                "`{}` and `{}` are different clusters: neither their names nor their machines are the same",
                name(before),
                name(now)
            ));
        }
        (gone, alone) => {
            diffs.extend(alone.iter().map(|now| (name(now), diff::made(**now))));
            diffs.extend(
                gone.iter()
                    .map(|before| (name(before), diff::gone(**before))),
            );
        }
    }
    diffs.sort_by_key(|(name, _)| *name);
    Ok(Compared {
        diffs: diffs.into_iter().map(|(_, diff)| diff).collect(),
        failures,
    })
}

/// Clusters that are in two files, with these.
fn twice(sides: &[Side<'_>]) -> Vec<(String, [String; 2])> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    let mut found: Vec<(String, [String; 2])> = Vec::new();
    for side in sides.iter().filter(|side| side.subject.name.is_some()) {
        let file = side.sources.name(side.subject.at.place().file);
        let name = name(side);
        let before = *first.entry(name).or_insert(file);
        if before != file && !found.iter().any(|(known, _)| known == name) {
            found.push((name.to_owned(), [before.to_owned(), file.to_owned()]));
        }
    }
    found
}

fn sides(versions: &[Version], is_meant: impl Fn(&Version) -> bool) -> Vec<Side<'_>> {
    let mut sides = Vec::new();
    for version in versions.iter().filter(|version| is_meant(version)) {
        let sources = &version.sources;
        let subjects = version.subjects.iter();
        sides.extend(subjects.map(|subject| Side { subject, sources }));
    }
    sides
}

/// Only clusters of one architecture can be compared, and m1c knows one.
fn architecture(side: &Side<'_>) -> Result<(), String> {
    let written = side.subject.document.get("architecture");
    match written.and_then(Value::as_text) {
        Some(other) if !ARCHITECTURES.contains(&other) => Err(format!(
            "`{}` has the architecture `{other}`, and m1c compares {} alone",
            name(side),
            ARCHITECTURES.join(", ")
        )),
        Some(_) | None => Ok(()),
    }
}

fn shares_machines(before: &Side<'_>, now: &Side<'_>) -> bool {
    let mut machines = now.subject.instances.iter();
    machines.any(|machine| before.subject.instance(&machine.name.value).is_some())
}

fn name<'s>(side: &Side<'s>) -> &'s str {
    let name = side.subject.name.as_ref();
    name.map_or("", |name| name.value.as_str())
}
