//! Who takes over from a primary that is gone.

use super::super::{Commits, Member, Obstacle, Verdict};
use super::scene::Scene;
use super::{Class, Cut, Doubt, Fate};
use crate::topology::FailoverManager;

/// Who takes over, of those who decide together.
#[derive(Clone, Debug)]
pub(super) struct Election<'m> {
    pub(super) verdict: Verdict<'m>,
    pub(super) winners: Vec<&'m str>,
    pub(super) doubts: Vec<Doubt<'m>>,
}

impl<'m> Election<'m> {
    pub(super) fn of(verdict: Verdict<'m>) -> Self {
        Self {
            verdict,
            winners: Vec::new(),
            doubts: Vec::new(),
        }
    }

    pub(super) fn nobody(obstacle: Obstacle) -> Self {
        Self::of(Verdict::Nobody(obstacle))
    }
}

impl<'m> Scene<'_, '_, 'm, '_> {
    /// Who replaces the primary, of those of a class, with repmgr and EFM.
    pub(super) fn election(&self, class: &Class) -> Election<'m> {
        let quorum = self.plays.quorum;
        let mut seen: Vec<(usize, &Member<'m>)> = self
            .plays
            .electable
            .iter()
            .filter(|place| self.runs(**place) && self.sees(class, **place))
            .filter_map(|place| Some((*place, self.member(*place)?)))
            .collect();
        let has_daemon = |place: usize| !self.down(place).daemon;
        let unattended = seen.iter().find(|(place, _)| !has_daemon(*place));
        let unattended = unattended.map(|(_, member)| member.name);
        seen.retain(|(place, _)| has_daemon(*place));
        // A standby elsewhere that still sees the primary is chosen as well, and stays what it is.
        let is_here = |place: usize| self.classes.get(place) == Some(class);
        let takes_over = |(place, member): &(usize, &Member<'m>)| is_here(*place) && !member.manual;
        let Some((first, winner)) = seen.first().copied() else {
            return Election::nobody(Obstacle::NoCandidate);
        };
        let votes = || self.voters().filter(|voter| self.sees(class, *voter));
        let primary_site = quorum.primary().map(|primary| &primary.site);
        let sees_site = quorum.manager != FailoverManager::Repmgr
            || votes().any(|voter| {
                let voter = self.member(voter).filter(|_| self.gives_vote(voter));
                voter.is_some_and(|voter| Some(&voter.site) == primary_site)
            });
        let sees_writer = |voter: usize| {
            let class = self.classes.get(voter);
            self.runs(voter)
                && !self.down(voter).daemon
                && class.is_some_and(|class| self.sees_primary(class))
        };
        let is_seen = self.fate.serves() && votes().any(sees_writer);
        if seen.iter().all(|(_, member)| member.manual) {
            return Election::nobody(Obstacle::NoCandidate);
        }
        if !quorum.automatic {
            return Election::nobody(Obstacle::Manual);
        }
        if !self.has_majority(class) {
            return Election::nobody(Obstacle::NoMajority);
        }
        if !sees_site {
            return Election::nobody(Obstacle::OtherSite);
        }
        if is_seen && quorum.asks_for_sightings {
            return Election::nobody(Obstacle::Seen);
        }
        let mut election = Election::of(if !is_here(first) {
            Verdict::Nobody(Obstacle::Streams)
        } else if winner.manual {
            Verdict::Nobody(Obstacle::Declined)
        } else {
            Verdict::Promotes(winner.name)
        });
        let winners = seen.iter().filter(|one| takes_over(one));
        election.winners = winners.map(|(_, member)| member.name).collect();
        let blocks = seen.iter().find(|one| !takes_over(one));
        if let Some((_, member)) = blocks.filter(|_| !election.winners.is_empty()) {
            election.doubts.push(Doubt::Ahead(member.name));
        }
        if let Some(name) = unattended {
            election.doubts.push(Doubt::Unattended(name));
        }
        if quorum.manager == FailoverManager::Efm && self.damage.cuts.iter().any(Cut::is_link) {
            election.doubts.push(Doubt::Partly);
        }
        election
    }

    /// Who gets the leader key of Patroni when the primary does not hold it.
    pub(super) fn leader(&self) -> Election<'m> {
        let quorum = self.plays.quorum;
        if quorum.manager != FailoverManager::Patroni {
            return Election::nobody(Obstacle::NoCandidate);
        }
        // Also without etcd: it goes on only where it sees all that could be promoted, and they see it.
        let holds = match self.fate {
            Fate::Serves | Fate::Restarted => true,
            Fate::Unwatched | Fate::Lost | Fate::Stopped | Fate::NoMajority | Fate::Fenced => false,
        };
        if holds {
            return Election::nobody(Obstacle::Led);
        }
        let can_lead = |place: &usize| {
            let class = self.classes.get(*place);
            self.runs(*place)
                && !self.down(*place).daemon
                && class.is_some_and(|class| self.has_etcd(class))
        };
        let candidates = || {
            let electable = self.plays.electable.iter();
            electable.copied().filter(can_lead)
        };
        if candidates().next().is_none() {
            return Election::nobody(Obstacle::NoCandidate);
        }
        if !quorum.automatic {
            return Election::nobody(Obstacle::Manual);
        }
        let has_commits = |place: &usize| match quorum.commits {
            Commits::Chosen { .. } => self.plays.synchronous.contains(place),
            Commits::Alone | Commits::Named { .. } => true,
        };
        let may_lead: Vec<usize> = candidates().filter(has_commits).collect();
        let winners: Vec<&'m str> = may_lead
            .iter()
            .filter_map(|place| Some(self.member(*place)?.name))
            .collect();
        let mut election = Election::of(match winners.as_slice() {
            [] => Verdict::Nobody(Obstacle::NotSynchronous),
            [only] => Verdict::Promotes(only),
            [first, ..] => {
                let priority = |name: &&str| {
                    let mut members = quorum.members.iter();
                    members
                        .find(|member| member.name == *name)
                        .map(|member| member.priority)
                };
                let is_equal = |other: &&&str| priority(other) == priority(first);
                if winners.iter().skip(1).any(|other| is_equal(&other)) {
                    Verdict::PromotesAny
                } else {
                    Verdict::Promotes(first)
                }
            }
        });
        if let Commits::Chosen { count, .. } = quorum.commits {
            let without = self.plays.synchronous.len().saturating_sub(winners.len());
            if !winners.is_empty() && without >= count {
                election.doubts.push(Doubt::Synchronous);
            }
        }
        if let Some(member) = self.may_hold_back(&may_lead)
            && !winners.is_empty()
        {
            election.doubts.push(Doubt::Ahead(member.name));
        }
        election.winners = winners;
        election
    }

    /// A replica without etcd that holds back all that could lead, when it has received more than they have: it is asked
    /// for that all the same.
    fn may_hold_back(&self, may_lead: &[usize]) -> Option<&Member<'m>> {
        let synchronous = &self.plays.synchronous;
        // Of those that Patroni may choose, so many it does not.
        let unchosen = match self.plays.quorum.commits {
            Commits::Chosen { count, .. } => synchronous.len().saturating_sub(count),
            Commits::Alone | Commits::Named { .. } => 0,
        };
        let is_asked = |place: &usize| {
            let may_be_chosen = match self.plays.quorum.commits {
                Commits::Chosen { .. } => synchronous.contains(place),
                Commits::Alone | Commits::Named { .. } => true,
            };
            may_be_chosen
                && self.runs(*place)
                && !self.down(*place).daemon
                && !may_lead.contains(place)
        };
        let holds_back = |place: &usize| {
            let classes = may_lead.iter().filter_map(|own| self.classes.get(*own));
            classes.filter(|class| !self.sees(class, *place)).count() <= unchosen
        };
        let mut electable = self.plays.electable.iter();
        let place = electable.find(|place| is_asked(place) && holds_back(place))?;
        self.member(*place)
    }
}
