//! What one lock has and another lacks, in the words of a diagnostic.

use super::{Cluster, Lock, errors};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What there is to say where the lock of a source, called `lock`, is not what it must be and may not be written. The
/// clusters are those of the source, with where they are.
pub fn outdated(
    lock: &str,
    before: &Lock,
    after: &Lock,
    clusters: &[(&str, Span)],
) -> Vec<Diagnostic> {
    let changed = clusters.iter().filter_map(|(name, at)| {
        let after = after.clusters.get(*name)?;
        let before = before.clusters.get(*name);
        (before != Some(after)).then(|| {
            let added = added(before.unwrap_or(&Cluster::EMPTY), after);
            errors::outdated(*at, lock, &added)
        })
    });
    changed.collect()
}

/// The locations and machines that a cluster's lock would get.
fn added(before: &Cluster, after: &Cluster) -> Vec<String> {
    let locations = after.locations.keys();
    let locations = locations.filter(|name| !before.locations.contains_key(*name));
    let machines = after
        .machines()
        .filter(|(name, _)| before.machine(name).is_none());
    let machines = machines.map(|(name, machine)| format!("`{name}` as number {}", machine.number));
    let locations = locations.map(|name| format!("the location `{name}`"));
    locations.chain(machines).collect()
}
