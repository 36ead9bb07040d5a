use crate::diagnostic::Level;
use crate::facts::database_objects::{KEYWORDS, OWN_PREFIX, REFUSED_ROLES};
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::database;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::FailoverManager;
use crate::tpa::view::Entity;
use crate::tpa::view::Subject;

rule! {
    /// ## What it does
    ///
    /// Finds users in `postgres_users` and databases in `postgres_databases` with a name that TPA uses for its own: the
    /// superuser, the roles of the failover manager, of replication, Barman and PgBouncer, the databases of repmgr, PEM
    /// and PgBouncer, and the templates. Only what this cluster has counts. Users that Postgres refuses (`public`, `none`
    /// and all that begins with `pg_`) are errors, and those that are called like a keyword, such as `current_user`, are
    /// found too.
    ///
    /// ## Why is this bad?
    ///
    /// Two parts of TPA define the same thing, and the later one wins: a role loses its right to replicate, or gets a
    /// password that the other part does not know.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_users = [{ username = repmgr }] }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_users = [{ username = app }] }
    /// }
    /// ```
    pub(super) static RESERVED_DB_OBJECT = {
        name: "reserved-db-object",
        level: Warning,
        summary: "a user or database with a name that TPA uses",
        consequence: "`tpaexec deploy` defines it twice, and what the later definition lacks is lost: a password, or the right to replicate",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let users = [("postgres_users", "username", "user")];
    let databases = [("postgres_databases", "name", "database")];
    for (variable, key, kind) in users.into_iter().chain(databases) {
        for entry in database::entries(subject, variable) {
            let Some(name) = entry.map.get(key) else {
                continue;
            };
            let Some(text) = name.as_text() else { continue };
            if kind == "user"
                && let Some(refusal) = refused_role(text)
            {
                let finding = findings
                    .at(entry.entity, name.origin, refusal.message)
                    .key(entry.key)
                    .label(refusal.label)
                    .level(refusal.level)
                    .help("choose another name, for example `app`");
                finding.consequence(refusal.consequence);
                continue;
            }
            let owner = if kind == "user" {
                owner_of_role(subject, text)
            } else {
                owner_of_database(subject, text)
            };
            let Some(owner) = owner else { continue };
            let entity: Entity = entry.entity;
            findings
                .at(
                    entity,
                    name.origin,
                    format!("the {kind} `{text}` is one that {owner} defines"),
                )
                .key(entry.key)
                .label("a name in use")
                .help(format!(
                    "remove it, or choose another name for your own {kind}"
                ));
        }
    }
}

struct Refusal {
    message: String,
    label: &'static str,
    level: Level,
    consequence: &'static str,
}

/// What Postgres says to a role of this name.
fn refused_role(name: &str) -> Option<Refusal> {
    let lower = name.to_lowercase();
    let is_own = name.starts_with(OWN_PREFIX);
    if is_own || REFUSED_ROLES.contains(&name) {
        let why = if is_own {
            "that begins with `pg_`"
        } else {
            "of this name"
        };
        return Some(Refusal {
            message: format!("Postgres refuses the user `{name}`: it makes no role {why}"),
            label: "reserved",
            level: Level::Error,
            consequence: "`tpaexec deploy` stops near its end, when the cluster is running already",
        });
    }
    KEYWORDS.contains(&lower.as_str()).then(|| Refusal {
        message: format!("`{name}` is a keyword of Postgres, and no good name for a user"),
        label: "a keyword",
        level: Level::Warning,
        consequence: "without quotes it means somebody else, in SQL or in pg_hba.conf: grants and rules go to the wrong role",
    })
}

/// What else defines a role, if it is there.
fn owner_of_role(subject: &Subject, name: &str) -> Option<&'static str> {
    if name == database::superuser(subject) {
        return Some("`initdb`");
    }
    let manager = subject.failover_manager();
    let has = |role: Role| subject.with_role(role).next().is_some();
    let (owner, is_there) = match name {
        "repmgr" => ("repmgr", manager == Some(FailoverManager::Repmgr)),
        "efm" => ("EFM", manager == Some(FailoverManager::Efm)),
        "patroni" | "rewind" => ("Patroni", manager == Some(FailoverManager::Patroni)),
        "replication" => ("TPA", manager != Some(FailoverManager::Repmgr)),
        "barman" | "barman_role" | "streaming_barman" => ("Barman", has(Role::Barman)),
        "pgbouncer_auth_user" => ("PgBouncer", has(Role::Pgbouncer)),
        "haproxy" => ("HAProxy", has(Role::Haproxy)),
        "beacon" => ("the Beacon agent", has(Role::BeaconAgent)),
        _ => return None,
    };
    is_there.then_some(owner)
}

fn owner_of_database(subject: &Subject, name: &str) -> Option<&'static str> {
    let has = |role: Role| subject.with_role(role).next().is_some();
    let (owner, is_there) = match name {
        "template0" | "template1" => ("`initdb`", true),
        "repmgr" => (
            "repmgr",
            subject.failover_manager() == Some(FailoverManager::Repmgr),
        ),
        "pem" => ("PEM", has(Role::PemServer)),
        "pgbouncer_auth_database" => ("PgBouncer", has(Role::Pgbouncer)),
        _ => return None,
    };
    is_there.then_some(owner)
}
