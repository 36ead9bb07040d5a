//! What the outside may reach on aws: the rules of the security group that TPA makes.

use ipnet::Ipv4Net;

use super::Subject;
use super::truth::whole;
use crate::facts::choices::Platform;
use crate::origin::{Origin, Sourced};
use crate::value::{Map, Value};

/// A rule that lets traffic in.
pub struct Ingress {
    pub at: Origin,
    pub to_world: bool,
    /// Where the traffic may come from.
    networks: Vec<Ipv4Net>,
    protocol: String,
    first: i64,
    last: i64,
}

impl Ingress {
    pub fn opens(&self, protocol: &str, port: i64) -> bool {
        let is_meant = matches!(self.protocol.as_str(), "all" | "-1") || self.protocol == protocol;
        is_meant && (self.first..=self.last).contains(&port)
    }

    /// Whether it lets in what comes from everywhere in a network.
    pub fn admits(&self, network: Ipv4Net) -> bool {
        self.networks.iter().any(|known| known.contains(&network))
    }
}

/// Whether the internet can reach the machines, and TPA's own security group is what protects them.
pub fn is_public(subject: &Subject) -> bool {
    let document = &subject.document;
    let groups = document.get("ec2_groups").and_then(Value::as_map);
    let reachability = document
        .get("ec2_instance_reachability")
        .and_then(Value::as_text);
    subject.is_on(Platform::Aws)
        && groups.is_none_or(Map::is_empty)
        && reachability.is_none_or(|reachability| reachability == "public")
}

/// The port of ssh, where one is written.
pub fn ssh_port(subject: &Subject) -> Option<Sourced<i64>> {
    let value = subject.document.get("cluster_ssh_port")?;
    Some(Sourced::new(whole(value)?, value.origin))
}

/// The rules that are written, else those that TPA falls back to.
pub fn rules(subject: &Subject) -> Vec<Ingress> {
    let Some(rules) = subject.document.get("cluster_rules") else {
        let default = |protocol: &str, port| Ingress {
            at: Origin::Default("TPA opens ssh and OpenVPN where no rules are written"),
            to_world: true,
            networks: vec![Ipv4Net::default()],
            protocol: protocol.to_owned(),
            first: port,
            last: port,
        };
        return vec![default("tcp", 22), default("udp", 1194)];
    };
    let items = rules.as_list().unwrap_or_default();
    items.iter().filter_map(rule).collect()
}

fn rule(value: &Value) -> Option<Ingress> {
    let rule = value.as_map()?;
    let network = rule.get("cidr_ip").or_else(|| rule.get("cidr_ipv6"))?;
    let networks = match network.as_list() {
        Some(list) => list.iter().filter_map(Value::as_text).collect(),
        None => vec![network.as_text()?],
    };
    let protocol = rule.get("proto").and_then(Value::spelling);
    let protocol = protocol.map_or_else(|| "tcp".to_owned(), |text| text.to_lowercase());
    let port = |key: &str| rule.get(key).and_then(whole);
    // A rule for all protocols or without ports is one for every port.
    let first = port("from_port").filter(|first| *first >= 0).unwrap_or(0);
    let last = port("to_port").filter(|last| *last >= 0).unwrap_or(65_535);
    Some(Ingress {
        at: network.origin,
        to_world: networks.iter().any(|network| network.ends_with("/0")),
        networks: networks
            .iter()
            .filter_map(|network| network.parse().ok())
            .collect(),
        protocol,
        first,
        last,
    })
}
