use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::tpa::view::places;
use crate::value::Data;

rule! {
    /// ## What it does
    ///
    /// Finds machines on `platform bare` without any address.
    ///
    /// ## Why is this bad?
    ///
    /// TPA does not make machines on bare, it is told where they are. `tpaexec configure` writes them without addresses
    /// where its hosts file has none, and the PEM server never gets one; `tpaexec provision` refuses the file.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   backup none
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2
    ///     witness db3 { address = 10.0.0.3 }
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
    ///   backup none
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///     witness db3 { address = 10.0.0.3 }
    ///   }
    /// }
    /// ```
    pub(super) static BARE_NEEDS_ADDRESS = {
        name: "bare-needs-address",
        level: Error,
        summary: "a machine of your own without an address",
        consequence: "`tpaexec provision` refuses the cluster: it cannot reach the machine",
    }
}

const ADDRESSES: [&str; 3] = ["ip_address", "public_ip", "private_ip"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    // With Tower the addresses are there.
    if subject.document.get("ansible_tower").is_some() {
        return;
    }
    for instance in &subject.instances {
        let has_address = ADDRESSES
            .iter()
            .filter_map(|key| instance.entry.get(key))
            .any(|address| address.data != Data::Null);
        if instance.platform.value != "bare" || has_address {
            continue;
        }
        let name = &instance.name.value;
        findings
            .at(
                instance.entity(),
                places::or(instance.name.origin, instance.at),
                format!("`{name}` has no address"),
            )
            .key("ip_address")
            .label("where is this machine?")
            .help(words::say(
                subject,
                "write `address = 10.0.0.1` in the machine, or `NAME 10.0.0.1` in `hosts`; a machine that a rule places can be written: `barman NAME { address = … }`",
                "write `ip_address: 10.0.0.1`, or `public_ip` and `private_ip`",
            ));
    }
}
