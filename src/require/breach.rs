//! In which way a requirement does not hold.

use crate::simulate::{Clients, Data, Outcome, Rescue, Writes};
use crate::topology::Requirement;

/// What is worse comes later.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Breach {
    /// The lost primary takes writes again when its machine boots.
    Returns,
    /// Writes may be away for so many seconds.
    Late(i64),
    /// Somebody takes writes, and clients do not come there, as this says.
    Clients(String),
    /// It is not certain that somebody takes writes.
    Uncertain,
    /// Commits wait for standbys that are not there.
    Waits,
    /// Nobody takes writes until a person acts.
    ByHand,
    /// Commits may be lost.
    Commits,
    /// Two take writes at the same time, for so many seconds; without an end where nobody stops one of them.
    TwoPrimaries(Option<i64>),
    /// No data node is left.
    NothingLeft,
    /// This primary is not backed up.
    NoBackup(String),
    BackupBeside {
        barman: String,
        location: String,
    },
    /// Failures cannot be played, for this reason.
    Unplayed(String),
    TooMany {
        count: usize,
        most: usize,
    },
}

/// In which way a cluster does not survive a loss as it must.
pub(super) fn of_loss(requirement: &Requirement, outcome: &Outcome) -> Option<Breach> {
    if outcome.rescue == Rescue::Impossible {
        return Some(Breach::NothingLeft);
    }
    if requirement.automatically {
        match outcome.writes {
            Writes::Nobody => return Some(Breach::ByHand),
            Writes::Uncertain(_) => return Some(Breach::Uncertain),
            Writes::Waits(_) => return Some(Breach::Waits),
            Writes::GoesOn(_) | Writes::TakesOver(_) => {}
        }
        if let Clients::Lost(how) = &outcome.clients {
            return Some(Breach::Clients(how.clone()));
        }
    }
    if requirement.with_data && !keeps_commits(outcome) {
        return Some(Breach::Commits);
    }
    let limit = requirement.within.as_ref().map(|within| within.value);
    match (limit, outcome.after) {
        (Some(limit), Some((_, most))) if most > limit => Some(Breach::Late(most)),
        _ => None,
    }
}

/// Whether every commit is kept, whoever acts.
fn keeps_commits(outcome: &Outcome) -> bool {
    match (outcome.rescue, outcome.data) {
        (Rescue::NotNeeded, Data::Kept) | (Rescue::WithData, _) => true,
        (Rescue::NotNeeded, Data::OnThePrimary | Data::MayBeLost)
        | (Rescue::WithLoss | Rescue::Impossible, _) => false,
    }
}
