use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, Instance, settings};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with repmgr and without PgBouncer in which nobody has set `repmgr_redirect_pgbouncer`.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec switchover` reads the variable whether there is a PgBouncer or not, and it has no default. The switchover
    /// itself is done by then, and the command ends with an error all the same.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { repmgr_redirect_pgbouncer = false }
    /// }
    /// ```
    pub(super) static SWITCHOVER_VARIABLE = {
        name: "switchover-variable",
        level: Advice,
        summary: "a variable that `tpaexec switchover` needs and nobody sets",
        consequence: "`tpaexec switchover` fails at its last step, after the switchover itself",
    }
}

const VARIABLE: &str = "repmgr_redirect_pgbouncer";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    let has_pool = subject.with_role(Role::Pgbouncer).next().is_some();
    if subject.failover_manager() != Some(FailoverManager::Repmgr)
        || has_pool
        || subject.variable_of(primary, VARIABLE).is_some()
        || !subject.children_of(primary).any(Instance::is_data_node)
    {
        return;
    }
    findings
        .at(
            Entity::Cluster,
            settings::at_manager(subject),
            format!("`tpaexec switchover` needs `{VARIABLE}`, which is not set"),
        )
        .key(format!("vars/{VARIABLE}"))
        .label("with repmgr")
        .help(format!(
            "write {}; there is no PgBouncer to redirect",
            words::variable(subject, VARIABLE, "false")
        ));
}
