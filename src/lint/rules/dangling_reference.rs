use crate::diagnostic::Applicability;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes;
use crate::origin::{Origin, Sourced};
use crate::suggest;
use crate::tpa::view::{Entity, Location, Subject};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds names of machines and locations that do not exist: in `upstream`, `backup`, `location`, and in variables
    /// that name a machine, such as `pgbouncer_backend` and `haproxy_backend_servers`.
    ///
    /// ## Why is this bad?
    ///
    /// An unknown `upstream` stops `tpaexec provision` with a `KeyError`. An unknown location is refused only while there
    /// are other locations. A wrong name in a variable is found by the deployment, or by the application that is sent to
    /// a server that is not there.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: bd1 }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1 }
    /// ```
    pub(super) static DANGLING_REFERENCE = {
        name: "dangling-reference",
        level: Error,
        summary: "a name of something that does not exist",
        consequence: "`tpaexec provision` stops",
    }
}

/// Variables that name a machine, and what happens where there is none of this name.
const VARIABLES: &[(&str, &str)] = &[
    (
        "bdr_node_camo_partner",
        "`tpaexec provision` refuses the cluster",
    ),
    (
        "haproxy_backend_servers",
        "`tpaexec deploy` fails while it writes haproxy.cfg",
    ),
    (
        "log_server",
        "the other machines send their log to a host that is not there",
    ),
    (
        "pem_server",
        "`tpaexec deploy` cannot register the PEM agents",
    ),
    (
        "pgbouncer_backend",
        "PgBouncer sends clients to a host that is not there",
    ),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in &subject.instances {
        if let Some(upstream) = &instance.upstream {
            let consequence = if instance.has_role(Role::Replica) {
                "`tpaexec provision` stops with a `KeyError` before it checks names"
            } else {
                "`tpaexec provision` refuses the cluster"
            };
            machine(
                subject,
                &instance.entity(),
                "upstream",
                upstream.as_ref(),
                consequence,
                findings,
            );
        }
        for backup in &instance.backup {
            let consequence = "`tpaexec provision` refuses the cluster";
            machine(
                subject,
                &instance.entity(),
                "backup",
                backup.as_ref(),
                consequence,
                findings,
            );
        }
        if let Some(value) = instance.entry.get("location")
            && instance.location.is_none()
        {
            location(subject, &instance.entity(), value, findings);
        }
    }
    for scope in scopes::variables(subject) {
        for (key, consequence) in VARIABLES {
            let Some(value) = scope.map.get(key) else {
                continue;
            };
            for item in value
                .items()
                .iter()
                .filter(|item| !scopes::is_template(item))
            {
                let Some(name) = item.spelling() else {
                    continue;
                };
                // Only members of the cluster can be partners or servers of HAProxy; others may be hosts elsewhere.
                let is_member = matches!(*key, "bdr_node_camo_partner" | "haproxy_backend_servers");
                if is_address(&name) || (!is_member && name.contains('.')) {
                    continue;
                }
                let name = Sourced::new(&name, item.origin);
                machine(
                    subject,
                    &scope.entity,
                    &scope.key(key),
                    name,
                    consequence,
                    findings,
                );
            }
        }
    }
}

fn machine(
    subject: &Subject,
    entity: &Entity,
    key: &str,
    name: Sourced<&String>,
    consequence: &'static str,
    findings: &mut Of<'_>,
) {
    let Sourced {
        value: name,
        origin,
    } = name;
    let normalised = name.replace('_', "-").to_lowercase();
    // A name that TPA has normalised is another rule's.
    if subject.instance(&normalised).is_some() {
        return;
    }
    let known: Vec<&str> = subject
        .instances
        .iter()
        .map(|instance| instance.name.value.as_str())
        .collect();
    report(
        entity,
        key,
        ("machine", name, origin),
        &known,
        consequence,
        findings,
    );
}

fn location(subject: &Subject, entity: &Entity, value: &Value, findings: &mut Of<'_>) {
    if value.data == Data::Null || scopes::is_template(value) {
        return;
    }
    let Some(name) = value.spelling() else { return };
    // A name that YAML reads as something else is said where the location is.
    let is_text = matches!(value.data, Data::Text(_));
    let is_same = |location: &Location| {
        let name = location.entry.get("Name");
        name.is_some_and(|name| name.data == value.data)
    };
    if !is_text && subject.locations.iter().any(is_same) {
        return;
    }
    // Where a location has lost its name, that is the mistake.
    if subject
        .locations
        .iter()
        .any(|location| location.name.is_none())
    {
        return;
    }
    let known: Vec<&str> = subject
        .locations
        .iter()
        .filter_map(|location| Some(location.name.as_ref()?.value.as_str()))
        .collect();
    let consequence = if known.is_empty() {
        "TPA checks no location while there is none, and the machine inherits nothing"
    } else {
        "`tpaexec provision` refuses the cluster"
    };
    let what = ("location", name.as_str(), value.origin);
    report(entity, "location", what, &known, consequence, findings);
}

fn report(
    entity: &Entity,
    key: &str,
    (what, name, at): (&str, &str, Origin),
    known: &[&str],
    consequence: &'static str,
    findings: &mut Of<'_>,
) {
    let finding = findings
        .at(entity.clone(), at, format!("there is no {what} `{name}`"))
        .key(key)
        .consequence(consequence);
    match suggest::nearest(name, known) {
        Some(nearest) => finding
            .label(format!("did you mean `{nearest}`?"))
            .help(format!("write `{nearest}`"))
            .fix(Applicability::Suggested, at, nearest),
        None if known.is_empty() => finding
            .label("does not exist")
            .help(format!("define the {what}, or remove this")),
        None => finding
            .label("does not exist")
            .help(format!("name one of {}", shortened(known))),
    };
}

/// The first few names.
fn shortened(names: &[&str]) -> String {
    const MOST: usize = 8;
    let listed: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", listed.join(", "))
}

fn is_address(name: &str) -> bool {
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok()
}
