use std::collections::{BTreeMap, BTreeSet};

use crate::facts::services::{Reach, SSH, Service};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, networks, words};
use crate::tpa::view::{Instance, Subject};
use crate::tpa::view::{exposure, places, services};
use crate::value::{Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds clusters on AWS whose own rules for the security group keep the cluster's machines from each other: a
    /// subnet of the cluster may not reach a port that the cluster uses.
    ///
    /// ## Why is this bad?
    ///
    /// TPA opens nothing between machines on its own. A rule that is missing shows as a timeout, for Postgres when
    /// replicas are made, for EFM and etcd sometimes only when a failover is due. In a source m1c writes the rules for
    /// the subnets; in a config.yml they have to keep up with the locations.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// cluster_rules:
    /// - { proto: tcp, from_port: 22, to_port: 22, cidr_ip: 203.0.113.0/24 }
    /// - { proto: tcp, from_port: 5432, to_port: 5432, cidr_ip: 10.33.0.0/28 }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary], subnet: 10.33.0.0/28 }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1, subnet: 10.33.0.16/28 }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// cluster_rules:
    /// - { proto: tcp, from_port: 22, to_port: 22, cidr_ip: 203.0.113.0/24 }
    /// - { proto: tcp, from_port: 0, to_port: 65535, cidr_ip: 10.33.0.0/28 }
    /// - { proto: tcp, from_port: 0, to_port: 65535, cidr_ip: 10.33.0.16/28 }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary], subnet: 10.33.0.0/28 }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1, subnet: 10.33.0.16/28 }
    /// ```
    pub(super) static FIREWALL_GAP = {
        name: "firewall-gap",
        level: Warning,
        summary: "rules that keep machines of the cluster from each other",
        consequence: "connections between machines time out: when `tpaexec deploy` makes the replicas, or only at the failover",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let groups = subject.document.get("ec2_groups").and_then(Value::as_map);
    // Groups of your own have rules that nobody here knows, and with a VPN TPA makes its own.
    if groups.is_some_and(|groups| !Map::is_empty(groups))
        || subject.variable("vpn_network").is_some()
        || networks::on_aws(subject).next().is_none()
    {
        return;
    }
    let rules = exposure::rules(subject);
    let mut seen = BTreeSet::new();
    for subnet in networks::subnets(subject) {
        if !seen.insert(subnet.net) {
            continue;
        }
        let closed: Vec<String> = ports(subject)
            .into_iter()
            .filter(|(port, _)| {
                !rules
                    .iter()
                    .any(|rule| rule.opens("tcp", *port) && rule.admits(subnet.net))
            })
            .map(|(port, service)| format!("{port} ({service})"))
            .collect();
        if closed.is_empty() {
            continue;
        }
        let net = subnet.net;
        findings
            .at(
                subnet.entity,
                places::or(subnet.at, subject.at),
                format!(
                    "machines in `{net}` cannot reach port {} of the others",
                    closed.join(", ")
                ),
            )
            .key("cluster_rules")
            .label("no rule lets it in")
            .related(
                places::of_section(subject, "cluster_rules"),
                "the rules are here",
            )
            .help(words::say(
                subject,
                &format!("write `open 0-65535 {net}` in the platform's block"),
                &format!("add `{{proto: tcp, from_port: 0, to_port: 65535, cidr_ip: {net}}}` to `cluster_rules`"),
            ));
    }
}

/// The ports that machines of the cluster reach each other on. What TPA opens to everybody on its own is left out: HTTPS
/// for a PEM server, and a port of ssh that is not the usual one.
fn ports(subject: &Subject) -> BTreeMap<i64, &'static str> {
    let machines: Vec<&Instance> = networks::on_aws(subject).collect();
    if machines.len() < 2 {
        return BTreeMap::new();
    }
    let mut ports: BTreeMap<i64, &'static str> = machines
        .into_iter()
        .flat_map(|instance| services::of(subject, instance))
        .filter(|listener| {
            listener.service.facts().reach == Reach::Cluster && listener.service != Service::Pem
        })
        .map(|listener| (listener.port, listener.name()))
        .collect();
    if exposure::ssh_port(subject).is_none_or(|port| port.value == SSH) {
        ports.insert(SSH, "ssh");
    }
    ports
}
