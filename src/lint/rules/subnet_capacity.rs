use std::collections::BTreeMap;

use ipnet::Ipv4Net;

use crate::facts::choices::Platform;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Origin;
use crate::tpa::view::{Entity, places};
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds subnets with fewer addresses than machines. AWS keeps five addresses of every subnet for itself, so that a
    /// /28 holds 11 machines; docker keeps three, so that it holds 13.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` does not count AWS's own addresses. AWS refuses the machine too many when TPA provisions, with
    /// the others already running.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { Owner = Ann }
    ///   location main { data 12 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   network { subnet_prefix = 27 }
    ///   tags { Owner = Ann }
    ///   location main { data 12 }
    /// }
    /// ```
    pub(super) static SUBNET_CAPACITY = {
        name: "subnet-capacity",
        level: Error,
        summary: "more machines than a subnet has addresses",
        consequence: "`tpaexec provision` fails half-way, when the addresses run out",
    }
}

/// How many addresses of a subnet AWS keeps: the network's, the router's, the name server's, one for later, broadcast.
const KEPT_BY_AWS: u64 = 5;

/// How many docker keeps: the network's, the gateway's, broadcast.
const KEPT_BY_DOCKER: u64 = 3;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut subnets: BTreeMap<Ipv4Net, (Origin, Vec<&Instance>)> = BTreeMap::new();
    for instance in subject
        .instances
        .iter()
        .filter(|instance| instance.is_on(Platform::Aws))
    {
        let subnet = instance.entry.get("subnet");
        let network = subnet
            .and_then(Value::as_text)
            .and_then(|text| text.parse().ok());
        if let (Some(subnet), Some(network)) = (subnet, network) {
            let (_, machines) = subnets
                .entry(network)
                .or_insert((subnet.origin, Vec::new()));
            machines.push(instance);
        }
    }
    for (network, (at, machines)) in &subnets {
        report(
            subject,
            *network,
            *at,
            machines.len(),
            KEPT_BY_AWS,
            findings,
        );
    }
    let on_docker = subject.instances.iter().filter(|instance| {
        instance.is_on(Platform::Docker) && instance.entry.get("networks").is_none()
    });
    let count = on_docker.count();
    if let Some((network, at)) = docker_subnet(subject).filter(|_| count > 0) {
        report(subject, network, at, count, KEPT_BY_DOCKER, findings);
    }
}

/// The subnet of the first network of docker, which containers join.
fn docker_subnet(subject: &Subject) -> Option<(Ipv4Net, Origin)> {
    let network = subject
        .document
        .get("docker_networks")?
        .as_list()?
        .first()?;
    let ipam = network.as_map()?.get("ipam_config")?.as_list()?.first()?;
    let subnet = ipam.as_map()?.get("subnet")?;
    Some((subnet.as_text()?.parse().ok()?, subnet.origin))
}

fn report(
    subject: &Subject,
    network: Ipv4Net,
    at: Origin,
    machines: usize,
    kept: u64,
    findings: &mut Of<'_>,
) {
    let room = (1_u64 << (32 - u32::from(network.prefix_len()))).saturating_sub(kept);
    if machines as u64 <= room {
        return;
    }
    let fits = (16..network.prefix_len())
        .rev()
        .find(|prefix| (1_u64 << (32 - u32::from(*prefix))) - kept >= machines as u64);
    let prefix = fits.unwrap_or(16);
    let at = places::or(at, subject.at);
    findings
        .at(
            Entity::Cluster,
            at,
            format!("the subnet `{network}` holds {room} machines, and there are {machines}"),
        )
        .key("subnet")
        .label("too small")
        .help(format!(
            "a /{prefix} is large enough: {}",
            words::say(
                subject,
                "set `subnet_prefix` in `network`",
                "take a shorter prefix, and another network if the subnets then overlap"
            )
        ));
}
