use std::collections::HashMap;
use std::net::IpAddr;

use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::subject::Instance;
use crate::lint::{Context, scopes};
use crate::origin::Origin;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds addresses of machines that are no IP addresses, that two machines share, or that no machine can have: that
    /// of the host itself (127.0.0.1), 0.0.0.0, and multicast addresses.
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

const ADDRESSES: [&str; 3] = ["ip_address", "public_ip", "private_ip"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let mut seen: HashMap<(&str, IpAddr), (&Instance, Origin)> = HashMap::new();
    for instance in &context.subject.instances {
        for key in ADDRESSES {
            let Some(value) = instance
                .own
                .get(key)
                .filter(|value| !scopes::is_template(value))
            else {
                continue;
            };
            let Some(address) = address(instance, key, value, findings) else {
                continue;
            };
            let Some((first, at)) = seen.insert((key, address), (instance, value.origin)) else {
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
                .help("give each machine an address of its own");
        }
    }
}

/// The address, if it is one that a machine can have.
fn address(instance: &Instance, key: &str, value: &Value, findings: &mut Of<'_>) -> Option<IpAddr> {
    let written = value.spelling().unwrap_or_default();
    let name = &instance.name.value;
    let (message, label) = match written.parse::<IpAddr>() {
        Err(_) => (format!("`{written}` is no IP address"), "not an address"),
        Ok(address)
            if address.is_loopback() || address.is_unspecified() || address.is_multicast() =>
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
        .help("write its address in the cluster's network, for instance `10.0.0.1`");
    None
}
