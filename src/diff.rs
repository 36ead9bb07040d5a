//! What a change of a cluster does to the machines that run it, and in which order to proceed.
//!
//! Both versions are compared as TPA sees them. What a change does is in [`crate::facts::effects`]; what changes with
//! consequences of its own, [`crate::tpa::change`] finds for the linter as well.

mod by_hand;
mod collect;
mod differ;
mod entries;
mod etcd;
mod known;
mod leaving;
mod limits;
mod machines;
mod measures;
mod neighbours;
mod order;
mod patroni;
mod plan;
mod port;
mod refused;
mod release;
mod roles;
mod sentence;
mod steps;
mod values;
mod variables;
mod volumes;

use crate::facts::consequences::Effect;
use crate::source::{Place, Sources};
use crate::tpa::change;
use crate::tpa::view::Subject;
use collect::Collector;

pub use measures::Measure;

/// A version of a cluster, with the texts that it is written in.
#[derive(Clone, Copy, Debug)]
pub struct Side<'s> {
    pub subject: &'s Subject,
    pub sources: &'s Sources,
}

/// What is different, and what it does.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The cluster, as it is called now.
    pub cluster: String,
    pub state: State,
    /// In the order in which to proceed; those without changes are left out.
    pub machines: Vec<Machine>,
    /// What concerns no single machine.
    pub common: Vec<Change>,
    /// What can be counted, before and after, where it is different.
    pub measures: Vec<Measure>,
    /// What has to be done in more than one deployment.
    pub in_order: Vec<Task>,
    /// What TPA does not do.
    pub by_hand: Vec<Task>,
}

/// Whether something was there before, and is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Kept,
    New,
    Gone,
}

/// A machine to which something happens.
#[derive(Clone, Debug)]
pub struct Machine {
    pub name: String,
    /// What it does: `primary`.
    pub role: String,
    pub state: State,
    /// The worst first.
    pub changes: Vec<Change>,
}

/// Something that is different, and what it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub effect: Effect,
    /// What is different: `max_connections`, `volumes[/dev/sdf].volume_size`.
    pub cause: String,
    /// Nothing where it is not written.
    pub old: Option<Written>,
    pub new: Option<Written>,
    pub says: String,
}

/// A value, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    pub place: Option<Place>,
}

/// Something to do, step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub title: String,
    /// In order.
    pub steps: Vec<String>,
}

/// Compares two versions of a cluster.
pub fn compare(before: Side<'_>, now: Side<'_>) -> Diff {
    let mut found = Collector::new(before, now);
    // Nothing is taken away before what comes in its place is there.
    let (gone, changes): (Vec<_>, Vec<_>) = change::changes(before.subject, now.subject)
        .into_iter()
        .partition(|change| matches!(change, change::Change::Gone(_)));
    for change in &changes {
        known::add(change, &mut found);
    }
    machines::compare(&mut found);
    for change in &gone {
        known::add(change, &mut found);
    }
    variables::compare(&mut found);
    release::compare(&mut found);
    found.end()
}

/// A cluster that was not there.
pub fn made(now: Side<'_>) -> Diff {
    whole(now, State::New, Effect::Create, "it is made")
}

/// A cluster that is not there any more.
pub fn gone(before: Side<'_>) -> Diff {
    let mut diff = whole(
        before,
        State::Gone,
        Effect::Manual,
        "TPA leaves the machine alone: whatever runs there runs on",
    );
    diff.by_hand.push(by_hand::cluster_gone(&diff.cluster));
    diff
}

fn whole(side: Side<'_>, state: State, effect: Effect, says: &str) -> Diff {
    let machine = |machine| Machine {
        changes: vec![Change {
            effect,
            cause: "the cluster".to_owned(),
            old: None,
            new: None,
            says: says.to_owned(),
        }],
        ..collect::machine(machine, state)
    };
    Diff {
        cluster: collect::cluster_name(side.subject),
        state,
        machines: side.subject.instances.iter().map(machine).collect(),
        common: Vec::new(),
        measures: Vec::new(),
        in_order: Vec::new(),
        by_hand: Vec::new(),
    }
}

impl Diff {
    /// The worst that happens.
    pub fn effect(&self) -> Effect {
        let all = self.changes().map(|change| change.effect);
        let by_hand = (!self.by_hand.is_empty()).then_some(Effect::Manual);
        all.chain(by_hand).max().unwrap_or(Effect::Nothing)
    }

    /// Whether nothing is different at all.
    pub fn is_empty(&self) -> bool {
        self.changes().next().is_none() && self.by_hand.is_empty()
    }

    /// Everything that is different; what several machines see, several times.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        let of_machines = self.machines.iter().flat_map(|machine| &machine.changes);
        of_machines.chain(&self.common)
    }

    /// What happens, in a sentence without its full stop.
    pub fn sentence(&self) -> String {
        sentence::sentence(self)
    }
}

impl Machine {
    /// Whether the same happens to another one.
    pub fn is_like(&self, other: &Machine) -> bool {
        self.changes == other.changes && self.state == other.state
    }

    /// The worst that happens to it.
    pub fn effect(&self) -> Effect {
        let effects = self.changes.iter().map(|change| change.effect);
        effects.max().unwrap_or(Effect::Nothing)
    }
}
