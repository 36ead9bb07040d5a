use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines with another failover manager than that of their cluster.
    ///
    /// ## Why is this bad?
    ///
    /// TPA decides for each machine which failover manager it installs, and never compares them. Some nodes run one and
    /// some another, and none knows the votes of the other: one failure has two answers.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1, vars: { failover_manager: efm } }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: efm }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1 }
    /// ```
    pub(super) static MIXED_FAILOVER_MANAGER = {
        name: "mixed-failover-manager",
        level: Error,
        summary: "machines of one cluster with different failover managers",
        consequence: "after the loss of the primary two failover managers act at once, and neither knows the votes of the other",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(manager) = subject.failover_manager() else {
        return;
    };
    let common = manager.name();
    for instance in &subject.instances {
        let votes = instance.is_data_node() || instance.has_role(Role::Witness);
        let Some(own) = instance
            .vars
            .get("failover_manager")
            .and_then(Value::sourced_text)
            .filter(|own| votes && own.value != common)
        else {
            continue;
        };
        let name = &instance.name.value;
        let finding = findings
            .at(
                instance.entity(),
                own.origin,
                format!(
                    "`{name}` has the failover manager `{}`, and its cluster has `{common}`",
                    own.value
                ),
            )
            .key("vars/failover_manager")
            .label(format!("not `{common}`"))
            .help("remove it here: one failover manager holds for the whole cluster");
        if let Some(written) = subject.variable("failover_manager") {
            finding.related(written.origin, "the cluster's");
        }
    }
}
