use crate::facts::systems::Family;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::tpa::view::{Entity, Subject, places, settings, systems};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds clusters that enable EDB's repositories and leave PGDG on, which is TPA's default beside them.
    ///
    /// ## Why is this bad?
    ///
    /// Both have packages of Postgres, Barman and PgBouncer that exclude each other. Which one is installed depends on their
    /// versions of that day, and a later update may find no way out. `tpaexec configure` of TPA 23.42 and later writes the
    /// lists that turn PGDG off into new clusters; a config.yml without them stays as it is.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   repositories { edb = [standard] }
    ///   location main { data 3 }
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
    ///   repositories {
    ///     edb = [standard]
    ///     apt = []
    ///     yum = [EPEL]
    ///     suse = []
    ///   }
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static MIXED_REPOSITORIES = {
        name: "mixed-repositories",
        level: Warning,
        summary: "EDB's repositories beside PGDG",
        consequence: "packages of both exclude each other: the deployment or a later update fails",
    }
}

const PGDG: &str = "PGDG";

/// EDB's repositories with packages that PGDG has too.
const EDB: &[&str] = &[
    "enterprise",
    "postgres_distributed",
    "postgres_extended",
    "standard",
];

/// EDB's repository of community packages, beside which TPA leaves PGDG on.
const COMMUNITY: &str = "community360";

/// The list of each family, and what it holds without PGDG.
const LISTS: &[(Family, &str, &str, &str)] = &[
    (Family::Debian, "apt_repository_list", "apt", "[]"),
    (Family::RedHat, "yum_repository_list", "yum", "[EPEL]"),
    (Family::Suse, "suse_repository_list", "suse", "[]"),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(edb) = subject.variable("edb_repositories") else {
        return;
    };
    let names = edb.as_list().unwrap_or_default();
    let has = |known: &[&str]| {
        let mut names = names.iter().filter_map(Value::as_text);
        names.any(|name| known.contains(&name))
    };
    if !has(EDB) || has(&[COMMUNITY]) || settings::is_true(subject.variable("use_local_repo_only"))
    {
        return;
    }
    let chosen = systems::chosen(subject);
    let counts = |family: &Family| {
        chosen.is_empty() || chosen.iter().any(|chosen| chosen.system.family == *family)
    };
    let mut lists = LISTS.iter().filter(|(family, ..)| counts(family));
    // Where nobody knows the system, one list without PGDG says that it was thought of.
    if lists.clone().next().is_none() || lists.any(|(_, list, ..)| !has_pgdg(subject, list)) {
        return;
    }
    let off: Vec<String> = LISTS
        .iter()
        .filter(|(family, ..)| counts(family))
        .map(|(_, list, word, without)| {
            words::setting(subject.written, words::say(subject, word, list), without)
        })
        .collect();
    findings
        .at(
            Entity::Cluster,
            places::of_key(&subject.vars, "edb_repositories").unwrap_or(edb.origin),
            "EDB's repositories are enabled, and PGDG is too",
        )
        .key("cluster_vars/edb_repositories")
        .label("beside PGDG")
        .help(format!("turn PGDG off: add {} beside it", off.join(", ")));
}

/// Whether a list, or TPA's default where there is none, has PGDG.
fn has_pgdg(subject: &Subject, list: &str) -> bool {
    match subject.variable(list).and_then(Value::as_list) {
        None => true,
        Some(names) => names.iter().any(|name| name.as_text() == Some(PGDG)),
    }
}
