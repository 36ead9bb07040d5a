//! Parameters that a standby needs as high as its primary has them, and the deployments that it takes to change them.

use super::Task;
use super::collect::names;
use crate::facts::roles::Role;
use crate::schema::list;
use crate::tpa::view::Instance;

/// The first major in which a standby that has less than its primary pauses, and does not stop.
const PAUSES_SINCE: u32 = 14;

/// Which way a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Raised,
    Lowered,
    /// One side is not a number.
    Unknown,
}

impl Turn {
    pub(super) fn of(is_lower: Option<bool>) -> Turn {
        match is_lower {
            Some(true) => Turn::Lowered,
            Some(false) => Turn::Raised,
            None => Turn::Unknown,
        }
    }
}

/// A parameter with its new value, and where it changes.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) turn: Turn,
    primaries: Vec<String>,
    standbys: Vec<String>,
}

impl Limit {
    /// Nothing where it changes on one kind of machine alone.
    pub(super) fn new(
        name: &str,
        value: &str,
        turn: Turn,
        machines: &[&Instance],
    ) -> Option<Limit> {
        let (primaries, standbys): (Vec<&Instance>, Vec<&Instance>) = machines
            .iter()
            .copied()
            .partition(|machine| machine.has_role(Role::Primary));
        let is_both = !primaries.is_empty() && !standbys.is_empty();
        is_both.then(|| Limit {
            name: name.to_owned(),
            value: value.to_owned(),
            turn,
            primaries: names(primaries),
            standbys: names(standbys),
        })
    }

    fn is_with(&self, other: &Limit) -> bool {
        self.primaries == other.primaries && self.standbys == other.standbys
    }
}

/// Whether the primary is the first to restart: where something is raised as well, standbys are.
pub(super) fn is_primary_first(limits: &[Limit]) -> bool {
    let is = |turn| move |limit: &Limit| limit.turn == turn;
    limits.iter().any(is(Turn::Lowered)) && !limits.iter().any(is(Turn::Raised))
}

/// What has to be done, deployment by deployment: one task for all that change on the same machines.
pub(super) fn tasks(limits: &[Limit], cluster: &str, major: u32) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut told: Vec<&Limit> = Vec::new();
    for limit in limits {
        if told.iter().any(|other| other.is_with(limit)) {
            continue;
        }
        told.push(limit);
        let same: Vec<&Limit> = limits.iter().filter(|other| other.is_with(limit)).collect();
        tasks.push(task(limit, &same, cluster, major));
    }
    tasks
}

fn task(machines: &Limit, limits: &[&Limit], cluster: &str, major: u32) -> Task {
    let of = |turn: Turn| -> Vec<&Limit> {
        let all = limits.iter().copied();
        all.filter(|limit| limit.turn == turn).collect()
    };
    let (lowered, unknown) = (of(Turn::Lowered), of(Turn::Unknown));
    let mut raised = of(Turn::Raised);
    let part = |limits: &[&Limit], what: &str| {
        let names: Vec<String> = limits.iter().map(|limit| limit.name.clone()).collect();
        (!names.is_empty()).then(|| format!("{}: {what}", list(&names)))
    };
    let parts = [
        part(&raised, "raise on standbys first"),
        part(&lowered, "lower on the primary first"),
        part(
            &unknown,
            "raise on standbys first, lower on the primary first",
        ),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let otherwise = if major < PAUSES_SINCE {
        "stops"
    } else {
        "pauses its replay, and stops when it restarts"
    };
    let title = format!(
        "{}; on Postgres {major} a standby with less than its primary {otherwise}",
        parts.join("; ")
    );
    raised.extend(unknown);
    let values = |limits: &[&Limit]| {
        let values = limits
            .iter()
            .map(|limit| format!("`{}`, {},", limit.name, limit.value));
        values.collect::<Vec<_>>().join(" and ")
    };
    let (primaries, standbys) = (list(&machines.primaries), list(&machines.standbys));
    let deploy = format!("`tpaexec deploy {cluster}`");
    let waits = "when they have restarted and replay";
    let steps = if lowered.is_empty() {
        vec![
            format!(
                "write {} for {standbys} alone, and {deploy}",
                values(&raised)
            ),
            format!("{waits}, write the same for {primaries} too, and deploy again"),
        ]
    } else if raised.is_empty() {
        vec![
            format!(
                "write {} for {primaries} alone, and {deploy}",
                values(&lowered)
            ),
            format!("{waits}, write the same for {standbys} too, and deploy again"),
        ]
    } else {
        vec![
            format!(
                "write {} for {standbys} alone, and {deploy}",
                values(&raised)
            ),
            format!(
                "{waits}, write the same for {primaries} too, and {} for {primaries} alone, and deploy again",
                values(&lowered)
            ),
            format!(
                "when that has restarted, write {} for {standbys} too, and deploy again",
                values(&lowered)
            ),
        ]
    };
    Task { title, steps }
}
