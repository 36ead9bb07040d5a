//! Who would be promoted, and is there a majority?
//!
//! Members of a cluster come in as plain data, and what happens goes out when some of them are lost or when a location
//! is cut off. Each failover manager counts in its own way:
//!
//! - **repmgr**: standbys and witnesses that follow the primary itself vote. The primary and cascaded standbys do not. A
//!   lone voter wins without any check. Where nodes say at which site they are, nobody is promoted who sees no node of
//!   the primary's site. A dead machine stays in the total; one whose Postgres alone is down does not, because its own
//!   repmgrd reports it as inactive. The winner of an election may be a node that leaves promotions to a human: nobody
//!   takes its place. `child_nodes_disconnect_command` stops a primary that has too few of its children left.
//! - **EFM**: every data node and witness is a member, and more than half of them must be alive.
//! - **Patroni**: the members of etcd vote. With `failsafe_mode` a primary without etcd goes on while it sees all others.
//!
//! Elections of repmgr weigh first who has received most of the WAL. Nobody knows that beforehand, so that standbys count
//! as equal here.
//!
//! It knows neither where the data comes from nor what is said about it.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::FailoverManager;

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
        self.members.iter().filter(|member| self.is_voter(member))
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
            FailoverManager::Patroni => member.etcd.is_some() && member.etcd == self.etcd(),
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
        electable.sort_by_key(|member| (Reverse(member.priority), member.node));
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
        self.outcome(|member| !names.contains(&member.name))
    }

    /// What happens when a location is lost with all its machines.
    pub fn after_loss_of_location(&self, location: &str) -> Outcome<'m> {
        self.outcome(|member| member.location != Some(location))
    }

    /// What happens when a location is cut off and all its machines are alive.
    pub fn cut_off(&self, location: &str) -> CutOff<'m> {
        let is_inside = |member: &Member<'_>| member.location == Some(location);
        let primary_is_inside = self.primary().is_some_and(is_inside);
        let far = self.outcome(|member| is_inside(member) != primary_is_inside);
        let near = self.cut_off_primary(|member| is_inside(member) == primary_is_inside);
        CutOff { near, far }
    }

    /// What happens when nothing but the link between the primary's location and another is cut. Machines elsewhere see
    /// both.
    pub fn link_cut(&self, home: &str, other: &str) -> CutOff<'m> {
        let near = self.cut_off_primary(|member| member.location != Some(other));
        let mut far = self.outcome(|member| member.location != Some(home));
        let has_seen = |voter: &Member<'_>| voter.location != Some(other);
        let is_seen = |voter: &Member<'_>| {
            voter.state == State::Running && voter.location != Some(home) && has_seen(voter)
        };
        if far.promotes() && self.asks_for_sightings && self.voters().any(is_seen) {
            far.verdict = Verdict::Nobody(Obstacle::Seen);
        }
        CutOff { near, far }
    }

    fn cut_off_primary(&self, is_seen: impl Fn(&Member<'m>) -> bool) -> Outcome<'m> {
        let mut near = self.outcome(is_seen);
        if near.votes < near.needed && self.fence == Fence::Majority {
            near.verdict = Verdict::Nobody(Obstacle::NoMajority);
        }
        near
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
        self.members.iter().filter(move |member| {
            let counts = match member.part {
                Part::Standby => true,
                Part::Witness => children.witnesses,
                Part::Primary | Part::Bystander => false,
            };
            counts && self.follows_primary(member)
        })
    }

    /// Whether a primary that sees these members alone is stopped by repmgr.
    fn is_fenced_off(&self, is_seen: impl Fn(&Member<'m>) -> bool) -> bool {
        let Fence::Children(children) = self.fence else {
            return false;
        };
        let (_, needed) = self.fence_counts(children);
        let is_attached = |member: &Member<'m>| member.state == State::Running && is_seen(member);
        let attached = self.children(children).filter(|child| is_attached(child));
        let attached = i64::try_from(attached.count()).unwrap_or(i64::MAX);
        let is_one_gone = self.children(children).any(|child| !is_attached(child));
        children.delay.is_some() && is_one_gone && attached < needed
    }

    /// The etcd cluster that decides: the biggest.
    fn etcd(&self) -> Option<&'m str> {
        self.etcd_clusters().first().copied()
    }

    /// What those members do who see each other, and nobody else.
    fn outcome(&self, is_seen: impl Fn(&Member<'m>) -> bool) -> Outcome<'m> {
        let is_there = |member: &Member<'m>| member.state != State::Lost && is_seen(member);
        let of = self.votes();
        let needed = self.votes_needed();
        let votes = self.voters().filter(|voter| is_there(voter)).count();
        let has_majority = votes >= needed;
        let verdict = match self.primary().filter(|primary| is_there(primary)) {
            Some(primary) => match self.manager {
                FailoverManager::Patroni if !has_majority => {
                    let is_missing = |member: &Member<'m>| {
                        let is_data = match member.part {
                            Part::Primary | Part::Standby => true,
                            Part::Witness | Part::Bystander => false,
                        };
                        is_data && member.state == State::Running && !is_seen(member)
                    };
                    if self.failsafe && !self.members.iter().any(is_missing) {
                        Verdict::Stays(primary.name)
                    } else {
                        Verdict::Nobody(Obstacle::NoMajority)
                    }
                }
                FailoverManager::Repmgr if self.is_fenced_off(&is_seen) => {
                    match self.election(has_majority, is_there) {
                        Verdict::Nobody(_) => Verdict::Nobody(Obstacle::Fenced),
                        elected @ (Verdict::Stays(_)
                        | Verdict::Promotes(_)
                        | Verdict::PromotesAny) => elected,
                    }
                }
                FailoverManager::Repmgr
                | FailoverManager::Efm
                | FailoverManager::Patroni
                | FailoverManager::None => Verdict::Stays(primary.name),
            },
            None => self.election(has_majority, is_there),
        };
        Outcome {
            verdict,
            votes,
            of,
            needed,
        }
    }

    /// Who replaces the primary, of those who see each other.
    fn election(&self, has_majority: bool, is_there: impl Fn(&Member<'m>) -> bool) -> Verdict<'m> {
        let electable = self.electable();
        let mut seen = electable.into_iter().filter(|member| is_there(member));
        let Some(winner) = seen.next() else {
            return Verdict::Nobody(Obstacle::NoCandidate);
        };
        let has_equal = seen.clone().any(|other| other.priority == winner.priority);
        let primary_site = self.primary().map(|primary| &primary.site);
        let sees_site = self.manager != FailoverManager::Repmgr
            || self
                .voters()
                .any(|voter| is_there(voter) && Some(&voter.site) == primary_site);
        if winner.manual && seen.all(|other| other.manual) {
            Verdict::Nobody(Obstacle::NoCandidate)
        } else if !self.automatic {
            Verdict::Nobody(Obstacle::Manual)
        } else if !has_majority {
            Verdict::Nobody(Obstacle::NoMajority)
        } else if !sees_site {
            Verdict::Nobody(Obstacle::OtherSite)
        } else if winner.manual {
            Verdict::Nobody(Obstacle::Declined)
        } else if self.manager == FailoverManager::Patroni && has_equal {
            Verdict::PromotesAny
        } else {
            Verdict::Promotes(winner.name)
        }
    }
}
