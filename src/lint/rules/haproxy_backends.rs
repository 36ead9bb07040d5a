use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words::{self, list};
use crate::topology::FailoverManager;
use crate::tpa::view::{Instance, Subject};
use crate::tpa::view::{places, settings};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines with HAProxy whose list of servers is missing, names a machine that holds no data, or leaves out a
    /// data node. A data node of another location that is left out gives a warning, and so does HAProxy on a machine of
    /// its own that listens on 127.0.0.1, which is TPA's default.
    ///
    /// ## Why is this bad?
    ///
    /// Without a list the deployment stops. When a machine that is not in the list becomes the primary, HAProxy has no
    /// server left that takes writes.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   balance haproxy
    ///   platform bare
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///     haproxy proxy1 { vars { haproxy_backend_servers = [db1] } }
    ///     haproxy proxy2
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   balance haproxy
    ///   platform bare
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///     haproxy proxy1
    ///     haproxy proxy2
    ///   }
    /// }
    /// ```
    pub(super) static HAPROXY_BACKENDS = {
        name: "haproxy-backends",
        level: Error,
        summary: "a list of servers for HAProxy that is not that of the data nodes",
        consequence: "when a machine that is not in the list becomes the primary, HAProxy refuses every connection",
    }
}

const VARIABLE: &str = "haproxy_backend_servers";

/// Machines whose HAProxy clients on other machines cannot reach: TPA's default is the loopback address.
fn unreachable(subject: &Subject, findings: &mut Of<'_>) {
    let is_alone = |instance: &&Instance| {
        let bind = subject.variable_of(instance, "haproxy_bind_address");
        let is_local =
            bind.is_none_or(|bind| matches!(bind.as_text(), Some("127.0.0.1" | "localhost")));
        is_local && !instance.is_data_node() && !instance.has_role(Role::Pgbouncer)
    };
    let machines: Vec<&Instance> = subject.with_role(Role::Haproxy).filter(is_alone).collect();
    let [first, others @ ..] = machines.as_slice() else {
        return;
    };
    let place = |instance: &Instance| {
        let written = subject.variable_of(instance, "haproxy_bind_address");
        let machine = places::of_entry(&instance.own, instance.at);
        places::or(written.map_or(machine, |bind| bind.origin), machine)
    };
    let names: Vec<&str> = machines
        .iter()
        .map(|instance| instance.name.value.as_str())
        .collect();
    let finding = findings
        .at(
            first.entity(),
            place(first),
            format!("HAProxy of {} listens on 127.0.0.1 alone", list(&names)),
        )
        .key("vars/haproxy_bind_address")
        .label("reached from the machine itself")
        .level(Level::Warning)
        .consequence("clients on other machines cannot connect, which nothing reports")
        .help(format!(
            "write {}",
            words::variable(subject, "haproxy_bind_address", "0.0.0.0")
        ));
    for other in others.iter().take(4) {
        finding.related(place(other), "this one too");
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    unreachable(subject, findings);
    for instance in subject.with_role(Role::Haproxy) {
        let name = &instance.name.value;
        let servers = subject.variable_of(instance, VARIABLE);
        let Some(servers) =
            servers.filter(|servers| servers.as_list().is_some_and(|list| !list.is_empty()))
        else {
            findings
                .at(
                    instance.entity(),
                    servers.map_or(instance.at, |servers| servers.origin),
                    format!("`{name}` runs HAProxy and has no `{VARIABLE}`"),
                )
                .key(format!("vars/{VARIABLE}"))
                .label("no list of servers")
                .help(format!("list the data nodes in `{VARIABLE}` of its `vars`"))
                .consequence("`tpaexec deploy` stops");
            continue;
        };
        let items = servers.as_list().unwrap_or_default();
        for item in items {
            let Some(server) = item.as_text() else {
                continue;
            };
            if let Some(other) = subject.instance(server)
                && !other.is_data_node()
            {
                findings
                    .at(
                        instance.entity(),
                        item.origin,
                        format!("`{name}` sends clients to `{server}`, which holds no data"),
                    )
                    .key(format!("vars/{VARIABLE}"))
                    .label("no data node")
                    .help("remove it from the list")
                    .consequence("HAProxy counts it as down forever")
                    .related(other.at, "neither primary nor replica");
            }
        }
        // A name that nobody has stands for one that is missing.
        let is_known = |item: &Value| {
            let name = item.as_text();
            name.is_some_and(|name| subject.instance(name).is_some())
        };
        let is_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
        if !is_patroni || !items.iter().all(is_known) {
            continue;
        }
        let is_listed = |node: &Instance| {
            items
                .iter()
                .any(|item| item.as_text() == Some(&node.name.value))
        };
        let missing: Vec<&Instance> = subject
            .data_nodes()
            .filter(|node| !is_listed(node))
            .collect();
        let names: Vec<&str> = missing
            .iter()
            .map(|node| node.name.value.as_str())
            .collect();
        let Some(first) = missing.first() else {
            continue;
        };
        let finding = findings
            .at(
                instance.entity(),
                servers.origin,
                format!("`{name}` sends no clients to {}", list(&names)),
            )
            .key(format!("vars/{VARIABLE}"))
            .label("the list of its servers")
            .help(format!(
                "name every data node in `{VARIABLE}`: {}",
                all(subject.data_nodes())
            ))
            .related(first.at, "can become the primary");
        let is_elsewhere = |node: &&Instance| node.location != instance.location;
        let never = |node: &&Instance| settings::patroni_nofailover(subject, node).is_some();
        if missing.iter().all(|node| is_elsewhere(node) || never(node)) {
            finding.level(Level::Warning);
        }
    }
}

/// The list as it should be, in the notation that both languages share.
fn all<'s>(nodes: impl Iterator<Item = &'s Instance>) -> String {
    let names: Vec<&str> = nodes.map(|node| node.name.value.as_str()).collect();
    format!("`[{}]`", names.join(", "))
}
