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
    /// and PgBouncer, and the templates. Only what this cluster has counts.
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
