//! What happens, in one sentence: the first that a reader sees.

use super::{Diff, Machine, State};
use crate::facts::consequences::Effect;
use crate::facts::settled::Settled;

pub(super) fn sentence(diff: &Diff) -> String {
    match diff.state {
        State::New => {
            return format!(
                "a new cluster: {}",
                count(diff.machines.len(), "is made", "are made")
            );
        }
        State::Gone => {
            return "the cluster is gone from the source; TPA leaves its machines running"
                .to_owned();
        }
        State::Kept if diff.is_empty() => return "nothing changes".to_owned(),
        State::Kept => {}
    }
    let mut parts = Vec::new();
    let made = diff
        .machines
        .iter()
        .filter(|machine| machine.state == State::New);
    match made.collect::<Vec<_>>().as_slice() {
        [] => {}
        [one] => parts.push(format!("`{}` is made", one.name)),
        several => parts.push(format!("{} machines are made", several.len())),
    }
    for (effect, one, several) in WORDS {
        // A machine that restarts reads its files on the way.
        let is_told = |machine: &&Machine| {
            has(machine, *effect)
                && !(*effect == Effect::Replace && has_outage(machine))
                && !(*effect == Effect::Reload && has(machine, Effect::Restart))
                && !(*effect == Effect::Create && machine.state == State::New)
        };
        let with: Vec<&Machine> = diff.machines.iter().filter(is_told).collect();
        match with.as_slice() {
            [] => {}
            [machine] => parts.push(format!("`{}` {one}", machine.name)),
            several_machines => {
                parts.push(format!("{} machines {several}", several_machines.len()));
            }
        }
    }
    let is_out = diff.machines.iter().any(has_outage);
    if is_out {
        parts.insert(
            0,
            "etcd loses its majority, and nobody takes writes".to_owned(),
        );
    }
    for (effect, one, _) in WORDS {
        let is_told = diff.machines.iter().any(|machine| has(machine, *effect));
        // What nobody notices is worth a word where nothing else is.
        let is_worth_it = *effect >= Effect::Reload || parts.is_empty();
        if is_worth_it && !is_told && diff.common.iter().any(|change| change.effect == *effect) {
            parts.push(format!("the cluster {one}"));
        }
    }
    let refused = number(diff, Effect::Refused);
    if refused > 0 {
        parts.push(format!(
            "{} refused",
            things(refused, "change is", "changes are")
        ));
    }
    let unknown = number(diff, Effect::Unknown);
    if unknown > 0 {
        parts.push(format!(
            "{} unknown to m1c",
            things(unknown, "change is", "changes are")
        ));
    }
    // A change without steps is something to do as well.
    let by_hand = diff.by_hand.len().max(number(diff, Effect::Manual));
    if by_hand > 0 {
        let left = things(by_hand, "thing is", "things are");
        parts.push(format!("{left} left to do by hand"));
    }
    let lost: Vec<&str> = diff
        .changes()
        .filter(|change| change.effect == Effect::Loss)
        .map(|change| change.cause.as_str())
        .collect();
    if parts.is_empty() && lost.is_empty() {
        parts.push("nothing happens on machines that run".to_owned());
    }
    parts.push(match lost.first() {
        Some(first) => format!("data is lost: `{first}`"),
        None if number(diff, Effect::Replace) > usize::from(is_out) => {
            "the old data stays, and nothing uses it any more".to_owned()
        }
        None => "nothing is lost".to_owned(),
    });
    parts.join("; ")
}

/// What happens to one machine, and to several.
#[rustfmt::skip]
const WORDS: &[(Effect, &str, &str)] = &[
    (Effect::Replace, "begins again, without its data", "begin again, without their data"),
    (Effect::Reboot, "is stopped and started", "are stopped and started, one after another"),
    (Effect::Restart, "restarts Postgres", "restart Postgres, one after another"),
    (Effect::Service, "restarts another program", "restart other programs"),
    (Effect::Reload, "reloads", "reload"),
    (Effect::Update, "is changed in place", "are changed in place"),
    (Effect::Create, "gets something new", "get something new"),
];

fn has(machine: &Machine, effect: Effect) -> bool {
    machine.changes.iter().any(|change| change.effect == effect)
}

/// Whether a member of etcd no longer finds the others. It keeps its data, which is of no use to anybody.
fn has_outage(machine: &Machine) -> bool {
    let mut changes = machine.changes.iter();
    changes.any(|change| change.cause == Settled::EtcdTls.name())
}

/// How many different causes have an effect.
fn number(diff: &Diff, effect: Effect) -> usize {
    let mut causes: Vec<&str> = diff
        .changes()
        .filter(|change| change.effect == effect)
        .map(|change| change.cause.as_str())
        .collect();
    causes.sort_unstable();
    causes.dedup();
    causes.len()
}

fn count(number: usize, one: &str, several: &str) -> String {
    match number {
        1 => format!("1 machine {one}"),
        number => format!("{number} machines {several}"),
    }
}

fn things(number: usize, one: &str, several: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {several}"),
    }
}
