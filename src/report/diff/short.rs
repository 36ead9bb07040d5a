//! A diff for tools: a line for each effect.

use super::{Run, at, place, values};
use crate::diff::{Change, Diff};
use crate::report::clean;

pub(super) fn run(run: &Run) -> String {
    run.changed().map(lines).collect()
}

fn lines(diff: &Diff) -> String {
    let of_machines = diff.machines.iter().flat_map(|machine| {
        let line = |change| line(diff, Some(&machine.name), change);
        machine.changes.iter().map(line)
    });
    let of_cluster = diff.common.iter().map(|change| line(diff, None, change));
    of_machines.chain(of_cluster).collect()
}

fn line(diff: &Diff, machine: Option<&String>, change: &Change) -> String {
    let at = at(change).map_or_else(String::new, |at| format!("{}: ", place(at)));
    let mut who = diff.cluster.clone();
    if let Some(machine) = machine {
        who = format!("{who}/{machine}");
    }
    format!(
        "{at}{}: {}: {}{}\n",
        change.effect,
        clean(&who),
        clean(&change.cause),
        values(change)
    )
}
