use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, Written, settings};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with automatic failover and nothing that leads clients to the new primary: no HAProxy, no PgBouncer,
    /// and no virtual address of EFM. Also a single HAProxy node.
    ///
    /// ## Why is this bad?
    ///
    /// M1 promotes a standby and does not move the applications. Those that know one address talk to a machine that is
    /// lost. If they have connection strings with several hosts and `target_session_attrs=read-write`, say so with
    /// `allow client-routing "…"`.
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
    ///   pool pgbouncer
    ///   location main { data 2 }
    ///   vars { repmgr_redirect_pgbouncer = true }
    /// }
    /// ```
    pub(super) static CLIENT_ROUTING = {
        name: "client-routing",
        level: Advice,
        summary: "nothing that leads clients to a new primary",
        consequence: "after a failover applications that know one address talk to the machine that is lost",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let (Some(quorum), Some(primary)) = (context.quorum(), subject.primary()) else {
        return;
    };
    // Where nobody is promoted there is nobody to lead clients to.
    if !quorum.automatic || quorum.candidates().is_empty() {
        return;
    }
    let mut proxies = subject.with_role(Role::Haproxy);
    if let (Some(only), None) = (proxies.next(), proxies.next()) {
        findings
            .at(
                only.entity(),
                only.at,
                format!("`{}` is the only HAProxy node", only.name.value),
            )
            .label("the only one")
            .help("run two, and let clients know both, or give them a floating address")
            .consequence(
                "when it is lost no client reaches the cluster, though the database is well",
            );
        return;
    }
    let is_led = [Role::Haproxy, Role::Pgbouncer]
        .into_iter()
        .any(|role| subject.with_role(role).next().is_some())
        || settings::efm(subject, primary, "virtual.ip").is_some();
    if !is_led {
        findings
            .at(
                Entity::Cluster,
                settings::at_manager(subject),
                "nothing leads clients to the new primary after a failover",
            )
            .key("failover_manager")
            .label("promotes a standby and moves no client")
            .help(match subject.written {
                Written::Source => remedy(subject.failover_manager()),
                Written::Config => {
                    "run PgBouncer, with Patroni HAProxy; or let clients name several hosts"
                }
            });
    }
}

/// With this profile PgBouncer follows a failover of repmgr, and HAProxy asks Patroni. EFM leads no pool.
fn remedy(manager: Option<FailoverManager>) -> &'static str {
    match manager {
        Some(FailoverManager::Patroni) => {
            "write `balance haproxy`; or let clients name all hosts, and say so with `allow client-routing \"clients name all hosts\"`"
        }
        Some(FailoverManager::Repmgr | FailoverManager::None) | None => {
            "write `use profiles` at the top of the file, and `include profiles.redirected-pool` in the cluster; or let clients name all hosts, and say so with `allow client-routing \"clients name all hosts\"`"
        }
        Some(FailoverManager::Efm) => {
            "let clients name all hosts, and write `allow client-routing \"clients name all hosts\"`; on one network `virtual.ip` in `efm_conf_settings` is an address that moves"
        }
    }
}
