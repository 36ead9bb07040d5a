use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared, words};
use crate::origin::Sourced;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, Instance, Subject, places};

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
    // A machine without a role that TPA knows may be the replica, and is `unknown-role`'s.
    let is_known = |role: &Sourced<String>| Role::parse(&role.value).is_some();
    let mut instances = subject.instances.iter();
    if instances.any(|it| !it.roles.iter().any(is_known)) {
        return;
    }
    if let Some((replica, role)) = first_readonly(subject) {
        findings
            .at(
                replica.entity(),
                declared::place_of(subject, role.origin),
                format!(
                    "every replica is `readonly`, so {} is not installed",
                    manager.name()
                ),
            )
            .key("role")
            .label(format!("does not count for {}", manager.name()))
            .help(format!(
                "remove it from `{}`, or add a replica that may be promoted",
                replica.name.value
            ));
        return;
    }
    let written = subject.variable("failover_manager");
    let at = written.map_or(primary.at, |value| value.origin);
    findings
        .at(
            Entity::Cluster,
            places::or(at, places::of_entry(&primary.own, primary.at)),
            format!("there is no replica for {} to promote", manager.name()),
        )
        .key("cluster_vars/failover_manager")
        .label("not installed")
        .related(primary.name.origin, "the primary")
        .help(words::say(
            subject,
            "add `replica NAME` to a location; for a single server without failover this does no harm",
            "add an instance with `role: [replica]`; for a single server without failover this does no harm",
        ));
}

/// The first of the replicas, with its role, where every one is `readonly`: TPA then installs no failover manager.
pub(super) fn first_readonly(subject: &Subject) -> Option<(&Instance, &Sourced<String>)> {
    let mut replicas = subject.with_role(Role::Replica);
    let first = replicas.next()?;
    let role = first.role(Role::Readonly)?;
    replicas
        .all(|replica| replica.has_role(Role::Readonly))
        .then_some((first, role))
}
