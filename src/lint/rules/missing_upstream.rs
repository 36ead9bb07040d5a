use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::places;

rule! {
    /// ## What it does
    ///
    /// Finds replicas and witnesses without an `upstream`.
    ///
    /// ## Why is this bad?
    ///
    /// A replica without one stops `tpaexec provision` with `KeyError: None`, before the check that would say what is
    /// wrong. A witness is refused by that check.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica] }
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
    pub(super) static MISSING_UPSTREAM = {
        name: "missing-upstream",
        level: Error,
        summary: "a replica or witness that streams from nobody",
        consequence: "`tpaexec provision` stops with `KeyError: None`",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in &subject.instances {
        let roles = [Role::Replica, Role::Witness];
        let needs = |role: &Role| instance.has_role(*role);
        let Some(role) = roles.into_iter().find(needs) else {
            continue;
        };
        if instance.upstream.is_some() {
            continue;
        }
        let word = instance.role(role);
        let at = word.map_or(instance.at, |word| word.origin);
        let target = subject
            .primary()
            .map_or("NAME", |primary| primary.name.value.as_str());
        let finding = findings
            .at(
                instance.entity(),
                places::or(at, instance.at),
                format!("the {role} `{}` has no `upstream`", instance.name.value),
            )
            .key("upstream")
            .label("streams from nobody")
            .help(format!(
                "add {}",
                words::setting(subject.written, "upstream", target)
            ));
        if role == Role::Witness {
            finding.consequence("`tpaexec provision` refuses the cluster");
        }
    }
}
