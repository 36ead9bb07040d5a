use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::tpa::view::postgres;
use crate::tpa::view::{Instance, Subject};

/// The settings that a standby needs as high as its primary, and what holds where nothing is written, if that is one
/// number for every cluster.
const SETTINGS: &[(&str, Option<i64>)] = &[
    ("max_connections", Some(250)),
    ("max_prepared_transactions", Some(0)),
    ("max_locks_per_transaction", Some(64)),
    ("max_wal_senders", None),
    ("max_worker_processes", None),
];

rule! {
    /// ## What it does
    ///
    /// Finds replicas with fewer connections, prepared transactions, locks, WAL senders or worker processes than the
    /// primary: `max_connections` and the like. TPA raises the variable `max_worker_processes` of a replica on its own.
    /// With Patroni the primary's values hold everywhere.
    ///
    /// ## Why is this bad?
    ///
    /// A standby keeps track of everything that the primary may have open. Up to Postgres 13 it refuses to start with
    /// less, later its replay stops as soon as the primary's value reaches it.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { vars { max_connections = 500 } }
    ///     replica db2
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///   }
    ///   vars { max_connections = 500 }
    /// }
    /// ```
    pub(super) static STANDBY_SETTING_LOWER = {
        name: "standby-setting-lower",
        level: Error,
        summary: "a replica with lower limits than its primary",
        consequence: "the replica does not start, or stops replaying; from Postgres 14 on it pauses instead of stopping",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    if subject.failover_manager() == Some(FailoverManager::Patroni) {
        return;
    }
    for (name, default) in SETTINGS {
        let replicas = subject.data_nodes();
        let lower: Vec<Lower<'_>> = replicas
            .filter(|replica| replica.name.value != primary.name.value)
            .filter_map(|replica| compare(subject, primary, replica, name, *default))
            .collect();
        // Replicas that have too little from one place are said once.
        let mut seen: Vec<Origin> = Vec::new();
        for first in &lower {
            if seen.contains(&first.at) {
                continue;
            }
            seen.push(first.at);
            let same: Vec<&Lower<'_>> = lower.iter().filter(|other| other.at == first.at).collect();
            report(subject, findings, primary, name, first, &same);
        }
    }
}

/// A replica with less than its primary.
struct Lower<'s> {
    replica: &'s Instance,
    low: i64,
    high: i64,
    /// Where the lower one is written, else the higher one.
    at: Origin,
    /// Where the primary's is written, if the replica's is too.
    at_primary: Option<Origin>,
    is_written: bool,
}

fn compare<'s>(
    subject: &'s Subject,
    primary: &'s Instance,
    replica: &'s Instance,
    name: &str,
    default: Option<i64>,
) -> Option<Lower<'s>> {
    let (high, at_primary) = limit(subject, primary, name, default)?;
    let (low, at_replica) = limit(subject, replica, name, default)?;
    let is_equalised = name == "max_worker_processes"
        && postgres::in_conf(subject, replica, name).is_none()
        && postgres::in_conf(subject, primary, name).is_none();
    if low >= high || is_equalised {
        return None;
    }
    Some(Lower {
        replica,
        low,
        high,
        at: at_replica.or(at_primary)?,
        at_primary: at_primary.filter(|_| at_replica.is_some()),
        is_written: at_replica.is_some(),
    })
}

fn report(
    subject: &Subject,
    findings: &mut Of<'_>,
    primary: &Instance,
    name: &str,
    first: &Lower<'_>,
    same: &[&Lower<'_>],
) {
    let names: Vec<&str> = same
        .iter()
        .map(|lower| lower.replica.name.value.as_str())
        .collect();
    let finding = findings
        .at(
            first.replica.entity(),
            declared::place_of(subject, first.at),
            format!(
                "`{name}` is {} on the replica{} {} and {} on the primary `{}`",
                first.low,
                if names.len() == 1 { "" } else { "s" },
                words::list(&names),
                first.high,
                primary.name.value
            ),
        )
        .key(format!("vars/{name}"))
        .label(if first.is_written {
            "lower than on the primary"
        } else {
            "higher than on the replica"
        })
        .help(format!(
            "set it once for all, in the `vars` of the cluster: each machine may become the primary, so `{name}` is the same everywhere"
        ));
    if let Some(at) = first.at_primary {
        finding.related(at, "the primary's");
    }
    if !first.is_written {
        for lower in same {
            finding.related(lower.replica.at, "this replica has the default");
        }
    }
    if let Some(version) = subject.version() {
        finding.consequence(if version.value < 14 {
            "the replica refuses to start"
        } else {
            "the replica refuses to start; one that is running stops to replay WAL"
        });
    }
}

/// The number that holds on a machine, and where it is written, if it is.
fn limit(
    subject: &Subject,
    instance: &Instance,
    name: &str,
    default: Option<i64>,
) -> Option<(i64, Option<Origin>)> {
    match postgres::setting(subject, instance, name) {
        Some(value) => Some((postgres::number(value)?, Some(value.origin))),
        None => Some((default?, None)),
    }
}
