//! The engine of failures against a naive model, and the model against what was seen on real clusters.

mod model;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use m1c::topology::FailoverManager;
use m1c::topology::quorum::play::{Cut, Damage, Doubt, Down, Play, Plays};
use m1c::topology::quorum::{Children, Commits, Fence, Member, Needed, Part, Quorum, State};
use m1c::tpa::view::quorum::quorum;

use crate::quorum::{SEEN, of_lab, subject_of};
use crate::robust::Random;
use model::{End, Guess};

/// How many clusters are made from each seed.
const CLUSTERS: usize = 10_000;

const SEEDS: [u64; 4] = [0x1d0b_5eed, 0x2, 0x3, 0x5];

const NAMES: [&str; 14] = [
    "n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "n11", "n12", "n13",
];
const LOCATIONS: [&str; 4] = ["l0", "l1", "l2", "l3"];

#[test]
fn the_engine_agrees_with_a_naive_model() {
    let mut randoms = SEEDS.map(Random);
    let (mut failures, mut count) = (String::new(), 0);
    let (mut promotions, mut doubts) = (0, 0);
    for number in 0..CLUSTERS * SEEDS.len() {
        let random = &mut randoms[number % SEEDS.len()];
        let quorum = random_quorum(random);
        let plays = Plays::new(&quorum);
        for failures_at_once in [1, 2] {
            let mut damage = plays.unharmed();
            for _ in 0..failures_at_once {
                fail(&quorum, &mut damage, random);
            }
            let play = plays.play(&damage);
            promotions += usize::from(play.promotions().next().is_some());
            doubts += usize::from(!play.doubts().is_empty());
            if let Err(why) = compare(&quorum, &damage, &play) {
                count += 1;
                if count <= 5 {
                    writeln!(failures, "{}{why}\n", describe(&quorum, &damage)).unwrap();
                }
            }
        }
    }
    assert!(failures.is_empty(), "{count} disagreements\n{failures}");
    // The dice must not only throw what nobody is promoted in.
    assert!(promotions > CLUSTERS / 2, "{promotions} promotions");
    assert!(doubts < CLUSTERS * SEEDS.len(), "{doubts} doubts");
}

#[test]
fn the_model_ends_as_real_clusters_did() {
    let mut failures = String::new();
    for (layout, settings, injections, expected) in SEEN {
        let subject = subject_of(&of_lab(layout, settings));
        let mut quorum = quorum(&subject).unwrap();
        let mut found = BTreeSet::new();
        for injection in injections.split("; ") {
            let words: Vec<&str> = injection.split(' ').collect();
            let (word, names) = words.split_first().unwrap();
            let mut damage = Plays::new(&quorum).unharmed();
            match *word {
                "stop" => quorum = quorum.stopped(names[0]),
                "settle" => quorum = quorum.settled_without(names[0]),
                "cut" => damage.cuts.push(Cut::Around(names[0])),
                "link" => damage.cuts.push(Cut::Between(names[0], names[1])),
                _ => {
                    for (down, member) in damage.down.iter_mut().zip(&quorum.members) {
                        down.machine = names.contains(&member.name);
                    }
                }
            }
            let end = model::end(&quorum, &damage, GUESSES[0]);
            found = end.equal.iter().map(|name| (*name).to_owned()).collect();
        }
        let expected: BTreeSet<String> = expected
            .split([' ', '/'])
            .filter(|name| *name != "nobody")
            .map(str::to_owned)
            .collect();
        if found != expected {
            writeln!(
                failures,
                "{layout}, {settings}, {injections}: {found:?}, not {expected:?}"
            )
            .unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// What repmgr leaves open comes first, EFM leaves both open.
const GUESSES: [Guess; 4] = [
    Guess {
        waits_for_unattended: false,
        stops_for_the_dead: false,
    },
    Guess {
        waits_for_unattended: true,
        stops_for_the_dead: false,
    },
    Guess {
        waits_for_unattended: false,
        stops_for_the_dead: true,
    },
    Guess {
        waits_for_unattended: true,
        stops_for_the_dead: true,
    },
];

/// Whether the engine says what the model finds, and doubts where that depends on what nobody knows.
fn compare(quorum: &Quorum<'_>, damage: &Damage<'_>, play: &Play<'_>) -> Result<(), String> {
    let doubts = play.doubts();
    let has_link = damage
        .cuts
        .iter()
        .any(|cut| matches!(cut, Cut::Between(..)));
    // Who counts whom there, nothing that is known decides.
    if doubts.contains(&Doubt::Partly) {
        return if quorum.manager == FailoverManager::Efm && has_link {
            Ok(())
        } else {
            Err("a doubt about what EFM sees, without cause".to_owned())
        };
    }
    let mut ends: Vec<End<'_>> = Vec::new();
    let guesses = match quorum.manager {
        FailoverManager::Efm => &GUESSES[..],
        FailoverManager::Repmgr => &GUESSES[..2],
        FailoverManager::Patroni | FailoverManager::None => &GUESSES[..1],
    };
    for guess in guesses {
        let end = model::end(quorum, damage, *guess);
        if !ends.contains(&end) {
            ends.push(end);
        }
    }
    let may_win: BTreeSet<&str> = ends.iter().flat_map(|end| end.winners.clone()).collect();
    let is_said = ends.iter().any(|end| end.primary == play.primary.serves())
        && winners(play) == may_win
        && ends.iter().map(|end| end.writers).max() == Some(play.writers)
        && ends.iter().all(|end| end.serves) == play.serves;
    let is_doubted = doubts
        .iter()
        .any(|doubt| matches!(doubt, Doubt::Unattended(_) | Doubt::Minority));
    if is_said && (ends.len() == 1 || is_doubted) {
        return Ok(());
    }
    Err(format!(
        "engine: {:?}, winners {:?}, {} writers, serves {}, doubts {doubts:?}\nmodel: {ends:?}",
        play.primary,
        winners(play),
        play.writers,
        play.serves
    ))
}

fn winners<'m>(play: &Play<'m>) -> BTreeSet<&'m str> {
    play.sides
        .iter()
        .flat_map(|side| side.winners.iter().copied())
        .collect()
}

fn random_quorum(random: &mut Random) -> Quorum<'static> {
    let manager = match random.below(9) {
        0..4 => FailoverManager::Repmgr,
        4..6 => FailoverManager::Efm,
        6..8 => FailoverManager::Patroni,
        _ => FailoverManager::None,
    };
    let locations = 1 + random.below(LOCATIONS.len());
    let data = 1 + random.below(7);
    let witnesses = random.below(4).saturating_sub(1);
    let has_sites = random.below(4) == 0;
    let mut members: Vec<Member<'static>> = Vec::new();
    for number in 0..data + witnesses {
        let part = match number {
            0 => Part::Primary,
            _ if number < data => Part::Standby,
            _ => Part::Witness,
        };
        let cascades = part == Part::Standby && number > 1 && random.below(5) == 0;
        let place = random.below(locations);
        members.push(Member {
            name: NAMES[number],
            location: (random.below(30) > 0).then_some(LOCATIONS[place]),
            part,
            upstream: match part {
                Part::Standby if cascades => Some(NAMES[1 + random.below(number - 1)]),
                Part::Standby | Part::Witness => Some(NAMES[0]),
                Part::Primary | Part::Bystander => None,
            },
            promotable: random.below(6) > 0,
            manual: manager == FailoverManager::Repmgr && random.below(8) == 0,
            state: match random.below(20) {
                0 if number > 0 => State::Stopped,
                1 if number > 0 => State::Lost,
                _ => State::Running,
            },
            priority: if random.below(4) == 0 { 50 } else { 100 },
            node: i64::try_from(number).unwrap() + 1,
            site: Cow::Borrowed(if has_sites {
                LOCATIONS[place]
            } else {
                "default"
            }),
            etcd: None,
            synchronous: random.below(3) > 0,
        });
    }
    if manager == FailoverManager::Patroni {
        for _ in 0..=random.below(5) {
            if random.below(2) == 0 {
                let place = random.below(members.len());
                members[place].etcd = Some("etcd");
            } else {
                members.push(Member {
                    name: NAMES[members.len()],
                    location: Some(LOCATIONS[random.below(locations)]),
                    part: Part::Bystander,
                    upstream: None,
                    promotable: false,
                    manual: false,
                    state: State::Running,
                    priority: 100,
                    node: 0,
                    site: Cow::Borrowed("default"),
                    etcd: Some(if random.below(8) == 0 {
                        "other"
                    } else {
                        "etcd"
                    }),
                    synchronous: false,
                });
            }
        }
    }
    let number = [1, 2, 3][random.below(3)];
    let fence = match manager {
        FailoverManager::Repmgr if random.below(3) == 0 => Fence::Children(Children {
            needed: if random.below(2) == 0 {
                Needed::Connected(number)
            } else {
                Needed::Disconnected(number)
            },
            witnesses: random.below(2) == 0,
            delay: [None, Some(30), Some(90)][random.below(3)],
        }),
        FailoverManager::Efm if random.below(4) > 0 => Fence::Majority,
        FailoverManager::Patroni => Fence::Majority,
        FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::None => Fence::None,
    };
    let commits = match random.below(3) {
        0 => Commits::Alone,
        _ if manager == FailoverManager::Patroni => Commits::Chosen {
            count: 1 + random.below(2),
            strict: random.below(2) == 0,
        },
        _ => Commits::Named {
            count: 1 + random.below(2),
            first: random.below(2) == 0,
        },
    };
    Quorum {
        manager,
        members,
        automatic: random.below(8) > 0,
        fence,
        promotion_delay: 60,
        failsafe: manager == FailoverManager::Patroni && random.below(3) == 0,
        asks_for_sightings: manager == FailoverManager::Repmgr && random.below(3) == 0,
        commits,
    }
}

/// Lets one thing fail.
fn fail(quorum: &Quorum<'static>, damage: &mut Damage<'static>, random: &mut Random) {
    // The primary more often than others: without it little is decided.
    let place = if random.below(3) == 0 {
        0
    } else {
        random.below(quorum.members.len())
    };
    let location = LOCATIONS[random.below(LOCATIONS.len())];
    let down = &mut damage.down[place];
    match random.below(7) {
        0 => down.machine = true,
        1 => down.postgres = true,
        2 => down.daemon = true,
        3 => down.etcd = true,
        4 => {
            for (down, member) in damage.down.iter_mut().zip(&quorum.members) {
                down.machine |= member.location == Some(location);
            }
        }
        5 => damage.cuts.push(Cut::Around(location)),
        _ => {
            let other = LOCATIONS[random.below(LOCATIONS.len())];
            if other != location {
                damage.cuts.push(Cut::Between(location, other));
            }
        }
    }
}

/// A cluster and what fails in it, a machine a line.
fn describe(quorum: &Quorum<'_>, damage: &Damage<'_>) -> String {
    let mut text = format!(
        "{:?}, automatic {}, {:?}, failsafe {}, asks {}, {:?}, {:?}\n",
        quorum.manager,
        quorum.automatic,
        quorum.fence,
        quorum.failsafe,
        quorum.asks_for_sightings,
        quorum.commits,
        damage.cuts
    );
    for (member, down) in quorum.members.iter().zip(&damage.down) {
        let Down {
            machine,
            postgres,
            daemon,
            etcd,
        } = *down;
        let mut words = vec![format!(
            "  {} {:?} {} of {}",
            member.name,
            member.part,
            member.location.unwrap_or("nowhere"),
            member.upstream.unwrap_or("nobody")
        )];
        words.push(format!("priority {} site {}", member.priority, member.site));
        for (is_so, word) in [
            (!member.promotable, "not promotable"),
            (member.manual, "manual"),
            (member.state == State::Stopped, "stopped before"),
            (member.state == State::Lost, "lost before"),
            (member.etcd.is_some(), member.etcd.unwrap_or_default()),
            (member.synchronous, "synchronous"),
            (machine, "MACHINE DOWN"),
            (postgres, "POSTGRES DOWN"),
            (daemon, "DAEMON DOWN"),
            (etcd, "ETCD DOWN"),
        ] {
            if is_so {
                words.push(word.to_owned());
            }
        }
        text.push_str(&words.join(", "));
        text.push('\n');
    }
    text
}
