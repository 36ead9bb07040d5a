use crate::diagnostic::{Applicability, Level};
use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::lint::words::list;
use crate::lint::{Context, declared};
use crate::topology::FailoverManager;
use crate::tpa::view::quorum::etcd_cluster;
use crate::tpa::view::{Entity, Subject, settings};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with Patroni that have no etcd, or whose members of etcd belong to several etcd clusters. A member
    /// belongs to the one that its `etcd_location` names: its own, else the cluster's, else its location. A machine that has
    /// an `etcd_location` of its own and not the role `etcd` gives a warning.
    ///
    /// ## Why is this bad?
    ///
    /// Without etcd Patroni does not start. With two etcd clusters every Patroni lists the members of both and talks to any
    /// of them: two may each be told that they lead. A machine that has lost its role does not vote: etcd has fewer
    /// members than somebody counts on.
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
    lost_members(subject, findings);
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
    let Some(quorum) = context.quorum() else {
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

/// Machines that say to which etcd cluster they belong, and are not in it.
fn lost_members(subject: &Subject, findings: &mut Of<'_>) {
    let members = subject.with_role(Role::Etcd).count();
    for instance in &subject.instances {
        let Some(written) = instance.vars.get("etcd_location") else {
            continue;
        };
        if instance.has_role(Role::Etcd) {
            continue;
        }
        let name = &instance.name.value;
        findings
            .at(
                instance.entity(),
                declared::place_of(subject, written.origin),
                format!(
                    "`{name}` has an `etcd_location` and not the role `etcd`: etcd has {members} {}",
                    if members == 1 { "member" } else { "members" }
                ),
            )
            .key("vars/etcd_location")
            .label("is not a member of etcd")
            .help(words::say(
                subject,
                "give it the role `etcd`, or remove `etcd_location`",
                "add `etcd` to its `role`, or remove `etcd_location`",
            ))
            .level(Level::Warning)
            .consequence("etcd has fewer members than it seems, and loses its majority sooner");
    }
}
