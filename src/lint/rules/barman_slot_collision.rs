use crate::facts::barman;
use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::Instance;
use crate::tpa::view::Subject;
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds machines that two Barman nodes back up through one replication slot, because their names are the same up to
    /// the first dot, and Barman nodes shared with another cluster that cannot be.
    ///
    /// ## Why is this bad?
    ///
    /// The slot is called `backup_` and the Barman node's name up to the first dot. The second node finds the slot in
    /// use, and its WAL archive stays empty. A shared node (`barman_shared`) is managed elsewhere: TPA only reaches it,
    /// which needs the platform `bare` and an address.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary], backup: [bk.east, bk.west] }
    /// - { Name: bk.east, node: 2, role: [barman] }
    /// - { Name: bk.west, node: 3, role: [barman] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary], backup: [bk1.east, bk2.west] }
    /// - { Name: bk1.east, node: 2, role: [barman] }
    /// - { Name: bk2.west, node: 3, role: [barman] }
    /// ```
    pub(super) static BARMAN_SLOT_COLLISION = {
        name: "barman-slot-collision",
        level: Error,
        summary: "two Barman nodes that want one replication slot",
        consequence: "the second Barman node receives no WAL, and its first backup never ends well",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in &subject.instances {
        let mut backups = instance.backup.iter();
        while let Some(first) = backups.next() {
            let slot = barman::slot(&first.value);
            let collides = |other: &&crate::origin::Sourced<String>| {
                other.value != first.value && barman::slot(&other.value) == slot
            };
            if let Some(second) = backups.clone().find(collides) {
                findings
                    .at(
                        instance.entity(),
                        second.origin,
                        format!(
                            "`{}` and `{}` receive WAL through one slot, `{slot}`",
                            first.value, second.value
                        ),
                    )
                    .key("backup")
                    .label("the same slot")
                    .related(first.origin, "as this one")
                    .help("rename one of the Barman nodes: the part before the first dot makes the slot's name");
            }
        }
    }
    for instance in subject.with_role(Role::Barman) {
        shared(subject, instance, findings);
    }
}

fn shared(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    let variable = subject.variable_of(instance, "barman_shared");
    let Some(variable) = variable.filter(|value| value.data == Data::Boolean(true)) else {
        return;
    };
    let platform = &instance.platform;
    let has_address = ["ip_address", "private_ip", "public_ip"]
        .iter()
        .any(|key| instance.entry.get(key).and_then(Value::as_text).is_some());
    let (problem, help) = if platform.value != Platform::Bare.name() {
        (
            format!("is on `{}`", platform.value),
            "set its `platform` to `bare`, with its address",
        )
    } else if !has_address {
        (
            "has no address".to_owned(),
            "give it the address of the server",
        )
    } else {
        return;
    };
    findings
        .at(
            instance.entity(),
            variable.origin,
            format!("the shared Barman node `{}` {problem}", instance.name.value),
        )
        .key("vars/barman_shared")
        .label("managed by another cluster")
        .consequence("TPA would make a new machine, or reach none, instead of the one that exists")
        .help(help);
}
