use crate::diagnostic::{Applicability, Level};
use crate::facts::roles::{self, Role};
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, misspelt, words};
use crate::origin::Sourced;
use crate::suggest;
use crate::tpa::view::places;
use crate::tpa::view::{Instance, Subject};

rule! {
    /// ## What it does
    ///
    /// Finds roles that TPA's M1 architecture does not read, and machines without a role that does something.
    ///
    /// ## Why is this bad?
    ///
    /// No tool ever says it. A machine with the role `pgbouncr` is provisioned, deployed and paid for, and has no
    /// PgBouncer; one with the role `standby` has no database. A role that the TPA of the cluster no longer has gives a
    /// warning: what it did is no longer done.
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
    ///     replica db2 { address = 10.0.0.2; roles = [pgbouncr] }
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
    ///     replica db2 { address = 10.0.0.2; roles = [efm-not-promotable] }
    ///   }
    /// }
    /// ```
    pub(super) static UNKNOWN_ROLE = {
        name: "unknown-role",
        level: Error,
        summary: "a role that TPA does not read",
        consequence: "TPA does nothing for the role, and never says so",
    }
}

/// Words that other tools use.
const SYNONYMS: &[(&str, &str)] = &[
    ("bouncer", "pgbouncer"),
    ("leader", "primary"),
    ("logserver", "log-server"),
    ("master", "primary"),
    ("pem", "pem-server"),
    ("proxy", "haproxy"),
    ("secondary", "replica"),
    ("slave", "replica"),
    ("standby", "replica"),
];

/// Roles that bring no work by themselves in this cluster.
const PASSIVE: &[&str] = &["log-server", "postgres"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let tpa = context.subject.tpa;
    for instance in &context.subject.instances {
        for role in &instance.roles {
            match Role::parse(&role.value).map(|known| changes::role(tpa, known)) {
                Some(Availability::Gone(since)) => gone(instance, role, since, findings),
                Some(Availability::Here | Availability::NotYet(_)) => {}
                // An empty one is `wrong-type`'s.
                None if role.value.trim().is_empty() => {}
                None => unknown(instance, role, findings),
            }
        }
        let is_passive = |role: &Sourced<String>| PASSIVE.contains(&role.value.as_str());
        if instance.roles.iter().all(is_passive) {
            passive(context.subject, instance, findings);
        }
    }
}

fn unknown(instance: &Instance, role: &Sourced<String>, findings: &mut Of<'_>) {
    let name = &role.value;
    let is_foreign = roles::FOREIGN.contains(&name.as_str());
    let message = if is_foreign {
        format!("the role `{name}` belongs to distributed clusters, M1 does not read it")
    } else {
        format!("TPA does not know the role `{name}`")
    };
    let synonym = SYNONYMS.iter().find(|(word, _)| word == name);
    let meant = synonym
        .map(|(_, role)| *role)
        .or_else(|| suggest::nearest(name, Role::WORDS).filter(|_| !is_foreign));
    let finding = findings
        .at(instance.entity(), role.origin, message)
        .key("role");
    match meant {
        Some(meant) => {
            finding
                .label(format!("did you mean `{meant}`?"))
                .help(format!("write `{meant}`"));
            // In a text with several roles the place is that of all of them.
            if instance
                .own
                .get("role")
                .is_some_and(|own| own.as_list().is_some())
            {
                finding.fix(Applicability::Suggested, role.origin, meant);
            }
        }
        None if is_foreign => {
            finding.label("not in M1").help("remove it");
        }
        None => {
            finding.label("not known").help(format!(
                "remove it, or write one of {}",
                words::list(Role::WORDS)
            ));
        }
    }
}

fn gone(instance: &Instance, role: &Sourced<String>, since: TpaVersion, findings: &mut Of<'_>) {
    findings
        .at(
            instance.entity(),
            role.origin,
            format!(
                "TPA {since} and later do not have the role `{}`",
                role.value
            ),
        )
        .level(Level::Warning)
        .key("role")
        .label(format!("gone since {since}"))
        .help("remove it");
}

fn passive(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    if instance.roles.is_empty() && misspelt::has_of_instance(instance, &["role"]) {
        return;
    }
    let name = &instance.name.value;
    let (message, consequence) = if instance.roles.is_empty() {
        (
            format!("the machine `{name}` has no role"),
            "TPA prepares the machine and installs nothing on it",
        )
    } else if instance.has_role(Role::Postgres) {
        (
            format!("the machine `{name}` runs a Postgres outside of the cluster"),
            "its Postgres is registered nowhere: no replication, no failover, no backup",
        )
    } else {
        (
            format!("the machine `{name}` only collects the log of the others"),
            "a machine for the log alone",
        )
    };
    let at = instance
        .roles
        .first()
        .map_or(places::of_entry(&instance.own, instance.at), |role| {
            role.origin
        });
    findings
        .at(instance.entity(), places::or(at, instance.at), message)
        .key("role")
        .label("no role that does something")
        .level(Level::Warning)
        .consequence(consequence)
        .help(words::say(
            subject,
            "add `roles = [replica]`, or another role that it has in the cluster; or remove the machine",
            "add `role: [replica]`, or another role that it has in the cluster; or remove the machine",
        ));
}
