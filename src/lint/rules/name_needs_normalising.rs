use crate::diagnostic::{Applicability, Edit, Level};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, scopes};
use crate::origin::{Origin, Sourced};
use crate::tpa::view::{Entity, Subject, places};
use crate::tpa::view::{Instance, Written};
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

/// A name that stands for a machine.
struct Reference {
    entity: Entity,
    key: String,
    name: String,
    at: Origin,
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let references = references(subject);
    for instance in &subject.instances {
        let Some(name) = instance.own.get("Name").and_then(Value::sourced_text) else {
            continue;
        };
        if name.value != instance.name.value {
            definition(instance, name, &references, findings);
        }
    }
    for reference in &references {
        unmet(subject, reference, findings);
    }
}

fn references(subject: &Subject) -> Vec<Reference> {
    let mut references = Vec::new();
    let mut add = |entity: Entity, key: &str, name: &str, at: Origin| {
        references.push(Reference {
            entity,
            key: key.to_owned(),
            name: name.to_owned(),
            at,
        });
    };
    for instance in &subject.instances {
        if let Some(upstream) = &instance.upstream {
            add(
                instance.entity(),
                "upstream",
                &upstream.value,
                upstream.origin,
            );
        }
        for backup in &instance.backup {
            add(instance.entity(), "backup", &backup.value, backup.origin);
        }
        // A tag may have taken the place of what is written there.
        let hidden = instance.own.get("upstream").and_then(Value::sourced_text);
        if let Some(upstream) = hidden
            && instance
                .upstream
                .as_ref()
                .is_none_or(|other| other.origin != upstream.origin)
        {
            add(
                instance.entity(),
                "upstream",
                upstream.value,
                upstream.origin,
            );
        }
    }
    for scope in scopes::variables(subject) {
        for key in VARIABLES {
            let Some(value) = scope.map.get(key) else {
                continue;
            };
            for name in value.items().iter().filter_map(Value::sourced_text) {
                add(
                    scope.entity.clone(),
                    &scope.key(key),
                    name.value,
                    name.origin,
                );
            }
        }
    }
    references
}

/// The machine whose name TPA changes. The fix changes what refers to it too.
fn definition(
    instance: &Instance,
    name: Sourced<&str>,
    references: &[Reference],
    findings: &mut Of<'_>,
) {
    let normalised = &instance.name.value;
    let finding = findings
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
    let Some(fix) = &mut finding.diagnostic.fix else {
        return;
    };
    for reference in references {
        if let Origin::Written(span) = reference.at
            && reference.name == name.value
            && fix.edits.iter().all(|edit| edit.span != span)
        {
            fix.edits.push(Edit {
                span,
                replacement: normalised.clone(),
            });
        }
    }
}

/// A reference that would be right if TPA had not changed the name.
fn unmet(subject: &Subject, reference: &Reference, findings: &mut Of<'_>) {
    let Reference {
        entity,
        key,
        name,
        at,
    } = reference;
    let normalised = name.replace('_', "-").to_lowercase();
    if normalised == *name {
        return;
    }
    let Some(machine) = subject.instance(&normalised) else {
        return;
    };
    let finding = findings
        .at(
            entity.clone(),
            places::or(*at, machine.name.origin),
            format!("TPA finds no machine `{name}`: it calls it `{normalised}`"),
        )
        .key(key.clone())
        .label("the name before TPA changes it")
        .related(machine.name.origin, format!("becomes `{normalised}`"));
    match subject.written {
        // Here names are compared as they are written.
        Written::Source => finding.help(format!(
            "call the machine `{normalised}`, where it is defined and here"
        )),
        Written::Config => finding.help(format!("write `{normalised}`")).fix(
            Applicability::Safe,
            *at,
            normalised.as_str(),
        ),
    };
    if VARIABLES.iter().any(|variable| key.ends_with(variable)) {
        finding.consequence("`tpaexec deploy` writes a server that does not exist");
    }
}
