//! Where the machines run: the statements `platform` and `network`.

use std::cmp::Ordering;

use ipnet::Ipv4Net;

use super::Given;
use super::free::from;
use super::volumes;
use crate::facts::choices::{Platform, REACHABILITIES};
use crate::facts::tables::{DEFAULT_AWS_IMAGE, DEFAULT_DOCKER_IMAGE, DEFAULT_REGION, Image};
use crate::resolve::tables::{library_image, library_names, library_region};
use crate::source::Span;
use crate::syntax::nodes;
use crate::syntax::tree::Statement;
use crate::value::{Map, Value};

const DEFAULT_INSTANCE: &str = "t3.micro";
const DEFAULT_NETWORK: &str = "10.33.0.0/16";
const DEFAULT_VPC: &str = "Test";
const EVERYWHERE: &str = "0.0.0.0/0";

/// A location in the cloud, as a source says it.
#[derive(Default)]
pub(super) struct Placed {
    pub(super) region: Option<String>,
    pub(super) zone: Option<String>,
    pub(super) subnet: Option<String>,
}

/// The image of the machines.
enum Chosen {
    /// One of the library, its version as it is written, and whether it is the platform's usual one.
    Library {
        image: Box<Image>,
        version: String,
        is_usual: bool,
    },
    /// One by its own name.
    Own(String),
    Unknown,
}

pub(super) fn platform(given: &Given<'_>) -> Statement {
    let chosen = image(given);
    let mut block = Vec::new();
    let defaults_at = |key: &str| place(given.defaults, key);
    match &chosen {
        Chosen::Library { is_usual: true, .. } | Chosen::Unknown => {}
        Chosen::Library { image, version, .. } => {
            let labels = vec![nodes::name(&image.name), nodes::spelling(version)];
            let line = nodes::line(nodes::word("os"), labels);
            block.push(from(line, image_place(given)));
        }
        Chosen::Own(name) => {
            let setting = nodes::setting("image", nodes::text(name));
            block.push(from(setting, image_place(given)));
        }
    }
    let usual = match &chosen {
        Chosen::Library { image, .. } => image.user.as_str(),
        Chosen::Own(_) | Chosen::Unknown => "root",
    };
    let vars = given.defaults.get("vars").and_then(Value::as_map);
    if let Some(vars) = vars
        && let Some(user) = vars.get("ansible_user").and_then(Value::as_text)
        && user != usual
    {
        let setting = nodes::setting("user", nodes::text(user));
        block.push(from(setting, place(vars, "ansible_user")));
    }
    if given.platform == Platform::Aws {
        block.extend(regions(given));
        let usual = match &chosen {
            Chosen::Library { image, .. } => image.instance.as_str(),
            Chosen::Own(_) | Chosen::Unknown => DEFAULT_INSTANCE,
        };
        if let Some(instance) = given.defaults.get("type").and_then(Value::as_text)
            && instance != usual
        {
            let setting = nodes::setting("instance", nodes::text(instance));
            block.push(from(setting, defaults_at("type")));
        }
        block.extend(aws(given));
    }
    let mounts = given.defaults.get("local_source_directories");
    if let Some(mounts) = mounts.and_then(Value::as_list)
        && given.platform == Platform::Docker
        && !given.is_usual_cache(mounts)
    {
        let texts: Vec<String> = mounts
            .iter()
            .filter_map(|mount| mount.as_text().map(str::to_owned))
            .collect();
        if texts.len() == mounts.len() {
            let setting = nodes::attribute(nodes::word("mounts"), nodes::texts(&texts));
            block.push(from(setting, defaults_at("local_source_directories")));
        }
    }
    block.extend(volumes::of_platform(given));
    let labels = vec![nodes::word(given.platform.name())];
    let statement = nodes::entry("platform", labels, block);
    match given.defaults.get("platform") {
        Some(_) => from(statement, defaults_at("platform")),
        None => statement,
    }
}

/// Where a key and its value are.
fn place(map: &Map, key: &str) -> Span {
    let at = map.place_of(key).unwrap_or(Span::NONE);
    map.get(key).map_or(at, |value| at.to(value.origin.place()))
}

fn image_place(given: &Given<'_>) -> Span {
    match given.platform {
        Platform::Aws => place(given.document, "ec2_ami"),
        Platform::Docker | Platform::Bare => place(given.defaults, "image"),
    }
}

fn image(given: &Given<'_>) -> Chosen {
    match given.platform {
        Platform::Bare => Chosen::Unknown,
        Platform::Aws => {
            let Some(ami) = given.document.get("ec2_ami").and_then(Value::as_map) else {
                return Chosen::Unknown;
            };
            let Some(name) = ami.get("Name").and_then(Value::as_text) else {
                return Chosen::Unknown;
            };
            let owner = ami.get("Owner").and_then(Value::as_text);
            let is = |image: &Image| {
                (image.ami.as_deref() == Some(name) && image.owner.as_deref() == owner)
                    .then_some(None)
            };
            found(given.platform, &is).unwrap_or_else(|| Chosen::Own(name.to_owned()))
        }
        Platform::Docker => {
            let Some(name) = given.defaults.get("image").and_then(Value::as_text) else {
                return Chosen::Unknown;
            };
            let is = |image: &Image| {
                let version = name
                    .strip_prefix(image.image.as_deref()?)?
                    .strip_prefix(':')?;
                let known =
                    image.version == version || image.aliases.iter().any(|alias| alias == version);
                known.then(|| Some(version.to_owned()))
            };
            found(given.platform, &is).unwrap_or_else(|| Chosen::Own(name.to_owned()))
        }
    }
}

/// The first image of the library that is this one; `is` also says how its version is written where that is not its own.
fn found(platform: Platform, is: &dyn Fn(&Image) -> Option<Option<String>>) -> Option<Chosen> {
    let usual = match platform {
        Platform::Aws => DEFAULT_AWS_IMAGE,
        Platform::Docker | Platform::Bare => DEFAULT_DOCKER_IMAGE,
    };
    let others = library_names("image")
        .into_iter()
        .filter(|name| *name != usual);
    for name in std::iter::once(usual).chain(others) {
        for image in library_image(name) {
            if image.platform != platform {
                continue;
            }
            if let Some(written) = is(&image) {
                let version = written.unwrap_or_else(|| image.version.clone());
                let is_usual_version = image.default && version == image.version;
                return Some(Chosen::Library {
                    is_usual: is_usual_version && image.name == usual,
                    version,
                    image: Box::new(image),
                });
            }
        }
    }
    None
}

/// The regions of the locations that the library has, each once.
fn known_regions<'v>(given: &Given<'v>) -> Vec<&'v str> {
    let mut regions: Vec<&str> = Vec::new();
    let entries = given.machines.sites.iter();
    let of_locations = entries.filter_map(|site| site.entry?.0.get("region")?.as_text());
    for region in of_locations {
        if !regions.contains(&region) && library_region(region).is_some() {
            regions.push(region);
        }
    }
    regions
}

fn regions(given: &Given<'_>) -> Option<Statement> {
    let regions: Vec<String> = known_regions(given)
        .into_iter()
        .map(str::to_owned)
        .collect();
    match regions.as_slice() {
        [] => None,
        [region] if region == DEFAULT_REGION => None,
        [region] => Some(nodes::setting("region", nodes::name(region))),
        regions => Some(nodes::attribute(
            nodes::word("region"),
            nodes::names(regions),
        )),
    }
}

/// What each location has to say about its region and zone.
pub(super) fn places(given: &Given<'_>) -> Vec<Placed> {
    let regions = known_regions(given);
    let subnets = subnets(given);
    let mut used: Vec<&str> = Vec::new();
    let sites = given.machines.sites.iter().enumerate();
    sites
        .map(|(index, site)| {
            let Some((entry, _)) = site.entry.filter(|_| given.platform == Platform::Aws) else {
                return Placed::default();
            };
            let in_turn = regions
                .get(index % regions.len().max(1))
                .copied()
                .unwrap_or(DEFAULT_REGION);
            let own = entry.get("region").and_then(Value::as_text);
            let own = own.filter(|own| regions.contains(own)).unwrap_or(in_turn);
            let turn = used.iter().filter(|region| **region == own).count();
            used.push(own);
            let zones = library_region(own)
                .map(|region| region.zones)
                .unwrap_or_default();
            let usual = zones.get(turn % zones.len().max(1));
            let written = entry.get("az").and_then(Value::as_text);
            let short = written.and_then(|zone| zone.strip_prefix(own));
            let zone = short
                .filter(|zone| zones.iter().any(|known| known == zone))
                .filter(|zone| usual.map(String::as_str) != Some(*zone));
            Placed {
                region: (own != in_turn).then(|| own.to_owned()),
                zone: zone.map(|zone| format!("{own}{zone}")),
                subnet: subnets.get(index).cloned().flatten(),
            }
        })
        .collect()
}

/// The subnet of each location, unless they are those that the build gives out.
fn subnets(given: &Given<'_>) -> Vec<Option<String>> {
    const PREFIX: u8 = 28;
    let sites = given.machines.sites.iter();
    let written: Vec<Option<&str>> = sites
        .map(|site| {
            let subnet = site.entry?.0.get("subnet")?.as_text();
            subnet.filter(|subnet| is_network(subnet))
        })
        .collect();
    let cidr = of_every_vpc(given, "cidr").unwrap_or(DEFAULT_NETWORK);
    let network: Option<Ipv4Net> = cidr.parse().ok();
    let usual = network.and_then(|network| network.subnets(PREFIX).ok());
    if let Some(usual) = usual {
        let mut pairs = written.iter().zip(usual);
        if pairs.all(|(written, usual)| *written == Some(usual.to_string().as_str())) {
            return Vec::new();
        }
    }
    written
        .into_iter()
        .map(|subnet| subnet.map(str::to_owned))
        .collect()
}

fn aws(given: &Given<'_>) -> Vec<Statement> {
    let mut block = Vec::new();
    let text = |key: &str| given.document.get(key).and_then(Value::as_text);
    let setting = |key: &str, name: &str, text: &str| {
        let value = if name == "reachability" {
            nodes::word(text)
        } else {
            nodes::text(text)
        };
        from(nodes::setting(name, value), place(given.document, key))
    };
    if let Some(bucket) = text("cluster_bucket") {
        block.push(setting("cluster_bucket", "bucket", bucket));
    }
    if let Some(vpc) = of_every_vpc(given, "Name")
        && vpc != DEFAULT_VPC
    {
        block.push(setting("ec2_vpc", "vpc", vpc));
    }
    if let Some(reachability) = text("ec2_instance_reachability")
        && REACHABILITIES.contains(&reachability)
        && Some(&reachability) != REACHABILITIES.first()
    {
        block.push(setting(
            "ec2_instance_reachability",
            "reachability",
            reachability,
        ));
    }
    block.extend(open(given).unwrap_or_default());
    block
}

/// What all entries of `ec2_vpc` say alike.
fn of_every_vpc<'v>(given: &Given<'v>, key: &str) -> Option<&'v str> {
    let vpcs = given.document.get("ec2_vpc")?.as_map()?;
    let mut said = vpcs
        .iter()
        .map(|(_, vpc)| vpc.as_map()?.get(key)?.as_text());
    let first = said.next()??;
    said.all(|other| other == Some(first)).then_some(first)
}

/// A security rule, as `open` says it.
struct Rule<'v> {
    ports: String,
    network: &'v str,
    at: Span,
}

fn rule(value: &Value) -> Option<Rule<'_>> {
    let map = value.as_map().filter(|map| map.len() == 4)?;
    let port = |key: &str| u16::try_from(map.get(key)?.as_integer()?).ok();
    let (first, last) = (port("from_port")?, port("to_port")?);
    let mut ports = match first.cmp(&last) {
        Ordering::Equal => first.to_string(),
        Ordering::Less => format!("{first}-{last}"),
        Ordering::Greater => return None,
    };
    match map.get("proto")?.as_text()? {
        "tcp" => {}
        "udp" => ports.push_str("/udp"),
        _ => return None,
    }
    let network = map.get("cidr_ip")?.as_text()?;
    is_network(network).then(|| Rule {
        ports,
        network,
        at: value.origin.place(),
    })
}

/// The lines `open`; none where the rules are not those that the build would write.
fn open(given: &Given<'_>) -> Option<Vec<Statement>> {
    let rules = given.document.get("cluster_rules")?.as_list()?;
    let subnets: Option<Vec<&str>> = given
        .machines
        .sites
        .iter()
        .map(|site| site.entry?.0.get("subnet")?.as_text())
        .collect();
    let subnets = subnets?;
    let written = rules.len().checked_sub(subnets.len())?;
    let (open, inner) = rules.split_at_checked(written)?;
    let is_inner = |(value, subnet): (&Value, &str)| {
        rule(value).is_some_and(|rule| rule.ports == "0-65535" && rule.network == subnet)
    };
    if !inner.iter().zip(subnets).all(is_inner) || open.is_empty() {
        return None;
    }
    let rules: Vec<Rule<'_>> = open.iter().map(rule).collect::<Option<_>>()?;
    if let [only] = rules.as_slice()
        && only.ports == "22"
        && only.network == EVERYWHERE
    {
        return Some(Vec::new());
    }
    let mut lines: Vec<(&str, Vec<&str>, Span)> = Vec::new();
    for rule in &rules {
        match lines.last_mut() {
            Some((ports, networks, at)) if *ports == rule.ports => {
                networks.push(rule.network);
                *at = at.to(rule.at);
            }
            _ => lines.push((&rule.ports, vec![rule.network], rule.at)),
        }
    }
    let statements = lines.into_iter().map(|(ports, networks, at)| {
        let mut labels = vec![nodes::spelling(ports)];
        if networks != [EVERYWHERE] {
            labels.extend(networks.into_iter().map(nodes::spelling));
        }
        from(nodes::line(nodes::word("open"), labels), at)
    });
    Some(statements.collect())
}

pub(super) fn network(given: &Given<'_>) -> Option<Statement> {
    let mut block = Vec::new();
    let at = match given.platform {
        Platform::Bare => return None,
        Platform::Aws => {
            let cidr = of_every_vpc(given, "cidr")?;
            if cidr == DEFAULT_NETWORK || !is_network(cidr) {
                return None;
            }
            block.push(nodes::setting("cidr", nodes::spelling(cidr)));
            place(given.document, "ec2_vpc")
        }
        Platform::Docker => {
            let subnet = docker_subnet(given)?;
            let parsed: Ipv4Net = subnet.parse().ok()?;
            let machines = given.machines.all.len() as u64;
            let holds = |prefix: &u8| (1_u64 << (32 - u32::from(*prefix))) - 3 >= machines;
            let usual = (24..=28_u8).rev().find(holds)?;
            let first = format!("10.33.0.0/{}", parsed.prefix_len());
            if first != subnet {
                block.push(nodes::setting("cidr", nodes::spelling(subnet)));
            }
            if parsed.prefix_len() != usual {
                let prefix = nodes::number(parsed.prefix_len());
                block.push(nodes::setting("subnet_prefix", prefix));
            }
            place(given.document, "docker_networks")
        }
    };
    (!block.is_empty()).then(|| from(nodes::short_entry("network", Vec::new(), block), at))
}

pub(super) fn is_network(text: &str) -> bool {
    let parsed = text.parse::<Ipv4Net>();
    parsed.is_ok_and(|parsed| parsed.trunc() == parsed && parsed.to_string() == text)
}

/// The subnet of the containers, where it can be one that the build gives out.
fn docker_subnet<'v>(given: &Given<'v>) -> Option<&'v str> {
    let networks = given.document.get("docker_networks")?.as_list()?;
    let [network] = networks else { return None };
    let network = network.as_map()?;
    if network.get("name")?.as_text() != Some(given.cluster) {
        return None;
    }
    let [config] = network.get("ipam_config")?.as_list()? else {
        return None;
    };
    let subnet = config.as_map()?.get("subnet")?.as_text()?;
    let prefix = subnet.parse::<Ipv4Net>().ok()?.prefix_len();
    (is_network(subnet) && (24..=28).contains(&prefix)).then_some(subnet)
}
