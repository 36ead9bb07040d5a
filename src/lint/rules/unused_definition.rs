use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Section};
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::tpa::view::Instance;
use crate::tpa::view::{Entity, Subject, places};
use crate::value::Key;

rule! {
    /// ## What it does
    ///
    /// Finds what nothing uses: locations without a machine, Barman nodes that back up nobody, etcd nodes without Patroni,
    /// settings of a failover manager that is not chosen, and variables of HAProxy and PgBouncer on machines that run
    /// neither.
    ///
    /// ## Why is this bad?
    ///
    /// It costs money, and whoever reads it believes that it does something.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { efm_conf_settings = { auto.rewind = true } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover efm
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { efm_conf_settings = { auto.rewind = true } }
    /// }
    /// ```
    pub(super) static UNUSED_DEFINITION = {
        name: "unused-definition",
        level: Advice,
        summary: "something that nothing uses",
        consequence: "it costs money or misleads whoever reads it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    locations(subject, findings);
    for instance in &subject.instances {
        machine(subject, instance, findings);
    }
    settings(subject, findings);
    variables(subject, findings);
}

fn locations(subject: &Subject, findings: &mut Of<'_>) {
    for (index, location) in subject.locations.iter().enumerate() {
        let mut instances = subject.instances.iter();
        let is_used = instances.any(|instance| instance.location == Some(index));
        let Some(name) = location.name.as_ref().filter(|_| !is_used) else {
            continue;
        };
        findings
            .at(
                location.entity(),
                places::or(name.origin, location.at),
                format!("no machine is in the location `{}`", name.value),
            )
            .key("Name")
            .label("empty")
            .help("remove it, or put a machine there, for example a witness");
    }
}

fn machine(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    let name = &instance.name.value;
    let names_nobody = |other: &Instance| {
        let mut names = other.backup.iter();
        names.any(|backup| subject.instance(&backup.value).is_none())
    };
    let is_client = |other: &Instance| other.backup.iter().any(|backup| backup.value == *name);
    let barman_is_unused = instance.has_role(Role::Barman)
        && !subject.instances.iter().any(is_client)
        // That nobody at all is backed up is said once, elsewhere, and so is a name that is not a machine's.
        && subject.data_nodes().any(|node| !node.backup.is_empty())
        && !subject.instances.iter().any(names_nobody);
    let uses_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
    let etcd_is_unused = instance.has_role(Role::Etcd) && !uses_patroni;
    let (role, message, help) = if barman_is_unused {
        (
            Role::Barman,
            format!("no machine is backed up by `{name}`"),
            "name it in the `backup` of the machines that it is for, or remove it",
        )
    } else if etcd_is_unused {
        (
            Role::Etcd,
            format!("`{name}` is an etcd node, and only Patroni uses etcd"),
            "remove it, or choose Patroni",
        )
    } else {
        return;
    };
    let at = instance.role(role);
    findings
        .at(
            instance.entity(),
            places::or(at.map_or(instance.at, |role| role.origin), instance.at),
            message,
        )
        .key("role")
        .label("nothing uses it")
        .help(help);
}

/// The failover manager whose variable it is, where that is another one.
pub(super) fn of_other_manager(manager: FailoverManager, name: &str) -> Option<FailoverManager> {
    let is_of = |other: &FailoverManager| {
        let rest = name.strip_prefix(other.name());
        *other != manager && rest.is_some_and(|rest| rest.starts_with('_'))
    };
    FailoverManager::ALL.into_iter().find(is_of)
}

/// Settings of failover managers that are not there.
fn settings(subject: &Subject, findings: &mut Of<'_>) {
    let Some(manager) = subject.failover_manager() else {
        return;
    };
    for scope in scopes::variables(subject) {
        for (key, value) in scope.map.iter() {
            let Key::Text(name) = key else { continue };
            let of = of_other_manager(manager, name);
            // A profile may serve several failover managers. Pins of packages are `package-version-pin`'s.
            let is_meant =
                matches!(value.origin, Origin::Written(_)) && !name.ends_with("_package_version");
            let Some(of) = of.filter(|_| is_meant) else {
                continue;
            };
            findings
                .at(
                    scope.entity.clone(),
                    places::of_key(scope.map, name).unwrap_or(value.origin),
                    format!(
                        "`{name}` is for {}, and the failover manager is {}",
                        of.name(),
                        manager.name()
                    ),
                )
                .key(scope.key(name))
                .label("has no effect")
                .help("remove it")
                .level(Level::Warning)
                .consequence(format!(
                    "{} runs with its own settings, as if this were not there",
                    manager.name()
                ));
        }
    }
}

/// Variables of programs that do not run on the machine.
fn variables(subject: &Subject, findings: &mut Of<'_>) {
    for scope in scopes::variables(subject) {
        let Entity::Instance(machine) = &scope.entity else {
            continue;
        };
        let Some(instance) = subject
            .instance(machine)
            .filter(|_| scope.section == Section::Instance)
        else {
            continue;
        };
        for (prefix, role) in [("haproxy_", Role::Haproxy), ("pgbouncer_", Role::Pgbouncer)] {
            if instance.has_role(role) {
                continue;
            }
            for (key, value) in scope.map.iter() {
                let Key::Text(name) = key else { continue };
                // Servers may carry options for the HAProxy nodes that name them.
                let is_for_others = name == "haproxy_server_options";
                if !name.starts_with(prefix)
                    || is_for_others
                    || !matches!(value.origin, Origin::Written(_))
                {
                    continue;
                }
                findings
                    .at(
                        scope.entity.clone(),
                        places::of_key(scope.map, name).unwrap_or(value.origin),
                        format!("`{name}` is set on `{machine}`, which is not a {role} node"),
                    )
                    .key(scope.key(name))
                    .label("has no effect")
                    .help(format!("remove it, or give the machine the role `{role}`"));
            }
        }
    }
}
