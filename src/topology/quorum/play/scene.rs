//! A failure, as the machines see it: who is there, who sees whom, and what becomes of the primary.

use super::super::{Children, Fence, Member, Obstacle, Outcome, Part, State, Verdict};
use super::election::Election;
use super::{Class, Cut, Damage, Doubt, Down, Fate, Play, Plays, Side};
use crate::topology::FailoverManager;

/// A failure, as the machines see it.
pub(super) struct Scene<'p, 'q, 'm, 'd> {
    pub(super) plays: &'p Plays<'q, 'm>,
    pub(super) damage: &'d Damage<'d>,
    pub(super) classes: Vec<Class>,
    pub(super) fate: Fate,
}

impl<'p, 'q, 'm, 'd> Scene<'p, 'q, 'm, 'd> {
    pub(super) fn new(plays: &'p Plays<'q, 'm>, damage: &'d Damage<'d>) -> Self {
        let class = |member: &Member<'_>| -> Class {
            damage
                .cuts
                .iter()
                .map(|cut| cut.side_of(member.location))
                .collect()
        };
        let mut scene = Self {
            plays,
            damage,
            classes: plays.quorum.members.iter().map(class).collect(),
            fate: Fate::Lost,
        };
        scene.fate = scene.fate();
        scene
    }

    pub(super) fn play(&self) -> Play<'m> {
        let leader = self.leader();
        let mut sides: Vec<(Side<'m>, &Class)> = Vec::new();
        for place in 0..self.classes.len() {
            let Some(class) = self.classes.get(place).filter(|_| self.is_up(place)) else {
                continue;
            };
            if sides.iter().all(|(_, known)| *known != class) {
                sides.push((self.side(class, place, &leader), class));
            }
        }
        let promoting: Vec<&Class> = sides
            .iter()
            .filter(|(side, _)| !side.winners.is_empty())
            .map(|(_, class)| *class)
            .collect();
        let promoted = match self.plays.quorum.manager {
            // There is one leader key.
            FailoverManager::Patroni => promoting.len().min(1),
            FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::None => {
                self.apart(&promoting)
            }
        };
        let is_taken_over = match self.plays.quorum.manager {
            FailoverManager::Patroni => sides
                .iter()
                .any(|(side, _)| side.outcome.promotes() && side.doubts.is_empty()),
            FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::None => {
                self.is_taken_over(&sides)
            }
        };
        let mut sides: Vec<Side<'m>> = sides.into_iter().map(|(side, _)| side).collect();
        sides.sort_by_key(|side| !side.has_primary);
        let is_partly = |side: &Side<'m>| side.doubts.contains(&Doubt::Minority);
        Play {
            primary: self.fate,
            writers: promoted + usize::from(self.fate.serves()),
            serves: is_taken_over || self.fate.serves() && !sides.iter().any(is_partly),
            sides,
        }
    }

    /// How many of these sides may promote at the same time. Of two that see each other, one waits for the winner of the
    /// other.
    fn apart(&self, sides: &[&Class]) -> usize {
        let has_link = self.damage.cuts.iter().any(Cut::is_link);
        let Some((first, rest)) = sides.split_first().filter(|_| has_link) else {
            return sides.len();
        };
        let unseen: Vec<&Class> = rest
            .iter()
            .copied()
            .filter(|other| !self.see_each_other(first, other))
            .collect();
        self.apart(rest).max(1 + self.apart(&unseen))
    }

    /// Whether somebody is promoted for certain, whoever has received most of the WAL. A side waits in vain for a winner
    /// that is not promoted, and for one whose own side waits in vain.
    fn is_taken_over(&self, sides: &[(Side<'m>, &Class)]) -> bool {
        let is_promoted = |place: usize| {
            let class = self.classes.get(place);
            let own = sides.iter().find(|(_, known)| Some(*known) == class);
            let name = self.member(place).map(|member| member.name);
            own.is_some_and(|(side, _)| side.winners.iter().any(|winner| Some(*winner) == name))
        };
        let electable = self.plays.electable.iter().copied();
        let stays: Vec<usize> = electable
            .filter(|place| self.runs(*place) && !is_promoted(*place))
            .collect();
        let (mut in_vain, mut promoting): (Vec<&Class>, Vec<&Class>) = sides
            .iter()
            .filter(|(side, _)| !side.winners.is_empty() && !side.doubts.contains(&Doubt::Partly))
            .map(|(_, class)| *class)
            .partition(|class| stays.iter().any(|place| self.sees(class, *place)));
        while let Some(waiting) = in_vain.pop() {
            let (waits, rest): (Vec<&Class>, Vec<&Class>) = promoting
                .into_iter()
                .partition(|class| self.see_each_other(class, waiting));
            in_vain.extend(waits);
            promoting = rest;
        }
        !promoting.is_empty()
    }

    fn side(&self, class: &Class, place: usize, leader: &Election<'m>) -> Side<'m> {
        let has_primary = self
            .plays
            .primary
            .is_some_and(|primary| self.is_up(primary) && self.classes.get(primary) == Some(class));
        let election = self.decide(class, has_primary, leader);
        Side {
            location: self.member(place).and_then(|member| member.location),
            has_primary,
            outcome: Outcome {
                verdict: election.verdict,
                votes: self.votes_of(class),
                of: self.plays.votes,
                needed: self.plays.needed(),
            },
            winners: election.winners,
            doubts: election.doubts,
        }
    }

    /// What those of a class do.
    fn decide(&self, class: &Class, has_primary: bool, leader: &Election<'m>) -> Election<'m> {
        let sees_primary = self.sees_primary(class);
        let primary = self.plays.quorum.primary().map(|primary| primary.name);
        let stays = primary.filter(|_| sees_primary && self.fate.serves());
        match (self.plays.quorum.manager, stays) {
            (FailoverManager::Patroni, Some(name)) if self.fate != Fate::Unwatched => {
                Election::of(Verdict::Stays(name))
            }
            (FailoverManager::Patroni | FailoverManager::Efm, _)
                if has_primary && self.fate == Fate::NoMajority =>
            {
                Election::nobody(Obstacle::NoMajority)
            }
            (FailoverManager::Patroni, _) if !self.has_etcd(class) => {
                Election::nobody(Obstacle::NoMajority)
            }
            (FailoverManager::Patroni, _) => leader.clone(),
            (FailoverManager::Efm, Some(name)) => {
                let mut election = Election::of(Verdict::Stays(name));
                let lacks = self.votes_of(class) < self.plays.needed();
                // Only its own agent stops it.
                let primary = self.plays.primary;
                let has_agent = primary.is_some_and(|primary| !self.down(primary).daemon);
                let may_stop = has_agent && self.plays.quorum.fence == Fence::Majority;
                if has_primary && lacks && may_stop {
                    election.doubts.push(Doubt::Minority);
                }
                election
            }
            (FailoverManager::Repmgr | FailoverManager::None, Some(name)) => {
                Election::of(Verdict::Stays(name))
            }
            (FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::None, None) => {
                let mut election = self.election(class);
                if has_primary
                    && self.fate == Fate::Fenced
                    && let Verdict::Nobody(_) = election.verdict
                {
                    election.verdict = Verdict::Nobody(Obstacle::Fenced);
                }
                election
            }
        }
    }

    pub(super) fn member(&self, place: usize) -> Option<&'q Member<'m>> {
        self.plays.quorum.members.get(place)
    }

    pub(super) fn down(&self, place: usize) -> Down {
        self.damage.down.get(place).copied().unwrap_or_default()
    }

    /// Whether its machine is alive.
    fn is_up(&self, place: usize) -> bool {
        let member = self.member(place);
        member.is_some_and(|member| member.state != State::Lost) && !self.down(place).machine
    }

    /// Whether its Postgres runs.
    pub(super) fn runs(&self, place: usize) -> bool {
        let member = self.member(place);
        member.is_some_and(|member| member.state == State::Running)
            && self.is_up(place)
            && (!self.down(place).postgres || self.starts_again(place))
    }

    /// Whether somebody starts its Postgres again.
    fn starts_again(&self, place: usize) -> bool {
        self.plays.quorum.manager == FailoverManager::Patroni && !self.down(place).daemon
    }

    pub(super) fn sees(&self, class: &Class, place: usize) -> bool {
        let Some(other) = self.classes.get(place) else {
            return false;
        };
        self.is_up(place) && self.see_each_other(class, other)
    }

    fn see_each_other(&self, one: &Class, other: &Class) -> bool {
        let mut cuts = self.damage.cuts.iter().zip(one.iter().zip(other));
        cuts.all(|(cut, (one, other))| cut.lets_through(*one, *other))
    }

    /// Whether those of a class see the machine of the primary.
    pub(super) fn sees_primary(&self, class: &Class) -> bool {
        self.plays
            .primary
            .is_some_and(|primary| self.sees(class, primary))
    }

    /// Whether a member that is seen gives its vote.
    pub(super) fn gives_vote(&self, place: usize) -> bool {
        let down = self.down(place);
        match self.plays.quorum.manager {
            // Whoever votes answers with its Postgres.
            FailoverManager::Repmgr => !down.postgres,
            FailoverManager::Efm => !down.daemon,
            FailoverManager::Patroni => !down.etcd,
            FailoverManager::None => false,
        }
    }

    pub(super) fn voters(&self) -> impl Iterator<Item = usize> {
        let voters = self.plays.is_voter.iter().enumerate();
        voters.filter(|(_, votes)| **votes).map(|(place, _)| place)
    }

    fn votes_of(&self, class: &Class) -> usize {
        self.voters()
            .filter(|voter| self.sees(class, *voter) && self.gives_vote(*voter))
            .count()
    }

    /// The votes that there would be without any cut.
    fn votes_alive(&self) -> usize {
        self.voters()
            .filter(|voter| self.is_up(*voter) && self.gives_vote(*voter))
            .count()
    }

    pub(super) fn has_majority(&self, class: &Class) -> bool {
        self.votes_of(class) >= self.plays.needed()
    }

    /// Whether those of a class reach a member of etcd that is in touch with a leader of etcd that sees a majority.
    pub(super) fn has_etcd(&self, class: &Class) -> bool {
        let answers = |place: &usize| self.is_up(*place) && self.gives_vote(*place);
        if self.damage.cuts.is_empty() {
            return self.has_majority(class);
        }
        let leads = |leader: &usize| {
            let class = self.classes.get(*leader);
            class.is_some_and(|class| self.has_majority(class))
        };
        let leaders: Vec<&Class> = self
            .voters()
            .filter(|voter| answers(voter) && leads(voter))
            .filter_map(|leader| self.classes.get(leader))
            .collect();
        self.voters()
            .filter(|voter| answers(voter) && self.sees(class, *voter))
            .any(|member| leaders.iter().any(|leader| self.sees(leader, member)))
    }

    fn fate(&self) -> Fate {
        let quorum = self.plays.quorum;
        let Some(primary) = self.plays.primary.filter(|primary| self.is_up(*primary)) else {
            return Fate::Lost;
        };
        let Some(class) = self.classes.get(primary) else {
            return Fate::Lost;
        };
        let down = self.down(primary);
        if !self.runs(primary) {
            return Fate::Stopped;
        }
        let serves = if down.postgres {
            Fate::Restarted
        } else {
            Fate::Serves
        };
        match quorum.manager {
            FailoverManager::Patroni if down.daemon => Fate::Unwatched,
            FailoverManager::Patroni if self.has_etcd(class) || self.goes_on(class) => serves,
            FailoverManager::Patroni => Fate::NoMajority,
            FailoverManager::Efm => {
                let stops = quorum.fence == Fence::Majority
                    && !down.daemon
                    && !self.has_majority(class)
                    && self.votes_alive() >= self.plays.needed();
                if stops { Fate::NoMajority } else { serves }
            }
            FailoverManager::Repmgr if self.is_fenced(primary, class) => Fate::Fenced,
            FailoverManager::Repmgr | FailoverManager::None => serves,
        }
    }

    /// Whether Patroni's primary goes on without etcd.
    fn goes_on(&self, class: &Class) -> bool {
        let is_missing = |place: usize| {
            let Some(member) = self.member(place) else {
                return false;
            };
            let is_data = match member.part {
                Part::Primary | Part::Standby => true,
                Part::Witness | Part::Bystander => false,
            };
            let answers = self.sees(class, place) && !self.down(place).daemon;
            is_data && member.state == State::Running && !answers
        };
        self.plays.quorum.failsafe && !(0..self.classes.len()).any(is_missing)
    }

    /// Whether repmgr stops a primary that has too few children left.
    fn is_fenced(&self, primary: usize, class: &Class) -> bool {
        let quorum = self.plays.quorum;
        let Fence::Children(children) = quorum.fence else {
            return false;
        };
        if children.delay.is_none() || self.down(primary).daemon {
            return false;
        }
        let (_, needed) = quorum.fence_counts(children);
        let places = 0..quorum.members.len();
        let of_primary = places.filter(|place| self.is_child(children, *place));
        let (attached, gone): (Vec<usize>, Vec<usize>) =
            of_primary.partition(|child| self.runs(*child) && self.sees(class, *child));
        let attached = i64::try_from(attached.len()).unwrap_or(i64::MAX);
        !gone.is_empty() && attached < needed
    }

    fn is_child(&self, children: Children, place: usize) -> bool {
        let member = self.member(place);
        member.is_some_and(|member| self.plays.quorum.is_child(member, children))
    }
}
