//! Failures once more, naively: every machine looks around and decides for itself, and all orders are tried in which
//! standbys may have received WAL. It shares plain data with the engine and no code, so that the two can disagree.

use std::collections::BTreeSet;

use m1c::topology::FailoverManager;
use m1c::topology::quorum::play::{Cut, Damage, Down};
use m1c::topology::quorum::{Commits, Fence, Member, Needed, Part, Quorum, State};

/// How it ends, whoever has received most of the WAL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End<'m> {
    /// Whether the primary takes writes.
    pub(super) primary: bool,
    /// Who is promoted in some order.
    pub(super) winners: BTreeSet<&'m str>,
    /// Who takes writes where all standbys have received the same.
    pub(super) equal: BTreeSet<&'m str>,
    /// How many take writes at the same time in the end, at the worst.
    pub(super) writers: usize,
    /// Whether somebody takes writes in each order.
    pub(super) serves: bool,
}

/// What nobody has tried: the model plays it both ways.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guess {
    /// Whether others wait for a standby that has no daemon and wins the election of repmgr or EFM.
    pub(super) waits_for_unattended: bool,
    /// Whether EFM's primary stops when others are dead, and not cut off.
    pub(super) stops_for_the_dead: bool,
}

/// One order of events to its end.
struct Course {
    primary: bool,
    promoted: BTreeSet<usize>,
    together: usize,
}

struct World<'w, 'm> {
    quorum: &'w Quorum<'m>,
    damage: &'w Damage<'w>,
    guess: Guess,
    /// Those that have received more than all others, most first.
    ahead: &'w [usize],
}

/// How a failure ends with a guess.
pub(super) fn end<'m>(quorum: &Quorum<'m>, damage: &Damage<'_>, guess: Guess) -> End<'m> {
    let mut courses = Vec::new();
    let mut equal = BTreeSet::new();
    for ahead in orders(quorum, damage) {
        let world = World {
            quorum,
            damage,
            guess,
            ahead: &ahead,
        };
        let of_order = world.courses();
        if ahead.is_empty() {
            for course in &of_order {
                equal.extend(course.promoted.iter().copied());
                equal.extend(world.primary().filter(|_| course.primary));
            }
        }
        courses.extend(of_order);
    }
    let names = |places: &BTreeSet<usize>| -> BTreeSet<&'m str> {
        places.iter().map(|p| quorum.members[*p].name).collect()
    };
    let winners = courses.iter().flat_map(|course| &course.promoted).copied();
    End {
        primary: courses[0].primary,
        winners: names(&winners.collect()),
        equal: names(&equal),
        writers: courses.iter().map(|course| course.together).max().unwrap(),
        serves: courses
            .iter()
            .all(|course| course.primary || !course.promoted.is_empty()),
    }
}

/// Who may be ahead of the others: nobody, and each row of standbys, as long as there are sides that elect.
fn orders(quorum: &Quorum<'_>, damage: &Damage<'_>) -> Vec<Vec<usize>> {
    let most = match quorum.manager {
        FailoverManager::Repmgr => damage.cuts.len() + 1,
        FailoverManager::Efm | FailoverManager::Patroni => 1,
        FailoverManager::None => 0,
    };
    let mut able = Vec::new();
    for (place, member) in quorum.members.iter().enumerate() {
        let is_alive = member.state == State::Running && !damage.down[place].machine;
        if member.part == Part::Standby && member.promotable && is_alive {
            able.push(place);
        }
    }
    let mut orders = vec![Vec::new()];
    let mut last = orders.clone();
    for _ in 0..most {
        let mut longer = Vec::new();
        for order in &last {
            for place in &able {
                if !order.contains(place) {
                    longer.push([order.as_slice(), &[*place]].concat());
                }
            }
        }
        orders.extend(longer.iter().cloned());
        last = longer;
    }
    orders
}

impl World<'_, '_> {
    fn courses(&self) -> Vec<Course> {
        match self.quorum.manager {
            FailoverManager::Repmgr => vec![self.repmgr()],
            FailoverManager::Efm => vec![self.efm()],
            FailoverManager::Patroni => self.patroni(),
            FailoverManager::None => {
                let primary = self.primary().is_some_and(|primary| self.runs(primary));
                vec![Course {
                    primary,
                    promoted: BTreeSet::new(),
                    together: usize::from(primary),
                }]
            }
        }
    }

    fn count(&self) -> usize {
        self.quorum.members.len()
    }

    fn member(&self, place: usize) -> &Member<'_> {
        &self.quorum.members[place]
    }

    fn down(&self, place: usize) -> Down {
        self.damage.down[place]
    }

    fn primary(&self) -> Option<usize> {
        (0..self.count()).find(|place| self.member(*place).part == Part::Primary)
    }

    fn is_data(&self, place: usize) -> bool {
        match self.member(place).part {
            Part::Primary | Part::Standby => true,
            Part::Witness | Part::Bystander => false,
        }
    }

    fn is_standby(&self, place: usize) -> bool {
        self.member(place).part == Part::Standby
    }

    /// Whether its machine is alive.
    fn lives(&self, place: usize) -> bool {
        self.member(place).state != State::Lost && !self.down(place).machine
    }

    /// Whether its Postgres runs, and nobody has to start it again.
    fn runs(&self, place: usize) -> bool {
        self.lives(place)
            && self.member(place).state == State::Running
            && !self.down(place).postgres
    }

    /// Whether the daemon of the failover manager runs.
    fn is_attended(&self, place: usize) -> bool {
        self.lives(place) && !self.down(place).daemon
    }

    /// Whether two machines live, and no cut is between them.
    fn sees(&self, own: usize, other: usize) -> bool {
        if !self.lives(own) || !self.lives(other) {
            return false;
        }
        let (here, there) = (self.member(own).location, self.member(other).location);
        for cut in &self.damage.cuts {
            let is_between = match *cut {
                Cut::Around(location) => (here == Some(location)) != (there == Some(location)),
                Cut::Between(one, two) => {
                    (here == Some(one) && there == Some(two))
                        || (here == Some(two) && there == Some(one))
                }
            };
            if is_between {
                return false;
            }
        }
        true
    }

    fn follows_primary(&self, place: usize) -> bool {
        let primary = self.primary().map(|primary| self.member(primary).name);
        primary.is_some() && self.member(place).upstream == primary
    }

    /// Whether repmgr prefers one standby to another: by WAL, then by priority, then by number.
    fn is_before(&self, one: usize, two: usize) -> bool {
        let rank = |place: usize| {
            let ahead = self.ahead.iter().position(|other| *other == place);
            let member = self.member(place);
            (ahead.unwrap_or(usize::MAX), -member.priority, member.node)
        };
        rank(one) < rank(two)
    }

    // repmgr.

    fn repmgr(&self) -> Course {
        let Some(primary) = self.primary() else {
            return Course {
                primary: false,
                promoted: BTreeSet::new(),
                together: 0,
            };
        };
        let mut serves = self.runs(primary);
        let delay = if serves {
            self.fence_delay(primary)
        } else {
            None
        };
        if delay.is_some_and(|delay| delay < self.quorum.promotion_delay) {
            serves = false;
        }
        let mut promoted = BTreeSet::new();
        for own in 0..self.count() {
            if self.promotes_itself(own, serves) {
                promoted.insert(own);
            }
        }
        if serves && delay.is_some() {
            // The fence comes when others have decided. Who sees their winner follows it; the rest decides now.
            serves = false;
            let before = promoted.clone();
            for own in 0..self.count() {
                let follows = before.iter().any(|winner| self.sees(own, *winner));
                if !follows && self.promotes_itself(own, serves) {
                    promoted.insert(own);
                }
            }
        }
        Course {
            primary: serves,
            together: promoted.len() + usize::from(serves),
            promoted,
        }
    }

    /// After how many seconds repmgr stops the primary, if it does.
    fn fence_delay(&self, primary: usize) -> Option<i64> {
        let Fence::Children(children) = self.quorum.fence else {
            return None;
        };
        if !self.is_attended(primary) {
            return None;
        }
        let (mut attached, mut gone) = (0, 0);
        for child in 0..self.count() {
            let counts = self.is_standby(child)
                || self.member(child).part == Part::Witness && children.witnesses;
            if counts && self.follows_primary(child) {
                if self.sees(primary, child) && self.runs(child) {
                    attached += 1;
                } else {
                    gone += 1;
                }
            }
        }
        let too_few = match children.needed {
            Needed::Connected(needed) => attached < needed,
            Needed::Disconnected(needed) => gone >= needed,
        };
        children.delay.filter(|_| too_few && gone > 0)
    }

    /// Whether repmgrd of this machine promotes it.
    fn promotes_itself(&self, own: usize, primary_serves: bool) -> bool {
        let primary = self.primary().unwrap();
        let sees_primary = |place: usize| {
            primary_serves && self.sees(place, primary) && self.follows_primary(place)
        };
        let member = self.member(own);
        if !self.quorum.automatic
            || !self.is_standby(own)
            || !self.follows_primary(own)
            || !self.runs(own)
            || !self.is_attended(own)
            || !member.promotable
            || member.manual
            || sees_primary(own)
        {
            return false;
        }
        // All that follow the primary, and that nobody has reported as inactive.
        let mut others = Vec::new();
        for other in 0..self.count() {
            let votes = self.is_standby(other) || self.member(other).part == Part::Witness;
            // Who fails in the same moment as others has not been reported by then.
            let is_stopped = self.member(other).state == State::Stopped;
            if other != own && votes && self.follows_primary(other) && !is_stopped {
                others.push(other);
            }
        }
        let total = others.len() + 1;
        others.retain(|other| self.sees(own, *other) && self.runs(*other));
        let votes = others.len() + 1;
        let home = &self.member(primary).site;
        let sees_home =
            member.site == *home || others.iter().any(|other| self.member(*other).site == *home);
        let was_seen = self.quorum.asks_for_sightings
            && others
                .iter()
                .any(|other| self.is_attended(*other) && sees_primary(*other));
        if votes * 2 <= total || !sees_home || was_seen {
            return false;
        }
        // Elections ask neither whether one is manual nor whether it still streams.
        others.iter().all(|other| {
            let can_win = self.is_standby(*other)
                && self.member(*other).promotable
                && (self.is_attended(*other) || self.guess.waits_for_unattended);
            !can_win || self.is_before(own, *other)
        })
    }

    // EFM.

    fn is_agent(&self, place: usize) -> bool {
        self.is_data(place) || self.member(place).part == Part::Witness
    }

    /// Whether more than half of all agents are there for one that sees these.
    fn is_most(&self, sees: impl Fn(usize) -> bool) -> bool {
        let (mut seen, mut all) = (0, 0);
        for place in 0..self.count() {
            if self.is_agent(place) {
                all += 1;
                seen += usize::from(sees(place));
            }
        }
        seen * 2 > all
    }

    fn efm(&self) -> Course {
        let mut serves = false;
        let mut promoted = BTreeSet::new();
        let Some(primary) = self.primary() else {
            return Course {
                primary: false,
                promoted,
                together: 0,
            };
        };
        if self.runs(primary) {
            let has_majority =
                self.is_most(|other| self.sees(primary, other) && self.is_attended(other));
            // With those that a cut keeps away, would it have one?
            let is_cut_off = self.is_most(|other| self.is_attended(other));
            let stops = self.quorum.fence == Fence::Majority
                && self.is_attended(primary)
                && !has_majority
                && (is_cut_off || self.guess.stops_for_the_dead);
            serves = !stops;
        }
        for own in 0..self.count() {
            if self.wins_efm(own)
                && self.is_attended(own)
                && !(self.sees(own, primary) && serves)
                && self.is_most(|other| self.sees(own, other) && self.is_attended(other))
                && (0..self.count()).all(|other| {
                    other == own
                        || !self.sees(own, other)
                        || !self.wins_efm(other)
                        || self.is_before(own, other)
                })
            {
                promoted.insert(own);
            }
        }
        Course {
            primary: serves,
            together: promoted.len() + usize::from(serves),
            promoted,
        }
    }

    fn wins_efm(&self, place: usize) -> bool {
        self.quorum.automatic
            && self.is_standby(place)
            && self.member(place).promotable
            && self.follows_primary(place)
            && self.runs(place)
            && (self.is_attended(place) || self.guess.waits_for_unattended)
    }

    // Patroni.

    /// The etcd cluster that counts: the biggest, the first among equals.
    fn etcd_members(&self) -> Vec<usize> {
        let mut biggest = Vec::new();
        for place in 0..self.count() {
            let etcd = self.member(place).etcd;
            let mut members = Vec::new();
            for other in 0..self.count() {
                if etcd.is_some() && self.member(other).etcd == etcd {
                    members.push(other);
                }
            }
            if members.len() > biggest.len() {
                biggest = members;
            }
        }
        biggest
    }

    /// All that can lead etcd, with those that hear each.
    fn leaders(&self) -> Vec<Vec<usize>> {
        let members = self.etcd_members();
        let mut leaders = Vec::new();
        for leader in &members {
            let mut heard = Vec::new();
            for other in &members {
                if self.sees(*leader, *other) && !self.down(*other).etcd && !self.down(*leader).etcd
                {
                    heard.push(*other);
                }
            }
            if heard.len() * 2 > members.len() {
                leaders.push(heard);
            }
        }
        leaders
    }

    /// Who may be synchronous, in all ways to choose.
    fn synchronous(&self) -> Vec<Vec<usize>> {
        let Commits::Chosen { count, .. } = self.quorum.commits else {
            return vec![(0..self.count()).collect()];
        };
        let mut able = Vec::new();
        for place in 0..self.count() {
            if self.is_standby(place)
                && self.member(place).synchronous
                && self.member(place).state == State::Running
            {
                able.push(place);
            }
        }
        let mut ways = Vec::new();
        for bits in 0..1_u32 << able.len() {
            if bits.count_ones() as usize == count.min(able.len()) {
                let mut way = Vec::new();
                for (bit, place) in able.iter().enumerate() {
                    if bits & (1 << bit) != 0 {
                        way.push(*place);
                    }
                }
                ways.push(way);
            }
        }
        ways
    }

    fn patroni(&self) -> Vec<Course> {
        let mut leaders = self.leaders();
        if leaders.is_empty() {
            leaders.push(Vec::new());
        }
        let mut courses = Vec::new();
        for heard in &leaders {
            for synchronous in self.synchronous() {
                courses.extend(self.patroni_with(heard, &synchronous));
            }
        }
        courses
    }

    /// One course for each replica that may win the race for the leader key.
    fn patroni_with(&self, heard: &[usize], synchronous: &[usize]) -> Vec<Course> {
        let has_etcd = |own: usize| heard.iter().any(|member| self.sees(own, *member));
        let primary = self.primary();
        // Patroni starts a Postgres that was killed.
        let starts = |own: usize| self.is_attended(own) && self.member(own).state == State::Running;
        let leads = primary.is_some_and(|own| {
            let sees_all = (0..self.count()).all(|other| {
                other == own
                    || !self.is_data(other)
                    // Who is maintained has taken leave of Patroni, and who was lost is forgotten.
                    || self.member(other).state != State::Running
                    || (self.sees(own, other) && self.is_attended(other))
            });
            starts(own) && (has_etcd(own) || (self.quorum.failsafe && sees_all))
        });
        let is_unwatched = primary.is_some_and(|own| self.runs(own) && !self.is_attended(own));
        let serves = leads || is_unwatched;
        let mut racers = Vec::new();
        for own in 0..self.count() {
            let may = self.quorum.automatic
                && self.is_standby(own)
                && starts(own)
                && self.member(own).promotable
                && has_etcd(own)
                && synchronous.contains(&own);
            // Nobody is promoted who sees one that has received more.
            let sees_better = self.ahead.first().is_some_and(|best| {
                *best != own
                    && self.sees(own, *best)
                    && starts(*best)
                    && self.member(*best).promotable
                    && synchronous.contains(best)
            });
            if may && !sees_better && !leads {
                racers.push(own);
            }
        }
        let mut courses = Vec::new();
        for racer in &racers {
            courses.push(Course {
                primary: serves,
                promoted: BTreeSet::from([*racer]),
                together: 1 + usize::from(serves),
            });
        }
        if courses.is_empty() {
            courses.push(Course {
                primary: serves,
                promoted: BTreeSet::new(),
                together: usize::from(serves),
            });
        }
        courses
    }
}
