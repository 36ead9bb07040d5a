//! `allow` statements are collected from every level, with what each covers.

use std::collections::HashMap;

use super::layout::Layout;
use super::names::Named;
use crate::model::{Block, Entry};
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::topology::{Allow, Within};

/// Those outside of the clusters.
pub(super) fn of_files(entries: &[Entry]) -> Vec<Allow> {
    let allow = |entry| allow(entry, &Within::File, &[]);
    entries.iter().filter_map(allow).collect()
}

/// Those in a cluster.
pub(super) fn of_cluster(cluster: &Block, layout: &Layout<'_>, named: &[Named<'_>]) -> Vec<Allow> {
    let mut allows = Vec::new();
    // A machine is its own statement, whatever it is called.
    let machines: HashMap<*const Entry, &Named<'_>> = layout
        .machines
        .iter()
        .zip(named)
        .filter_map(|(machine, named)| Some((std::ptr::from_ref(machine.entry?), named)))
        .collect();
    own(cluster, &Within::Cluster, &[], &mut allows);
    for entry in &cluster.entries {
        if entry.schema.word != "location" {
            below(entry, &mut allows);
            continue;
        }
        let name = entry.label(0).unwrap_or_default().to_owned();
        let within = Within::Location(name);
        own(&entry.block, &within, &entry.bodies, &mut allows);
        for inner in &entry.block.entries {
            match machines.get(&std::ptr::from_ref(inner)) {
                Some(named) => {
                    let within = Within::Machine(named.name.value.clone());
                    own(&inner.block, &within, &inner.bodies, &mut allows);
                    for innermost in &inner.block.entries {
                        below(innermost, &mut allows);
                    }
                }
                None => below(inner, &mut allows),
            }
        }
    }
    allows
}

/// Those in a block that is not an entity.
fn below(entry: &Entry, allows: &mut Vec<Allow>) {
    own(&entry.block, &Within::Block, &entry.bodies, allows);
    for inner in &entry.block.entries {
        below(inner, allows);
    }
}

/// Those directly in a block.
fn own(block: &Block, within: &Within, bodies: &[Span], allows: &mut Vec<Allow>) {
    for entry in block.entries("allow").filter(|entry| !entry.broken) {
        allows.extend(allow(entry, within, bodies));
    }
}

fn allow(entry: &Entry, within: &Within, bodies: &[Span]) -> Option<Allow> {
    let rule = entry.name(0)?.to_owned();
    let reason = entry.label(1).unwrap_or_default().to_owned();
    let until = entry.name(3).map(Sourced::to_owned);
    let at = whole(entry);
    // A machine is all that is merged into it; in another block only the body counts that the statement is in.
    let holds = |body: &Span| *within != Within::Block || body.contains(at.place());
    Some(Allow {
        rule,
        reason,
        until,
        at,
        within: within.clone(),
        bodies: bodies.iter().copied().filter(holds).collect(),
    })
}

/// From the word to the last label.
pub(super) fn whole(entry: &Entry) -> Origin {
    let at = entry.at.place();
    let last = entry.labels.last().map(|label| label.origin.place());
    let at = match last {
        Some(last) if last.file == at.file && last.end > at.end => at.to(last),
        Some(_) | None => at,
    };
    match entry.at {
        Origin::Included { used, .. } => Origin::Included { at, used },
        Origin::Written(_) | Origin::Default(_) | Origin::Derived { .. } => Origin::Written(at),
    }
}
