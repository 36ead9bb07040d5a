//! What happens to a cluster when something of it fails.
//!
//! Who is promoted is played by [`crate::topology::quorum::play`], which the linter asks as well. Here stands what
//! follows: whether commits and backups go on, what clients see, how long it takes, and what a person has to do.

mod by_hand;
mod commits;
mod compare;
mod decisions;
mod failure;
mod sentence;
mod stage;
mod surroundings;
mod survival;
mod times;

use crate::source::{Place, Sources};
use crate::topology::FailoverManager;
use crate::topology::quorum::Quorum;
use crate::tpa::view::quorum::quorum_of;
use crate::tpa::view::{Subject, settings};
use failure::Failure;
use stage::Stage;

pub use compare::{Changed, Comparison, Verdict, compare};
pub use sentence::title;
pub use survival::survival;

/// The most failures that are played, of pairs too.
pub const MOST: usize = 50_000;

/// A cluster, and what happens when parts of it fail.
#[derive(Clone, Debug)]
pub struct Simulation {
    pub cluster: String,
    /// In the order of machines, then of locations.
    pub outcomes: Vec<Outcome>,
    /// Why nothing is played.
    pub unplayed: Option<String>,
}

/// What a failure leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its stable name: `machine/paris-db1`, `cut/paris`; `+` joins two that happen at once.
    pub name: String,
    /// What has happened, in words.
    pub title: String,
    pub writes: Writes,
    /// The standbys that may be promoted, also beside a primary that goes on.
    pub promoted: Vec<String>,
    /// Seconds until a new primary takes writes, at least and at most.
    pub after: Option<(i64, i64)>,
    pub primaries: Primaries,
    pub data: Data,
    pub clients: Clients,
    pub rescue: Rescue,
    pub backups: Backups,
    /// The data nodes that can be read.
    pub readable: Vec<String>,
    pub claims: Vec<Claim>,
    /// What a person has to do, in order.
    pub by_hand: Vec<String>,
}

/// Whether somebody takes writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writes {
    /// The primary goes on.
    GoesOn(String),
    /// One of these standbys takes over, the most likely first.
    TakesOver(Vec<String>),
    /// One of these may take over; whether it does is not certain.
    Uncertain(Vec<String>),
    /// This machine is the primary, and its commits wait for standbys that are not there.
    Waits(String),
    /// Nobody does until a person promotes.
    Nobody,
}

/// Whether two machines take writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Primaries {
    One,
    /// When the machine of the old one boots.
    SecondOnReturn,
    /// At the same time, for so many seconds; without an end where nobody stops one of them.
    Two(Option<i64>),
}

/// What becomes of commits that clients have been told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    Kept,
    /// Nobody takes over; they are on the disk of the primary.
    OnThePrimary,
    MayBeLost,
}

/// Whether clients come to whoever takes writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clients {
    Arrive,
    /// No proxy is left, or those that are lead elsewhere, as this says.
    Lost(String),
}

/// What a person can do where writes do not go on of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rescue {
    NotNeeded,
    /// Bring a machine to take writes that has every commit.
    WithData,
    /// Promote a standby that may lack commits.
    WithLoss,
    /// Restore a backup: no data node is left.
    Impossible,
}

/// What becomes of base backups and of the archive of WAL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backups {
    GoOn,
    Stop,
    /// There were none.
    None,
}

/// Something that is said, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What it is about: `notices`, `votes`, `primary`, `clients`.
    pub about: &'static str,
    pub says: String,
    /// Where the setting is that makes it so.
    pub place: Option<Place>,
}

impl Writes {
    /// The word for tables and programs.
    pub fn name(&self) -> &'static str {
        match self {
            Writes::GoesOn(_) => "goes on",
            Writes::TakesOver(_) => "takes over",
            Writes::Uncertain(_) => "uncertain",
            Writes::Waits(_) => "waits",
            Writes::Nobody => "nobody",
        }
    }
}

impl Data {
    pub fn name(self) -> &'static str {
        match self {
            Data::Kept => "kept",
            Data::OnThePrimary => "on the primary",
            Data::MayBeLost => "may be lost",
        }
    }
}

impl Clients {
    pub fn name(&self) -> &'static str {
        match self {
            Clients::Arrive => "arrive",
            Clients::Lost(_) => "lost",
        }
    }
}

impl Rescue {
    pub fn name(self) -> &'static str {
        match self {
            Rescue::NotNeeded => "not needed",
            Rescue::WithData => "with data",
            Rescue::WithLoss => "with loss",
            Rescue::Impossible => "impossible",
        }
    }
}

impl Backups {
    pub fn name(self) -> &'static str {
        match self {
            Backups::GoOn => "go on",
            Backups::Stop => "stop",
            Backups::None => "none",
        }
    }
}

/// Which failures are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// All, one at a time.
    Single,
    /// Two at a time as well.
    Pairs,
    /// The one that is called so.
    Named(&'a str),
    /// The loss of each machine.
    Machines,
    /// The loss of each machine, and of each two.
    TwoMachines,
    /// The loss of this location, or of each.
    Locations(Option<&'a str>),
}

/// Plays failures of a cluster. The error says that there are too many, and how many.
pub fn simulate(
    subject: &Subject,
    sources: &Sources,
    asked: Asked<'_>,
) -> Result<Simulation, usize> {
    let cluster = subject.name.as_ref().map(|name| name.value.clone());
    let mut simulation = Simulation {
        cluster: cluster.unwrap_or_default(),
        outcomes: Vec::new(),
        unplayed: None,
    };
    let manager = manager(subject);
    let quorum = manager.and_then(|manager| quorum_of(subject, manager));
    let (Some(quorum), Some(primary)) = (quorum, subject.primary()) else {
        simulation.unplayed = Some(unplayed(subject, manager));
        return Ok(simulation);
    };
    let stage = Stage::new(subject, sources, primary, &quorum);
    let outcomes = failures(subject, &quorum, asked)?;
    let outcomes = outcomes.iter().map(|failures| stage.play(failures));
    simulation.outcomes = outcomes.collect();
    Ok(simulation)
}

/// What fails at once, each time. The error says that there are too many, and how many.
fn failures<'s>(
    subject: &'s Subject,
    quorum: &Quorum<'s>,
    asked: Asked<'_>,
) -> Result<Vec<Vec<Failure<'s>>>, usize> {
    let machines = || failure::machines(subject);
    let alone = |failures: Vec<Failure<'s>>| failures.into_iter().map(|one| vec![one]).collect();
    Ok(match asked {
        Asked::Single => alone(bounded(failure::all(subject, quorum))?),
        Asked::Pairs => with_pairs(&failure::all(subject, quorum), subject)?,
        Asked::Named(name) => {
            let mut all = failure::all(subject, quorum);
            // The loss of an only location is not in the table: nothing is left to say about it.
            let others = failure::locations(subject).into_iter();
            let others: Vec<_> = others.filter(|one| !all.contains(one)).collect();
            all.extend(others);
            failure::named(&all, name)
        }
        Asked::Machines => alone(bounded(machines())?),
        Asked::TwoMachines => with_pairs(&machines(), subject)?,
        Asked::Locations(only) => {
            let mut locations = failure::locations(subject);
            locations.retain(|one| only.is_none_or(|only| *one == Failure::Location(only)));
            alone(locations)
        }
    })
}

/// Failures one at a time, and each two of which none is part of the other.
fn with_pairs<'s>(
    single: &[Failure<'s>],
    subject: &Subject,
) -> Result<Vec<Vec<Failure<'s>>>, usize> {
    let count = single.len() * single.len() / 2;
    if count > MOST {
        return Err(count);
    }
    let mut all = Vec::new();
    for (place, one) in single.iter().enumerate() {
        all.push(vec![*one]);
        let others = single.iter().skip(place + 1);
        let apart = others.filter(|other| !one.holds(other, subject) && !other.holds(one, subject));
        all.extend(apart.map(|other| vec![*one, *other]));
    }
    Ok(all)
}

fn bounded(failures: Vec<Failure<'_>>) -> Result<Vec<Failure<'_>>, usize> {
    if failures.len() > MOST {
        return Err(failures.len());
    }
    Ok(failures)
}

/// The failover manager, also where it is `none`.
fn manager(subject: &Subject) -> Option<FailoverManager> {
    subject.failover_manager().or_else(|| {
        let written = subject.variable("failover_manager")?.as_text()?;
        FailoverManager::parse(written)
    })
}

/// Why a cluster cannot be played.
fn unplayed(subject: &Subject, manager: Option<FailoverManager>) -> String {
    if subject.primary().is_none() {
        return "it has no primary".to_owned();
    }
    if manager.is_none() {
        let at = settings::at_manager(subject);
        return format!(
            "its failover manager is not known{}",
            if at.is_written() {
                ""
            } else {
                ": none is written"
            }
        );
    }
    "who votes is not certain: `m1c lint` says what is wrong with its roles and upstreams"
        .to_owned()
}
