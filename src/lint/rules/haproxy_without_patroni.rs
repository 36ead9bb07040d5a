use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, settings};

rule! {
    /// ## What it does
    ///
    /// Finds HAProxy in clusters without Patroni. Where only its second port for reading is turned on and there is no
    /// HAProxy, the setting does nothing, which is a warning.
    ///
    /// ## Why is this bad?
    ///
    /// HAProxy asks Patroni which machine is the primary. Without Patroni TPA writes a check that only tries to log in, and
    /// that a standby passes as well.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1 }
    /// - { Name: proxy1, node: 3, role: [haproxy], vars: { haproxy_backend_servers: [db1, db2] } }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: patroni }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1 }
    /// - { Name: proxy1, node: 3, role: [haproxy], vars: { haproxy_backend_servers: [db1, db2] } }
    /// ```
    pub(super) static HAPROXY_WITHOUT_PATRONI = {
        name: "haproxy-without-patroni",
        level: Error,
        summary: "HAProxy without Patroni, which tells it where the primary is",
        consequence: "after a failover HAProxy sends writes to a standby, which refuses them",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(manager) = subject
        .failover_manager()
        .filter(|manager| *manager != FailoverManager::Patroni)
    else {
        return;
    };
    let manager = manager.name();
    let mut is_used = false;
    for instance in subject.with_role(Role::Haproxy) {
        is_used = true;
        let role = instance.role(Role::Haproxy);
        findings
            .at(
                instance.entity(),
                role.map_or(instance.at, |role| role.origin),
                format!(
                    "`{}` runs HAProxy, and {manager} does not tell it where the primary is",
                    instance.name.value
                ),
            )
            .key("role")
            .label("needs Patroni")
            .help(words::say(
                subject,
                "write `failover patroni`, or remove it and use `pool pgbouncer` or connection strings with several hosts",
                "use Patroni, or remove it and use PgBouncer or connection strings with several hosts",
            ))
            .related(settings::at_manager(subject), "the failover manager");
    }
    let read_only = "haproxy_read_only_load_balancer_enabled";
    let second_port = subject.variable(read_only);
    if let Some(second_port) =
        second_port.filter(|value| !is_used && settings::is_true(Some(value)))
    {
        findings
            .at(
                Entity::Cluster,
                second_port.origin,
                format!("`{read_only}` does nothing with {manager}"),
            )
            .key(format!("vars/{read_only}"))
            .label("only with Patroni")
            .help("remove it, or use Patroni with HAProxy")
            .consequence("no port for reading is opened, and no tool says so")
            .level(Level::Warning);
    }
}
