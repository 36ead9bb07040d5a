use crate::lint::Context;
use crate::lint::changes;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::change;

rule! {
    /// ## What it does
    ///
    /// Compares a file with an older version of itself, and says what the change does to machines that run already. It
    /// speaks only with `m1c lint --since REVISION`, where `REVISION` is one of git, such as `HEAD`.
    ///
    /// It is a warning where
    ///
    /// - something changes that is settled when a cluster is made: the major version or the flavour of Postgres, its user,
    ///   the directories of its data and WAL, what `initdb` was told (locale and checksums too), TLS of etcd, a network
    ///   of docker;
    /// - a machine is gone, has another name, another platform or, with repmgr, another node number.
    ///
    /// It is advice where the next deployment restarts Postgres, or a parameter waits for a restart, and where EFM is of
    /// another version, which takes `tpaexec upgrade`. That is what was asked for, and only when it happens is left to choose. This advice is shown without `--advice`.
    ///
    /// ## Why is this bad?
    ///
    /// TPA makes clusters, and does not move or remake them. What it cannot apply it refuses or ignores, and a machine that
    /// it is not told of runs on as before.
    ///
    /// A cluster that has another name is compared with the one that is gone, if they share machines. A file or a cluster
    /// that was not there before has nothing to compare with. Where the change has been made by hand, as after
    /// `pg_upgrade`, an `allow` with the reason is right until the change is committed.
    ///
    /// ## Example
    ///
    /// Before:
    ///
    /// ```m1 before
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    /// }
    /// ```
    ///
    /// After:
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///   }
    ///   vars { max_connections = 500 }
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
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    ///   vars { work_mem = 64MB }
    /// }
    /// ```
    pub(super) static UNSAFE_RESTART_CHANGE = {
        name: "unsafe-restart-change",
        level: Warning,
        summary: "a change that TPA cannot apply to a cluster that runs, or that restarts Postgres",
        consequence: "TPA refuses or ignores the change, and the cluster stays as it was",
        asks_before: true,
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let Some(before) = context.before else {
        return;
    };
    let report = changes::Report {
        subject: context.subject,
        before,
    };
    for change in change::changes(before.subject, context.subject) {
        report.say(&change, findings);
    }
}
