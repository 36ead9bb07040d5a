use crate::diagnostic::{Applicability, Level};
use crate::facts::choices::Platform;
use crate::facts::tpa::changes;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, Subject, Written, settings};
use crate::tpa::words::TLS;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds clusters with Patroni, not on docker, without the watchdog. It advises to decide about `failsafe_mode` and to
    /// turn TLS on for Patroni's interface.
    ///
    /// ## Why is this bad?
    ///
    /// A Patroni that hangs does not stop its Postgres when another machine takes over. The kernel's watchdog resets the
    /// machine then. Without `failsafe_mode` the loss of all of etcd takes a healthy primary out of service. Without TLS
    /// the password that can restart Postgres crosses the network in plain text.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
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
    ///   failover patroni
    ///   platform bare
    ///   location main { data 2 }
    ///   vars {
    ///     patroni_watchdog_enabled      = true
    ///     patroni_ssl_enabled           = true
    ///     patroni_dynamic_conf_settings = { failsafe_mode = true }
    ///   }
    /// }
    /// ```
    pub(super) static PATRONI_SAFETY = {
        name: "patroni-safety",
        level: Warning,
        summary: "Patroni without what keeps two primaries or none from happening",
        consequence: "a Patroni that hangs leaves its Postgres taking writes while another machine is promoted",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    let is_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
    // On docker there is no watchdog, and a cluster there is to try things with.
    if !is_patroni || primary.is_on(Platform::Docker) {
        return;
    }
    let at_manager = settings::at_manager(subject);
    let switches = [
        (
            "patroni_watchdog_enabled",
            "Patroni runs without the watchdog",
            "no watchdog",
            None,
        ),
        (
            "patroni_ssl_enabled",
            "Patroni's interface runs without TLS",
            "no TLS",
            Some("whoever reads the network learns the password that can restart Postgres"),
        ),
    ];
    for (variable, message, label, milder) in switches {
        let written = subject.variable_of(primary, variable);
        // What new clusters of this TPA have is `new-cluster-default`'s.
        let is_of_new = changes::written_since(variable).is_some_and(|since| since <= subject.tpa);
        if settings::is_true(written) || (written.is_none() && is_of_new) {
            continue;
        }
        let finding = findings
            .at(
                Entity::Cluster,
                written.map_or(at_manager, |written| written.origin),
                message,
            )
            .key(format!("vars/{variable}"))
            .label(label)
            .help(format!(
                "write {}",
                words::variable(subject, variable, "true")
            ));
        if let Some(consequence) = milder {
            finding.level(Level::Advice).consequence(consequence);
        }
        if let Some(written) = written.filter(|written| !is_of_tls(subject, written)) {
            finding.fix(Applicability::Suggested, written.origin, "true");
        }
    }
    if settings::patroni_dynamic(subject, primary, "failsafe_mode").is_none() {
        findings
            .at(
                Entity::Cluster,
                at_manager,
                "nothing says what Patroni does when all of etcd is lost",
            )
            .key("failsafe_mode")
            .label("`failsafe_mode` is not decided")
            .help(words::say(
                subject,
                "write `vars { patroni_dynamic_conf_settings = { failsafe_mode = true } }`: the primary goes on as long as it sees all its replicas",
                "write `failsafe_mode: true` in `patroni_dynamic_conf_settings` of `cluster_vars`: the primary goes on as long as it sees all its replicas",
            ))
            .consequence("when etcd is lost, a healthy primary refuses writes")
            .level(Level::Advice);
    }
}

/// Whether a value is that of `tls`, which says more than one thing: etcd's part cannot be changed on a cluster that runs.
fn is_of_tls(subject: &Subject, written: &Value) -> bool {
    subject.written == Written::Source
        && TLS
            .iter()
            .filter_map(|of| subject.variable(of.name))
            .filter(|value| value.origin == written.origin)
            .count()
            > 1
}
