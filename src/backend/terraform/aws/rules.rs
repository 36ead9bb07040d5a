//! What the security group lets in.

use super::super::errors;
use super::super::keys::Keys;
use crate::backend::hcl::Object;
use crate::diagnostic::Diagnostics;
use crate::facts::services::SSH;
use crate::origin::Origin;
use crate::value::{Data, Map};

const EVERYWHERE: &str = "0.0.0.0/0";

/// What may be reached from where.
#[derive(Clone)]
pub(super) struct Rule {
    protocol: String,
    ports: Option<(i64, i64)>,
    /// The word for what it names, and its name: `cidr`, `cidr_ipv6` or `group`.
    source: (&'static str, String),
    description: Option<String>,
}

pub(super) struct Rules {
    pub(super) list: Vec<Rule>,
    /// Whether nobody says from where ssh is allowed, so that whoever applies has to.
    pub(super) asks_for_ssh: bool,
}

impl Rule {
    pub(super) fn object(&self) -> Object {
        let mut object = Object::default();
        object.set("protocol", self.protocol.as_str());
        if let Some((first, last)) = self.ports {
            object.set("from_port", first);
            object.set("to_port", last);
        }
        object.set(self.source.0, self.source.1.as_str());
        object.set_some("description", self.description.clone());
        object
    }

    fn is_of(&self, port: i64) -> bool {
        self.protocol == "-1"
            || self.protocol == "tcp"
                && self
                    .ports
                    .is_none_or(|(first, last)| first <= port && port <= last)
    }
}

/// The rules of a cluster, from `cluster_rules`.
pub(super) fn rules(keys: &mut Keys<'_, '_>, ssh_port: i64, has_pem: bool) -> Rules {
    let mut rules = Rules {
        list: Vec::new(),
        asks_for_ssh: false,
    };
    match keys.list("cluster_rules") {
        Some(written) => {
            for entry in written {
                let Some(map) = entry.as_map() else {
                    keys.wrong(entry.origin, "cluster_rules", "a list of maps");
                    continue;
                };
                if is_unnamed_ssh(map) {
                    rules.asks_for_ssh = true;
                } else {
                    rule(map, entry.origin, &mut rules.list, keys.diagnostics());
                }
            }
        }
        // TPA's own, where a VPN leads into the cluster.
        None => {
            rules.asks_for_ssh = true;
            rules.list.push(Rule {
                protocol: "udp".to_owned(),
                ports: Some((1194, 1194)),
                source: ("cidr", EVERYWHERE.to_owned()),
                description: Some("VPN".to_owned()),
            });
        }
    }
    let ssh: Vec<Rule> = rules
        .list
        .iter()
        .filter(|rule| is_ssh(rule))
        .cloned()
        .collect();
    let mut open = |port: i64, description: &str| {
        for rule in &ssh {
            if !rule.is_of(port) {
                rules.list.push(Rule {
                    ports: Some((port, port)),
                    description: Some(description.to_owned()),
                    ..rule.clone()
                });
            }
        }
    };
    open(ssh_port, "ssh");
    if has_pem {
        open(443, "PEM");
    }
    rules
}

/// Whether a rule lets ssh in, and is none between the cluster's own machines.
fn is_ssh(rule: &Rule) -> bool {
    rule.is_of(SSH) && rule.protocol == "tcp" && rule.ports != Some((0, 65535))
}

/// Whether this is ssh for the whole world, which nobody has asked for.
fn is_unnamed_ssh(rule: &Map) -> bool {
    let network = rule.get("cidr_ip");
    let port = rule.get("from_port").map(|port| &port.data);
    network.is_some_and(|network| {
        matches!(network.origin, Origin::Default(_)) && network.as_text() == Some(EVERYWHERE)
    }) && port == Some(&Data::Integer(SSH))
}

/// One entry of `cluster_rules`: a rule for each range of ports and each source.
fn rule(map: &Map, origin: Origin, rules: &mut Vec<Rule>, diagnostics: &mut Diagnostics) {
    let mut keys = Keys::new(map, diagnostics);
    let protocol = match keys
        .text("proto")
        .map(|protocol| protocol.value.to_lowercase())
    {
        None => "tcp".to_owned(),
        Some(all) if all == "all" => "-1".to_owned(),
        Some(protocol) => protocol,
    };
    let mut ranges = Vec::new();
    if let Some(ports) = keys.value("ports") {
        for port in ports.items() {
            match port.spelling().as_deref().and_then(range) {
                Some(range) => ranges.push(range),
                None => keys.wrong(
                    port.origin,
                    "ports",
                    "a port, or a range such as `8000-8030`",
                ),
            }
        }
    }
    let first = keys.integer("from_port").map(|port| port.value);
    let last = keys.integer("to_port").map(|port| port.value);
    if let Some(first) = first {
        ranges.push((first, last.unwrap_or(first)));
    }
    let mut sources = Vec::new();
    for (key, word) in [
        ("cidr_ip", "cidr"),
        ("cidr_ipv6", "cidr_ipv6"),
        ("group_id", "group"),
    ] {
        for name in keys.texts(key).unwrap_or_default() {
            let word = if word == "cidr" && name.contains(':') {
                "cidr_ipv6"
            } else {
                word
            };
            sources.push((word, name));
        }
    }
    let description = keys.text("rule_desc").map(|text| text.value);
    keys.end();
    if sources.is_empty() {
        diagnostics.push_at(origin, |at| {
            errors::value(at, "cluster_rules", "`cidr_ip`, the network that is let in")
        });
    }
    let ranges: Vec<Option<(i64, i64)>> = match (protocol.as_str(), ranges.is_empty()) {
        ("-1", _) => vec![None],
        (_, false) => ranges.into_iter().map(Some).collect(),
        ("icmp" | "icmpv6", true) => vec![Some((-1, -1))],
        ("tcp" | "udp", true) => vec![Some((0, 65535))],
        (_, true) => vec![None],
    };
    for ports in ranges {
        for source in &sources {
            rules.push(Rule {
                protocol: protocol.clone(),
                ports,
                source: source.clone(),
                description: description.clone(),
            });
        }
    }
}

fn range(text: &str) -> Option<(i64, i64)> {
    match text.split_once('-') {
        Some((first, last)) => Some((first.trim().parse().ok()?, last.trim().parse().ok()?)),
        None => {
            let port = text.parse().ok()?;
            Some((port, port))
        }
    }
}
