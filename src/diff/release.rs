//! The cluster is deployed with another TPA, which does some things otherwise.

use std::cmp::Ordering;

use super::collect::{Collector, said};
use super::{Change, Written as Text};
use crate::facts::choices::Platform;
use crate::facts::consequences::Effect;
use crate::facts::roles::Role;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{Difference, differences};
use crate::tpa::view::{Subject, Written};
use crate::value::{Data, Map, Value};

const CAUSE: &str = "tpa";

pub(super) fn compare(found: &mut Collector<'_>) {
    let (before, now) = (found.before.subject, found.now.subject);
    // A config.yml does not say which TPA it is for.
    let is_known = |subject: &Subject| subject.written == Written::Source;
    if !is_known(before) || !is_known(now) {
        return;
    }
    let (from, to) = (before.tpa, now.tpa);
    let (effect, says) = match from.cmp(&to) {
        Ordering::Equal => return,
        Ordering::Less => (
            Effect::Nothing,
            "what the newer TPA does otherwise with this cluster is said of what it concerns",
        ),
        Ordering::Greater => (
            Effect::Unknown,
            "nobody knows what an older TPA makes of what a newer one has set up",
        ),
    };
    let text = |version: TpaVersion| Text {
        text: version.to_string(),
        place: None,
    };
    let change = Change {
        old: Some(text(from)),
        new: Some(text(to)),
        ..said(effect, CAUSE, says)
    };
    found.common(change);
    for (_, difference) in differences(from, to) {
        if let Some((effect, says)) = does(difference, now) {
            tell(effect, says, found);
        }
    }
}

/// What a newer TPA does to a cluster that runs; nothing where it has to do with something else.
fn does(difference: Difference, now: &Subject) -> Option<(Effect, &'static str)> {
    let is_set = |name: &str| {
        now.data_nodes()
            .any(|one| now.variable_of(one, name).is_some())
    };
    match difference {
        // Certificates that exist stay as they are, a token that is not needed does no harm, and the controller and
        // the groups are no machines of the cluster.
        Difference::LongCertificates
        | Difference::LocalWithoutToken
        | Difference::ControllerOfEight
        | Difference::SecurityGroups => None,
        Difference::SlotsWithoutPem => {
            let has_pem = now.with_role(Role::PemServer).next().is_some();
            (has_pem && !is_set("max_replication_slots")).then_some((
                Effect::Restart,
                "PEM servers do not count for `max_replication_slots`: Postgres restarts once",
            ))
        }
        Difference::LoggingCollector => collects(now).then_some((
            Effect::Restart,
            "with this `log_destination` Postgres logs to `postgres_log_file`: it restarts once",
        )),
        Difference::BooleansAsOn => has_booleans(now).then_some((
            Effect::Restart,
            "booleans of `postgres_conf_settings` are written `on` and `off`: Postgres restarts once",
        )),
        Difference::NetworkByOptIn => {
            let is_bare = now.instances.iter().any(|one| one.is_on(Platform::Bare));
            (is_bare && !is_set("opt_in_tasks")).then_some((
                Effect::Update,
                "TPA no longer sets the network in the kernel, `net.…`, unless `opt_in_tasks` has `sysctl_net`",
            ))
        }
    }
}

/// Whether Postgres logs to something else than syslog or standard error alone.
fn collects(now: &Subject) -> bool {
    let written = now
        .data_nodes()
        .filter_map(|one| now.variable_of(one, "log_destination"));
    written.filter_map(Value::as_text).any(|text| {
        let names: Vec<&str> = text
            .split(',')
            .map(|name| name.trim_matches([' ', '\'']))
            .collect();
        !text.is_empty() && names != ["stderr"] && names != ["syslog"]
    })
}

fn has_booleans(now: &Subject) -> bool {
    let is_boolean = |value: &Value| matches!(value.data, Data::Boolean(_));
    let has = |map: &Map| map.iter().any(|(_, value)| is_boolean(value));
    let mut settings = now
        .data_nodes()
        .filter_map(|one| now.variable_of(one, "postgres_conf_settings"));
    settings.any(|settings| settings.as_map().is_some_and(has))
}

fn tell(effect: Effect, says: &str, found: &mut Collector<'_>) {
    for (_, machine) in found.pairs() {
        if machine.is_data_node() || effect == Effect::Update {
            found.on(&machine.name.value, said(effect, CAUSE, says));
        }
    }
}
