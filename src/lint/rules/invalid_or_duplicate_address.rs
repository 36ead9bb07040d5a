use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::Ipv4Net;

use crate::facts::choices::Platform;
use crate::facts::keys;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, networks, scopes};
use crate::origin::Origin;
use crate::tpa::view::{Instance, Subject};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds addresses of machines that are not IP addresses, that two machines share, or that no machine can have: that
    /// of the host itself (127.0.0.1), 0.0.0.0, multicast and broadcast addresses. On aws and docker it also finds those outside of
    /// their subnet, and those that the cloud or Docker keeps for itself.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec provision` accepts them all. `/etc/hosts` and `pg_hba.conf` are made from them: Postgres refuses a file
    /// with an address that is none, and two machines with one address are one machine.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.1 }
    ///     barman bk1 { address = 10.0.0.3 }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///     barman bk1 { address = 10.0.0.3 }
    ///   }
    /// }
    /// ```
    pub(super) static INVALID_OR_DUPLICATE_ADDRESS = {
        name: "invalid-or-duplicate-address",
        level: Error,
        summary: "an address that is none, or that two machines share",
        consequence: "`tpaexec deploy` writes it to /etc/hosts and pg_hba.conf: Postgres does not start, or two machines are one",
    }
}

/// How many addresses at the begin of a subnet are taken.
const KEPT_BY_AWS: u32 = 4;
const KEPT_BY_DOCKER: u32 = 2;

const ADDRESSES: [&str; 3] = ["ip_address", "public_ip", "private_ip"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let mut seen: HashMap<IpAddr, (&Instance, Origin)> = HashMap::new();
    let subject = context.subject;
    for instance in &subject.instances {
        // An address that the platform does not take is `key-not-for-platform`'s.
        let platform = instance.known_platform();
        let is_taken = |key: &&str| platform.is_some_and(|platform| keys::takes(platform, key));
        for key in ADDRESSES.into_iter().filter(is_taken) {
            let Some(value) = instance
                .own
                .get(key)
                .filter(|value| value.data != Data::Null && !scopes::is_template(value))
            else {
                continue;
            };
            let Some(address) = address(instance, key, value, findings) else {
                continue;
            };
            if let IpAddr::V4(address) = address {
                place(subject, instance, (key, value, address), findings);
            }
            let before = seen.insert(address, (instance, value.origin));
            // A machine may have one address for both purposes.
            let Some((first, at)) = before.filter(|(first, _)| first.entity() != instance.entity())
            else {
                continue;
            };
            findings
                .at(
                    instance.entity(),
                    value.origin,
                    format!(
                        "`{}` and `{}` have one address, {address}",
                        first.name.value, instance.name.value
                    ),
                )
                .key(key)
                .label("the second")
                .related(at, "the first")
                .help(match free_beside(subject, address) {
                    Some(free) => format!("write `{free}` in one of them, or another free address"),
                    None => "give each machine an address of its own".to_owned(),
                });
        }
    }
}

/// The address, if it is one that a machine can have.
fn address(instance: &Instance, key: &str, value: &Value, findings: &mut Of<'_>) -> Option<IpAddr> {
    let written = value.spelling().unwrap_or_default();
    let name = &instance.name.value;
    let (message, label) = match written.parse::<IpAddr>() {
        Err(_) => (
            format!("`{written}` is not an IP address"),
            "not an address",
        ),
        Ok(address)
            if address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || address == IpAddr::V4(Ipv4Addr::BROADCAST) =>
        {
            (
                format!("`{name}` cannot have the address {address}"),
                "no machine's address",
            )
        }
        Ok(address) => return Some(address),
    };
    findings
        .at(instance.entity(), value.origin, message)
        .key(key)
        .label(label)
        .help("write its address in the cluster's network, for example `10.0.0.1`");
    None
}

/// Whether an address is one that a machine can have in its subnet.
fn place(
    subject: &Subject,
    instance: &Instance,
    (key, value, address): (&str, &Value, Ipv4Addr),
    findings: &mut Of<'_>,
) {
    let (network, kept, whose) = match (instance.known_platform(), key) {
        (Some(Platform::Aws), "private_ip") => (
            networks::of_instance(instance),
            KEPT_BY_AWS,
            "AWS keeps the first four addresses of a subnet and the last",
        ),
        (Some(Platform::Docker), "ip_address") if instance.entry.get("networks").is_none() => (
            networks::docker(subject),
            KEPT_BY_DOCKER,
            "Docker keeps the first two addresses of a network and the last",
        ),
        _ => return,
    };
    let Some(network) = network else { return };
    let net = network.net;
    let name = &instance.name.value;
    let consequence = "`tpaexec provision` fails when it makes the machine";
    let finding = if !net.contains(&address) {
        findings
            .at(
                instance.entity(),
                value.origin,
                format!("the address {address} of `{name}` is not in its subnet `{net}`"),
            )
            .label("outside of the subnet")
            .help(format!("choose an address of `{net}`, or leave it out"))
    } else if is_kept(net, address, kept) {
        findings
            .at(
                instance.entity(),
                value.origin,
                format!("`{name}` cannot have the address {address} of its subnet `{net}`"),
            )
            .label("taken already")
            .help(format!("{whose}: choose another one"))
    } else {
        return;
    };
    finding
        .key(key)
        .related(network.at, "this subnet")
        .consequence(consequence);
}

/// Whether an address is among the first of a network, or the last.
fn is_kept(net: Ipv4Net, address: Ipv4Addr, kept: u32) -> bool {
    let offset = u32::from(address).wrapping_sub(u32::from(net.network()));
    offset < kept || address == net.broadcast()
}

/// An address after the last that is taken in its network of 256.
fn free_beside(subject: &Subject, address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V4(address) = address else {
        return None;
    };
    let network = |address: Ipv4Addr| address.to_bits() >> 8;
    let written = subject.instances.iter().flat_map(|instance| {
        let keys = ["ip_address", "public_ip", "private_ip"].into_iter();
        keys.filter_map(|key| instance.entry.get(key)?.as_text()?.parse().ok())
    });
    let near = written.filter(|other: &Ipv4Addr| network(*other) == network(address));
    let last = near.max()?;
    let free = Ipv4Addr::from_bits(last.to_bits().checked_add(1)?);
    (network(free) == network(address) && free.to_bits() & 0xff < 0xff).then_some(free)
}
