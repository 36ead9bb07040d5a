use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::FailoverManager;
use crate::tpa::view::Instance;
use crate::tpa::view::{Subject, places, streaming};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with repmgr in which a standby of another location has a lower node number than one beside the
    /// primary, and neither has a `repmgr_priority`.
    ///
    /// ## Why is this bad?
    ///
    /// When two standbys have received equally much, repmgr promotes the one with the lower number. The number then
    /// decides that the primary moves to another site.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location paris {
    ///     primary db1 { address = 10.0.0.1; id = 1 }
    ///     replica db2 { address = 10.0.0.2; id = 5 }
    ///   }
    ///   location london { replica db3 { address = 10.0.1.3; id = 3 } }
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
    ///   location paris {
    ///     primary db1 { address = 10.0.0.1; id = 1 }
    ///     replica db2 { address = 10.0.0.2; id = 2 }
    ///   }
    ///   location london { replica db3 { address = 10.0.1.3; id = 3 } }
    /// }
    /// ```
    pub(super) static NODE_NUMBERING = {
        name: "node-numbering",
        level: Advice,
        summary: "node numbers by which repmgr prefers another location",
        consequence: "with equal standbys repmgr moves the primary to the other location",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Repmgr) {
        return;
    }
    let Some(primary) = subject.primary() else {
        return;
    };
    let standbys: Vec<(&Instance, i64)> = subject
        .data_nodes()
        .filter(|node| streaming::is_promotable(subject, node) && !has_priority(subject, node))
        .filter_map(|node| Some((node, number(node)?)))
        .collect();
    let is_here = |node: &Instance| node.location == primary.location;
    let last_here = standbys
        .iter()
        .filter(|(node, _)| is_here(node))
        .max_by_key(|(_, number)| *number);
    let first_there = standbys
        .iter()
        .filter(|(node, _)| !is_here(node))
        .min_by_key(|(_, number)| *number);
    let (Some((remote, low)), Some((near, high))) = (first_there, last_here) else {
        return;
    };
    if low > high {
        return;
    }
    findings
        .at(
            near.entity(),
            places::or(near.at_key("node"), near.at),
            format!(
                "`{}` beside the primary has the number {high}, `{}` in another location has {low}",
                near.name.value, remote.name.value
            ),
        )
        .key("node")
        .label("the higher number")
        .related(remote.at_key("node"), "the lower number, which wins")
        .help("number the standbys beside the primary first, before the first deployment; later set `repmgr_priority`, where the higher one wins");
}

fn number(instance: &Instance) -> Option<i64> {
    instance.own.get("node")?.as_integer()
}

fn has_priority(subject: &Subject, instance: &Instance) -> bool {
    subject.variable_of(instance, "repmgr_priority").is_some()
}
