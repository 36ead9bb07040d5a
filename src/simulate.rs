//! What happens to a cluster when something of it fails.
//!
//! Who is promoted is played by [`crate::topology::quorum::play`], which the linter asks as well. Here stands what
//! follows: whether commits and backups go on, what clients see, how long it takes, and what a person has to do.

mod by_hand;
mod commits;
mod decisions;
mod failure;
mod sentence;
mod stage;
mod surroundings;
mod times;

use crate::source::{Place, Sources};
use crate::topology::FailoverManager;
use crate::tpa::view::quorum::quorum_of;
use crate::tpa::view::{Subject, settings};
use failure::Failure;
use stage::Stage;

pub use sentence::title;

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

impl Backups {
    pub fn name(self) -> &'static str {
        match self {
            Backups::GoOn => "go on",
            Backups::Stop => "stop",
            Backups::None => "none",
        }
    }
}

/// How many failures are played at once: 1, or also pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    Single,
    Pairs,
}

/// Plays every failure of a cluster; with a name only that one. The error says that there are too many, and how many.
pub fn simulate(
    subject: &Subject,
    sources: &Sources,
    depth: Depth,
    only: Option<&str>,
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
    let single = failure::all(subject, &quorum);
    let count = match depth {
        Depth::Single => single.len(),
        Depth::Pairs => single.len() * single.len() / 2,
    };
    if only.is_none() && count > MOST {
        return Err(count);
    }
    let is_asked =
        |failures: &[Failure<'_>]| only.is_none_or(|only| failure::is_called(failures, only));
    for (place, one) in single.iter().enumerate() {
        if is_asked(&[*one]) {
            simulation.outcomes.push(stage.play(&[*one]));
        }
        let others = single.iter().skip(place + 1);
        let is_pair = only.is_some_and(|only| only.contains('+'));
        for other in others.filter(|_| is_pair || depth == Depth::Pairs) {
            if !one.holds(other, subject) && !other.holds(one, subject) && is_asked(&[*one, *other])
            {
                simulation.outcomes.push(stage.play(&[*one, *other]));
            }
        }
    }
    Ok(simulation)
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
