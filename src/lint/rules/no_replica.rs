use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, places};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with repmgr or EFM in which no replica counts for the failover manager: there is none, or every one
    /// has the role `readonly`.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec deploy` then installs no failover manager at all, without a message.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 1 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static NO_REPLICA = {
        name: "no-replica",
        level: Warning,
        summary: "a failover manager without a replica",
        consequence: "`tpaexec deploy` installs no failover manager, and says nothing",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let manager = match subject.failover_manager() {
        Some(manager @ (FailoverManager::Repmgr | FailoverManager::Efm)) => manager,
        // Patroni with one node is an error of its own.
        Some(FailoverManager::Patroni | FailoverManager::None) | None => return,
    };
    let Some(primary) = subject.primary() else {
        return;
    };
    let mut replicas = subject.with_role(Role::Replica);
    if replicas.any(|replica| !replica.has_role(Role::Readonly)) {
        return;
    }
    let written = subject.variable("failover_manager");
    let at = written.map_or(primary.at, |value| value.origin);
    let (message, help) = match subject.with_role(Role::Replica).next() {
        None => (
            format!("there is no replica for {} to promote", manager.name()),
            "add a replica; for a single server without failover this does no harm",
        ),
        Some(_) => (
            format!(
                "every replica is `readonly`, so {} is not installed",
                manager.name()
            ),
            "remove the role `readonly` from a replica",
        ),
    };
    findings
        .at(
            Entity::Cluster,
            places::or(at, places::of_entry(&primary.own, primary.at)),
            message,
        )
        .key("cluster_vars/failover_manager")
        .label("not installed")
        .related(primary.name.origin, "the primary")
        .help(help);
}
