use crate::diagnostic::{Applicability, Level};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Entity, Subject, scopes};
use crate::origin::Origin;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds names of machines with capital letters or `_`, and what refers to them by that spelling.
    ///
    /// ## Why is this bad?
    ///
    /// TPA turns the name into lower case, with `-` for `_`, but not the `upstream`, `backup` and variables that refer to
    /// it. `tpaexec provision` stops with `KeyError: 'DB1'`, or HAProxy and PgBouncer get a server that does not exist.
    /// A name that nothing refers to works, under another name than is written.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: DB1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: DB1 }
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
    pub(super) static NAME_NEEDS_NORMALISING = {
        name: "name-needs-normalising",
        level: Error,
        summary: "a name that TPA changes, while references to it stay",
        consequence: "`tpaexec provision` stops with a `KeyError`",
    }
}

const VARIABLES: &[&str] = &["haproxy_backend_servers", "pem_server", "pgbouncer_backend"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in &subject.instances {
        let Some(name) = instance.own.get("Name").and_then(Value::sourced_text) else {
            continue;
        };
        let normalised = &instance.name.value;
        if name.value != normalised {
            findings
                .at(
                    instance.entity(),
                    name.origin,
                    format!("TPA calls the machine `{}` `{normalised}`", name.value),
                )
                .key("Name")
                .label(format!("becomes `{normalised}`"))
                .level(Level::Advice)
                .consequence("the machine has another name than is written, everywhere")
                .help(format!("write `{normalised}`, here and where it is meant"))
                .fix(Applicability::Suggested, name.origin, normalised.as_str());
        }
        if let Some(upstream) = &instance.upstream {
            let at = (upstream.value.as_str(), upstream.origin);
            reference(subject, &instance.entity(), "upstream", at, findings);
        }
        for backup in &instance.backup {
            let at = (backup.value.as_str(), backup.origin);
            reference(subject, &instance.entity(), "backup", at, findings);
        }
    }
    for scope in scopes::variables(subject) {
        for key in VARIABLES {
            let Some(value) = scope.map.get(key) else {
                continue;
            };
            let items = value.as_list().unwrap_or(std::slice::from_ref(value));
            for name in items.iter().filter_map(Value::sourced_text) {
                let at = (name.value, name.origin);
                reference(subject, &scope.entity, &scope.key(key), at, findings);
            }
        }
    }
}

/// A reference that would be right if TPA had not changed the name.
fn reference(
    subject: &Subject,
    entity: &Entity,
    key: &str,
    (name, at): (&str, Origin),
    findings: &mut Of<'_>,
) {
    let normalised = name.replace('_', "-").to_lowercase();
    if normalised == name {
        return;
    }
    let Some(machine) = subject.instance(&normalised) else {
        return;
    };
    let finding = findings
        .at(
            entity.clone(),
            at,
            format!("TPA finds no machine `{name}`: it calls it `{normalised}`"),
        )
        .key(key)
        .label("the name before TPA changes it")
        .related(machine.name.origin, format!("becomes `{normalised}`"))
        .help(format!("write `{normalised}`"))
        .fix(Applicability::Safe, at, normalised.as_str());
    if VARIABLES.iter().any(|variable| key.ends_with(variable)) {
        finding.consequence("`tpaexec deploy` writes a server that does not exist");
    }
}
