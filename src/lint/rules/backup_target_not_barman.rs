use crate::diagnostic::Applicability;
use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};

rule! {
    /// ## What it does
    ///
    /// Finds machines whose `backup` names one without the role `barman`.
    ///
    /// ## Why is this bad?
    ///
    /// Only a Barman node takes backups; `tpaexec provision` asks for the role.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary], backup: db2 }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1 }
    /// - { Name: backup1, node: 3, role: [barman] }
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
    pub(super) static BACKUP_TARGET_NOT_BARMAN = {
        name: "backup-target-not-barman",
        level: Error,
        summary: "backups that go to a machine without Barman",
        consequence: "`tpaexec provision` refuses the cluster",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let servers: Vec<&str> = subject
        .with_role(Role::Barman)
        .map(|instance| instance.name.value.as_str())
        .collect();
    for instance in &subject.instances {
        for backup in &instance.backup {
            let Some(target) = subject.instance(&backup.value) else {
                continue;
            };
            if target.has_role(Role::Barman) {
                continue;
            }
            let finding = findings
                .at(
                    instance.entity(),
                    backup.origin,
                    format!("`{}` is not a Barman node", backup.value),
                )
                .key("backup")
                .label("does not have the role `barman`")
                .related(target.name.origin, "this machine");
            match servers.as_slice() {
                [] => finding.help("give it the role `barman`, or add a machine with it"),
                [only] => finding.help(format!("write `{only}`")).fix(
                    Applicability::Suggested,
                    backup.origin,
                    *only,
                ),
                several => finding.help(format!("name one of {}", words::list(several))),
            };
        }
    }
}
