use std::net::Ipv4Addr;

use crate::diagnostic::Level;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, settings};
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds clusters with EFM that ask the internet whether their network is there, and probably cannot reach it: they
    /// install from a local repository only, or have no public addresses. EFM asks 8.8.8.8 unless `ping.server.ip` names
    /// another. Machines with private addresses, who may well reach it, give an advice.
    ///
    /// ## Why is this bad?
    ///
    /// An agent that loses sight of the others asks that address whether the fault is its own. Without an answer it takes
    /// itself for isolated: standbys are not promoted, and a healthy primary is stopped.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres epas 16 { redwood = true }
    ///   failover efm
    ///   platform bare
    ///   repositories { local_only = true }
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres epas 16 { redwood = true }
    ///   failover efm
    ///   platform bare
    ///   repositories { local_only = true }
    ///   location main { data 3 }
    ///   vars { efm_conf_settings = { ping.server.ip = "10.0.0.254" } }
    /// }
    /// ```
    pub(super) static EFM_PING_SERVER = {
        name: "efm-ping-server",
        level: Warning,
        summary: "EFM that asks the internet whether its network is there",
        consequence: "when the primary is lost each agent takes itself for isolated, and nobody is promoted",
    }
}

const PROPERTY: &str = "ping.server.ip";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    let is_efm = subject.failover_manager() == Some(FailoverManager::Efm);
    if !is_efm || settings::efm(subject, primary, PROPERTY).is_some() {
        return;
    }
    let is_pinged_otherwise = settings::efm(subject, primary, "ping.server.command").is_some();
    let has_standby = subject.data_nodes().nth(1).is_some();
    let Some((at, reason, level)) = reason(subject).filter(|_| has_standby && !is_pinged_otherwise)
    else {
        return;
    };
    let help = words::say(
        subject,
        "name an address that answers as long as the network is there, like its gateway: `vars { efm_conf_settings = { ping.server.ip = \"10.0.0.254\" } }`",
        "name an address that answers as long as the network is there, like its gateway, as `ping.server.ip` in `efm_conf_settings`",
    );
    findings
        .at(
            Entity::Cluster,
            settings::at_manager(subject),
            format!("EFM asks 8.8.8.8 whether the network is there, and {reason}"),
        )
        .key("vars/efm_conf_settings/ping.server.ip")
        .label(format!("without `{PROPERTY}`"))
        .help(help)
        .level(level)
        .related(at, "here");
}

/// Why the machines may not reach the internet, and how likely that is.
fn reason(subject: &Subject) -> Option<(Origin, &'static str, Level)> {
    let local_only = subject.variable("use_local_repo_only");
    if let Some(local_only) = local_only.filter(|value| settings::is_true(Some(value))) {
        let reason = "the machines install from a local repository only";
        return Some((local_only.origin, reason, Level::Warning));
    }
    let reachability = subject.document.get("ec2_instance_reachability");
    let private = reachability.filter(|value| value.as_text() == Some("private"));
    if let Some(private) = private.filter(|_| subject.is_on("aws")) {
        let reason = "the machines have no public addresses";
        return Some((private.origin, reason, Level::Warning));
    }
    if !subject.is_on("bare") {
        return None;
    }
    let addresses: Vec<&Value> = subject
        .data_nodes()
        .flat_map(|node: &Instance| {
            ["ip_address", "public_ip", "private_ip"]
                .into_iter()
                .filter_map(|key| node.entry.get(key))
        })
        .collect();
    let is_private = |value: &&Value| {
        let address = value.as_text().and_then(|text| text.parse().ok());
        address.is_some_and(|address: Ipv4Addr| address.is_private())
    };
    let first = addresses.first()?;
    addresses.iter().all(is_private).then_some((
        first.origin,
        "the machines have private addresses only",
        Level::Advice,
    ))
}
