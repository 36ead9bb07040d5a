//! A cluster on which failures are played.

use super::failure::Failure;
use super::{Backups, Claim, Data, Outcome, Primaries, Writes};
use super::{by_hand, commits, decisions, surroundings, times};
use crate::facts::roles::Role;
use crate::origin::Origin;
use crate::source::{Place, Sources};
use crate::topology::FailoverManager;
use crate::topology::quorum::play::{Damage, Doubt, Fate, Play, Plays};
use crate::topology::quorum::{Fence, Quorum};
use crate::tpa::view::{Instance, Subject};

pub(super) struct Stage<'s> {
    pub(super) subject: &'s Subject,
    sources: &'s Sources,
    pub(super) primary: &'s Instance,
    pub(super) quorum: &'s Quorum<'s>,
    pub(super) plays: Plays<'s, 's>,
}

/// A failure that has been played.
pub(super) struct Scene<'p, 's> {
    pub(super) stage: &'p Stage<'s>,
    pub(super) failures: &'p [Failure<'s>],
    pub(super) damage: Damage<'s>,
    pub(super) play: Play<'s>,
}

impl<'s> Stage<'s> {
    pub(super) fn new(
        subject: &'s Subject,
        sources: &'s Sources,
        primary: &'s Instance,
        quorum: &'s Quorum<'s>,
    ) -> Self {
        Self {
            subject,
            sources,
            primary,
            quorum,
            plays: Plays::new(quorum),
        }
    }

    pub(super) fn play(&self, failures: &[Failure<'s>]) -> Outcome {
        let mut damage = self.plays.unharmed();
        for failure in failures {
            failure.add_to(&mut damage, self.quorum);
        }
        let play = self.plays.play(&damage);
        let scene = Scene {
            stage: self,
            failures,
            damage,
            play,
        };
        scene.outcome()
    }

    pub(super) fn claim(&self, about: &'static str, says: String, at: Option<Origin>) -> Claim {
        Claim {
            about,
            says,
            place: at.and_then(|at| self.place(at)),
        }
    }

    fn place(&self, at: Origin) -> Option<Place> {
        self.sources.place(at.place())
    }
}

impl<'s> Scene<'_, 's> {
    fn outcome(&self) -> Outcome {
        let names: Vec<String> = self.failures.iter().map(Failure::name).collect();
        let manager = self.stage.quorum.manager;
        let titles = self.failures.iter().map(|failure| failure.title(manager));
        let titles: Vec<String> = titles.collect();
        let writer = self.writer();
        let writes = self.writes();
        let after = match &writes {
            Writes::TakesOver(_) | Writes::Uncertain(_) | Writes::Waits(_)
                if !self.play.primary.serves() =>
            {
                times::until_promotion(self)
            }
            Writes::GoesOn(_) => times::until_commits(self),
            Writes::TakesOver(_) | Writes::Uncertain(_) | Writes::Waits(_) | Writes::Nobody => None,
        };
        let primaries = self.primaries();
        let data = self.data();
        let mut claims = decisions::claims(self);
        if !self.play.primary.serves() {
            claims.extend(times::claim(self, after));
        }
        claims.extend(commits::claims(self, data, &writes));
        let (backups, about_backups) = surroundings::backups(self, writer);
        let (clients, about_clients) = surroundings::clients(self, writer);
        let rescue = commits::rescue(self, &writes, data);
        claims.extend(about_clients);
        claims.extend(about_backups);
        Outcome {
            name: names.join("+"),
            title: titles.join(", and "),
            by_hand: by_hand::steps(self, &writes, primaries),
            writes,
            promoted: own(self.winners()),
            after,
            primaries,
            data,
            clients,
            rescue,
            backups,
            readable: own(self.readable()),
            claims,
        }
    }

    /// All that may be promoted, the most likely first.
    pub(super) fn winners(&self) -> Vec<&'s str> {
        let mut winners: Vec<&str> = Vec::new();
        for winner in self.play.promotions().flat_map(|side| &side.winners) {
            if !winners.contains(winner) {
                winners.push(winner);
            }
        }
        winners
    }

    /// The machine that most likely takes writes in the end.
    pub(super) fn writer(&self) -> Option<&'s str> {
        if self.play.primary.serves() {
            return Some(self.stage.primary.name.value.as_str());
        }
        self.winners().first().copied()
    }

    /// The data nodes that run.
    pub(super) fn readable(&self) -> Vec<&'s str> {
        self.stage.plays.running(&self.damage, None)
    }

    fn writes(&self) -> Writes {
        let Some(writer) = self.writer() else {
            return Writes::Nobody;
        };
        if commits::missing(self, writer).is_some() {
            return Writes::Waits(writer.to_owned());
        }
        let goes_on = self.play.primary.serves();
        match (goes_on, self.play.serves) {
            (true, true) => Writes::GoesOn(writer.to_owned()),
            (true, false) => Writes::Uncertain(vec![writer.to_owned()]),
            (false, true) => Writes::TakesOver(own(self.winners())),
            (false, false) => Writes::Uncertain(own(self.winners())),
        }
    }

    pub(super) fn primaries(&self) -> Primaries {
        let quorum = self.stage.quorum;
        if self.play.writers > 1 {
            return Primaries::Two(None);
        }
        let promotes = self.play.promotions().next().is_some();
        match (self.play.primary, quorum.manager, quorum.fence) {
            // It is stopped in the end, and the other side may be faster.
            (Fate::Fenced, FailoverManager::Repmgr, Fence::Children(children)) if promotes => {
                let delay = children.delay.unwrap_or_default();
                match delay.saturating_sub(quorum.promotion_delay) {
                    late if late > 0 => Primaries::Two(Some(late)),
                    _ => Primaries::One,
                }
            }
            (Fate::Lost | Fate::Stopped, FailoverManager::Repmgr, _) if promotes => {
                Primaries::SecondOnReturn
            }
            _ => Primaries::One,
        }
    }

    fn data(&self) -> Data {
        let promotes = self.play.promotions().next().is_some();
        if self.play.writers > 1 || matches!(self.primaries(), Primaries::Two(_)) {
            return Data::MayBeLost;
        }
        match (self.play.primary.serves(), promotes) {
            (true, _) => Data::Kept,
            (false, false) => Data::OnThePrimary,
            (false, true) if commits::are_kept(self) => Data::Kept,
            (false, true) => Data::MayBeLost,
        }
    }

    pub(super) fn doubts(&self) -> Vec<Doubt<'s>> {
        self.play.doubts()
    }

    /// Whether a machine that is none of the voters is there: no failure takes it.
    pub(super) fn is_up(&self, instance: &Instance) -> bool {
        let location = self.stage.subject.location_name(instance);
        self.failures.iter().all(|failure| match failure {
            Failure::Machine(name) => *name != instance.name.value,
            Failure::Location(name) => Some(*name) != location,
            Failure::Postgres(_)
            | Failure::Daemon(_)
            | Failure::Service(..)
            | Failure::Cut(_)
            | Failure::Link(..) => true,
        })
    }

    /// Whether the Postgres of a machine stops in order, so that others are told.
    pub(super) fn takes_leave(&self, name: &str) -> bool {
        let stops = |failure: &Failure<'_>| matches!(failure, Failure::Postgres(stopped) if *stopped == name);
        self.failures.iter().any(stops)
    }

    /// Whether nothing is cut between two machines.
    pub(super) fn sees(&self, one: &Instance, other: &Instance) -> bool {
        let location = |instance| self.stage.subject.location_name(instance);
        let (one, other) = (location(one), location(other));
        self.failures.iter().all(|failure| match failure {
            Failure::Cut(around) => (one == Some(*around)) == (other == Some(*around)),
            Failure::Link(first, second) => {
                let is = |a, b| one == Some(a) && other == Some(b);
                !is(*first, *second) && !is(*second, *first)
            }
            Failure::Machine(_)
            | Failure::Postgres(_)
            | Failure::Daemon(_)
            | Failure::Service(..)
            | Failure::Location(_) => true,
        })
    }

    pub(super) fn is_service_down(&self, role: Role, name: &str) -> bool {
        self.failures.contains(&Failure::Service(role, name))
    }

    /// Whether Barman goes on with a machine.
    pub(super) fn backups_of(&self, name: &str) -> Backups {
        let Some(instance) = self.stage.subject.instance(name) else {
            return Backups::None;
        };
        let barmans = instance.backup.iter();
        let mut known = barmans.filter_map(|backup| self.stage.subject.instance(&backup.value));
        if instance.backup.is_empty() {
            return Backups::Stop;
        }
        let works = known.any(|barman| {
            self.is_up(barman)
                && self.sees(barman, instance)
                && !self.is_service_down(Role::Barman, &barman.name.value)
        });
        if works { Backups::GoOn } else { Backups::Stop }
    }
}

fn own(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}
