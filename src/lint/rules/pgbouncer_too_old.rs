use crate::diagnostic::Level;
use crate::facts::pgbouncer::{NEEDED, OF_SYSTEMS};
use crate::facts::roles::Role;
use crate::facts::systems::Family;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::origin::Sourced;
use crate::tpa::view::{Entity, Instance, Subject, places, settings, systems};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines that get a PgBouncer before 1.19: by `pgbouncer_package_version`, or from the packages of Debian 12
    /// or Ubuntu 22.04 themselves, because neither PGDG nor an EDB repository is enabled.
    ///
    /// ## Why is this bad?
    ///
    /// TPA writes `auth_dbname` to PgBouncer's file. Releases before 1.19 do not know it and stop at once. The deployment
    /// goes on, and nothing says that the pool is not there.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 15
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform docker { os Debian 12 }
    ///   repositories { apt = [] }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 15
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform docker { os Debian 12 }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static PGBOUNCER_TOO_OLD = {
        name: "pgbouncer-too-old",
        level: Error,
        summary: "a PgBouncer that does not read the file which TPA writes",
        consequence: "PgBouncer stops at `auth_dbname` as soon as it starts; the deployment goes on and never says so",
    }
}

/// A release of PgBouncer.
pub(super) struct Release {
    pub(super) major: u32,
    pub(super) minor: u32,
    /// Missing in `1.26*`.
    pub(super) patch: Option<u32>,
}

impl Release {
    /// Its first two numbers.
    pub(super) fn line(&self) -> (u32, u32) {
        (self.major, self.minor)
    }
}

/// The release that `pgbouncer_package_version` pins, where it tells one.
pub(super) fn pinned(subject: &Subject) -> Option<Sourced<Release>> {
    let version = subject.text("pgbouncer_package_version")?;
    let mut numbers = version.value.split(|c: char| !c.is_ascii_digit());
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?.parse().ok()?;
    let patch = numbers.next().and_then(|patch| patch.parse().ok());
    let release = Release {
        major,
        minor,
        patch,
    };
    Some(Sourced::new(release, version.origin))
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(first) = subject.with_role(Role::Pgbouncer).next() else {
        return;
    };
    if let Some(version) = pinned(subject) {
        if version.value.line() < NEEDED {
            let (major, minor) = version.value.line();
            findings
                .at(
                    first.entity(),
                    version.origin,
                    format!(
                        "PgBouncer {major}.{minor} does not know `auth_dbname`, which TPA writes"
                    ),
                )
                .key("cluster_vars/pgbouncer_package_version")
                .label("before 1.19")
                .help("take 1.19 or later");
        }
        return;
    }
    for instance in subject.with_role(Role::Pgbouncer) {
        of_system(subject, instance, findings);
    }
}

fn of_system(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    let Some(list) = subject.variable_of(instance, "apt_repository_list") else {
        return;
    };
    let has = |value: Option<&Value>| {
        value
            .and_then(Value::as_list)
            .is_some_and(|list| !list.is_empty())
    };
    let is_local = subject.variable_of(instance, "use_local_repo_only");
    // Whatever is enabled may have a newer one.
    if list.as_list().is_none_or(|list| !list.is_empty())
        || has(subject.variable_of(instance, "edb_repositories"))
        || settings::is_true(is_local)
    {
        return;
    }
    let system = systems::of(subject, instance);
    let known = system.as_ref().and_then(|(system, _)| {
        OF_SYSTEMS
            .iter()
            .find(|(name, version, _)| system.is(name, version))
    });
    let (who, level) = match (&system, known) {
        (_, Some((name, version, release))) => {
            if *release >= NEEDED {
                return;
            }
            let (major, minor) = release;
            (
                format!(
                    "PgBouncer of {name} {version} is {major}.{minor}, which does not know `auth_dbname`"
                ),
                Level::Error,
            )
        }
        (Some((system, _)), None) if system.family != Family::Debian => return,
        (_, None) => (
            "PgBouncer of Debian 12 and Ubuntu 22.04 does not know `auth_dbname`, which TPA writes"
                .to_owned(),
            Level::Warning,
        ),
    };
    findings
        .at(
            Entity::Cluster,
            places::or(list.origin, subject.at),
            who,
        )
        .key("vars/apt_repository_list")
        .label("without PGDG")
        .level(level)
        .help(words::say(
            subject,
            "leave `apt` out, or write `repositories { apt = [PGDG] }`, which brings a newer PgBouncer",
            "add `PGDG` to `apt_repository_list`, which brings a newer PgBouncer",
        ));
}
