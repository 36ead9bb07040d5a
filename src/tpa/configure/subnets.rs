//! The network, its subnets, and those that other clusters have taken.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde_yaml::Value;

use super::documents;
use super::refusal::{Refusal, refused};
use super::request::Request;
use super::surroundings::{Surroundings, Unread};
use crate::facts::tables::Platform;

/// What differs from the language's defaults, and the subnets that follow.
#[derive(Clone, Debug, Default)]
pub(super) struct Network {
    pub(super) cidr: Option<String>,
    pub(super) prefix: Option<u8>,
    pub(super) exclude: Vec<String>,
    /// On aws one a location, on docker the machines'.
    pub(super) subnets: Vec<Ipv4Net>,
}

const DEFAULT_NETWORK: &str = "10.33.0.0/16";
const DEFAULT_PREFIX: u8 = 28;
const SHORTEST_PREFIX: u8 = 24;
const LONGEST_PREFIX: u8 = 28;

/// How many addresses of a subnet no container has: the network's, the broadcast address, and the gateway's.
const RESERVED_ADDRESSES: u64 = 3;

pub(super) fn network(
    request: &Request,
    surroundings: &dyn Surroundings,
) -> Result<Network, Refusal> {
    let named = request.values.text("network").unwrap_or(DEFAULT_NETWORK);
    let network = parse("--network", named)?;
    let default = default_prefix(request)?;
    let prefix = match request.values.integer("subnet_prefix") {
        None => default,
        Some(given) => u8::try_from(given)
            .ok()
            .filter(|prefix| (SHORTEST_PREFIX..=LONGEST_PREFIX).contains(prefix))
            .ok_or_else(|| prefix_out_of_range(given))?,
    };
    if prefix < network.prefix_len() {
        let longer = if network.prefix_len() > LONGEST_PREFIX {
            String::new()
        } else {
            format!(", or `--subnet-prefix {}` or more", network.prefix_len())
        };
        return Err(refused(
            format!("`{network}` is smaller than a subnet with the prefix {prefix}"),
            format!("choose a larger `--network`{longer}"),
        ));
    }
    let mut excluded = Vec::new();
    for directory in request
        .values
        .list("exclude_subnets_from")
        .unwrap_or_default()
    {
        excluded.extend(taken(directory, surroundings)?);
    }
    excluded.retain(|range| overlap(*range, network));
    let needed = match request.platform {
        Platform::Docker => 1,
        Platform::Aws | Platform::Bare => request.layout.locations.len(),
    };
    let subnets = free(network, prefix, needed, &excluded);
    if subnets.len() < needed {
        return Err(too_few(
            network,
            prefix,
            needed,
            subnets.len(),
            !excluded.is_empty(),
        ));
    }
    let machines = request.layout.machines();
    if request.platform == Platform::Docker && !holds(prefix, machines) {
        return Err(refused(
            format!(
                "a subnet with the prefix {prefix} does not hold {machines} containers and a gateway"
            ),
            match (SHORTEST_PREFIX..prefix)
                .rev()
                .find(|prefix| holds(*prefix, machines))
            {
                Some(prefix) => format!("add `--subnet-prefix {prefix}`"),
                None => "describe fewer machines".to_owned(),
            },
        ));
    }
    let mut exclude: Vec<String> = Vec::new();
    for range in excluded {
        let range = range.to_string();
        if !exclude.contains(&range) {
            exclude.push(range);
        }
    }
    let cidr = network.to_string();
    // With several regions nothing written means a network for each, where TPA takes one for all.
    let is_needed = |cidr: &String| cidr != DEFAULT_NETWORK || request.regions.len() > 1;
    Ok(Network {
        cidr: Some(cidr).filter(is_needed),
        prefix: Some(prefix).filter(|prefix| *prefix != default),
        exclude,
        subnets,
    })
}

/// On docker the longest prefix whose subnet holds the machines that TPA counts.
fn default_prefix(request: &Request) -> Result<u8, Refusal> {
    if request.platform != Platform::Docker || request.values.integer("subnet_prefix").is_some() {
        return Ok(longest_for(request).unwrap_or(DEFAULT_PREFIX));
    }
    longest_for(request).ok_or_else(|| {
        refused(
            format!(
                "{} containers do not fit into one subnet",
                request.layout.machines()
            ),
            "describe fewer machines: a subnet has a prefix of 24 at least",
        )
    })
}

fn longest_for(request: &Request) -> Option<u8> {
    let counted = match request.platform {
        Platform::Docker => request.layout.counted_machines(),
        Platform::Aws | Platform::Bare => 0,
    };
    (SHORTEST_PREFIX..=LONGEST_PREFIX)
        .rev()
        .find(|prefix| holds(*prefix, counted))
}

fn holds(prefix: u8, machines: u64) -> bool {
    machines <= (1_u64 << (32 - u32::from(prefix))) - RESERVED_ADDRESSES
}

/// A network as Python reads it: `10.0.0.0/16`, `10.0.0.0/255.255.0.0`, or an address alone.
fn parse(option: &str, text: &str) -> Result<Ipv4Net, Refusal> {
    let (address, mask) = match text.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (text, None),
    };
    let prefix = mask.map_or(Some(32), prefix_of);
    let net = address
        .parse::<Ipv4Addr>()
        .ok()
        .zip(prefix)
        .and_then(|(address, prefix)| Ipv4Net::new(address, prefix).ok());
    let Some(net) = net else {
        return Err(refused(
            format!("`{option} {text}` is not an IPv4 network"),
            "write address and prefix, for example `10.33.0.0/16`",
        ));
    };
    let network = net.trunc();
    if network != net {
        return Err(refused(
            format!("`{option} {text}` is the address of a host in `{network}`"),
            format!("write `{network}`"),
        ));
    }
    Ok(net)
}

fn prefix_of(mask: &str) -> Option<u8> {
    if !mask.is_empty() && mask.bytes().all(|byte| byte.is_ascii_digit()) {
        return mask.parse().ok().filter(|prefix| *prefix <= 32);
    }
    let bits = u32::from(mask.parse::<Ipv4Addr>().ok()?);
    let contiguous = |bits: u32| bits.leading_ones() + bits.trailing_zeros() >= 32;
    let ones = if contiguous(bits) {
        bits.leading_ones()
    } else if contiguous(!bits) {
        (!bits).leading_ones()
    } else {
        return None;
    };
    u8::try_from(ones).ok()
}

fn prefix_out_of_range(given: i64) -> Refusal {
    refused(
        format!("`--subnet-prefix {given}` is out of range"),
        format!("it takes {SHORTEST_PREFIX} to {LONGEST_PREFIX}"),
    )
}

fn too_few(network: Ipv4Net, prefix: u8, needed: usize, found: usize, excluding: bool) -> Refusal {
    let free = if excluding { "free " } else { "" };
    let subnets = if found == 1 { "subnet" } else { "subnets" };
    refused(
        format!(
            "`{network}` has {found} {free}{subnets} with the prefix {prefix}, and {needed} are needed"
        ),
        "choose a larger `--network` or a longer `--subnet-prefix`",
    )
}

fn overlap(one: Ipv4Net, other: Ipv4Net) -> bool {
    one.contains(&other) || other.contains(&one)
}

/// The first subnets of a network, in ascending order, that overlap nothing excluded.
fn free(network: Ipv4Net, prefix: u8, needed: usize, excluded: &[Ipv4Net]) -> Vec<Ipv4Net> {
    let size = 1_u64 << (32 - u32::from(prefix));
    let end = u64::from(u32::from(network.broadcast()));
    let mut start = u64::from(u32::from(network.network()));
    let mut found = Vec::new();
    while found.len() < needed && start < end {
        let Some(subnet) = u32::try_from(start)
            .ok()
            .and_then(|start| Ipv4Net::new(Ipv4Addr::from(start), prefix).ok())
        else {
            break;
        };
        let behind = excluded
            .iter()
            .filter(|range| overlap(**range, subnet))
            .map(|range| u64::from(u32::from(range.broadcast())) + 1)
            .max();
        if let Some(behind) = behind {
            start = behind.next_multiple_of(size);
        } else {
            found.push(subnet);
            start += size;
        }
    }
    found
}

/// The subnets that the TPA cluster in a folder has taken.
fn taken(directory: &str, surroundings: &dyn Surroundings) -> Result<Vec<Ipv4Net>, Refusal> {
    let option = format!("--exclude-subnets-from {directory}");
    let file = format!("{}/config.yml", directory.trim_end_matches('/'));
    let help = "name the folder of a TPA cluster, which has a `config.yml`";
    let text = surroundings.read(&file).map_err(|unread| {
        let reason = match unread {
            Unread::NotFound => "there is no such file".to_owned(),
            Unread::Unreadable(reason) => reason,
        };
        refused(
            format!("`{option}`: `{file}` cannot be read: {reason}"),
            help,
        )
    })?;
    let config = documents::read(&text)
        .map_err(|reason| refused(format!("`{option}`: `{file}` is not YAML: {reason}"), help))?;
    let mut ranges = Vec::new();
    for key in ["instances", "locations"] {
        let Some(Value::Sequence(entries)) = config.get(key) else {
            return Err(refused(
                format!("`{option}`: `{file}` has no list `{key}`"),
                help,
            ));
        };
        ranges.extend(entries.iter().filter_map(|entry| entry.get("subnet")));
    }
    ranges.extend(
        config
            .get("instance_defaults")
            .and_then(|defaults| defaults.get("subnet")),
    );
    let ranges = ranges.into_iter().filter(|range| !range.is_null());
    ranges
        .map(|range| match range.as_str() {
            Some(text) => parse(&format!("{option}`: `subnet:"), text),
            None => Err(refused(
                format!("`{option}`: a subnet in `{file}` is not a text"),
                help,
            )),
        })
        .collect()
}
