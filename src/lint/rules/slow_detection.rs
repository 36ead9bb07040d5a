use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared};
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, settings};

rule! {
    /// ## What it does
    ///
    /// Finds settings of EFM and Patroni with which the loss of the primary is noticed after three minutes or later:
    /// `node.timeout` and `local.timeout` of EFM, `ttl` of Patroni. What repmgr waits is `repmgr-setting`'s.
    ///
    /// ## Why is this bad?
    ///
    /// Nobody writes during that time, and the promotion itself comes after it. Long times are usually meant for the day
    /// of some maintenance, and forgotten.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres epas 16 { redwood = false }
    ///   failover efm
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { efm_conf_settings = { node.timeout = 600 } }
    /// }
    /// ```
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { patroni_dynamic_conf_settings = { ttl = 300 } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres epas 16 { redwood = false }
    ///   failover efm
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { efm_conf_settings = { node.timeout = 50 } }
    /// }
    /// ```
    pub(super) static SLOW_DETECTION = {
        name: "slow-detection",
        level: Advice,
        summary: "a failover manager that notices a lost primary late",
        consequence: "when the primary is lost nobody writes for so long, and the promotion comes after that",
    }
}

/// How many seconds are long.
const LONG: i64 = 180;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    // With what they are where they are not written.
    let times: &[(&str, i64)] = match subject.failover_manager() {
        Some(FailoverManager::Efm) => &[("node.timeout", 50), ("local.timeout", 60)],
        Some(FailoverManager::Patroni) => &[("ttl", 30)],
        // What repmgr waits is `repmgr-setting`'s.
        Some(FailoverManager::Repmgr | FailoverManager::None) | None => return,
    };
    for (name, default) in times {
        let value = match subject.failover_manager() {
            Some(FailoverManager::Efm) => settings::efm(subject, primary, name),
            Some(FailoverManager::Patroni | FailoverManager::Repmgr | FailoverManager::None)
            | None => settings::patroni_dynamic(subject, primary, name),
        };
        let Some(seconds) = settings::number(value).filter(|seconds| seconds.value >= LONG) else {
            continue;
        };
        findings
            .at(
                Entity::Cluster,
                declared::place_of(subject, seconds.origin),
                format!(
                    "with `{name}` {} a lost primary is noticed after {} minutes",
                    seconds.value,
                    seconds.value / 60
                ),
            )
            .key(*name)
            .label(format!("{default} by default"))
            .help(format!("write `{default}`, or remove it"));
    }
}
