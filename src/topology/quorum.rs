//! Who would be promoted, and is there a majority?
//!
//! Members of a cluster come in as plain data, and what happens goes out when some of them are lost or when a location
//! is cut off. Each failover manager counts in its own way:
//!
//! - **repmgr**: standbys and witnesses that follow the primary itself vote. The primary and cascaded standbys do not. A
//!   lone voter wins without any check. Where nodes say at which site they are, nobody is promoted who sees no node of
//!   the primary's site.
//! - **EFM**: every data node and witness is a member, and more than half of them must be alive.
//! - **Patroni**: the members of etcd vote.
//!
//! It knows neither where the data comes from nor what is said about it.

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
    /// Whether nothing that is said about it forbids its promotion. Whether its place in replication does, is found here.
    pub promotable: bool,
    /// The higher is preferred.
    pub priority: i64,
    /// The number that breaks ties: the lower is preferred.
    pub node: i64,
    /// What repmgr takes for its location. Most clusters leave it out, and all of them are at one site then.
    pub site: &'m str,
    /// The name of the etcd cluster that it belongs to.
    pub etcd: Option<&'m str>,
}

/// A cluster, as far as votes and promotions ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum<'m> {
    pub manager: FailoverManager,
    pub members: Vec<Member<'m>>,
    /// Whether standbys are promoted without a human.
    pub automatic: bool,
    /// Whether a primary that is cut off stops taking writes. Patroni's always does.
    pub fenced: bool,
}

/// What becomes of the primary's duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'m> {
    /// The primary goes on.
    Stays(&'m str),
    /// This standby is promoted. Where several can be, it is the one that is preferred among equals.
    Promotes(&'m str),
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
            Verdict::Stays(_) | Verdict::Promotes(_) => true,
            Verdict::Nobody(_) => false,
        }
    }

    pub fn promotes(&self) -> bool {
        match self.verdict {
            Verdict::Promotes(_) => true,
            Verdict::Stays(_) | Verdict::Nobody(_) => false,
        }
    }
}

/// What happens when a location is cut off and all its machines are alive.
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
                Part::Standby | Part::Witness => self.follows_primary(member),
                Part::Primary | Part::Bystander => false,
            },
            FailoverManager::Efm => match member.part {
                Part::Primary | Part::Standby | Part::Witness => true,
                Part::Bystander => false,
            },
            FailoverManager::Patroni => member.etcd.is_some() && member.etcd == self.etcd(),
        }
    }

    /// Who could be promoted, the preferred first.
    pub fn candidates(&self) -> Vec<&Member<'m>> {
        let mut candidates: Vec<&Member<'m>> = self
            .members
            .iter()
            .filter(|member| self.is_candidate(member))
            .collect();
        candidates.sort_by_key(|member| (Reverse(member.priority), member.node));
        candidates
    }

    /// Whether this member could be promoted, if there is a majority.
    pub fn is_candidate(&self, member: &Member<'_>) -> bool {
        let is_near_enough = match self.manager {
            FailoverManager::Repmgr | FailoverManager::Efm => self.follows_primary(member),
            FailoverManager::Patroni => true,
        };
        member.part == Part::Standby && member.promotable && is_near_enough
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
        let mut near = self.outcome(|member| is_inside(member) == primary_is_inside);
        if near.votes < near.needed && self.fenced {
            near.verdict = Verdict::Nobody(Obstacle::NoMajority);
        }
        CutOff { near, far }
    }

    /// The etcd cluster that decides: the biggest.
    fn etcd(&self) -> Option<&'m str> {
        self.etcd_clusters().first().copied()
    }

    /// What those members do who see each other, and nobody else.
    fn outcome(&self, is_seen: impl Fn(&Member<'m>) -> bool) -> Outcome<'m> {
        let of = self.votes();
        let needed = self.votes_needed();
        let votes = self.voters().filter(|voter| is_seen(voter)).count();
        let has_majority = votes >= needed;
        let primary = self.primary();
        let verdict = match primary.filter(|primary| is_seen(primary)) {
            Some(_) if self.manager == FailoverManager::Patroni && !has_majority => {
                Verdict::Nobody(Obstacle::NoMajority)
            }
            Some(primary) => Verdict::Stays(primary.name),
            None => {
                let candidate = self.candidates().into_iter().find(|member| is_seen(member));
                let primary_site = primary.map(|primary| primary.site);
                let sees_site = self.manager != FailoverManager::Repmgr
                    || self
                        .voters()
                        .any(|voter| is_seen(voter) && Some(voter.site) == primary_site);
                match candidate {
                    None => Verdict::Nobody(Obstacle::NoCandidate),
                    Some(_) if !self.automatic => Verdict::Nobody(Obstacle::Manual),
                    Some(_) if !has_majority => Verdict::Nobody(Obstacle::NoMajority),
                    Some(_) if !sees_site => Verdict::Nobody(Obstacle::OtherSite),
                    Some(candidate) => Verdict::Promotes(candidate.name),
                }
            }
        };
        Outcome {
            verdict,
            votes,
            of,
            needed,
        }
    }
}
