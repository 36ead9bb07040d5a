use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, misspelt, scopes};
use crate::tpa::view::Instance;
use crate::tpa::view::Subject;
use crate::tpa::view::{streaming, truth};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds replicas and witnesses whose `upstream` holds no data (a Barman, etcd, HAProxy or PEM node, a witness), a
    /// witness that does not lead to the primary, and references to machines that are only provisioned.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec provision` only asks whether the name exists. The replica is cloned from there during the deployment,
    /// which fails. A machine with `provision_only` is not in the inventory, and templates that need its address fail.
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
    ///     replica db2 { address = 10.0.0.2; upstream = backup1 }
    ///     barman backup1 { address = 10.0.0.9 }
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
    ///     replica db2 { address = 10.0.0.2; upstream = db1 }
    ///     barman backup1 { address = 10.0.0.9 }
    ///   }
    /// }
    /// ```
    pub(super) static BAD_UPSTREAM_TARGET = {
        name: "bad-upstream-target",
        level: Error,
        summary: "a machine that streams from one without data",
        consequence: "`tpaexec deploy` fails where it clones the machine",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in &subject.instances {
        if instance.has_role(Role::Replica) || instance.has_role(Role::Witness) {
            upstream(subject, instance, findings);
        }
        for backup in &instance.backup {
            let target = subject.instance(&backup.value);
            if let Some(target) = target.filter(|target| is_left_out(target)) {
                only_provisioned(instance, "backup", backup.origin, target, findings);
            }
        }
    }
    backends(subject, findings);
}

fn upstream(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    let (Some(written), Some(target)) = (&instance.upstream, subject.upstream_of(instance)) else {
        return;
    };
    // Circles are another rule's.
    if target.name.value == instance.name.value {
        return;
    }
    let (name, other) = (&instance.name.value, &target.name.value);
    if is_left_out(target) {
        only_provisioned(instance, "upstream", written.origin, target, findings);
    } else if !target.is_data_node() && !misspelt::has_of_instance(target, &["role"]) {
        findings
            .at(
                instance.entity(),
                written.origin,
                format!("`{name}` streams from `{other}`, which holds no data"),
            )
            .key("upstream")
            .label(format!("its roles: {}", roles(target)))
            .related(target.name.origin, "this machine")
            .help(target_help(subject));
    } else if instance.has_role(Role::Witness) && !leads_to_primary(subject, instance) {
        findings
            .at(
                instance.entity(),
                written.origin,
                format!("the witness `{name}` does not lead to the primary"),
            )
            .key("upstream")
            .label("not below the primary")
            .consequence("`tpaexec deploy` cannot register the witness")
            .help(target_help(subject));
    }
}

/// Whether a machine is left out of the inventory. Where a text that means no does that, `wrong-type` says so.
fn is_left_out(machine: &Instance) -> bool {
    let written = machine.entry.get("provision_only");
    machine.is_provision_only() && written.and_then(truth::module_bool) != Some(false)
}

fn target_help(subject: &Subject) -> String {
    match subject.primary() {
        Some(primary) => format!(
            "name a data node, for example the primary `{}`",
            primary.name.value
        ),
        None => "name a data node".to_owned(),
    }
}

fn roles(instance: &Instance) -> String {
    let names: Vec<&str> = instance
        .roles
        .iter()
        .map(|role| role.value.as_str())
        .collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// Whether the last machine above is the primary. Without one, and in cycles, other rules speak.
fn leads_to_primary(subject: &Subject, instance: &Instance) -> bool {
    let above = streaming::ancestors(subject, instance);
    let (Some(primary), Some(last)) = (subject.primary(), above.last()) else {
        return true;
    };
    let in_circle = above.len() > subject.instances.len() || last.upstream.is_some();
    in_circle || last.name.value == primary.name.value
}

fn only_provisioned(
    instance: &Instance,
    key: &str,
    at: crate::origin::Origin,
    target: &Instance,
    findings: &mut Of<'_>,
) {
    let (name, other) = (&instance.name.value, &target.name.value);
    let finding = findings
        .at(
            instance.entity(),
            at,
            format!("`{name}` needs `{other}`, which is only provisioned"),
        )
        .key(key)
        .label("not in the inventory")
        .related(target.at_key("provision_only"), "only provisioned")
        .consequence("`tpaexec deploy` fails: templates do not find the machine")
        .help("remove `provision_only` there, or name another machine");
    // Backups can be set up by hand once the machine is there; a replica cannot be cloned without it.
    if key == "backup" {
        finding.level(Level::Warning);
    }
}

/// Servers of HAProxy and PgBouncer that are not in the inventory.
fn backends(subject: &Subject, findings: &mut Of<'_>) {
    for scope in scopes::variables(subject) {
        for key in ["haproxy_backend_servers", "pgbouncer_backend"] {
            let Some(value) = scope.map.get(key) else {
                continue;
            };
            for name in value.items().iter().filter_map(Value::sourced_text) {
                let target = subject.instance(name.value);
                let Some(target) = target.filter(|target| is_left_out(target)) else {
                    continue;
                };
                findings
                    .at(
                        scope.entity.clone(),
                        name.origin,
                        format!("`{}` is only provisioned", name.value),
                    )
                    .key(scope.key(key))
                    .label("not in the inventory")
                    .related(target.at_key("provision_only"), "only provisioned")
                    .level(Level::Warning)
                    .consequence("`tpaexec deploy` fails: templates do not find the machine")
                    .help("remove `provision_only` there, or name another machine");
            }
        }
    }
}
