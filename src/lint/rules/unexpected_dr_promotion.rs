use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::rules::no_replica;
use crate::lint::{Context, words};
use crate::topology::FailoverManager;

rule! {
    /// ## What it does
    ///
    /// Finds standbys with a role that says they are not to be promoted, and that does not keep their failover manager from
    /// it: `readonly`, and without EFM `efm-not-promotable`.
    ///
    /// ## Why is this bad?
    ///
    /// In M1 `readonly` has no effect on promotions, and only EFM reads `efm-not-promotable`. A machine that was meant for
    /// reports, or that is far away, becomes the primary.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///     replica db3 { roles = [efm-not-promotable] }
    ///   }
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
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///     replica db3 { vars { repmgr_priority = 0 } }
    ///   }
    /// }
    /// ```
    pub(super) static UNEXPECTED_DR_PROMOTION = {
        name: "unexpected-dr-promotion",
        level: Warning,
        summary: "a standby that is promoted although its role says otherwise",
        consequence: "when the primary is lost this machine may take its place",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(quorum) = context.quorum() else {
        return;
    };
    // Then nothing is promoted, which `no-replica` says. Patroni is installed all the same.
    let is_patroni = quorum.manager == FailoverManager::Patroni;
    if !is_patroni && no_replica::first_readonly(subject).is_some() {
        return;
    }
    for candidate in quorum.candidates() {
        let Some(instance) = subject.instance(candidate.name) else {
            continue;
        };
        let Some(role) = [Role::Readonly, Role::EfmNotPromotable]
            .into_iter()
            .find_map(|role| instance.role(role))
        else {
            continue;
        };
        let name = candidate.name;
        let manager = quorum.manager.name();
        let help = match quorum.manager {
            FailoverManager::Repmgr => words::say(
                subject,
                "write `repmgr_priority = 0` in the machine's `vars`",
                "write `repmgr_priority: 0` in the instance's `vars`",
            ),
            FailoverManager::Efm => "give it the role `efm-not-promotable`",
            FailoverManager::None => continue,
            FailoverManager::Patroni => words::say(
                subject,
                "write `patroni_conf_settings = { tags = { nofailover = true } }` in the machine's `vars`",
                "write `patroni_conf_settings: {tags: {nofailover: true}}` in the instance's `vars`",
            ),
        };
        findings
            .at(
                instance.entity(),
                role.origin,
                format!(
                    "`{name}` has the role `{}`, and {manager} promotes it nevertheless",
                    role.value
                ),
            )
            .key("role")
            .label(format!("says nothing to {manager}"))
            .help(help);
    }
}
