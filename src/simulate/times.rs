//! How long it takes until a new primary takes writes, from the settings in force.

use super::stage::Scene;
use super::{Claim, commits};
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::topology::quorum::play::Fate;
use crate::tpa::view::{Instance, postgres, repmgr, settings};

/// Seconds that the promotion itself takes, at most: seen with repmgr and Patroni on small databases.
const PROMOTION: i64 = 15;

/// Seconds until Linux gives up a connection on which nobody answers: `tcp_keepalive_time` and nine probes.
const TCP: i64 = 7_200 + 9 * 75;

/// Seconds that an attempt to connect takes when nothing answers: repmgr's `connect_timeout`.
const ATTEMPT: i64 = 2;

/// Seconds until a new primary takes writes, at least and at most.
pub(super) fn until_promotion(scene: &Scene<'_, '_>) -> Option<(i64, i64)> {
    let stage = scene.stage;
    match stage.quorum.manager {
        FailoverManager::Repmgr => {
            // Each tries for as long as it is told to.
            let winners = scene.winners().into_iter();
            let winners = winners.filter_map(|name| stage.subject.instance(name));
            let times = winners.map(|winner| until_promotion_of(scene, winner));
            let times: Vec<(i64, i64)> = times.collect();
            let least = times.iter().map(|(least, _)| *least).min()?;
            let most = times.iter().map(|(_, most)| *most).max()?;
            Some((least, most))
        }
        FailoverManager::Efm => {
            let waits = efm_time(scene);
            Some((waits, waits.saturating_add(PROMOTION + 10)))
        }
        FailoverManager::Patroni => {
            let ttl = dynamic(scene, "ttl", 30);
            let loop_wait = dynamic(scene, "loop_wait", 10);
            Some((
                ttl.saturating_sub(loop_wait).max(0),
                ttl.saturating_add(loop_wait).saturating_add(PROMOTION),
            ))
        }
        FailoverManager::None => None,
    }
}

/// Of those that may be promoted the one that tries for the longest time; the primary, where there is none.
fn slowest<'s>(scene: &Scene<'_, 's>) -> &'s Instance {
    let stage = scene.stage;
    let winners = scene.winners().into_iter();
    let winners = winners.filter_map(|name| stage.subject.instance(name));
    // The first among equals.
    let slowest = winners
        .rev()
        .max_by_key(|winner| until_promotion_of(scene, winner));
    slowest.unwrap_or(stage.primary)
}

/// The same, of a standby of repmgr.
fn until_promotion_of(scene: &Scene<'_, '_>, winner: &Instance) -> (i64, i64) {
    let (attempts, interval) = repmgr::attempts_and_interval(scene.stage.subject, winner);
    let waits = attempts.saturating_mul(interval);
    let tries = attempts.saturating_mul(ATTEMPT);
    // The first attempt is made at once.
    let least = waits.saturating_sub(interval);
    let most = waits.saturating_add(tries).saturating_add(PROMOTION);
    (least, most)
}

/// Seconds until commits of a primary go on that has lost a standby which they wait for, at least and at most.
pub(super) fn until_commits(scene: &Scene<'_, '_>) -> Option<(i64, i64)> {
    let stage = scene.stage;
    if !commits::pause(scene) {
        return None;
    }
    let gives_up = postgres::standby_timeout(stage.subject, stage.primary);
    let gives_up = gives_up.unwrap_or(TCP);
    let chooses = match stage.quorum.manager {
        FailoverManager::Patroni => dynamic(scene, "loop_wait", 10),
        FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::None => 0,
    };
    Some((0, gives_up.saturating_add(chooses)))
}

/// Where the time is set that decides.
pub(super) fn setting(scene: &Scene<'_, '_>) -> Option<Origin> {
    let stage = scene.stage;
    let (subject, primary) = (stage.subject, stage.primary);
    match stage.quorum.manager {
        FailoverManager::Repmgr => {
            let winner = slowest(scene);
            let lines = repmgr::in_lines(subject, winner, "reconnect_attempts");
            let variable = subject.variable_of(winner, "repmgr_reconnect_attempts");
            lines
                .map(|line| line.origin)
                .or(variable.map(|value| value.origin))
        }
        FailoverManager::Efm => {
            settings::efm(subject, primary, efm_name(scene)).map(|value| value.origin)
        }
        FailoverManager::Patroni => {
            settings::patroni_dynamic(subject, primary, "ttl").map(|value| value.origin)
        }
        FailoverManager::None => None,
    }
}

pub(super) fn claim(scene: &Scene<'_, '_>, after: Option<(i64, i64)>) -> Option<Claim> {
    let (least, most) = after?;
    let stage = scene.stage;
    let from = match stage.quorum.manager {
        FailoverManager::Repmgr => {
            let winner = slowest(scene);
            let (attempts, interval) = repmgr::attempts_and_interval(stage.subject, winner);
            format!("repmgr tries {attempts} times every {interval} s")
        }
        FailoverManager::Efm => {
            format!("`{}` is {} s", efm_name(scene), efm_time(scene))
        }
        FailoverManager::Patroni => format!(
            "`ttl` is {} s and `loop_wait` {} s",
            dynamic(scene, "ttl", 30),
            dynamic(scene, "loop_wait", 10)
        ),
        FailoverManager::None => return None,
    };
    let says = format!("writes go on after about {least} to {most} s: {from}");
    Some(stage.claim("time", says, setting(scene)))
}

/// What EFM waits.
fn efm_time(scene: &Scene<'_, '_>) -> i64 {
    let name = efm_name(scene);
    let default = if name == "local.timeout" { 60 } else { 50 };
    let written = settings::efm(scene.stage.subject, scene.stage.primary, name);
    settings::number(written).map_or(default, |time| time.value)
}

/// The property by which EFM notices.
fn efm_name(scene: &Scene<'_, '_>) -> &'static str {
    match scene.play.primary {
        Fate::Stopped => "local.timeout",
        Fate::Serves
        | Fate::Restarted
        | Fate::Unwatched
        | Fate::Lost
        | Fate::NoMajority
        | Fate::Fenced => "node.timeout",
    }
}

fn dynamic(scene: &Scene<'_, '_>, name: &str, default: i64) -> i64 {
    let written = settings::patroni_dynamic(scene.stage.subject, scene.stage.primary, name);
    settings::number(written).map_or(default, |time| time.value)
}
