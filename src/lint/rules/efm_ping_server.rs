use std::net::Ipv4Addr;

use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared, words};
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
    /// An address of the internet that is written is none that they reach either:
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres epas 16 { redwood = true }
    ///   failover efm
    ///   platform bare
    ///   repositories { local_only = true }
    ///   location main { data 3 }
    ///   vars { efm_conf_settings = { ping.server.ip = "8.8.8.8" } }
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

/// What EFM asks where nothing is written.
const DEFAULT: &str = "8.8.8.8";

fn is_on_the_internet(address: &str) -> bool {
    let address: Option<Ipv4Addr> = address.parse().ok();
    address.is_some_and(|address| {
        !(address.is_private() || address.is_link_local() || address.is_loopback())
    })
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    if subject.failover_manager() != Some(FailoverManager::Efm) {
        return;
    }
    let written = settings::efm(subject, primary, PROPERTY);
    let address = written.map_or(Some(DEFAULT), Value::as_text);
    let Some(address) = address.filter(|address| is_on_the_internet(address)) else {
        return;
    };
    let is_pinged_otherwise = settings::efm(subject, primary, "ping.server.command").is_some();
    let has_standby = subject.data_nodes().nth(1).is_some();
    // Who writes an address knows whether private machines reach it.
    let reason =
        reason(subject).filter(|(_, _, level)| written.is_none() || *level != Level::Advice);
    let Some((at, reason, level)) = reason.filter(|_| has_standby && !is_pinged_otherwise) else {
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
            written.map_or_else(
                || settings::at_manager(subject),
                |value| declared::place_of(subject, value.origin),
            ),
            format!("EFM asks {address} whether the network is there, and {reason}"),
        )
        .key("vars/efm_conf_settings/ping.server.ip")
        .label(match written {
            Some(_) => "an address of the internet".to_owned(),
            None => format!("without `{PROPERTY}`"),
        })
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
    if let Some(private) = private.filter(|_| subject.is_on(Platform::Aws)) {
        let reason = "the machines have no public addresses";
        return Some((private.origin, reason, Level::Warning));
    }
    if !subject.is_on(Platform::Bare) {
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
