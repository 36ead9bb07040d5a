use std::collections::BTreeMap;

use ipnet::Ipv4Net;

use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Entity, places, words};
use crate::origin::Origin;
use crate::value::{Key, Value};

rule! {
    /// ## What it does
    ///
    /// Finds clusters in several regions of aws whose VPCs have overlapping networks.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` gives the VPC of every region the same network. Machines in different regions talk over a peering
    /// connection of the VPCs, which TPA does not make and AWS does not take for networks that overlap.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { region = [eu-west-1, eu-central-1]; os Debian 12 }
    ///   tags { Owner = Ann }
    ///   location a { data 2 }
    ///   location b { data 1 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws {
    ///     region = [eu-west-1, eu-central-1]
    ///     vpc = {
    ///       eu-west-1 = { Name = Test; cidr = 10.33.0.0/20 }
    ///       eu-central-1 = { Name = Test; cidr = 10.33.16.0/20 }
    ///     }
    ///     os Debian 12
    ///   }
    ///   tags { Owner = Ann }
    ///   location a { data 2; subnet = 10.33.0.0/28 }
    ///   location b { data 1; subnet = 10.33.16.0/28 }
    /// }
    /// ```
    pub(super) static MULTI_REGION = {
        name: "multi-region",
        level: Warning,
        summary: "regions whose networks overlap, so that they cannot be connected",
        consequence: "machines of different regions cannot reach each other: `tpaexec deploy` hangs when it clones a standby",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(vpcs) = subject.document.get("ec2_vpc").and_then(Value::as_map) else {
        return;
    };
    let used = |region: &str| {
        subject
            .instances
            .iter()
            .any(|instance| instance.entry.get("region").and_then(Value::as_text) == Some(region))
    };
    let mut networks: BTreeMap<&str, (Ipv4Net, Origin)> = BTreeMap::new();
    for (region, vpc) in vpcs.iter() {
        let Key::Text(region) = region else { continue };
        let cidr = vpc
            .as_map()
            .and_then(|vpc| vpc.get("cidr"))
            .and_then(Value::sourced_text);
        if let Some(cidr) = cidr.filter(|_| used(region))
            && let Ok(network) = cidr.value.parse::<Ipv4Net>()
        {
            networks.insert(region, (network, vpc.origin));
        }
    }
    let mut regions = networks.iter();
    let Some((first, (network, _))) = regions.next() else {
        return;
    };
    let overlapping =
        regions.find(|(_, (other, _))| network.contains(other) || other.contains(network));
    if let Some((second, (other, at))) = overlapping {
        let at = places::or(*at, subject.at);
        findings
            .at(
                Entity::Cluster,
                at,
                format!("the VPCs of `{first}` and `{second}` overlap: {network} and {other}"),
            )
            .key("ec2_vpc")
            .label("another region")
            .help(words::say(
                subject,
                "give each region a network of its own with `vpc = { REGION = { Name = …; cidr = … } }`, each location a `subnet` of it, and connect the VPCs by peering",
                "give each region in `ec2_vpc` a network of its own, and connect the VPCs by peering",
            ));
    }
}
