//! What is required of a cluster is held to what happens when parts of it fail.
//!
//! Where something is not certain, or cannot be played, a requirement does not hold: what it promises must be true at
//! night as well.

mod breach;
mod errors;

use crate::simulate::{Asked, MOST, Outcome, Primaries, simulate};
use crate::source::Sources;
use crate::topology::{Required, Requirement};
use crate::tpa::view::Subject;
use breach::Breach;

pub use errors::{CODES, broken};

/// A requirement that does not hold.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The failure that breaks it, with all that follows; none where no failure is needed.
    pub outcome: Option<Outcome>,
    breach: Breach,
    /// How many other failures break it too.
    pub others: usize,
    /// How many failures were played.
    pub played: usize,
}

/// Why a requirement does not hold of a cluster; nothing where it does.
pub fn judge(subject: &Subject, sources: &Sources, requirement: &Requirement) -> Option<Broken> {
    let location = requirement
        .location
        .as_ref()
        .map(|name| name.value.as_str());
    let asked = match requirement.what {
        Required::SurvivesMachine => Asked::Machines,
        Required::SurvivesTwoMachines => Asked::TwoMachines,
        Required::SurvivesLocation => Asked::Locations(location),
        Required::NoSplitBrain => Asked::Single,
        Required::BackupElsewhere => return backup_elsewhere(subject).map(Broken::at_once),
    };
    let simulation = match simulate(subject, sources, asked) {
        Ok(simulation) => simulation,
        Err(count) => return Some(Broken::at_once(Breach::TooMany { count, most: MOST })),
    };
    if let Some(why) = simulation.unplayed {
        return Some(Broken::at_once(Breach::Unplayed(why)));
    }
    let played = simulation.outcomes.len();
    let outcomes = simulation.outcomes.into_iter();
    let broken = outcomes.filter_map(|outcome| {
        let breach = match requirement.what {
            Required::NoSplitBrain => two_primaries(requirement, &outcome),
            Required::SurvivesMachine
            | Required::SurvivesTwoMachines
            | Required::SurvivesLocation
            | Required::BackupElsewhere => breach::of_loss(requirement, &outcome),
        };
        Some((outcome, breach?))
    });
    let broken: Vec<(Outcome, Breach)> = broken.collect();
    let others = broken.len().saturating_sub(1);
    // The first of the worst.
    let (outcome, breach) = broken
        .into_iter()
        .rev()
        .max_by(|(_, one), (_, other)| one.cmp(other))?;
    Some(Broken {
        outcome: Some(outcome),
        breach,
        others,
        played,
    })
}

impl Broken {
    fn at_once(breach: Breach) -> Self {
        Self {
            outcome: None,
            breach,
            others: 0,
            played: 0,
        }
    }
}

fn two_primaries(requirement: &Requirement, outcome: &Outcome) -> Option<Breach> {
    match outcome.primaries {
        Primaries::One => None,
        Primaries::SecondOnReturn => requirement.on_return.then_some(Breach::Returns),
        Primaries::Two(seconds) => Some(Breach::TwoPrimaries(seconds)),
    }
}

/// Whether no Barman node that backs up the primary is at another location than it.
fn backup_elsewhere(subject: &Subject) -> Option<Breach> {
    let Some(primary) = subject.primary() else {
        return Some(Breach::Unplayed("it has no primary".to_owned()));
    };
    let home = subject.location_name(primary);
    let barmans = primary.backup.iter();
    let barmans: Vec<_> = barmans
        .filter_map(|backup| subject.instance(&backup.value))
        .collect();
    if barmans.is_empty() {
        return Some(Breach::NoBackup(primary.name.value.clone()));
    }
    let is_elsewhere = |location: Option<&str>| {
        home.zip(location)
            .is_some_and(|(home, location)| home != location)
    };
    let mut locations = barmans.iter().map(|barman| subject.location_name(barman));
    if locations.any(is_elsewhere) {
        return None;
    }
    Some(Breach::BackupBeside {
        barman: barmans.first()?.name.value.clone(),
        location: home.unwrap_or_default().to_owned(),
    })
}
