//! Who would be promoted, and is there a majority?
//!
//! Members of a cluster come in as plain data, and what happens goes out when some of them are lost or when a location
//! is cut off. Each failover manager counts in its own way:
//!
//! - **repmgr**: standbys and witnesses that follow the primary itself vote. The primary and cascaded standbys do not. A
//!   lone voter wins without a count. Where nodes say at which site they are, nobody is promoted who sees no node of
//!   the primary's site, not even a lone voter. A dead machine stays in the total; one whose Postgres alone is down does
//!   not, because its own repmgrd reports it as inactive, unless it fails in the same moment. The winner of an election
//!   may be a node that leaves promotions to a human: nobody takes its place. `child_nodes_disconnect_command` stops a
//!   primary that has too few of its children left.
//! - **EFM**: every data node and witness is a member, and more than half of them must be alive.
//! - **Patroni**: the members of etcd vote. With `failsafe_mode` a primary without etcd goes on while it sees all others.
//!   With `synchronous_mode` nobody is promoted who was not synchronous.
//!
//! Elections of repmgr weigh first who has received most of the WAL. Nobody knows that beforehand, so that standbys count
//! as equal here.
//!
//! It knows neither where the data comes from nor what is said about it. What follows from a failure is in [`play`].

pub mod play;

use std::borrow::Cow;
use std::cmp::Reverse;

use super::FailoverManager;
use play::{Cut, Damage, Play, Plays};

/// What a member does in replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Primary,
    Standby,
    Witness,
    /// Neither data node nor witness: only a member of etcd, for example.
    Bystander,
}

/// A machine, as far as votes and promotions ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'m> {
    pub name: &'m str,
    pub location: Option<&'m str>,
    pub part: Part,
    pub upstream: Option<&'m str>,
    /// Whether nothing that is said about it forbids its promotion. Whether its position in replication does, is found
    /// here.
    pub promotable: bool,
    /// Whether it leaves its own promotion to a human. Elections of repmgr do not ask for that.
    pub manual: bool,
    pub state: State,
    /// The higher is preferred.
    pub priority: i64,
    /// The number that breaks ties: the lower is preferred.
    pub node: i64,
    /// What repmgr takes for its location. Most clusters leave it out, and all of them are at one site then.
    pub site: Cow<'m, str>,
    /// The name of the etcd cluster that it belongs to.
    pub etcd: Option<&'m str>,
    /// Whether it may be one of those that commits wait for.
    pub synchronous: bool,
}

impl Member<'_> {
    /// What elections sort by: the preferred first.
    fn preference(&self) -> (Reverse<i64>, i64) {
        (Reverse(self.priority), self.node)
    }
}

/// How a member is before anything happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    /// Its Postgres is down, its machine is not: somebody maintains it.
    Stopped,
    /// Its machine was lost some time ago.
    Lost,
}

/// What keeps a primary that is cut off from taking writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fence {
    None,
    /// It stops without a majority.
    Majority,
    /// It stops when fewer of its children are attached.
    Children(Children),
}

/// `child_nodes_disconnect_command` of repmgr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Children {
    /// The command runs when fewer are attached, and at least one of them was lost.
    pub needed: Needed,
    /// Whether witnesses count as children.
    pub witnesses: bool,
    /// How long it takes until the command runs, in seconds. Never, where Postgres does not notice a lost standby.
    pub delay: Option<i64>,
}

/// How the number of children is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// So many must be attached.
    Connected(i64),
    /// So many must be gone.
    Disconnected(i64),
}

/// Whom a commit waits for before it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commits {
    /// Nobody.
    Alone,
    /// So many of the standbys that `synchronous_standby_names` lists: the first that are there, or any.
    Named { count: usize, first: bool },
    /// So many of those that Patroni chooses. Strictly: also when none is there.
    Chosen { count: usize, strict: bool },
}

/// A cluster, as far as votes and promotions ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum<'m> {
    pub manager: FailoverManager,
    pub members: Vec<Member<'m>>,
    /// Whether standbys are promoted without a human.
    pub automatic: bool,
    pub fence: Fence,
    /// How long it takes until a standby is promoted, in seconds.
    pub promotion_delay: i64,
    /// Whether Patroni's primary goes on without etcd while it sees all other data nodes.
    pub failsafe: bool,
    /// Whether repmgr promotes nobody as long as some voter has seen the primary a moment ago.
    pub asks_for_sightings: bool,
    pub commits: Commits,
}

/// What becomes of the primary's duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'m> {
    /// The primary goes on.
    Stays(&'m str),
    /// This standby is promoted. Where several can be, it is the one that is preferred among equals.
    Promotes(&'m str),
    /// One of several standbys is promoted: the first that asks for it.
    PromotesAny,
    /// Nobody takes writes.
    Nobody(Obstacle),
}

/// Why nobody is promoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// No standby that could be promoted is left.
    NoCandidate,
    /// Half of the votes or fewer are left.
    NoMajority,
    /// repmgr sees no node of the primary's site, and takes that for a cut network.
    OtherSite,
    /// A human has to promote.
    Manual,
    /// The election is won by a standby that waits for a human, and the others wait for it.
    Declined,
    /// repmgr stops the primary, because it has too few children left, and no standby takes over.
    Fenced,
    /// A voter has seen the primary a moment ago.
    Seen,
    /// The election is won by a standby that still streams from the primary, and the others wait for it.
    Streams,
    /// The primary holds the leader key of Patroni.
    Led,
    /// No standby is left of which Patroni knows that it has all commits.
    NotSynchronous,
}

/// What happens, with the votes that decide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome<'m> {
    pub verdict: Verdict<'m>,
    /// The votes that are left.
    pub votes: usize,
    /// The votes that there are when all is well.
    pub of: usize,
    /// The votes that a promotion needs.
    pub needed: usize,
}

impl Outcome<'_> {
    /// Whether some machine takes writes.
    pub fn serves(&self) -> bool {
        match self.verdict {
            Verdict::Stays(_) | Verdict::Promotes(_) | Verdict::PromotesAny => true,
            Verdict::Nobody(_) => false,
        }
    }

    pub fn promotes(&self) -> bool {
        match self.verdict {
            Verdict::Promotes(_) | Verdict::PromotesAny => true,
            Verdict::Stays(_) | Verdict::Nobody(_) => false,
        }
    }
}

/// What happens when the network is cut and all machines are alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOff<'m> {
    /// The side that the primary is on.
    pub near: Outcome<'m>,
    /// The other side.
    pub far: Outcome<'m>,
}

impl CutOff<'_> {
    /// Whether both sides take writes.
    pub fn splits_brain(&self) -> bool {
        self.near.serves() && self.far.serves()
    }
}

impl<'m> Quorum<'m> {
    /// The primary: the first, where there are several.
    pub fn primary(&self) -> Option<&Member<'m>> {
        self.members
            .iter()
            .find(|member| member.part == Part::Primary)
    }

    /// Who votes.
    pub fn voters(&self) -> impl Iterator<Item = &Member<'m>> {
        let etcd = self.etcd();
        self.members
            .iter()
            .filter(move |member| self.votes_with(member, etcd))
    }

    /// How many votes there are when all is well.
    pub fn votes(&self) -> usize {
        self.voters().count()
    }

    /// How many votes a promotion needs.
    pub fn votes_needed(&self) -> usize {
        self.votes() / 2 + 1
    }

    pub fn is_voter(&self, member: &Member<'_>) -> bool {
        self.votes_with(member, self.etcd())
    }

    /// The same, where it is known which etcd cluster decides.
    fn votes_with(&self, member: &Member<'_>, etcd: Option<&str>) -> bool {
        match self.manager {
            FailoverManager::Repmgr => match member.part {
                Part::Standby | Part::Witness => {
                    self.follows_primary(member) && member.state != State::Stopped
                }
                Part::Primary | Part::Bystander => false,
            },
            FailoverManager::Efm => match member.part {
                Part::Primary | Part::Standby | Part::Witness => true,
                Part::Bystander => false,
            },
            FailoverManager::Patroni => member.etcd.is_some() && member.etcd == etcd,
            FailoverManager::None => false,
        }
    }

    /// Who could be promoted, the preferred first.
    pub fn candidates(&self) -> Vec<&Member<'m>> {
        let mut candidates = self.electable();
        candidates.retain(|member| self.is_candidate(member));
        candidates
    }

    /// Who can win an election, the preferred first. Who waits for a human can, and is promoted by nobody then.
    pub fn electable(&self) -> Vec<&Member<'m>> {
        let mut electable: Vec<&Member<'m>> = self
            .members
            .iter()
            .filter(|member| self.is_electable(member))
            .collect();
        electable.sort_by_key(|member| member.preference());
        electable
    }

    /// Whether this member could be promoted, if there is a majority.
    pub fn is_candidate(&self, member: &Member<'_>) -> bool {
        self.is_electable(member) && !member.manual
    }

    fn is_electable(&self, member: &Member<'_>) -> bool {
        let is_near_enough = match self.manager {
            FailoverManager::Repmgr | FailoverManager::Efm => self.follows_primary(member),
            FailoverManager::Patroni => true,
            FailoverManager::None => false,
        };
        member.part == Part::Standby
            && member.promotable
            && member.state == State::Running
            && is_near_enough
    }

    /// Whether commits may wait for this member.
    fn is_synchronous(&self, member: &Member<'_>) -> bool {
        let answers = match self.commits {
            Commits::Alone => false,
            // Postgres asks only those that stream from it.
            Commits::Named { .. } => self.follows_primary(member),
            Commits::Chosen { .. } => true,
        };
        answers
            && member.part == Part::Standby
            && member.synchronous
            && member.state == State::Running
    }

    /// Whether this member streams from the primary itself.
    pub fn follows_primary(&self, member: &Member<'_>) -> bool {
        self.primary()
            .is_some_and(|primary| member.upstream == Some(primary.name))
    }

    /// The locations of all members, each once, in the order of the members.
    pub fn locations(&self) -> Vec<&'m str> {
        let mut locations = Vec::new();
        for location in self.members.iter().filter_map(|member| member.location) {
            if !locations.contains(&location) {
                locations.push(location);
            }
        }
        locations
    }

    /// The names of the etcd clusters, the one with the most members first.
    pub fn etcd_clusters(&self) -> Vec<&'m str> {
        let mut clusters: Vec<(&str, usize)> = Vec::new();
        for etcd in self.members.iter().filter_map(|member| member.etcd) {
            match clusters.iter_mut().find(|(known, _)| *known == etcd) {
                Some((_, count)) => *count += 1,
                None => clusters.push((etcd, 1)),
            }
        }
        clusters.sort_by_key(|(_, count)| Reverse(*count));
        clusters.into_iter().map(|(etcd, _)| etcd).collect()
    }

    /// The same cluster without one of its members.
    #[must_use]
    pub fn without(&self, name: &str) -> Quorum<'m> {
        let mut other = self.clone();
        other.members.retain(|member| member.name != name);
        other
    }

    /// The same cluster while the Postgres of one of its members is down for maintenance.
    #[must_use]
    pub fn stopped(&self, name: &str) -> Quorum<'m> {
        self.with_state(name, State::Stopped)
    }

    /// The same cluster some time after the loss of a standby: those who streamed from it follow the primary now.
    #[must_use]
    pub fn settled_without(&self, name: &str) -> Quorum<'m> {
        let mut other = self.with_state(name, State::Lost);
        let primary = self.primary().map(|primary| primary.name);
        for member in &mut other.members {
            if member.upstream == Some(name) {
                member.upstream = primary;
            }
        }
        other
    }

    fn with_state(&self, name: &str, state: State) -> Quorum<'m> {
        let mut other = self.clone();
        for member in &mut other.members {
            if member.name == name {
                member.state = state;
            }
        }
        other
    }

    /// What happens when these machines are lost.
    pub fn after_loss_of(&self, names: &[&str]) -> Outcome<'m> {
        self.outcome(|member| names.contains(&member.name))
    }

    /// What happens when a location is lost with all its machines.
    pub fn after_loss_of_location(&self, location: &str) -> Outcome<'m> {
        self.outcome(|member| member.location == Some(location))
    }

    /// What happens when a location is cut off and all its machines are alive.
    pub fn cut_off(&self, location: &str) -> CutOff<'m> {
        let play = self.cut(Cut::Around(location));
        let mut sides = play.sides.iter();
        let near = sides.clone().find(|side| side.has_primary);
        let far = sides.find(|side| !side.has_primary);
        CutOff {
            near: near.map_or_else(|| self.nothing_left(), |side| side.outcome),
            far: far.map_or_else(|| self.nothing_left(), |side| side.outcome),
        }
    }

    /// What happens when nothing but the link between the primary's location and another is cut. Machines elsewhere see
    /// both.
    pub fn link_cut(&self, home: &str, other: &str) -> CutOff<'m> {
        let play = self.cut(Cut::Between(home, other));
        let of = |location: &str| {
            let side = play
                .sides
                .iter()
                .find(|side| side.location == Some(location));
            side.map_or_else(|| self.nothing_left(), |side| side.outcome)
        };
        CutOff {
            near: of(home),
            far: of(other),
        }
    }

    fn cut(&self, cut: Cut<'_>) -> Play<'m> {
        let plays = Plays::new(self);
        plays.play(&Damage {
            cuts: vec![cut],
            ..plays.unharmed()
        })
    }

    /// What those do who are left of a loss.
    fn outcome(&self, is_lost: impl Fn(&Member<'m>) -> bool) -> Outcome<'m> {
        let plays = Plays::new(self);
        let mut damage = plays.unharmed();
        for (down, member) in damage.down.iter_mut().zip(&self.members) {
            down.machine = is_lost(member);
        }
        let play = plays.play(&damage);
        let first = play.sides.first();
        first.map_or_else(|| self.nothing_left(), |side| side.outcome)
    }

    fn nothing_left(&self) -> Outcome<'m> {
        Outcome {
            verdict: Verdict::Nobody(Obstacle::NoCandidate),
            votes: 0,
            of: self.votes(),
            needed: self.votes_needed(),
        }
    }

    /// How many of the primary's children count for its fence, and how many must be attached.
    pub fn fence_counts(&self, children: Children) -> (i64, i64) {
        let count = self.children(children).count();
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let needed = match children.needed {
            Needed::Connected(needed) => needed,
            Needed::Disconnected(gone) => count.saturating_sub(gone).saturating_add(1),
        };
        (count, needed)
    }

    /// The members that count for the fence of the primary.
    pub fn children(&self, children: Children) -> impl Iterator<Item = &Member<'m>> {
        let members = self.members.iter();
        members.filter(move |member| self.is_child(member, children))
    }

    fn is_child(&self, member: &Member<'_>, children: Children) -> bool {
        let counts = match member.part {
            Part::Standby => true,
            Part::Witness => children.witnesses,
            Part::Primary | Part::Bystander => false,
        };
        counts && self.follows_primary(member)
    }

    /// The etcd cluster that decides: the biggest.
    fn etcd(&self) -> Option<&'m str> {
        self.etcd_clusters().first().copied()
    }
}
