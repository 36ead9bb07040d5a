use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, misspelt};
use crate::tpa::view::Instance;
use crate::tpa::view::{Entity, places};

rule! {
    /// ## What it does
    ///
    /// Finds clusters without a primary, or with more than one. The Postgres of a PEM server does not count.
    ///
    /// ## Why is this bad?
    ///
    /// Without a primary nobody initialises a database, and the replicas have nothing to clone. A second primary is an
    /// independent database beside the first. `tpaexec provision` accepts both.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1 }
    /// ```
    pub(super) static EXACTLY_ONE_PRIMARY = {
        name: "exactly-one-primary",
        level: Error,
        summary: "no primary, or more than one",
        consequence: "`tpaexec deploy` makes two databases that know nothing of each other",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut primaries = subject
        .with_role(Role::Primary)
        .filter(|instance| !instance.has_role(Role::PemServer));
    let Some(first) = primaries.next() else {
        // Without instances, or with the roles under another key, another rule speaks.
        let is_misspelt = |instance| misspelt::has_of_instance(instance, &["role"]);
        if !subject.instances.is_empty() && !subject.instances.iter().any(is_misspelt) {
            findings
                .at(
                    Entity::Cluster,
                    places::of_section(subject, "instances"),
                    "no machine has the role `primary`",
                )
                .key("instances")
                .label("no primary among them")
                .consequence("`tpaexec deploy` initialises no database, and fails when it clones the first replica")
                .help("give one of the data nodes the role `primary` instead of `replica`, without an `upstream`");
        }
        return;
    };
    for second in primaries {
        findings
            .at(
                second.entity(),
                at_role(second),
                format!(
                    "`{}` is a second primary beside `{}`",
                    second.name.value, first.name.value
                ),
            )
            .key("role")
            .label("the second")
            .related(at_role(first), "the first")
            .help(format!(
                "make it a `replica` with the upstream `{}`",
                first.name.value
            ));
    }
}

fn at_role(instance: &Instance) -> crate::origin::Origin {
    let role = instance.role(Role::Primary);
    places::or(role.map_or(instance.at, |role| role.origin), instance.at)
}
