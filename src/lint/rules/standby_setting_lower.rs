use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::postgres;
use crate::lint::rule::rule;
use crate::lint::subject::{Instance, Subject};
use crate::origin::Origin;
use crate::topology::FailoverManager;

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
    /// primary: `max_connections` and the like. TPA raises the variable `max_worker_processes` of a replica by itself.
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
    for replica in subject.data_nodes() {
        if replica.name.value == primary.name.value {
            continue;
        }
        for (name, default) in SETTINGS {
            compare(subject, findings, primary, replica, name, *default);
        }
    }
}

fn compare(
    subject: &Subject,
    findings: &mut Of<'_>,
    primary: &Instance,
    replica: &Instance,
    name: &str,
    default: Option<i64>,
) {
    let Some((high, at_primary)) = limit(subject, primary, name, default) else {
        return;
    };
    let Some((low, at_replica)) = limit(subject, replica, name, default) else {
        return;
    };
    let is_equalised = name == "max_worker_processes"
        && postgres::in_conf(subject, replica, name).is_none()
        && postgres::in_conf(subject, primary, name).is_none();
    if low >= high || is_equalised {
        return;
    }
    let (Some(at), other) = (at_replica.or(at_primary), at_primary) else {
        return;
    };
    let finding = findings
        .at(
            replica.entity(),
            declared::place_of(subject, at),
            format!(
                "`{name}` is {low} on the replica `{}` and {high} on the primary `{}`",
                replica.name.value, primary.name.value
            ),
        )
        .key(format!("vars/{name}"))
        .label(if at_replica.is_some() {
            "lower than on the primary"
        } else {
            "higher than on the replica"
        })
        .help(format!(
            "set it once for all, in the `vars` of the cluster: each machine may become the primary, so `{name}` is the same everywhere"
        ));
    if at_replica.is_some()
        && let Some(other) = other
    {
        finding.related(other, "the primary's");
    } else {
        finding.related(replica.at, "this replica has the default");
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
