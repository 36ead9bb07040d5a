use crate::diagnostic::Level;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::Subject;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines that are called like a group of Ansible's or TPA's (`all`, `ungrouped`, `primary`, `replica`,
    /// `other`, `patroni`), like the cluster, or `localhost`.
    ///
    /// ## Why is this bad?
    ///
    /// Hosts and groups share one space of names. TPA makes the groups while it deploys; with a host of the same name
    /// tasks run on other machines than they are meant for. Tasks for `localhost` run on the machine that TPA runs on.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary primary { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
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
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    /// }
    /// ```
    pub(super) static RESERVED_HOSTNAME = {
        name: "reserved-hostname",
        level: Error,
        summary: "a machine that is called like a group of machines",
        consequence: "`tpaexec deploy` runs tasks on other machines than they are meant for",
    }
}

/// Groups that Ansible and TPA make.
const GROUPS: &[&str] = &["all", "other", "patroni", "primary", "replica", "ungrouped"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in &subject.instances {
        let name = &instance.name.value;
        let problem = if name == "localhost" {
            "the machine that TPA runs on"
        } else if GROUPS.contains(&name.as_str()) {
            "a group of machines"
        } else if is_group_of_cluster(subject, name) {
            "the group of all machines of this cluster"
        } else {
            continue;
        };
        let finding = findings
            .at(
                instance.entity(),
                instance.name.origin,
                format!("a machine is called `{name}`"),
            )
            .key("Name")
            .label(format!("also {problem}"))
            .help("rename the machine, for example `db1`");
        if is_group_of_cluster(subject, name) {
            // TPA writes an inventory all the same, and Ansible warns and goes on.
            finding.level(Level::Warning).consequence(
                "Ansible warns that a host and a group share a name, and a pattern with it means both",
            );
        }
    }
}

/// The inventory has a group of all machines, with the cluster's name or its tag.
fn is_group_of_cluster(subject: &Subject, name: &str) -> bool {
    let tag = subject.document.get("cluster_tag").and_then(Value::as_text);
    let group = tag.or(subject.name.as_ref().map(|name| name.value.as_str()));
    group == Some(name)
}
