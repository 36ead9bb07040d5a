use crate::diagnostic::{Applicability, Level};
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::origin::Sourced;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, settings};
use crate::tpa::view::{Instance, Subject};

rule! {
    /// ## What it does
    ///
    /// Finds times of Patroni that do not fit each other: `ttl` below 20, `loop_wait` below 1, `retry_timeout` below 3, or
    /// a `ttl` shorter than `loop_wait` and twice `retry_timeout`. They are 30, 10 and 10 seconds where nothing is written.
    /// A `maximum_lag_on_failover` of 0 gives a warning.
    ///
    /// ## Why is this bad?
    ///
    /// Patroni replaces such values with its own, so that nobody knows how long a failover takes. Versions that keep them
    /// take a healthy primary out of service when etcd answers late.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { patroni_dynamic_conf_settings = { ttl = 20 } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { patroni_dynamic_conf_settings = { ttl = 20; loop_wait = 5; retry_timeout = 5 } }
    /// }
    /// ```
    pub(super) static PATRONI_TIMEOUTS = {
        name: "patroni-timeouts",
        level: Error,
        summary: "times of Patroni that do not fit each other",
        consequence: "Patroni replaces them silently, or takes a healthy primary out of service when etcd answers late",
    }
}

/// Each time, its default and the least that Patroni takes, in seconds.
const TIMES: [(&str, i64, i64); 3] = [
    ("ttl", 30, 20),
    ("loop_wait", 10, 1),
    ("retry_timeout", 10, 3),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Patroni) {
        return;
    }
    for node in subject.data_nodes() {
        times(subject, node, findings);
        let lag = "maximum_lag_on_failover";
        let written = settings::number(settings::patroni_dynamic(subject, node, lag));
        if let Some(written) = written.filter(|written| written.value == 0) {
            findings
                .at(
                    Entity::Cluster,
                    written.origin,
                    format!("with `{lag}` 0 a standby that lags by one byte is never promoted"),
                )
                .key(lag)
                .label("no lag at all")
                .help("remove it: Patroni takes 1048576 bytes then")
                .consequence("when the primary is lost under load nobody takes over")
                .level(Level::Warning);
        }
    }
}

fn times(subject: &Subject, node: &Instance, findings: &mut Of<'_>) {
    let written = |name: &str| settings::number(settings::patroni_dynamic(subject, node, name));
    let [_, loop_wait, retry_timeout] = TIMES
        .map(|(name, default, least)| written(name).map_or(default, |time| time.value.max(least)));
    let needed = retry_timeout.saturating_mul(2).saturating_add(loop_wait);
    for (name, _, least) in TIMES {
        // The remedy is to hold against the other times too.
        let enough = if name == "ttl" {
            least.max(needed)
        } else {
            least
        };
        if let Some(time) = written(name).filter(|time| time.value < least) {
            findings
                .at(
                    Entity::Cluster,
                    time.origin,
                    format!("Patroni does not take a `{name}` of {} seconds", time.value),
                )
                .key(name)
                .label(format!("{least} or more"))
                .help(if enough == least {
                    format!("write {least} or more")
                } else {
                    format!(
                        "write {enough} or more, which is `loop_wait` with twice `retry_timeout`"
                    )
                });
            return;
        }
    }
    let [ttl, loop_wait, retry_timeout] =
        TIMES.map(|(name, default, _)| written(name).map_or(default, |time| time.value));
    let needed = retry_timeout.saturating_mul(2).saturating_add(loop_wait);
    let place: Option<(&str, Sourced<i64>)> = TIMES
        .iter()
        .find_map(|(name, _, _)| Some((*name, written(name)?)));
    if let Some((name, place)) = place.filter(|_| needed > ttl) {
        let finding = findings
            .at(
                Entity::Cluster,
                place.origin,
                format!(
                    "`ttl` is {ttl} seconds, and `loop_wait` with twice `retry_timeout` is {needed}"
                ),
            )
            .key(name)
            .label(format!("`{name}`"))
            .help(format!(
                "let `ttl` be {needed} or more, or make `loop_wait` ({loop_wait}) and `retry_timeout` ({retry_timeout}) shorter"
            ));
        if name == "ttl" {
            finding.fix(Applicability::Suggested, place.origin, needed.to_string());
        }
    }
}
