use crate::facts::choices::FailoverManager;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::Flavour;
use crate::tpa::view::{Entity, places};
use crate::tpa::view::{Subject, Written};

rule! {
    /// ## What it does
    ///
    /// Finds a config.yml that does not say the version or the flavour of Postgres, or the failover manager.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec deploy` then takes its own defaults: Postgres 13, which has had its last fixes, the community's flavour,
    /// EFM with EPAS and repmgr otherwise. On a cluster that exists it follows the data directory instead, so that two
    /// clusters of one file differ.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr, postgres_flavour: postgresql }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr, postgres_flavour: postgresql, postgres_version: 17 }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    pub(super) static IMPLICIT_VERSION = {
        name: "implicit-version",
        level: Warning,
        summary: "a choice that is left to TPA",
        consequence: "`tpaexec deploy` takes its own default, and never says so",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    // A source says all of it.
    if subject.written == Written::Source || subject.vars.is_empty() {
        return;
    }
    let manager = FailoverManager::default_for(subject.flavour()).name();
    for (key, what, default) in [
        ("postgres_version", "the version of Postgres", "13"),
        (
            "postgres_flavour",
            "the flavour of Postgres",
            Flavour::DEFAULT.name(),
        ),
        ("failover_manager", "the failover manager", manager),
    ] {
        if !is_missing(subject, key) {
            continue;
        }
        findings
            .at(
                Entity::Cluster,
                places::of_section(subject, "cluster_vars"),
                format!("nothing says {what}, so it is {default}"),
            )
            .key(format!("cluster_vars/{key}"))
            .label(format!("no `{key}`"))
            .help(format!(
                "add `{key}: {default}` to `cluster_vars`, or what you want instead"
            ));
    }
}

/// Whether neither the cluster nor all of its machines say it.
fn is_missing(subject: &Subject, key: &str) -> bool {
    subject
        .data_nodes()
        .any(|instance| subject.variable_of(instance, key).is_none())
}
