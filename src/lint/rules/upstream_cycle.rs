use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::{Instance, Subject};

rule! {
    /// ## What it does
    ///
    /// Finds machines that stream from each other in a cycle, and a primary that streams from another machine.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec provision` accepts the file. At deployment TPA follows `upstream` from machine to machine to find the
    /// primary, and never stops.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: db3 }
    /// - { Name: db3, node: 3, role: [replica], upstream: db2 }
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
    /// - { Name: db3, node: 3, role: [replica], upstream: db2 }
    /// ```
    pub(super) static UPSTREAM_CYCLE = {
        name: "upstream-cycle",
        level: Error,
        summary: "machines that stream from each other in a cycle",
        consequence: "`tpaexec deploy` follows the cycle forever and never ends",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut reported: Vec<&str> = Vec::new();
    for instance in &subject.instances {
        let Some(cycle) = cycle(subject, instance) else {
            continue;
        };
        let names: Vec<&str> = cycle
            .iter()
            .map(|member| member.name.value.as_str())
            .collect();
        if names.iter().any(|name| reported.contains(name)) {
            continue;
        }
        let path = names.join(" → ");
        let first = &instance.name.value;
        let finding = findings
            .at(
                instance.entity(),
                instance.at_key("upstream"),
                format!("machines stream from each other in a cycle: {path} → {first}"),
            )
            .key("upstream")
            .label("part of the cycle")
            .help("let one of them stream from the primary");
        for member in cycle.iter().skip(1) {
            finding.related(member.at_key("upstream"), "part of the cycle");
        }
        reported.extend(names);
    }
    if let Some(primary) = subject.primary()
        && let Some(upstream) = &primary.upstream
        && !reported.contains(&primary.name.value.as_str())
    {
        findings
            .at(
                primary.entity(),
                upstream.origin,
                format!(
                    "the primary `{}` streams from `{}`",
                    primary.name.value, upstream.value
                ),
            )
            .key("upstream")
            .label("a primary has no upstream")
            .help("remove it, or make the other machine the primary");
    }
}

/// The cycle that begins and ends at a machine.
fn cycle<'s>(subject: &'s Subject, start: &'s Instance) -> Option<Vec<&'s Instance>> {
    let mut walk = vec![start];
    let mut next = subject.upstream_of(start)?;
    while next.name.value != start.name.value {
        // A cycle that this machine only leads to is found from one of its own members.
        if walk.len() > subject.instances.len() {
            return None;
        }
        walk.push(next);
        next = subject.upstream_of(next)?;
    }
    Some(walk)
}
