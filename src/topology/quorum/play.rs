//! What becomes of a cluster when something in it fails: what those decide who see each other.
//!
//! A cut divides the machines into sides: those of a side see the same others. Each side decides for itself with what it
//! sees; only the members of etcd keep one truth for all sides. Where just the way between two locations is cut,
//! machines elsewhere see both of them, so that a side sees more machines than are on it.

mod election;
mod scene;

use super::{Member, Outcome, Part, Quorum};
use scene::Scene;

/// What is wrong with a cluster, all at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damage<'d> {
    /// One for each member, in their order.
    pub down: Vec<Down>,
    pub cuts: Vec<Cut<'d>>,
}

/// What of a machine is down: each on its own, or all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "any of them may be down together"
)]
pub struct Down {
    /// All of it.
    pub machine: bool,
    pub postgres: bool,
    /// The daemon of the failover manager.
    pub daemon: bool,
    pub etcd: bool,
}

/// Where nothing gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut<'d> {
    /// Between a location and all others.
    Around(&'d str),
    /// Between two locations; others see both.
    Between(&'d str, &'d str),
}

/// What becomes of the primary itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It takes writes.
    Serves,
    /// Its Postgres was down, and Patroni has started it again.
    Restarted,
    /// It takes writes, and no Patroni runs that would stop it when another one is promoted.
    Unwatched,
    /// Its machine is lost, or there is none.
    Lost,
    /// Its Postgres is down, its machine is not.
    Stopped,
    /// It has stopped, because it does not see a majority.
    NoMajority,
    /// repmgr has stopped it, because it has too few children left.
    Fenced,
}

impl Fate {
    /// Whether it takes writes.
    pub fn serves(self) -> bool {
        match self {
            Fate::Serves | Fate::Restarted | Fate::Unwatched => true,
            Fate::Lost | Fate::Stopped | Fate::NoMajority | Fate::Fenced => false,
        }
    }
}

/// Why it may end in another way than is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt<'m> {
    /// This standby is not promoted, and wins the election if it has received more than the others.
    Ahead(&'m str),
    /// The standbys that have the last commits may be those that are gone.
    Synchronous,
    /// This standby has no daemon: whether others wait for it was not tried.
    Unattended(&'m str),
    /// EFM's primary is without a majority because others are lost, and not cut off.
    Minority,
    /// EFM where some agents see each other and others do not.
    Partly,
}

/// Machines that see the same others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side<'m> {
    /// Of one of its machines.
    pub location: Option<&'m str>,
    /// Whether the machine of the primary is on it, alive.
    pub has_primary: bool,
    pub outcome: Outcome<'m>,
    /// All that may be promoted on it, the preferred first. Who has received most of the WAL, nobody knows beforehand.
    pub winners: Vec<&'m str>,
    pub doubts: Vec<Doubt<'m>>,
}

/// What a failure leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play<'m> {
    pub primary: Fate,
    /// The primary's first, where its machine is alive.
    pub sides: Vec<Side<'m>>,
    /// How many machines may take writes at the same time in the end. A primary that is fenced does not count, also where
    /// its fence comes after the promotion.
    pub writers: usize,
    /// Whether some machine takes writes for certain.
    pub serves: bool,
}

impl<'m> Play<'m> {
    /// The sides that promote, or may.
    pub fn promotions(&self) -> impl Iterator<Item = &Side<'m>> {
        self.sides.iter().filter(|side| !side.winners.is_empty())
    }

    /// All doubts, each once.
    pub fn doubts(&self) -> Vec<Doubt<'m>> {
        let mut doubts = Vec::new();
        for doubt in self.sides.iter().flat_map(|side| &side.doubts) {
            if !doubts.contains(doubt) {
                doubts.push(*doubt);
            }
        }
        doubts
    }
}

/// Which side of each cut a machine is on.
type Class = Vec<u8>;

/// Plays failures on a cluster. What is the same for all of them is worked out once.
#[derive(Debug)]
pub struct Plays<'q, 'm> {
    quorum: &'q Quorum<'m>,
    primary: Option<usize>,
    is_voter: Vec<bool>,
    votes: usize,
    /// Who can win an election, the preferred first.
    electable: Vec<usize>,
    /// Standbys that may have a commit before it is reported.
    synchronous: Vec<usize>,
}

impl<'q, 'm> Plays<'q, 'm> {
    pub fn new(quorum: &'q Quorum<'m>) -> Self {
        let members = &quorum.members;
        let etcd = quorum.etcd();
        let is_voter: Vec<bool> = members
            .iter()
            .map(|member| quorum.votes_with(member, etcd))
            .collect();
        let places = |is: &dyn Fn(&Member<'m>) -> bool| -> Vec<usize> {
            let all = members.iter().enumerate();
            all.filter(|(_, member)| is(member))
                .map(|(place, _)| place)
                .collect()
        };
        let mut electable = places(&|member| quorum.is_electable(member));
        electable.sort_by_key(|place| members.get(*place).map(Member::preference));
        Self {
            quorum,
            primary: members
                .iter()
                .position(|member| member.part == Part::Primary),
            votes: is_voter.iter().filter(|votes| **votes).count(),
            is_voter,
            electable,
            synchronous: places(&|member| quorum.is_synchronous(member)),
        }
    }

    /// Nothing is wrong.
    pub fn unharmed(&self) -> Damage<'static> {
        Damage {
            down: vec![Down::default(); self.quorum.members.len()],
            cuts: Vec::new(),
        }
    }

    /// What happens.
    pub fn play(&self, damage: &Damage<'_>) -> Play<'m> {
        Scene::new(self, damage).play()
    }

    /// The data nodes whose Postgres runs and that a machine sees, itself as well; those that run, where none is named.
    pub fn running(&self, damage: &Damage<'_>, seen_from: Option<&str>) -> Vec<&'m str> {
        let scene = Scene::new(self, damage);
        let members = || self.quorum.members.iter().enumerate();
        let from = seen_from.and_then(|name| {
            let (place, _) = members().find(|(_, member)| member.name == name)?;
            scene.classes.get(place)
        });
        let runs = |(place, member): &(usize, &Member<'m>)| {
            let is_data = match member.part {
                Part::Primary | Part::Standby => true,
                Part::Witness | Part::Bystander => false,
            };
            is_data && scene.runs(*place) && from.is_none_or(|from| scene.sees(from, *place))
        };
        let running = members().filter(runs);
        running.map(|(_, member)| member.name).collect()
    }

    /// The standbys that may have a commit before it is reported.
    pub fn synchronous(&self) -> impl Iterator<Item = &'m str> {
        let members = &self.quorum.members;
        let places = self.synchronous.iter();
        places.filter_map(|place| Some(members.get(*place)?.name))
    }

    fn needed(&self) -> usize {
        self.votes / 2 + 1
    }
}

impl Cut<'_> {
    /// On which side of it a location is: 0 is neither of two that a link joined.
    fn side_of(&self, location: Option<&str>) -> u8 {
        match *self {
            Cut::Around(around) => u8::from(location == Some(around)),
            Cut::Between(one, _) if location == Some(one) => 1,
            Cut::Between(_, other) if location == Some(other) => 2,
            Cut::Between(..) => 0,
        }
    }

    /// Whether machines elsewhere see both sides of it.
    fn is_link(&self) -> bool {
        match self {
            Cut::Between(..) => true,
            Cut::Around(_) => false,
        }
    }

    fn lets_through(&self, own: u8, other: u8) -> bool {
        match self {
            Cut::Around(_) => own == other,
            Cut::Between(..) => own == other || own == 0 || other == 0,
        }
    }
}
