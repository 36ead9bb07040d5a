use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Entity, places};

rule! {
    /// ## What it does
    ///
    /// Finds a config.yml that does not say which version or flavour of Postgres, or which failover manager it is about.
    /// A source in `.m1` always says it.
    ///
    /// ## Why is this bad?
    ///
    /// TPA silently takes Postgres 13, `postgresql`, and EFM for EPAS or else repmgr. Another version of TPA may take
    /// others, and nobody notices before a new machine runs something else than the old ones.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr, postgres_flavour: postgresql }
    /// instances:
    /// - { Name: db1, node: 1, platform: bare, ip_address: 10.0.0.1, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr, postgres_flavour: postgresql, postgres_version: '16' }
    /// instances:
    /// - { Name: db1, node: 1, platform: bare, ip_address: 10.0.0.1, role: [primary] }
    /// ```
    pub(super) static IMPLICIT_VERSION = {
        name: "implicit-version",
        level: Warning,
        summary: "a choice that is left to TPA's defaults",
        consequence: "TPA decides without a word, and another release of it may decide otherwise",
    }
}

/// What TPA takes where nothing is said.
const DEFAULTS: [(&str, &str); 3] = [
    ("failover_manager", "EFM with EPAS, else repmgr"),
    ("postgres_flavour", "`postgresql`"),
    ("postgres_version", "13"),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    // Without variables at all the file has another problem.
    if subject.vars.is_empty() {
        return;
    }
    for (variable, default) in DEFAULTS {
        if subject.variable(variable).is_none() {
            findings
                .at(
                    Entity::Cluster,
                    places::of_section(subject, "cluster_vars"),
                    format!("nothing says the `{variable}`"),
                )
                .key(format!("cluster_vars/{variable}"))
                .label(format!("TPA takes {default}"))
                .help(format!("add `{variable}` to `cluster_vars`"));
        }
    }
}
