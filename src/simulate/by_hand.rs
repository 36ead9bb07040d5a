//! What a person has to do after a failure.

use super::failure::Failure;
use super::stage::Scene;
use super::{Primaries, Writes};
use crate::topology::FailoverManager;

pub(super) fn steps(scene: &Scene<'_, '_>, writes: &Writes, primaries: Primaries) -> Vec<String> {
    let stage = scene.stage;
    let primary = &stage.primary.name.value;
    let manager = stage.quorum.manager;
    let mut steps = Vec::new();
    if let Primaries::Two(_) = primaries {
        steps.push(
            "stop one of the two primaries, the one whose writes can be thrown away, before clients go on".to_owned(),
        );
    }
    match writes {
        Writes::Nobody | Writes::Uncertain(_) => {
            if !scene.play.primary.serves() {
                steps.push(format!(
                    "bring `{primary}` back if that is quick; else make sure that it stays down, and {}",
                    promote(manager)
                ));
            }
        }
        Writes::Waits(name) => steps.push(format!(
            "bring a synchronous standby back, or take it out of `synchronous_standby_names` on `{name}` and reload"
        )),
        Writes::GoesOn(_) | Writes::TakesOver(_) => {}
    }
    let promotes = scene.play.promotions().next().is_some();
    match (promotes, manager) {
        (true, FailoverManager::Repmgr) if scene.play.primary.serves() => {
            steps.push("bring the other one back as a standby: `repmgr node rejoin`".to_owned());
        }
        (true, FailoverManager::Repmgr) => steps.push(format!(
            "let `{primary}` not start its Postgres when it boots, and bring it back as a standby: `repmgr node rejoin`"
        )),
        (true, FailoverManager::Efm) => steps.push(format!(
            "bring `{primary}` back as a standby with `pg_rewind` or a new copy, then start its agent"
        )),
        // It rewinds on its own.
        (_, FailoverManager::Patroni) | (false, _) | (true, FailoverManager::None) => {}
    }
    let lost: Vec<String> = scene
        .failures
        .iter()
        .filter_map(|failure| match failure {
            Failure::Machine(name) => Some(format!("`{name}`")),
            Failure::Location(name) => Some(format!("the machines of `{name}`")),
            Failure::Postgres(_)
            | Failure::Daemon(_)
            | Failure::Service(..)
            | Failure::Cut(_)
            | Failure::Link(..) => None,
        })
        .collect();
    if !lost.is_empty() {
        steps.push(format!(
            "if {} cannot be repaired: `tpaexec provision` and `tpaexec deploy` make {} again",
            lost.join(" and "),
            if lost.len() == 1 && !lost.iter().any(|one| one.starts_with("the")) {
                "it"
            } else {
                "them"
            }
        ));
    }
    steps
}

/// How a person promotes a standby.
fn promote(manager: FailoverManager) -> &'static str {
    match manager {
        FailoverManager::Repmgr => "promote a standby: `repmgr standby promote` on it",
        FailoverManager::Efm => "promote a standby: `efm promote CLUSTER` on it",
        FailoverManager::Patroni => {
            "promote a replica: repair etcd first, then `patronictl failover`"
        }
        FailoverManager::None => "promote a standby: `pg_ctl promote` on it",
    }
}
