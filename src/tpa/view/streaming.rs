//! Who streams from whom, and who can take over.

use super::{Instance, Subject, repmgr, settings};
use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::topology::FailoverManager;
use crate::value::Value;

/// The machines above one, from its upstream to the last that is known. Ends where a cycle closes.
pub fn ancestors<'s>(subject: &'s Subject, instance: &'s Instance) -> Vec<&'s Instance> {
    let mut above: Vec<&Instance> = Vec::new();
    let mut next = subject.upstream_of(instance);
    while let Some(upstream) = next {
        if above.len() > subject.instances.len() {
            break;
        }
        above.push(upstream);
        next = subject.upstream_of(upstream);
    }
    above
}

/// Whether a machine streams from the primary without another in between.
pub fn is_direct(subject: &Subject, instance: &Instance) -> bool {
    let upstream = subject.upstream_of(instance);
    match (upstream, subject.primary()) {
        (Some(upstream), Some(primary)) => upstream.name.value == primary.name.value,
        (_, _) => false,
    }
}

/// Whether the failover manager may make a machine the primary.
pub fn is_promotable(subject: &Subject, instance: &Instance) -> bool {
    if !instance.has_role(Role::Replica) || instance.has_role(Role::PemServer) {
        return false;
    }
    match subject.failover_manager() {
        Some(FailoverManager::Repmgr) => {
            is_direct(subject, instance)
                && repmgr::priority(subject, instance).is_none_or(|priority| priority.value != 0)
                && repmgr::manual(subject, instance).is_none()
        }
        Some(FailoverManager::Efm) => {
            is_direct(subject, instance) && !instance.has_role(Role::EfmNotPromotable)
        }
        Some(FailoverManager::Patroni) => settings::patroni_nofailover(subject, instance).is_none(),
        Some(FailoverManager::None) | None => false,
    }
}

/// What machines lose together: the zone on aws, elsewhere the location.
pub fn failure_domain(subject: &Subject, instance: &Instance) -> Option<String> {
    let setting = |key: &str| instance.entry.get(key).and_then(Value::spelling);
    if instance.is_on(Platform::Aws) {
        return setting("az").or_else(|| setting("subnet"));
    }
    subject.location_name(instance).map(str::to_owned)
}
