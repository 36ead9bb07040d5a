//! Values that do something else than the row of their variable says.

use super::collect::Collector;
use super::differ::{self, Difference};
use crate::facts::barman::{self, Retention};
use crate::facts::consequences::Effect;
use crate::facts::effects;
use crate::topology::Flavour;
use crate::tpa::view::{Instance, Subject, postgres};
use crate::value::Value;

/// Whether a variable is written on one side alone, and says what holds without it.
pub(super) fn is_as_unwritten(
    name: &str,
    was: Option<&Value>,
    is: Option<&Value>,
    subject: &Subject,
) -> bool {
    let ((Some(written), None) | (None, Some(written))) = (was, is) else {
        return false;
    };
    let flavour = subject.flavour().unwrap_or(Flavour::DEFAULT);
    let unwritten = effects::unwritten(name, flavour);
    unwritten.is_some_and(|unwritten| differ::says(written, &unwritten))
}

pub(super) const AS_UNWRITTEN: (Effect, &str) =
    (Effect::Nothing, "TPA takes this value without it too");

/// What a difference of a variable does; nothing where its row says it.
pub(super) fn effect(
    name: &str,
    difference: &Difference<'_>,
    found: &Collector<'_>,
) -> Option<(Effect, &'static str)> {
    let (before, now) = (found.before.subject, found.now.subject);
    match name {
        "failover_manager" if before.failover_manager() == now.failover_manager() => {
            Some(AS_UNWRITTEN)
        }
        "barman_retention_policy" => retention(difference),
        "barman_minimum_redundancy" => redundancy(difference),
        _ => None,
    }
}

/// What a variable does that the same parameter in `postgres_conf_settings` hides: TPA writes it all the same, in a file
/// for which it restarts Postgres or does not.
pub(super) fn hidden(
    name: &str,
    subject: &Subject,
    machine: &Instance,
) -> Option<(Effect, &'static str)> {
    postgres::in_conf(subject, machine, name)?;
    let known = effects::of_variable(name);
    let is_restarted = known.is_some_and(|known| known.effect == Effect::Restart);
    Some(if is_restarted {
        (
            Effect::Restart,
            "`postgres_conf_settings` has this parameter too, and wins: its value stays, and TPA restarts Postgres all the same",
        )
    } else {
        (
            Effect::Nothing,
            "`postgres_conf_settings` has this parameter too, and wins: its value stays",
        )
    })
}

fn retention(difference: &Difference<'_>) -> Option<(Effect, &'static str)> {
    let name = "barman_retention_policy";
    // What Barman does not read is no policy, and all is kept.
    let policy = |value: Option<&Value>| {
        let text = in_words(name, value)?;
        Some(barman::retention(&text).unwrap_or(Retention::All))
    };
    match (policy(difference.old)?, policy(difference.new)?) {
        (old, new) if old == new => Some((Effect::Nothing, "the same policy in other words")),
        (_, Retention::All) => Some(KEPT_LONGER),
        (Retention::Window(old), Retention::Window(new))
        | (Retention::Redundancy(old), Retention::Redundancy(new))
            if new > old =>
        {
            Some(KEPT_LONGER)
        }
        (Retention::All | Retention::Window(_) | Retention::Redundancy(_), _) => None,
    }
}

fn redundancy(difference: &Difference<'_>) -> Option<(Effect, &'static str)> {
    let number = |value: Option<&Value>| {
        in_words("barman_minimum_redundancy", value)?
            .parse::<u64>()
            .ok()
    };
    (number(difference.new)? >= number(difference.old)?).then_some(KEPT_LONGER)
}

const KEPT_LONGER: (Effect, &str) = (
    Effect::Update,
    "Barman keeps more backups from now on, and deletes none for it",
);

/// A value, or what holds without it.
fn in_words(name: &str, value: Option<&Value>) -> Option<String> {
    match value {
        Some(value) => value.spelling(),
        None => effects::unwritten(name, Flavour::DEFAULT),
    }
}
