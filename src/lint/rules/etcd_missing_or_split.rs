use crate::diagnostic::Applicability;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::lint::words::list;
use crate::topology::FailoverManager;
use crate::tpa::view::quorum::{etcd_cluster, quorum};
use crate::tpa::view::{Entity, settings};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with Patroni that have no etcd, or whose members of etcd belong to several etcd clusters. A member
    /// belongs to the one that its `etcd_location` names: its own, else the cluster's, else its location.
    ///
    /// ## Why is this bad?
    ///
    /// Without etcd Patroni does not start. With two etcd clusters every Patroni lists the members of both and talks to any
    /// of them: two may each be told that they lead.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main {
    ///     data 2
    ///     etcd e1
    ///     etcd e2
    ///     etcd e3 { vars { etcd_location = spare } }
    ///   }
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
    ///   location main {
    ///     data 2
    ///     etcd e1
    ///     etcd e2
    ///     etcd e3
    ///   }
    /// }
    /// ```
    pub(super) static ETCD_MISSING_OR_SPLIT = {
        name: "etcd-missing-or-split",
        level: Error,
        summary: "Patroni without etcd, or with several etcd clusters",
        consequence: "two machines may each be told by another etcd cluster that they lead: both take writes",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Patroni) {
        return;
    }
    if subject.with_role(Role::Etcd).next().is_none() {
        findings
            .at(
                Entity::Cluster,
                settings::at_manager(subject),
                "Patroni has no etcd",
            )
            .key("failover_manager")
            .label("needs three members of etcd")
            .help(words::say(
                subject,
                "remove the explicit etcd machines, so that three are placed, or write three `etcd` lines",
                "add three instances with the role `etcd`",
            ))
            .consequence("Patroni gets an empty list of hosts, and `tpaexec deploy` fails");
        return;
    }
    let Some(quorum) = quorum(subject) else {
        return;
    };
    let clusters = quorum.etcd_clusters();
    let [common, _, ..] = clusters.as_slice() else {
        return;
    };
    for instance in subject.with_role(Role::Etcd) {
        let own = etcd_cluster(subject, instance);
        if own.value == *common {
            continue;
        }
        let name = &instance.name.value;
        let others: Vec<&str> = subject
            .with_role(Role::Etcd)
            .filter(|other| etcd_cluster(subject, other).value == *common)
            .map(|other| other.name.value.as_str())
            .collect();
        let finding = findings
            .at(
                instance.entity(),
                own.origin,
                format!(
                    "`{name}` belongs to the etcd cluster `{}`, and {} to `{common}`",
                    own.value,
                    list(&others)
                ),
            )
            .key("vars/etcd_location")
            .label("another etcd cluster")
            .help(format!(
                "give every member of etcd the same `etcd_location`: `{common}`"
            ));
        if instance.vars.get("etcd_location").is_some() {
            finding.fix(Applicability::Suggested, own.origin, *common);
        }
    }
}
