use std::net::IpAddr;

use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines with IPv6 addresses.
    ///
    /// ## Why is this bad?
    ///
    /// TPA writes `/32` behind every address in `pg_hba.conf`, also behind those of IPv6, where that is not one machine but
    /// the network of a whole provider. EFM's addresses with ports and TPA's known hosts do not expect them either.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = "2001:db8::1" }
    ///     replica db2 { address = 10.0.0.2 }
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
    pub(super) static IPV6_ADDRESS = {
        name: "ipv6-address",
        level: Warning,
        summary: "an IPv6 address, which TPA takes for one of IPv4",
        consequence: "pg_hba.conf lets a provider's whole network in, and nobody is told",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    for instance in &context.subject.instances {
        for key in ["ip_address", "public_ip", "private_ip"] {
            let Some(value) = instance.own.get(key).and_then(Value::sourced_text) else {
                continue;
            };
            if let Ok(IpAddr::V6(address)) = value.value.parse() {
                findings
                    .at(
                        instance.entity(),
                        value.origin,
                        format!("`{}` has an IPv6 address, {address}", instance.name.value),
                    )
                    .key(key)
                    .label("`/32` will stand behind it")
                    .help("give it an IPv4 address, or write pg_hba.conf with a template of your own (`postgres_hba_template`)");
            }
        }
    }
}
