use std::net::IpAddr;

use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::lint::finding::{Finding, Of};
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Sourced;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, settings};
use crate::tpa::view::{Instance, Subject};

rule! {
    /// ## What it does
    ///
    /// Finds virtual addresses of EFM that cannot work: without interface or prefix, with a prefix that is none, equal to a
    /// machine's own address, outside the network of a data node, on a platform that moves no addresses, or in a cluster
    /// with data nodes in several locations, which is a warning.
    ///
    /// ## Why is this bad?
    ///
    /// EFM's agent refuses to start with half of the three properties. An address of another network, or one that the
    /// cloud does not route, answers nowhere after a failover.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres epas 16 { redwood = true }
    ///   failover efm
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    ///   vars { efm_conf_settings = { virtual.ip = 10.0.0.100 } }
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
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    ///   vars {
    ///     efm_conf_settings = {
    ///       virtual.ip           = 10.0.0.100
    ///       virtual.ip.interface = eth0
    ///       virtual.ip.prefix    = 24
    ///     }
    ///   }
    /// }
    /// ```
    pub(super) static EFM_VIP = {
        name: "efm-vip",
        level: Error,
        summary: "a virtual address of EFM that cannot work",
        consequence: "EFM's agent does not start, or the address answers nowhere after a failover",
    }
}

const ADDRESS: &str = "virtual.ip";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Efm) {
        return;
    }
    for instance in subject.data_nodes() {
        let Some(address) = property(subject, instance, ADDRESS) else {
            continue;
        };
        if let Some((host, prefix)) = address.value.split_once('/') {
            without_prefix(subject, &address, (host, prefix), findings);
            continue;
        }
        is_complete(subject, instance, &address, findings);
        has_a_way_to_move(subject, instance, &address, findings);
        if let Ok(virtual_address) = address.value.parse() {
            is_free_and_near(subject, &address, virtual_address, findings);
        }
    }
}

/// The text of a property that is not empty.
fn property(subject: &Subject, instance: &Instance, name: &str) -> Option<Sourced<String>> {
    let value = settings::efm(subject, instance, name)?;
    let spelling = value.spelling().filter(|spelling| !spelling.is_empty())?;
    Some(Sourced::new(spelling, value.origin))
}

fn report<'f>(findings: &'f mut Of<'_>, at: &Sourced<String>, message: String) -> &'f mut Finding {
    findings
        .at(Entity::Cluster, at.origin, message)
        .key("vars/efm_conf_settings/virtual.ip")
}

/// EFM reads the prefix from a property of its own.
fn without_prefix(
    subject: &Subject,
    address: &Sourced<String>,
    (host, prefix): (&str, &str),
    findings: &mut Of<'_>,
) {
    let set = |name, value: &str| words::setting(subject.written, name, value);
    report(
        findings,
        address,
        format!(
            "`{}` is an address with a prefix, and `{ADDRESS}` takes the address alone",
            address.value
        ),
    )
    .label("has a prefix")
    .help(format!(
        "write {} and {}",
        set(ADDRESS, &words::literal(subject, host)),
        set("virtual.ip.prefix", prefix)
    ))
    .consequence("EFM's agents do not start, and `tpaexec deploy` stops");
}

fn is_complete(
    subject: &Subject,
    instance: &Instance,
    address: &Sourced<String>,
    findings: &mut Of<'_>,
) {
    let value = &address.value;
    let interface = property(subject, instance, "virtual.ip.interface");
    let prefix = property(subject, instance, "virtual.ip.prefix");
    let missing: Vec<(&str, &str)> = [
        ("virtual.ip.interface", "eth0", interface.is_none()),
        ("virtual.ip.prefix", "24", prefix.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, example, is_missing)| is_missing.then_some((name, example)))
    .collect();
    if !missing.is_empty() {
        let settings = missing
            .iter()
            .map(|(name, example)| words::setting(subject.written, name, example));
        let settings: Vec<String> = settings.collect();
        let missing: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
        let missing = words::list(&missing);
        report(
            findings,
            address,
            format!("the virtual address `{value}` has no {missing}"),
        )
        .label("needs an interface and a prefix")
        .help(format!(
            "add {} beside it, as they are on the machines",
            settings.join(" and ")
        ))
        .consequence("EFM's agents do not start, and `tpaexec deploy` stops");
    }
    let longest = if value.contains(':') { 128 } else { 32 };
    if let Some(prefix) = prefix {
        let length: Option<u32> = prefix.value.parse().ok();
        if length.is_none_or(|length| length == 0 || length > longest) {
            report(
                findings,
                &prefix,
                format!("`{}` is not a prefix of a network", prefix.value),
            )
            .label(format!("a number from 1 to {longest}"))
            .help("write the length of the machines' own network, for example 24")
            .consequence("EFM's agents do not start, and `tpaexec deploy` stops");
        }
    }
}

fn has_a_way_to_move(
    subject: &Subject,
    instance: &Instance,
    address: &Sourced<String>,
    findings: &mut Of<'_>,
) {
    let value = &address.value;
    if let Some(platform @ (Platform::Aws | Platform::Docker)) = instance.known_platform() {
        report(
            findings,
            address,
            format!("the virtual address `{value}` does not move on {platform}"),
        )
        .label("needs a network that lets machines take addresses")
        .help("lead clients by a load balancer, or by connection strings with several hosts")
        .consequence("after a failover nobody reaches the address")
        .related(instance.platform.origin, "the platform");
        return;
    }
    let mut elsewhere = subject
        .data_nodes()
        .filter(|node| node.location != instance.location);
    if let Some(other) = elsewhere.next()
        && subject
            .primary()
            .is_some_and(|primary| primary.name == instance.name)
    {
        report(
            findings,
            address,
            format!("the virtual address `{value}` stands for data nodes in several locations"),
        )
        .label("moves only inside one network")
        .help("lead clients by connection strings with several hosts, or keep a network that spans the locations")
        .consequence("after a failover to another location nobody reaches the address")
        .level(Level::Warning)
        .related(other.at, "a data node elsewhere");
    }
}

fn is_free_and_near(
    subject: &Subject,
    address: &Sourced<String>,
    virtual_address: IpAddr,
    findings: &mut Of<'_>,
) {
    let value = &address.value;
    for node in &subject.instances {
        for key in ["ip_address", "private_ip", "public_ip"] {
            let own = node.entry.get(key);
            let Some(own) = own.filter(|own| own.as_text() == Some(value)) else {
                continue;
            };
            report(
                findings,
                address,
                format!(
                    "the virtual address `{value}` is that of `{}` itself",
                    node.name.value
                ),
            )
            .label("must be an address that no machine has")
            .help("choose a free address of the same network")
            .consequence("two machines answer to one address after a failover")
            .related(own.origin, "the machine's own");
        }
    }
    for node in subject.data_nodes() {
        let own = ["ip_address", "private_ip"]
            .into_iter()
            .find_map(|key| node.entry.get(key));
        let prefix = settings::number(settings::efm(subject, node, "virtual.ip.prefix"));
        let (Some(own), Some(prefix)) = (own, prefix) else {
            continue;
        };
        let Some(Ok(own_address)) = own.as_text().map(str::parse::<IpAddr>) else {
            continue;
        };
        let is_primary_location = subject
            .primary()
            .is_some_and(|primary| primary.location == node.location);
        if is_primary_location && !is_same_network(own_address, virtual_address, prefix.value) {
            report(
                findings,
                address,
                format!(
                    "the virtual address `{value}/{}` is not in the network of `{}`",
                    prefix.value, node.name.value
                ),
            )
            .label("another network")
            .help(format!(
                "choose a free address of the network of `{own_address}`"
            ))
            .consequence("when that machine is promoted nobody reaches the address")
            .related(own.origin, "its address");
        }
    }
}

/// Whether two addresses share their first bits. Of a prefix that is none another finding speaks.
fn is_same_network(one: IpAddr, other: IpAddr, prefix: i64) -> bool {
    let Ok(prefix) = u32::try_from(prefix) else {
        return true;
    };
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            let Some(rest) = 32_u32.checked_sub(prefix) else {
                return true;
            };
            let network = |bits: u32| bits.checked_shr(rest).unwrap_or(0);
            network(one.to_bits()) == network(other.to_bits())
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            let Some(rest) = 128_u32.checked_sub(prefix) else {
                return true;
            };
            let network = |bits: u128| bits.checked_shr(rest).unwrap_or(0);
            network(one.to_bits()) == network(other.to_bits())
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}
