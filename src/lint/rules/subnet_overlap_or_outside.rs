use ipnet::Ipv4Net;

use crate::diagnostic::Level;
use crate::lint::finding::Of;
use crate::lint::networks::{self, Subnet};
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::Subject;
use crate::tpa::view::{Entity, places};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds subnets that are not networks, that overlap each other, that lie outside of the network of their VPC, that
    /// are larger or smaller than AWS allows, or that should be in two availability zones at once.
    ///
    /// ## Why is this bad?
    ///
    /// TPA passes subnets on as they are written. AWS and Docker refuse what does not fit, when the first resources have
    /// been made already. A subnet with host bits (`10.33.0.100/28`) is worse: AWS takes the network that it belongs to,
    /// and the next run of TPA does not find the one that is written.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws
    ///   network { cidr = 10.33.0.0/16 }
    ///   location a { data 2; subnet = 10.34.0.0/28 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws
    ///   network { cidr = 10.33.0.0/16 }
    ///   location a { data 2; subnet = 10.33.0.0/28 }
    /// }
    /// ```
    pub(super) static SUBNET_OVERLAP_OR_OUTSIDE = {
        name: "subnet-overlap-or-outside",
        level: Error,
        summary: "subnets that do not fit together",
        consequence: "`tpaexec provision` fails half-way, when the cloud refuses the subnet",
    }
}

/// The longest and the shortest prefix of a subnet on AWS.
const LARGEST: u8 = 16;
const SMALLEST: u8 = 28;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut unfit = Vec::new();
    for (entity, value) in networks::written(subject) {
        if shape(&entity, value, (LARGEST, SMALLEST), findings).is_none() {
            unfit.push(value.origin);
        }
    }
    let mut subnets = networks::subnets(subject);
    subnets.retain(|subnet| !unfit.contains(&subnet.at));
    for (index, subnet) in subnets.iter().enumerate() {
        if outside(subject, subnet, findings) {
            continue;
        }
        if let Some(other) = subnets
            .iter()
            .take(index)
            .find(|other| collide(subject, subnet, other))
        {
            collision(subject, subnet, other, findings);
        }
    }
    docker(subject, findings);
}

/// A network without host bits, of a size that is allowed. Nothing for what a template will say.
fn shape(
    entity: &Entity,
    value: &Value,
    (largest, smallest): (u8, u8),
    findings: &mut Of<'_>,
) -> Option<Ipv4Net> {
    let text = value.spelling().unwrap_or_default();
    let net = text.parse::<Ipv4Net>();
    let (message, label, help) = match net {
        Err(_) => (
            format!("`{text}` is not an IPv4 network"),
            "not a network",
            "write it as `10.33.0.0/28`".to_owned(),
        ),
        Ok(net) if net.trunc() != net => (
            format!(
                "`{text}` is an address within the network `{}`",
                net.trunc()
            ),
            "bits of a host",
            format!("write `{}`", net.trunc()),
        ),
        Ok(net) if !(largest..=smallest).contains(&net.prefix_len()) => (
            format!(
                "AWS does not take a subnet of the size /{}",
                net.prefix_len()
            ),
            "not between /16 and /28",
            "take a subnet between /16 and /28".to_owned(),
        ),
        Ok(net) => return Some(net),
    };
    findings
        .at(entity.clone(), value.origin, message)
        .key("subnet")
        .label(label)
        .help(help);
    None
}

fn outside(subject: &Subject, subnet: &Subnet<'_>, findings: &mut Of<'_>) -> bool {
    let vpc = networks::vpc(subject, subnet.region.unwrap_or_default());
    let Some(vpc) = vpc.filter(|vpc| !vpc.net.contains(&subnet.net)) else {
        return false;
    };
    findings
        .at(
            subnet.entity.clone(),
            places::or(subnet.at, subject.at),
            format!(
                "the subnet `{}` is not within the VPC's network `{}`",
                subnet.net, vpc.net
            ),
        )
        .key("subnet")
        .label("outside of the VPC")
        .related(vpc.at, "the network of the VPC")
        .help(words::say(
            subject,
            "choose a subnet within it, leave `subnet` out, or change `network { cidr = … }`",
            "choose a subnet within it, or change `cidr` of `ec2_vpc`",
        ));
    true
}

/// Whether AWS cannot make both. The same network in another region is another network.
fn collide(subject: &Subject, one: &Subnet<'_>, other: &Subnet<'_>) -> bool {
    // A zone that its region does not have is a mistake of its own.
    let is_real = |subnet: &Subnet<'_>| {
        let zones = subnet
            .region
            .and_then(|region| networks::zones(subject, region));
        zones.is_none_or(|zones| zones.iter().any(|zone| Some(zone.as_str()) == subnet.zone))
    };
    let in_one_zone = one.zone == other.zone || !is_real(one) || !is_real(other);
    one.region == other.region
        && networks::overlap(one.net, other.net)
        && !(one.net == other.net && in_one_zone)
}

fn collision(subject: &Subject, subnet: &Subnet<'_>, other: &Subnet<'_>, findings: &mut Of<'_>) {
    let one_zone = subnet.net == other.net;
    let message = if one_zone {
        format!(
            "the subnet `{}` cannot be in the zones `{}` and `{}`",
            subnet.net,
            other.zone.unwrap_or("any"),
            subnet.zone.unwrap_or("any")
        )
    } else {
        format!("the subnets `{}` and `{}` overlap", other.net, subnet.net)
    };
    let finding = findings
        .at(
            subnet.entity.clone(),
            places::or(subnet.at, subject.at),
            message,
        )
        .key("subnet")
        .label("the second")
        .related(other.at, "the first")
        .help(words::say(
            subject,
            "give every location a subnet of its own, or leave `subnet` out",
            "give every location a `subnet` of its own, and a rule in `cluster_rules`",
        ));
    if one_zone {
        finding.level(Level::Warning).consequence(
            "a subnet is in one zone: all of these machines are, and are lost together with it",
        );
    }
}

/// The networks of containers.
fn docker(subject: &Subject, findings: &mut Of<'_>) {
    let mut seen: Vec<(Ipv4Net, &Value)> = Vec::new();
    for value in networks::docker_subnets(subject) {
        // Docker has networks of version 6 too.
        if value.as_text().is_none_or(|text| text.contains(':')) {
            continue;
        }
        let Some(net) = shape(&Entity::Cluster, value, (0, 32), findings) else {
            continue;
        };
        if let Some((other, first)) = seen
            .iter()
            .find(|(other, _)| networks::overlap(*other, net))
        {
            findings
                .at(
                    Entity::Cluster,
                    places::or(value.origin, subject.at),
                    format!("the networks `{other}` and `{net}` of containers overlap"),
                )
                .key("docker_networks")
                .label("the second")
                .related(first.origin, "the first")
                .help("give each network addresses of its own");
        }
        seen.push((net, value));
    }
}
