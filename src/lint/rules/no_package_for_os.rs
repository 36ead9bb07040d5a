use crate::facts::roles::Role;
use crate::facts::systems::{Family, System};
use crate::lint::Context;
use crate::lint::finding::{Finding, Of};
use crate::lint::rule::rule;
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::tpa::view::systems;
use crate::tpa::view::{Instance, Subject};
use crate::tpa::view::{places, settings};

rule! {
    /// ## What it does
    ///
    /// Finds software that TPA has no packages of for the operating system of the machine: PgBouncer and HAProxy on SLES,
    /// a repository of your own on SLES, EFM before 5 on Ubuntu 24.04. The name of the image says which system it is.
    ///
    /// ## Why is this bad?
    ///
    /// TPA's tables of packages have no entry for the system, and an empty list of packages is installed without an
    /// error. A later task looks for a file that is not there.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform docker { os SLES 15 }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform docker { os Rocky 9 }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static NO_PACKAGE_FOR_OS = {
        name: "no-package-for-os",
        level: Error,
        summary: "software that there is no package of for the operating system",
        consequence: "`tpaexec deploy` installs nothing for it, and fails at a later task",
    }
}

const ROLES: &[(Role, &str)] = &[(Role::Pgbouncer, "PgBouncer"), (Role::Haproxy, "HAProxy")];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for chosen in systems::chosen(subject) {
        let (system, at) = (&chosen.system, places::or(chosen.at, subject.at));
        let Some(first) = chosen.machines.first() else {
            continue;
        };
        if system.family == Family::Suse {
            for (role, name) in ROLES {
                if let Some(machine) = chosen.machines.iter().find(|one| one.has_role(*role)) {
                    let at = role_place(machine, *role, at);
                    report(machine, (name, system), (at, chosen.at), findings)
                        .key("role")
                        .help("take another system for these machines, or leave it out");
                }
            }
            local(subject, first, (system, chosen.at), findings);
        }
        if system.is("Ubuntu", "24.04") {
            efm(subject, first, (system, chosen.at), findings);
        }
    }
}

fn role_place(machine: &Instance, role: Role, otherwise: Origin) -> Origin {
    let role = machine.role(role);
    places::or(
        role.map_or(machine.name.origin, |role| role.origin),
        otherwise,
    )
}

fn report<'f>(
    machine: &Instance,
    (name, system): (&str, &System),
    (at, chosen): (Origin, Origin),
    findings: &'f mut Of<'_>,
) -> &'f mut Finding {
    findings
        .at(
            machine.entity(),
            at,
            format!("TPA has no package of {name} for {}", system.words()),
        )
        .label(format!("not on {}", system.words()))
        .related(chosen, "the system is chosen here")
}

fn local(
    subject: &Subject,
    first: &Instance,
    (system, chosen): (&System, Origin),
    findings: &mut Of<'_>,
) {
    let Some(local) = subject.variable("use_local_repo_only") else {
        return;
    };
    if !settings::is_true(Some(local)) {
        return;
    }
    findings
        .at(
            first.entity(),
            places::or(local.origin, subject.at),
            format!(
                "TPA does not support a repository of your own on {}",
                system.words()
            ),
        )
        .key("cluster_vars/use_local_repo_only")
        .label("only for Debian and RedHat")
        .related(chosen, "the system is chosen here")
        .consequence("`tpaexec deploy` switches the other repositories off and finds no packages")
        .help("take a system of Debian's or RedHat's family, or leave this out");
}

fn efm(
    subject: &Subject,
    first: &Instance,
    (system, chosen): (&System, Origin),
    findings: &mut Of<'_>,
) {
    let Some(version) = subject.text("efm_version") else {
        return;
    };
    let major = version
        .value
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if subject.failover_manager() != Some(FailoverManager::Efm)
        || major.is_none_or(|major| major >= 5)
    {
        return;
    }
    let name = format!("EFM {}", version.value);
    let at = places::or(version.origin, subject.at);
    report(first, (&name, system), (at, chosen), findings)
        .key("cluster_vars/efm_version")
        .consequence("`tpaexec deploy` finds no package")
        .help("leave `efm_version` out: it is 5.0 on this system");
}
