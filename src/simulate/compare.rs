//! Which outcomes a change of a cluster makes better or worse.

use super::{Backups, Clients, Data, Outcome, Primaries, Simulation, Writes};

/// What is different between two versions of a cluster.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub cluster: String,
    /// Failures that lead to something else, the worse first.
    pub changed: Vec<Changed>,
    /// What can fail only now.
    pub new: Vec<Outcome>,
    /// What can fail no more.
    pub gone: Vec<Outcome>,
    /// Why nothing is compared.
    pub unplayed: Option<String>,
}

impl Comparison {
    /// A cluster that was not there before.
    pub fn of_new(now: &Simulation) -> Self {
        Self {
            cluster: now.cluster.clone(),
            changed: Vec::new(),
            new: Vec::new(),
            gone: Vec::new(),
            unplayed: Some("it is new, and nothing is there to compare it with".to_owned()),
        }
    }
}

/// A failure that leads to something else than before.
#[derive(Clone, Debug)]
pub struct Changed {
    pub verdict: Verdict,
    pub before: Outcome,
    pub now: Outcome,
}

/// What a person thinks of it. What is worse comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Worse,
    /// Better in one way and worse in another.
    Mixed,
    Better,
    /// As good: another machine takes over.
    Other,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Worse => "worse",
            Verdict::Mixed => "better and worse",
            Verdict::Better => "better",
            Verdict::Other => "different",
        }
    }
}

/// Compares what was played of two versions of a cluster, failure by failure.
pub fn compare(before: &Simulation, now: &Simulation) -> Comparison {
    let find = |all: &Simulation, name: &str| {
        let mut outcomes = all.outcomes.iter();
        outcomes.find(|outcome| outcome.name == name).cloned()
    };
    let mut comparison = Comparison {
        cluster: now.cluster.clone(),
        changed: Vec::new(),
        new: Vec::new(),
        gone: Vec::new(),
        unplayed: now.unplayed.clone().or_else(|| {
            let why = before.unplayed.as_ref()?;
            Some(format!("before the change {why}"))
        }),
    };
    if comparison.unplayed.is_some() {
        return comparison;
    }
    for outcome in &now.outcomes {
        match find(before, &outcome.name) {
            None => comparison.new.push(outcome.clone()),
            Some(before) => comparison.changed.extend(changed(before, outcome)),
        }
    }
    let gone = before.outcomes.iter();
    let gone = gone.filter(|outcome| find(now, &outcome.name).is_none());
    comparison.gone = gone.cloned().collect();
    comparison.changed.sort_by_key(|changed| changed.verdict);
    comparison
}

fn changed(before: Outcome, now: &Outcome) -> Option<Changed> {
    let ranks = ranks(&before).into_iter().zip(ranks(now));
    let (mut is_better, mut is_worse) = (false, false);
    for (before, now) in ranks {
        is_better |= now < before;
        is_worse |= now > before;
    }
    let verdict = match (is_better, is_worse) {
        (true, true) => Verdict::Mixed,
        (true, false) => Verdict::Better,
        (false, true) => Verdict::Worse,
        (false, false) if before.writes != now.writes => Verdict::Other,
        (false, false) => return None,
    };
    Some(Changed {
        verdict,
        before,
        now: now.clone(),
    })
}

/// How bad an outcome is in each way.
fn ranks(outcome: &Outcome) -> [i64; 6] {
    let writes = match outcome.writes {
        Writes::GoesOn(_) => 0,
        Writes::TakesOver(_) => 1,
        Writes::Uncertain(_) => 2,
        Writes::Waits(_) | Writes::Nobody => 3,
    };
    let primaries = match outcome.primaries {
        Primaries::One => 0,
        Primaries::SecondOnReturn => 1,
        Primaries::Two(Some(seconds)) => 2 + seconds,
        Primaries::Two(None) => i64::MAX,
    };
    let data = match outcome.data {
        Data::Kept => 0,
        Data::OnThePrimary => 1,
        Data::MayBeLost => 2,
    };
    let clients = match outcome.clients {
        Clients::Arrive => 0,
        Clients::Lost(_) => 1,
    };
    let backups = match outcome.backups {
        Backups::GoOn => 0,
        Backups::Stop => 1,
        Backups::None => 2,
    };
    let after = outcome.after.map_or(0, |(_, most)| most);
    [writes, primaries, data, clients, backups, after]
}
