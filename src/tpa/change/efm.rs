//! The version of EFM, which only an upgrade changes.

use super::{Altered, Change, gather, pairs};
use crate::facts::efm::{INSTALLED, Version};
use crate::topology::FailoverManager;
use crate::tpa::view::{Instance, Subject, efm};

pub(super) fn compare<'s>(before: &'s Subject, now: &'s Subject, changes: &mut Vec<Change<'s>>) {
    let has_efm = |subject: &Subject| subject.failover_manager() == Some(FailoverManager::Efm);
    if !has_efm(before) || !has_efm(now) {
        return;
    }
    let mut found: Vec<((), Altered<'s>)> = Vec::new();
    for (old, machine) in pairs(before, now).filter(|(_, machine)| machine.is_data_node()) {
        if !is_other(efm::version(before, old), efm::version(now, machine)) {
            continue;
        }
        let written = |subject: &Subject, machine: &Instance| {
            let version = subject.variable_of(machine, "efm_version")?;
            version.sourced_spelling()
        };
        gather(
            &mut found,
            (),
            written(before, old),
            written(now, machine),
            machine,
        );
    }
    changes.extend(
        found
            .into_iter()
            .map(|((), altered)| Change::EfmVersion(altered)),
    );
}

/// Whether two versions are not the same; one that is not known is TPA's own.
fn is_other(from: Option<Version>, to: Option<Version>) -> bool {
    match (from, to) {
        (Some(from), Some(to)) => from != to,
        (Some(known), None) | (None, Some(known)) => !INSTALLED.contains(&known),
        (None, None) => false,
    }
}
