use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::Written;
use crate::tpa::view::{Entity, places};

rule! {
    /// ## What it does
    ///
    /// Finds clusters without a Barman node, and clusters whose data nodes all have no `backup`. `backup none` in a source
    /// says that it is meant.
    ///
    /// ## Why is this bad?
    ///
    /// A replica repeats a mistake within milliseconds: it does not replace a backup. That there is none is found out on
    /// the day when one is needed.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1 }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary], backup: backup1 }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1 }
    /// - { Name: backup1, node: 3, role: [barman] }
    /// ```
    pub(super) static NO_BACKUP = {
        name: "no-backup",
        level: Warning,
        summary: "a cluster without backups",
        consequence: "nothing can be restored after a mistake, and nobody notices before",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    if subject.data_nodes().any(|node| !node.backup.is_empty()) {
        return;
    }
    let at = places::or(primary.name.origin, primary.at);
    match subject.with_role(Role::Barman).next() {
        None if subject.written == Written::Source => {}
        None => {
            findings
                .at(Entity::Cluster, at, "the cluster has no Barman node")
                .key("backup")
                .label("nobody backs it up")
                .help("add an instance with the role `barman` and name it in the primary's `backup`; where another tool takes the backups, say so in an `allow`");
        }
        Some(server) => {
            let name = &server.name.value;
            findings
                .at(
                    primary.entity(),
                    at,
                    format!("no data node has a `backup`, although there is `{name}`"),
                )
                .key("backup")
                .label("nobody backs it up")
                .related(server.name.origin, "the Barman node")
                .help(format!(
                    "add {} to the primary",
                    words::setting(subject.written, "backup", name)
                ));
        }
    }
}
