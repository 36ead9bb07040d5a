use crate::diagnostic::Applicability;
use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, settings};
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds PgBouncer nodes that still lead to the old primary after a failover: with repmgr without
    /// `repmgr_redirect_pgbouncer`, with EFM without a script that redirects them or a virtual address. Also nodes without
    /// `pgbouncer_backend`, which lead to their own machine. Patroni redirects them on its own.
    ///
    /// ## Why is this bad?
    ///
    /// TPA points each pool at the primary when it deploys. The failover manager promotes another machine, and every client
    /// after a pool still talks to the one that is lost.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   pool pgbouncer
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
    ///   pool pgbouncer
    ///   location main { data 2 }
    ///   vars { repmgr_redirect_pgbouncer = true }
    /// }
    /// ```
    pub(super) static PGBOUNCER_STALE_ROUTE = {
        name: "pgbouncer-stale-route",
        level: Warning,
        summary: "PgBouncer that leads to the old primary after a failover",
        consequence: "after a failover every client behind PgBouncer talks to the machine that is lost",
    }
}

const REDIRECT: &str = "repmgr_redirect_pgbouncer";
const BACKEND: &str = "pgbouncer_backend";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    match subject.failover_manager() {
        Some(FailoverManager::Repmgr) => repmgr(subject, primary, findings),
        Some(FailoverManager::Efm) => efm(subject, primary, findings),
        Some(FailoverManager::Patroni | FailoverManager::None) | None => {}
    }
    for instance in subject.with_role(Role::Pgbouncer) {
        backend(subject, instance, findings);
    }
}

fn repmgr(subject: &Subject, primary: &Instance, findings: &mut Of<'_>) {
    let redirect = subject.variable_of(primary, REDIRECT);
    let pool = subject.with_role(Role::Pgbouncer).next();
    if settings::is_true(redirect) {
        return;
    }
    let Some(pool) = pool else {
        return;
    };
    let role = pool.role(Role::Pgbouncer);
    let at = match redirect {
        Some(written) => written.origin,
        None => role.map_or(pool.at, |role| role.origin),
    };
    let finding = findings
        .at(
            Entity::Cluster,
            at,
            format!(
                "PgBouncer still leads to `{}` after a failover",
                primary.name.value
            ),
        )
        .key(format!("vars/{REDIRECT}"))
        .label("repmgr does not redirect it")
        .help(format!(
            "write {}",
            words::variable(subject, REDIRECT, "true")
        ));
    if let Some(written) = redirect {
        finding.fix(Applicability::Suggested, written.origin, "true");
    }
}

fn efm(subject: &Subject, primary: &Instance, findings: &mut Of<'_>) {
    let moves = [
        "script.post.promotion",
        "script.remote.post.promotion",
        "script.load.balancer.attach",
        "virtual.ip",
    ];
    let is_moved = moves
        .iter()
        .any(|property| settings::efm(subject, primary, property).is_some());
    let leads_to_primary = |pool: &&Instance| {
        let backend = subject.variable_of(pool, BACKEND).and_then(Value::as_text);
        backend == Some(primary.name.value.as_str())
    };
    let pool = subject.with_role(Role::Pgbouncer).find(leads_to_primary);
    let Some(pool) = pool.filter(|_| !is_moved) else {
        return;
    };
    let role = pool.role(Role::Pgbouncer);
    findings
        .at(
            Entity::Cluster,
            role.map_or(pool.at, |role| role.origin),
            format!(
                "PgBouncer still leads to `{}` after a failover",
                primary.name.value
            ),
        )
        .key("vars/efm_conf_settings")
        .label("EFM does not redirect it")
        .help(
            "give `efm_conf_settings` a `script.post.promotion` that writes the new primary into PgBouncer's databases, or a `virtual.ip` as `pgbouncer_backend`",
        );
}

/// Nodes that lead to their own machine, or to another than the primary while repmgr redirects them.
fn backend(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    let name = &instance.name.value;
    let role = instance.role(Role::Pgbouncer);
    let written = subject.variable_of(instance, BACKEND);
    let Some(primary) = subject.primary() else {
        return;
    };
    let primary_name = &primary.name.value;
    if written.is_none() && instance.name.value != *primary_name {
        let own = if instance.is_data_node() {
            "a standby refuses writes"
        } else {
            "there is no Postgres"
        };
        findings
            .at(
                instance.entity(),
                role.map_or(instance.at, |role| role.origin),
                format!("PgBouncer on `{name}` leads to its own machine"),
            )
            .key(format!("vars/{BACKEND}"))
            .label(format!("has no `{BACKEND}`"))
            .help(format!(
                "set `{BACKEND}` to `{primary_name}` in the `vars` of `{name}`"
            ))
            .consequence(format!("clients that connect there find no primary: {own}"));
    }
    let redirects = subject.failover_manager() == Some(FailoverManager::Repmgr)
        && settings::is_true(subject.variable_of(instance, REDIRECT));
    if let Some(written) = written.and_then(Value::sourced_text)
        && redirects
        && written.value != primary_name
    {
        findings
            .at(
                instance.entity(),
                written.origin,
                format!(
                    "PgBouncer on `{name}` leads to `{}` until a failover, and to the primary after it",
                    written.value
                ),
            )
            .key(format!("vars/{BACKEND}"))
            .label("not the primary")
            .help(format!(
                "write `{primary_name}`, or leave this node out with `{REDIRECT}` false in its `vars`"
            ))
            .consequence("the first failover changes where its clients go");
    }
}
