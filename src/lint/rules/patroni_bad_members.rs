use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::topology::FailoverManager;
use crate::tpa::view::quorum::witness_role;
use crate::tpa::view::{Entity, settings};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with Patroni that have no replica, or members that Patroni does not know: witnesses, and machines
    /// with Postgres that are neither primary nor replica.
    ///
    /// ## Why is this bad?
    ///
    /// TPA's tasks for Patroni ask for the group of replicas and for facts of each member. Where there is none the
    /// deployment stops with an undefined variable. With Patroni etcd votes, so there is no need of a witness.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 1 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static PATRONI_BAD_MEMBERS = {
        name: "patroni-bad-members",
        level: Error,
        summary: "Patroni without a replica, or with machines that it does not know",
        consequence: "`tpaexec deploy` stops with an undefined variable",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Patroni) {
        return;
    }
    let has_replica = subject
        .data_nodes()
        .any(|node| node.has_role(Role::Replica));
    if let Some(primary) = subject.primary()
        && !has_replica
    {
        findings
            .at(
                Entity::Cluster,
                settings::at_manager(subject),
                format!("Patroni has no replica beside `{}`", primary.name.value),
            )
            .key("failover_manager")
            .label("needs a primary and a replica")
            .help(words::say(
                subject,
                "add a data node: `data 2` in the location",
                "add an instance with the role `replica` and the primary as `upstream`",
            ))
            .related(primary.at, "the only data node");
    }
    for instance in &subject.instances {
        let name = &instance.name.value;
        if let Some(witness) = witness_role(instance) {
            findings
                .at(
                    instance.entity(),
                    witness.origin,
                    format!("`{name}` is a witness, and Patroni has none"),
                )
                .key("role")
                .label("not with Patroni")
                .help("remove it: the members of etcd vote");
        } else if let Some(role) = instance.role(Role::Postgres)
            && !instance.is_data_node()
            && !instance.has_role(Role::PemServer)
        {
            findings
                .at(
                    instance.entity(),
                    role.origin,
                    format!("`{name}` runs Postgres and is neither primary nor replica"),
                )
                .key("role")
                .label("Patroni does not know what it is")
                .help("make it a `replica`, or remove the role");
        }
    }
}
