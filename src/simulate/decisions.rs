//! Who notices a failure, who votes, and who is promoted for which reason.

use std::collections::HashSet;

use super::failure::Failure;
use super::stage::Scene;
use super::times;
use super::{Claim, Primaries};
use crate::facts::roles::Role;
use crate::origin::Origin;
use crate::schema::{alternatives, list};
use crate::topology::FailoverManager;
use crate::topology::quorum::play::{Doubt, Fate, Side};
use crate::topology::quorum::{Member, Obstacle, Part, Verdict};
use crate::tpa::view::quorum::{counted, manual};
use crate::tpa::view::{Instance, repmgr, settings};

pub(super) fn claims(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let mut claims: Vec<Claim> = notices(scene).into_iter().collect();
    for side in &scene.play.sides {
        claims.extend(of_side(scene, side));
    }
    if scene.play.sides.is_empty() {
        claims.push(
            scene
                .stage
                .claim("primary", "no machine is left".to_owned(), None),
        );
    }
    let elects = scene
        .play
        .sides
        .iter()
        .any(|side| match side.outcome.verdict {
            Verdict::Stays(_) => !side.winners.is_empty(),
            Verdict::Promotes(_) | Verdict::PromotesAny | Verdict::Nobody(_) => true,
        });
    if elects {
        claims.extend(excluded(scene));
    }
    claims.extend(
        scene
            .doubts()
            .into_iter()
            .map(|doubt| scene.stage.claim("not certain", of_doubt(doubt), None)),
    );
    claims.extend(second(scene));
    claims
}

/// Who finds out, and by what.
fn notices(scene: &Scene<'_, '_>) -> Option<Claim> {
    let stage = scene.stage;
    let name = &stage.primary.name.value;
    let says = match (scene.play.primary, stage.quorum.manager) {
        (Fate::Serves, _) => return None,
        (Fate::Restarted, _) => format!("Patroni on `{name}`, which starts Postgres again"),
        (Fate::Unwatched, _) => "the replicas, when the leader key in etcd expires".to_owned(),
        (Fate::Fenced, _) => {
            format!("repmgrd on `{name}`, which misses its standbys and stops Postgres")
        }
        (Fate::NoMajority, FailoverManager::Patroni) => {
            format!("Patroni on `{name}`, which does not reach etcd and makes Postgres read-only")
        }
        (Fate::NoMajority, _) => {
            format!("the agent on `{name}`, which sees no majority and stops Postgres")
        }
        (Fate::Lost | Fate::Stopped, FailoverManager::Repmgr) => {
            "the repmgrd of every standby that streams from the primary".to_owned()
        }
        (Fate::Lost, FailoverManager::Efm) => "the agents on the other machines".to_owned(),
        (Fate::Stopped, FailoverManager::Efm) => format!("the agent on `{name}` itself"),
        (Fate::Lost | Fate::Stopped, FailoverManager::Patroni) => {
            "the replicas, when the leader key in etcd expires".to_owned()
        }
        (Fate::Lost | Fate::Stopped, FailoverManager::None) => {
            "nobody: the cluster has no failover manager".to_owned()
        }
    };
    Some(stage.claim("notices", says, times::setting(scene)))
}

fn of_side(scene: &Scene<'_, '_>, side: &Side<'_>) -> Vec<Claim> {
    let stage = scene.stage;
    let outcome = side.outcome;
    let several = scene.play.sides.len() > 1;
    let place = match (several, side.location) {
        (true, Some(location)) => format!("seen from `{location}`, "),
        (true, None) | (false, _) => String::new(),
    };
    let mut claims = Vec::new();
    if stage.quorum.manager != FailoverManager::None && outcome.of > 0 {
        let votes = format!(
            "{place}{} of {} {} are there; {} are a majority",
            outcome.votes,
            outcome.of,
            counted(stage.quorum.manager),
            outcome.needed
        );
        claims.push(stage.claim("votes", votes, None));
    }
    let (says, at) = match outcome.verdict {
        Verdict::Stays(name) => (format!("`{name}` stays the primary"), None),
        Verdict::Promotes(name) => promoted(scene, side, name),
        Verdict::PromotesAny => (
            format!(
                "{} is promoted: the first that gets the leader key",
                alternatives(&side.winners)
            ),
            None,
        ),
        Verdict::Nobody(obstacle) => {
            let at = (obstacle == Obstacle::Manual)
                .then(|| manual(stage.subject, stage.primary, stage.quorum.manager, 0))
                .flatten();
            (format!("nobody is promoted: {}", reason(obstacle)), at)
        }
    };
    claims.push(stage.claim("primary", format!("{place}{says}"), at));
    claims
}

/// Who is promoted, and what speaks for it.
fn promoted(scene: &Scene<'_, '_>, side: &Side<'_>, name: &str) -> (String, Option<Origin>) {
    let stage = scene.stage;
    let member = |name: &str| stage.quorum.members.iter().find(|one| one.name == name);
    let others: Vec<&Member<'_>> = side
        .winners
        .iter()
        .filter(|other| **other != name)
        .filter_map(|other| member(other))
        .collect();
    let own = member(name);
    let priority = own.map(|own| own.priority);
    let at = stage
        .subject
        .instance(name)
        .and_then(|instance| repmgr::priority(stage.subject, instance))
        .map(|priority| priority.origin);
    if others.is_empty() {
        return (
            format!("`{name}` is promoted: no other standby there may be"),
            None,
        );
    }
    let names: Vec<&str> = others.iter().map(|other| other.name).collect();
    let ahead = format!(
        "; if {} has received more of the WAL, that one is",
        alternatives(&names)
    );
    if others.iter().all(|other| Some(other.priority) != priority) {
        return (
            format!("`{name}` is promoted: it has the highest priority{ahead}"),
            at,
        );
    }
    let why = match stage.quorum.manager {
        FailoverManager::Repmgr => "of equal priority it has the lowest node number",
        FailoverManager::Efm | FailoverManager::Patroni | FailoverManager::None => {
            "it is the first of several that may be"
        }
    };
    (format!("`{name}` is promoted: {why}{ahead}"), None)
}

fn reason(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NoCandidate => "no standby is left that may be",
        Obstacle::NoMajority => "there is no majority",
        Obstacle::OtherSite => {
            "repmgr sees no node of the primary's `repmgr_location`, and takes that for a cut network"
        }
        Obstacle::Manual => "it is left to a person",
        Obstacle::Declined => "the election is won by a standby that waits for a person",
        Obstacle::Fenced => "repmgr stops the primary, which has too few standbys left",
        Obstacle::Seen => "another machine has seen the primary a moment ago",
        Obstacle::Streams => "the election is won by a standby that still streams from the primary",
        Obstacle::Led => "the primary holds the leader key",
        Obstacle::NotSynchronous => {
            "no synchronous standby is left, and the others may lack commits"
        }
    }
}

fn of_doubt(doubt: Doubt<'_>) -> String {
    match doubt {
        Doubt::Ahead(name) => format!(
            "if `{name}` has received more of the WAL than the others, nobody is promoted: it wins the election and stays a standby"
        ),
        Doubt::Synchronous => {
            "if the synchronous standbys are among what is gone, nobody is promoted".to_owned()
        }
        Doubt::Unattended(name) => format!(
            "whether the others wait for `{name}`, which has no daemon, was not tried"
        ),
        Doubt::Minority => {
            "EFM's primary sees no majority; whether it stops when others are lost and not cut off was not tried"
                .to_owned()
        }
        Doubt::Partly => {
            "what agents of EFM do of which some see each other and others do not was not tried"
                .to_owned()
        }
    }
}

/// Standbys that are never promoted, and why.
fn excluded(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let stage = scene.stage;
    let mut claims = Vec::new();
    let mut cascaded: Vec<&str> = Vec::new();
    let running: HashSet<&str> = scene.readable().into_iter().collect();
    for member in &stage.quorum.members {
        let is_there = running.contains(member.name);
        let Some(instance) = stage.subject.instance(member.name) else {
            continue;
        };
        if member.part != Part::Standby || !is_there || stage.quorum.is_candidate(member) {
            continue;
        }
        match never(scene, member, instance) {
            Some((why, at)) => claims.push(stage.claim(
                "never",
                format!("`{}` is never promoted: {why}", member.name),
                Some(at),
            )),
            None => cascaded.push(member.name),
        }
    }
    if !cascaded.is_empty() {
        let says = format!(
            "{} stream from another standby, so {} never promoted",
            list(&cascaded),
            if cascaded.len() == 1 {
                "it is"
            } else {
                "they are"
            }
        );
        claims.push(stage.claim("never", says, None));
    }
    claims
}

fn never(
    scene: &Scene<'_, '_>,
    member: &Member<'_>,
    instance: &Instance,
) -> Option<(&'static str, Origin)> {
    let subject = scene.stage.subject;
    match scene.stage.quorum.manager {
        FailoverManager::Repmgr => {
            if let Some(at) = repmgr::manual(subject, instance) {
                return Some(("it waits for a person", at));
            }
            let priority = repmgr::priority(subject, instance)?;
            (!member.promotable).then_some(("its priority is 0", priority.origin))
        }
        FailoverManager::Efm => {
            let role = instance.role(Role::EfmNotPromotable)?;
            Some(("it has the role `efm-not-promotable`", role.origin))
        }
        FailoverManager::Patroni => {
            let at = settings::patroni_nofailover(subject, instance)?;
            Some(("its tags of Patroni forbid it", at))
        }
        FailoverManager::None => None,
    }
}

/// Two machines that take writes.
fn second(scene: &Scene<'_, '_>) -> Option<Claim> {
    let name = &scene.stage.primary.name.value;
    let says = match scene.primaries() {
        Primaries::One => return None,
        Primaries::SecondOnReturn => {
            format!("when the machine of `{name}` boots, Postgres starts there as a second primary")
        }
        Primaries::Two(Some(seconds)) => format!(
            "for about {seconds} s `{name}` takes writes beside the new primary, until repmgr stops it"
        ),
        Primaries::Two(None) => match scene.play.primary {
            Fate::Unwatched => format!(
                "`{name}` takes writes beside the new primary until Patroni runs on it again"
            ),
            Fate::Serves
            | Fate::Restarted
            | Fate::Lost
            | Fate::Stopped
            | Fate::NoMajority
            | Fate::Fenced => {
                "two machines take writes until a person stops one of them".to_owned()
            }
        },
    };
    let is_cut = scene
        .failures
        .iter()
        .any(|failure| matches!(failure, Failure::Cut(_) | Failure::Link(..)));
    let at = (is_cut && scene.stage.quorum.manager == FailoverManager::Repmgr)
        .then(|| {
            repmgr::in_lines(
                scene.stage.subject,
                scene.stage.primary,
                "child_nodes_disconnect_command",
            )
        })
        .flatten();
    Some(
        scene
            .stage
            .claim("two primaries", says, at.map(|line| line.origin)),
    )
}
