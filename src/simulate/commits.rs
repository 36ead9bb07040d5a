//! Commits: whether those that clients know of are kept, and whether new ones go on.

use super::stage::{Scene, Stage};
use super::{Claim, Data, Rescue, Writes};
use crate::schema::list;
use crate::topology::quorum::play::Fate;
use crate::topology::quorum::{Commits, Part};
use crate::tpa::view::{postgres, synchronous};

/// Whether a standby that is promoted has every commit, whichever of those that may be it is.
pub(super) fn are_kept(scene: &Scene<'_, '_>) -> bool {
    let stage = scene.stage;
    match stage.quorum.commits {
        Commits::Alone => false,
        // Patroni promotes nobody else.
        Commits::Chosen { .. } => true,
        // Whoever wins an election has the most of those that take part in it.
        Commits::Named { count, .. } => missing_of(scene, &scene.winners()) < count,
    }
}

/// What a person can do where writes do not go on of themselves.
pub(super) fn rescue(scene: &Scene<'_, '_>, writes: &Writes, data: Data) -> Rescue {
    let with = |is_kept: bool| {
        if is_kept {
            Rescue::WithData
        } else {
            Rescue::WithLoss
        }
    };
    let primary = &scene.stage.primary.name.value;
    match writes {
        Writes::GoesOn(_) | Writes::TakesOver(_) => return Rescue::NotNeeded,
        Writes::Waits(_) => return with(data == Data::Kept),
        Writes::Uncertain(_) | Writes::Nobody => {}
    }
    let is_lost = scene.play.primary == Fate::Lost;
    let mut standbys = scene.readable();
    standbys.retain(|name| name != primary);
    match scene.stage.quorum.commits {
        // It can be started again, unless another one is promoted meanwhile.
        _ if !is_lost && scene.play.promotions().next().is_none() => Rescue::WithData,
        _ if standbys.is_empty() => Rescue::Impossible,
        Commits::Alone => Rescue::WithLoss,
        Commits::Named { count, .. } | Commits::Chosen { count, .. } => {
            with(missing_of(scene, &standbys) < count)
        }
    }
}

/// How many of the standbys that may alone have a commit are not among these.
fn missing_of(scene: &Scene<'_, '_>, names: &[&str]) -> usize {
    let synchronous = scene.stage.plays.synchronous();
    let missing = synchronous.filter(|standby| !names.contains(standby));
    missing.count()
}

/// Whether commits of a primary that goes on wait until it gives up a standby that has gone without a word. A Postgres
/// that is stopped takes leave.
pub(super) fn pause(scene: &Scene<'_, '_>) -> bool {
    let stage = scene.stage;
    let writer = stage.primary.name.value.as_str();
    let asked: Vec<&str> = match stage.quorum.commits {
        Commits::Alone | Commits::Named { first: false, .. } => return false,
        Commits::Named { first: true, count } => first_of(stage, count),
        // Any of them may be among those that it has chosen.
        Commits::Chosen { .. } => stage.plays.synchronous().collect(),
    };
    let seen = stage.plays.running(&scene.damage, Some(writer));
    let is_silent = |name: &&str| !seen.contains(name) && !scene.takes_leave(name);
    asked.iter().any(is_silent)
}

/// The standbys that commits wait for while all are there: the first of the list. Of `*` they may be any.
fn first_of<'s>(stage: &Stage<'s>, count: usize) -> Vec<&'s str> {
    let standbys: Vec<&str> = stage.plays.synchronous().collect();
    let listed = synchronous::names(stage.subject, stage.primary);
    let Some(listed) = listed.filter(|listed| !listed.names_everyone()) else {
        return standbys;
    };
    let known = listed.members.iter().filter_map(|name| {
        let mut standbys = standbys.iter().copied();
        standbys.find(|standby| standby.eq_ignore_ascii_case(name))
    });
    known.take(count).collect()
}

/// How many standbys a primary lacks whose answer its commits wait for.
pub(super) fn missing(scene: &Scene<'_, '_>, writer: &str) -> Option<usize> {
    let stage = scene.stage;
    let count = match stage.quorum.commits {
        Commits::Alone | Commits::Chosen { strict: false, .. } => return None,
        Commits::Named { count, .. }
        | Commits::Chosen {
            count,
            strict: true,
        } => count,
    };
    let is_first = writer == stage.primary.name.value;
    let running = stage.plays.running(&scene.damage, Some(writer));
    let members = stage.quorum.members.iter();
    let answers = members.filter(|member| {
        // After a promotion the others stream from the new primary; the old one is gone.
        let may_answer = if is_first {
            follows_it(scene, member.name)
        } else {
            member.synchronous && member.part == Part::Standby && member.name != writer
        };
        may_answer && running.contains(&member.name)
    });
    let answers = answers.count();
    (answers < count).then(|| count - answers)
}

/// Whether a standby streams from the primary itself, or Patroni chooses.
fn follows_it(scene: &Scene<'_, '_>, name: &str) -> bool {
    let mut synchronous = scene.stage.plays.synchronous();
    synchronous.any(|standby| standby == name)
}

pub(super) fn claims(scene: &Scene<'_, '_>, data: Data, writes: &Writes) -> Vec<Claim> {
    let stage = scene.stage;
    let at = synchronous::written(stage.subject, stage.primary).map(|value| value.origin);
    let mut claims = Vec::new();
    if let (Writes::GoesOn(writer), true) = (writes, pause(scene)) {
        let says = match postgres::standby_timeout(stage.subject, stage.primary) {
            Some(seconds) => format!(
                "commits on `{writer}` may wait for {seconds} s, until it gives up the standby that is gone (`wal_sender_timeout`)"
            ),
            None => format!(
                "commits on `{writer}` may wait for hours, until TCP gives up the standby that is gone: `wal_sender_timeout` is off"
            ),
        };
        claims.push(stage.claim("pause", says, at));
    }
    if let Writes::Waits(writer) = writes {
        let missing = missing(scene, writer).unwrap_or_default();
        let says = format!(
            "commits on `{writer}` wait for {missing} more synchronous standby{}",
            if missing == 1 { "" } else { "s" }
        );
        claims.push(stage.claim("commits", says, at));
    }
    let says = match (data, stage.quorum.commits) {
        (Data::Kept, _) if scene.play.primary.serves() => return claims,
        (Data::Kept, _) => {
            let names: Vec<&str> = stage.plays.synchronous().collect();
            let waits = match (stage.quorum.commits, names.as_slice()) {
                (Commits::Named { count, .. } | Commits::Chosen { count, .. }, names)
                    if count < names.len() =>
                {
                    format!("{count} of {}", list(names))
                }
                (_, names) => list(names),
            };
            format!("every commit is on the new primary: commits wait for {waits}")
        }
        (Data::OnThePrimary, _) => format!(
            "what was committed is on the disk of `{}`",
            stage.primary.name.value
        ),
        (Data::MayBeLost, _) if scene.play.writers > 1 => {
            "what one of the two primaries takes is thrown away in the end".to_owned()
        }
        (Data::MayBeLost, Commits::Alone) => {
            "the last commits may be lost: they wait for no standby".to_owned()
        }
        (Data::MayBeLost, Commits::Named { .. } | Commits::Chosen { .. }) => {
            "the last commits may be lost: those that have them may be gone, or take no part in the election".to_owned()
        }
    };
    claims.push(stage.claim("commits", says, at));
    claims
}
