use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, extensions};
use crate::origin::Origin;
use crate::topology::{FailoverManager, Flavour};
use crate::tpa::view::Subject;
use crate::tpa::view::truth;
use crate::tpa::view::{Entity, Written, places};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds software of EDB's in clusters that do not enable the EDB repository it comes from: EPAS needs `enterprise`;
    /// EDB Postgres Extended, EFM, PEM, the Beacon agent and EDB's Patroni packages need `standard` or `enterprise`.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` accepts it, and `tpaexec deploy` finds no package to install.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover efm
    ///   platform bare
    ///   repositories { edb = [] }
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover efm
    ///   platform bare
    ///   repositories { edb = [standard] }
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static EDB_REPO_REQUIRED = {
        name: "edb-repo-required",
        level: Error,
        summary: "software whose EDB repository is not enabled",
        consequence: "`tpaexec deploy` finds no package to install",
    }
}

/// Extensions with packages of EDB's.
const EXTENSIONS: &[&str] = &[
    "edb_pg_tuner",
    "edb_stat_monitor",
    "edb_wait_states",
    "query_advisor",
    "sql_profiler",
];

const API: &str = "pg-backup-api";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    // Packages may come from the cluster's own repository, or be built.
    let local = subject
        .variable("use_local_repo_only")
        .and_then(truth::ansible_bool);
    let built = |component: &str| {
        let method = subject.text(&format!("{component}_installation_method"));
        method.is_some_and(|method| method.value == "src")
    };
    if local == Some(true)
        || subject
            .variable("edb_repositories")
            .is_some_and(|list| list.as_list().is_none())
    {
        return;
    }
    let mut lacking = needs(subject, &built);
    if lacking.is_empty() {
        return;
    }
    let enabled: Vec<String> = subject
        .variable("edb_repositories")
        .and_then(Value::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(Value::spelling)
        .collect();
    let has = |name: &str| enabled.iter().any(|known| known == name);
    let any = has("standard") || has("enterprise");
    lacking.retain(|(_, needs, _)| {
        if *needs == "enterprise" {
            !has("enterprise")
        } else {
            !any
        }
    });
    let remedy = statement(&enabled, &lacking);
    for (what, needs, at) in lacking {
        let repositories = places::of_key(&subject.vars, "edb_repositories");
        let finding = findings
            .at(
                Entity::Cluster,
                at,
                format!("{what} comes from EDB's repository `{needs}`, which is not enabled"),
            )
            .key("cluster_vars/edb_repositories")
            .label(format!("needs `{needs}`"))
            .help(match subject.written {
                Written::Source => remedy.clone(),
                Written::Config => {
                    format!("add `{needs}` to `edb_repositories` in `cluster_vars`")
                }
            });
        // m1c enables none for it before 23.45, as TPA's configure does, and none beside lists that are written.
        if what == API && subject.written == Written::Config {
            finding.help(
                "add `standard` to `edb_repositories` in `cluster_vars`, and turn PGDG off: `apt_repository_list: []`, `yum_repository_list: [EPEL]`, `suse_repository_list: []`",
            );
        }
        if let Some(repositories) = repositories {
            finding.related(repositories, "these are enabled");
        }
    }
}

/// What a source says for everything that the cluster lacks: of EDB's two repositories `enterprise` has all.
fn statement(enabled: &[String], lacking: &[(String, &'static str, Origin)]) -> String {
    let needs_all = lacking.iter().any(|(_, needs, _)| *needs == "enterprise");
    let needed = if needs_all { "enterprise" } else { "standard" };
    let names = enabled.iter().map(String::as_str).chain([needed]);
    let names = names.collect::<Vec<_>>().join(", ");
    if lacking.iter().any(|(what, ..)| what == API) {
        format!(
            "write `repositories {{ edb = [{names}]; apt = []; yum = [EPEL]; suse = [] }}`, which turns PGDG off beside it"
        )
    } else {
        format!(
            "write `repositories {{ edb = [{names}] }}`, or leave `edb` out: it is then what the cluster needs"
        )
    }
}

/// What the cluster has of EDB's, the repository that it needs, and where that follows from.
fn needs(subject: &Subject, built: &dyn Fn(&str) -> bool) -> Vec<(String, &'static str, Origin)> {
    let mut needs = Vec::new();
    let at = |variable: &str| {
        subject
            .variable(variable)
            .map_or(subject.at, |value| value.origin)
    };
    match subject.flavour() {
        Some(Flavour::Epas) if !built("postgres") => {
            needs.push(("EPAS".to_owned(), "enterprise", at("postgres_flavour")));
        }
        Some(Flavour::Edbpge) if !built("postgres") => {
            needs.push((
                "EDB Postgres Extended".to_owned(),
                "standard",
                at("postgres_flavour"),
            ));
        }
        Some(Flavour::Postgresql | Flavour::Epas | Flavour::Edbpge | Flavour::Pgextended)
        | None => {}
    }
    match subject.failover_manager() {
        Some(FailoverManager::Efm) if subject.variable("failover_manager").is_some() => {
            needs.push(("EFM".to_owned(), "standard", at("failover_manager")));
        }
        Some(FailoverManager::Patroni) if !built("patroni") => {
            let edb = subject.text("patroni_package_flavour");
            if let Some(edb) = edb.filter(|flavour| flavour.value == "edb") {
                needs.push((
                    "EDB's package of Patroni".to_owned(),
                    "standard",
                    edb.origin,
                ));
            }
        }
        Some(
            FailoverManager::Efm
            | FailoverManager::Patroni
            | FailoverManager::Repmgr
            | FailoverManager::None,
        )
        | None => {}
    }
    let api = subject.variable("enable_pg_backup_api");
    if let Some(api) =
        api.filter(|api| api.origin.is_written() && truth::ansible_bool(api) == Some(true))
        && subject.with_role(Role::Barman).next().is_some()
        && !built("pg_backup_api")
    {
        needs.push((API.to_owned(), "standard", api.origin));
    }
    for extension in extensions::used(subject) {
        if EXTENSIONS.contains(&extension.name.as_str()) {
            let what = format!("the extension `{}`", extension.name);
            needs.push((what, "standard", extension.at));
        }
    }
    for (role, what) in [
        (Role::PemServer, "PEM"),
        (Role::BeaconAgent, "the Beacon agent"),
    ] {
        if let Some(instance) = subject.with_role(role).next() {
            let at = instance.role(role);
            needs.push((
                what.to_owned(),
                "standard",
                at.map_or(instance.at, |role| role.origin),
            ));
        }
    }
    needs
}
