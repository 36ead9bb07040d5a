//! What has been found so far, by machine.

use super::limits::{self, Limit, Turn};
use super::{Change, Diff, Machine, Side, State, Task, Written, measures, order, patroni, plan};
use crate::facts::consequences::Effect;
use crate::facts::roles::Role;
use crate::origin::{Origin, Sourced};
use crate::schema::list;
use crate::source::{Place, Sources};
use crate::tpa::change::pairs;
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

use super::differ;

/// A machine that is in both, as it was and as it is.
pub(super) type Pair<'s> = (&'s Instance, &'s Instance);

pub(super) struct Collector<'s> {
    pub(super) before: Side<'s>,
    pub(super) now: Side<'s>,
    pairs: Vec<Pair<'s>>,
    machines: Vec<Machine>,
    common: Vec<Change>,
    by_hand: Vec<Task>,
    /// Parameters that standbys need as high as their primary.
    pub(super) limits: Vec<Limit>,
    /// What waits for Patroni to restart Postgres: by which way a parameter goes, where that matters.
    waiting: Vec<Option<Turn>>,
    pub(super) moves_primary: bool,
    pub(super) changes_port: bool,
}

impl<'s> Collector<'s> {
    pub(super) fn new(before: Side<'s>, now: Side<'s>) -> Collector<'s> {
        let pairs: Vec<Pair<'_>> = pairs(before.subject, now.subject).collect();
        let kept = now.subject.instances.iter().map(|one| {
            let state = if is_new_of(&pairs, one) {
                State::Kept
            } else {
                State::New
            };
            machine(one, state)
        });
        let is_gone = |one: &&Instance| !is_old_of(&pairs, one);
        let gone = before.subject.instances.iter().filter(is_gone);
        let gone = gone.map(|one| machine(one, State::Gone));
        Collector {
            before,
            now,
            machines: kept.chain(gone).collect(),
            pairs,
            common: Vec::new(),
            by_hand: Vec::new(),
            limits: Vec::new(),
            waiting: Vec::new(),
            moves_primary: false,
            changes_port: false,
        }
    }

    /// The machines that are in both, as they were and as they are.
    pub(super) fn pairs(&self) -> Vec<Pair<'s>> {
        self.pairs.clone()
    }

    /// What a machine is called that had another name.
    pub(super) fn new_name(&self, old: &str) -> Option<&'s str> {
        let mut pairs = self.pairs.iter();
        let (_, new) = pairs.find(|(before, _)| before.name.value == old)?;
        (new.name.value != old).then_some(new.name.value.as_str())
    }

    /// Whether a machine was there before, under this name or another one.
    pub(super) fn is_kept(&self, machine: &Instance) -> bool {
        is_new_of(&self.pairs, machine)
    }

    /// Whether a machine of before is still there, under this name or another one.
    pub(super) fn stays(&self, machine: &Instance) -> bool {
        is_old_of(&self.pairs, machine)
    }

    /// Something happens to a machine.
    pub(super) fn on(&mut self, name: &str, change: Change) {
        let mut machines = self.machines.iter_mut();
        if let Some(machine) = machines.find(|machine| machine.name == name)
            && !machine.changes.contains(&change)
        {
            machine.changes.push(change);
        }
    }

    /// The same happens to each of these machines.
    pub(super) fn on_each(&mut self, machines: &[&Instance], change: &Change) {
        for machine in machines {
            self.on(&machine.name.value, change.clone());
        }
    }

    /// Whether nothing is known yet that happens to a machine.
    pub(super) fn is_silent_of(&self, name: &str) -> bool {
        let mut machines = self.machines.iter();
        machines.any(|machine| machine.name == name && machine.changes.is_empty())
    }

    /// Something happens that concerns no single machine.
    pub(super) fn common(&mut self, change: Change) {
        if !self.common.contains(&change) {
            self.common.push(change);
        }
    }

    /// Something is left to do.
    pub(super) fn by_hand(&mut self, title: impl Into<String>, steps: Vec<String>) {
        let task = Task {
            title: title.into(),
            steps,
        };
        if !self.by_hand.contains(&task) {
            self.by_hand.push(task);
        }
    }

    /// Something waits until Patroni is told to restart Postgres.
    pub(super) fn waits(&mut self, turn: Option<Turn>) {
        self.waiting.push(turn);
    }

    /// All machines, with what becomes of them.
    pub(super) fn machines(&self) -> impl Iterator<Item = (State, &str)> {
        let machines = self.machines.iter();
        machines.map(|machine| (machine.state, machine.name.as_str()))
    }

    /// All that has been found on machines that stay, and on the cluster.
    pub(super) fn changes(&self) -> impl Iterator<Item = &Change> {
        let kept = self.machines.iter().filter(|one| one.state == State::Kept);
        kept.flat_map(|machine| &machine.changes)
            .chain(&self.common)
    }

    pub(super) fn old(&self, value: Option<&Value>) -> Option<Written> {
        self.old_at("", value)
    }

    pub(super) fn new_value(&self, value: Option<&Value>) -> Option<Written> {
        self.new_at("", value)
    }

    /// What was at a path, which says whether it is a secret.
    pub(super) fn old_at(&self, path: &str, value: Option<&Value>) -> Option<Written> {
        value.map(|value| written(self.before.sources, path, value))
    }

    pub(super) fn new_at(&self, path: &str, value: Option<&Value>) -> Option<Written> {
        value.map(|value| written(self.now.sources, path, value))
    }

    pub(super) fn old_text(&self, value: Option<&Sourced<String>>) -> Option<Written> {
        self.old_text_at("", value)
    }

    pub(super) fn new_text(&self, value: Option<&Sourced<String>>) -> Option<Written> {
        self.new_text_at("", value)
    }

    /// What was at a path, in words.
    pub(super) fn old_text_at(
        &self,
        path: &str,
        value: Option<&Sourced<String>>,
    ) -> Option<Written> {
        value.map(|value| text(self.before.sources, path, value))
    }

    pub(super) fn new_text_at(
        &self,
        path: &str,
        value: Option<&Sourced<String>>,
    ) -> Option<Written> {
        value.map(|value| text(self.now.sources, path, value))
    }

    pub(super) fn end(mut self) -> Diff {
        let waiting = std::mem::take(&mut self.waiting);
        patroni::restarts(&waiting, &mut self);
        let cluster = cluster_name(self.now.subject);
        let major = self.now.subject.major();
        let plan = plan::plan(&self).into_iter();
        let in_order = plan.chain(limits::tasks(&self.limits, &cluster, major));
        let in_order = in_order.collect();
        let is_primary_first = limits::is_primary_first(&self.limits);
        let mut machines = self.machines;
        machines.retain(|machine| !machine.changes.is_empty());
        for machine in &mut machines {
            let worst = |change: &Change| std::cmp::Reverse(change.effect);
            machine.changes.sort_by_key(worst);
        }
        order::sort(&mut machines, self.now.subject, is_primary_first);
        Diff {
            cluster,
            state: State::Kept,
            machines,
            common: self.common,
            measures: measures::different(self.before.subject, self.now.subject),
            in_order,
            by_hand: self.by_hand,
        }
    }
}

/// A change that is only words.
pub(super) fn said(effect: Effect, cause: impl Into<String>, says: impl Into<String>) -> Change {
    Change {
        effect,
        cause: cause.into(),
        old: None,
        new: None,
        says: says.into(),
    }
}

pub(super) fn machine(instance: &Instance, state: State) -> Machine {
    let first = [Role::Primary, Role::Replica];
    let mut roles: Vec<&str> = instance
        .roles
        .iter()
        .map(|role| role.value.as_str())
        .collect();
    // What a machine is, before what else it does.
    roles.sort_by_key(|role| !first.iter().any(|known| known.name() == *role));
    Machine {
        name: instance.name.value.clone(),
        role: roles.join(", "),
        state,
        changes: Vec::new(),
    }
}

/// What machines are called.
pub(super) fn names<'i>(machines: impl IntoIterator<Item = &'i Instance>) -> Vec<String> {
    let machines = machines.into_iter();
    machines.map(|one| one.name.value.clone()).collect()
}

/// What several machines do, in words: `db4` and `db5` come, `db2` goes. Nothing where none does anything.
pub(super) fn doings(parts: &[(&[String], &str, &str)]) -> Option<String> {
    let busy = parts.iter().filter(|(names, ..)| !names.is_empty());
    let words = busy.map(|(names, one, several)| {
        let verb = if names.len() == 1 { one } else { several };
        format!("{} {verb}", list(names))
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(", "))
}

pub(super) fn cluster_name(subject: &Subject) -> String {
    let name = subject.name.as_ref().map(|name| name.value.clone());
    // Commands need one, and a reader sees that it is to be filled in.
    name.unwrap_or_else(|| "CLUSTER".to_owned())
}

fn is_old_of(pairs: &[Pair<'_>], machine: &Instance) -> bool {
    pairs.iter().any(|(old, _)| std::ptr::eq(*old, machine))
}

fn is_new_of(pairs: &[Pair<'_>], machine: &Instance) -> bool {
    pairs.iter().any(|(_, new)| std::ptr::eq(*new, machine))
}

fn written(sources: &Sources, path: &str, value: &Value) -> Written {
    Written {
        text: differ::shown(path, value),
        place: place(sources, value.origin),
    }
}

fn text(sources: &Sources, path: &str, value: &Sourced<String>) -> Written {
    Written {
        text: differ::shown_text(path, &value.value),
        place: place(sources, value.origin),
    }
}

fn place(sources: &Sources, origin: Origin) -> Option<Place> {
    sources.place(origin.place())
}
