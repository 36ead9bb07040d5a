use std::net::Ipv6Addr;

use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::{Entity, Instance};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines with an IPv6 address.
    ///
    /// ## Why is this bad?
    ///
    /// TPA writes `/32` after every address in pg_hba.conf. Behind an IPv6 address that admits the network of a whole
    /// provider, with the rights of a machine of the cluster. The addresses that EFM binds to and the known hosts of ssh
    /// are not written as IPv6 needs it either.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 2001:db8::1 }
    ///     replica db2 { address = 2001:db8::2 }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    /// }
    /// ```
    pub(super) static IPV6_ADDRESS = {
        name: "ipv6-address",
        level: Warning,
        summary: "a machine with an IPv6 address",
        consequence: "pg_hba.conf admits the whole /32 around it, and nothing reports that",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let all: Vec<_> = context
        .subject
        .instances
        .iter()
        .flat_map(addresses)
        .collect();
    let Some(((first, key, value, address), others)) = all.split_first() else {
        return;
    };
    let entity = if others.is_empty() {
        first.entity()
    } else {
        Entity::Cluster
    };
    let finding = findings
        .at(
            entity,
            value.origin,
            format!("`{}` has an IPv6 address, {address}", first.name.value),
        )
        .key(*key)
        .label("IPv6")
        .help("use IPv4 addresses inside of the cluster, or a pg_hba template of your own");
    for (_, _, other, _) in others.iter().take(MOST_SHOWN) {
        finding.related(other.origin, "IPv6 too");
    }
}

/// More machines do not help to read the finding.
const MOST_SHOWN: usize = 4;

/// The IPv6 addresses of a machine, with their keys.
fn addresses(
    instance: &Instance,
) -> impl Iterator<Item = (&Instance, &'static str, &Value, Ipv6Addr)> {
    let keys = ["ip_address", "public_ip", "private_ip"].into_iter();
    keys.filter_map(move |key| {
        let value = instance.own.get(key)?;
        Some((instance, key, value, value.as_text()?.parse().ok()?))
    })
}
