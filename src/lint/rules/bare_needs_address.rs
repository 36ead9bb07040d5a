use crate::facts::choices::Platform;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, misspelt, words};
use crate::tpa::view::{Instance, Subject, Written, places};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds machines on `platform bare` without any address, and says all of them in one finding.
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
    let lacks_address = |instance: &&Instance| {
        let mut addresses = ADDRESSES.iter().filter_map(|key| instance.entry.get(key));
        instance.is_on(Platform::Bare)
            && addresses.all(|address| address.data == Data::Null)
            && !misspelt::has_of_instance(instance, &ADDRESSES)
    };
    let without: Vec<&Instance> = subject.instances.iter().filter(lacks_address).collect();
    let Some((first, others)) = without.split_first() else {
        return;
    };
    let at = |instance: &Instance| places::or(instance.name.origin, instance.at);
    let names: Vec<&str> = without
        .iter()
        .map(|instance| instance.name.value.as_str())
        .collect();
    let verb = if others.is_empty() { "has" } else { "have" };
    let finding = findings
        .at(
            first.entity(),
            at(first),
            format!("{} {verb} no address", words::first_of(&names)),
        )
        .key("ip_address")
        .label(if others.is_empty() {
            "where is this machine?"
        } else {
            "where are these machines?"
        })
        .help(match subject.written {
            Written::Source => format!(
                "write `hosts {{ {} }}`, with the addresses that they have",
                lines(subject, &names)
            ),
            Written::Config => {
                "write `ip_address: 10.0.0.1` in each machine, or `public_ip` and `private_ip`"
                    .to_owned()
            }
        });
    let mut told = vec![at(first)];
    for other in others {
        if !told.contains(&at(other)) {
            told.push(at(other));
            finding.related(at(other), "and this one");
        }
    }
}

/// Lines of `hosts` for machines, with addresses that nobody has yet.
fn lines(subject: &Subject, names: &[&str]) -> String {
    const MOST: usize = 12;
    let is_free = |address: &String| {
        let mut instances = subject.instances.iter();
        instances.all(|instance| {
            let mut keys = ADDRESSES.iter().filter_map(|key| instance.entry.get(key));
            keys.all(|taken| Value::as_text(taken) != Some(address))
        })
    };
    let free = (1..=254)
        .map(|last| format!("10.0.0.{last}"))
        .filter(is_free);
    let lines = names.iter().zip(free).take(MOST);
    let mut lines: Vec<String> = lines
        .map(|(name, address)| format!("{name} {address}"))
        .collect();
    if names.len() > lines.len() {
        lines.push("…".to_owned());
    }
    lines.join("; ")
}
