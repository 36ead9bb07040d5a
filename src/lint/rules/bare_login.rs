use std::net::Ipv4Addr;

use crate::facts::choices::Platform;
use crate::facts::services;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::{Entity, exposure, places, settings};
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines of your own that TPA logs in to as root, machines with a public address alone, and a port of ssh
    /// that `ansible_port` says and `cluster_ssh_port` does not.
    ///
    /// ## Why is this bad?
    ///
    /// Most systems let nobody log in as root over ssh, and then `tpaexec deploy` stops at once; where they do, it is
    /// better not used. Machines without a private address replicate over the public one.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///     barman backup { address = 10.0.0.9 }
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
    ///   platform bare { user = ansible }
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///     barman backup { address = 10.0.0.9 }
    ///   }
    /// }
    /// ```
    pub(super) static BARE_LOGIN = {
        name: "bare-login",
        level: Advice,
        summary: "machines of your own that are reached in a way that is seldom meant",
        consequence: "`tpaexec deploy` cannot log in, or the cluster talks over public addresses",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let machines: Vec<&Instance> = subject
        .instances
        .iter()
        .filter(|instance| instance.is_on(Platform::Bare))
        .collect();
    root(subject, &machines, findings);
    public(&machines, findings);
    port(subject, &machines, findings);
}

/// Another port of ssh, which only `cluster_ssh_port` tells to all of TPA.
fn port(subject: &Subject, machines: &[&Instance], findings: &mut Of<'_>) {
    let known = exposure::ssh_port(subject).map_or(services::SSH, |port| port.value);
    let other = machines.iter().find_map(|instance| {
        let names = ["ansible_port", "ansible_ssh_port"].into_iter();
        let mut written = names.filter_map(|name| {
            let port = settings::number(subject.variable_of(instance, name))?;
            Some((name, port))
        });
        let (name, port) = written.find(|(_, port)| port.value != known)?;
        Some((name, port, *instance))
    });
    let Some((name, port, instance)) = other else {
        return;
    };
    findings
        .at(
            instance.entity(),
            places::or(port.origin, subject.at),
            format!(
                "`{name}` is {}, and `cluster_ssh_port` is {known}",
                port.value
            ),
        )
        .key(format!("vars/{name}"))
        .label("known to Ansible alone")
        .consequence(
            "the machines look for each other's ssh on the other port: backups and clones fail",
        )
        .help(format!(
            "write {}, and leave `{name}` out",
            words::setting(subject.written, "cluster_ssh_port", &port.value.to_string())
        ));
}

fn root(subject: &Subject, machines: &[&Instance], findings: &mut Of<'_>) {
    let user = |instance: &Instance| subject.variable_of(instance, "ansible_user").cloned();
    let first = machines.iter().find_map(|instance| {
        let user = user(instance)?;
        (user.as_text() == Some("root")).then_some((instance, user))
    });
    let Some((instance, user)) = first else {
        return;
    };
    findings
        .at(
            Entity::Cluster,
            places::or(user.origin, subject.at),
            format!("TPA logs in to `{}` as root", instance.name.value),
        )
        .key("vars/ansible_user")
        .label(if user.origin.is_written() {
            "root"
        } else {
            "root is the default"
        })
        .consequence("where ssh does not let root in, `tpaexec deploy` stops at its first task")
        .help(words::say(
            subject,
            "write `user = NAME` in the platform's block, with somebody who may use sudo without a password",
            "set `ansible_user` to somebody who may use sudo without a password",
        ));
}

/// Machines whose only address is one that the whole world can route to.
fn public(machines: &[&Instance], findings: &mut Of<'_>) {
    let is_open = |value: &&Value| {
        let address = value
            .as_text()
            .and_then(|text| text.parse::<Ipv4Addr>().ok());
        address.is_some_and(|address| !address.is_private())
    };
    let alone: Vec<(&Instance, &Value)> = machines
        .iter()
        .filter(|instance| {
            let has = |key: &str| instance.entry.get(key).is_some();
            !has("ip_address") && !has("private_ip")
        })
        .filter_map(|instance| {
            let address = instance.entry.get("public_ip").filter(is_open)?;
            Some((*instance, address))
        })
        .collect();
    let [(first, address), others @ ..] = alone.as_slice() else {
        return;
    };
    let who = if others.is_empty() {
        format!("`{}` has", first.name.value)
    } else {
        format!("{} machines have", alone.len())
    };
    let finding = findings
        .at(
            first.entity(),
            address.origin,
            format!("{who} a public address alone"),
        )
        .key("private_ip")
        .label("for the traffic of the cluster too")
        .consequence("replication and backups run over the public network")
        .help("add the private address beside it");
    for (_, address) in others.iter().take(4) {
        finding.related(address.origin, "this one too");
    }
}
