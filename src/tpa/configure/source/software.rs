//! Statements about what runs beside Postgres, and where packages come from.

use super::{Parts, boolean};
use crate::facts::choices::{COMMUNITY_REPOSITORY, YUM_WITH_EDB};
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Check};
use crate::syntax::tree::Statement;
use crate::topology::Flavour;
use crate::tpa::configure::layout::Layout;
use crate::tpa::configure::nodes;
use crate::tpa::configure::options;
use crate::tpa::configure::request::Request;
use crate::tpa::configure::values::{Given, PROJECT, Values};

pub(super) fn front_and_monitor(request: &Request) -> Vec<Statement> {
    let values = &request.values;
    let mut statements = Vec::new();
    if values.is_on("enable_pgbouncer") {
        statements.push(nodes::line(
            nodes::word("pool"),
            vec![nodes::word("pgbouncer")],
        ));
    }
    if values.is_on("enable_haproxy") {
        statements.push(nodes::line(
            nodes::word("balance"),
            vec![nodes::word("haproxy")],
        ));
    }
    if values.is_on("enable_pem") {
        statements.push(nodes::line(
            nodes::word("monitor"),
            vec![nodes::word("pem")],
        ));
    }
    if values.is_on("enable_beacon_agent") {
        let project = values.text(PROJECT);
        let project = project.map(|project| nodes::setting("project", nodes::text(project)));
        let block = project.into_iter().collect();
        statements.push(nodes::entry("monitor", vec![nodes::word("beacon")], block));
    }
    statements
}

/// Whose packages of Patroni are installed when nothing is said.
pub(super) fn patroni_packages(request: &Request) -> &'static str {
    let values = &request.values;
    let repositories = values.list("edb_repositories").is_some() && !has_no_repositories(values);
    let api = values.is_on("enable_pg_backup_api")
        && values.list("edb_repositories").is_none()
        && !values.is_on("use_local_repo_only")
        && changes::does(request.tpa, Check::BackupApiBringsRepository);
    if repositories || values.is_on("enable_pem") || request.flavour != Flavour::Postgresql || api {
        "edb"
    } else {
        "community"
    }
}

/// Whether EDB repositories that are named leave nothing of PGDG.
fn turns_pgdg_off(tpa: TpaVersion, names: &[String]) -> bool {
    changes::does(tpa, Check::NamedRepositoriesAlone)
        && !names.iter().any(|name| name == COMMUNITY_REPOSITORY)
}

/// Whether EDB's repositories are turned off: by the one word `none`.
fn has_no_repositories(values: &Values) -> bool {
    matches!(values.list("edb_repositories"), Some([none]) if none == "none")
}

pub(super) fn backup(parts: &Parts) -> Option<Statement> {
    let values = &parts.request.values;
    let layout = &parts.request.layout;
    let mut block = Vec::new();
    // With PEM it runs anyway.
    if values.is_on("enable_pg_backup_api")
        && !layout.pem
        && !is_overridden(parts, "enable_pg_backup_api")
    {
        block.push(nodes::setting("api", boolean(true)));
    }
    let witness = layout.witness_in_tpa();
    let differs = witness != layout.witness_by_rule();
    if differs {
        block.push(nodes::setting("witness", boolean(witness)));
    }
    let backup =
        (!block.is_empty()).then(|| nodes::entry("backup", vec![nodes::word("barman")], block))?;
    Some(if differs {
        nodes::remark(backup, &votes(layout, witness))
    } else {
        backup
    })
}

/// What TPA's layout comes to where it is not what m1c would do.
fn votes(layout: &Layout, witness: bool) -> String {
    if witness {
        "TPA's result: two witnesses".to_owned()
    } else {
        format!(
            "TPA's result: {} data nodes and no witness",
            layout.voting_data_nodes()
        )
    }
}

/// Whether an overrides file sets a variable that a statement would set.
fn is_overridden(parts: &Parts, variable: &str) -> bool {
    parts.effects.vars.contains_key(variable)
}

/// Repositories, packages, their versions, and what is built from source.
pub(super) fn packages(parts: &Parts) -> Vec<Statement> {
    let values = &parts.request.values;
    let mut repositories = Vec::new();
    if let Some(names) = values.list("edb_repositories") {
        let names = if has_no_repositories(values) {
            &[]
        } else {
            names
        };
        repositories.push(nodes::attribute(nodes::word("edb"), nodes::names(names)));
        if turns_pgdg_off(parts.request.tpa, names) {
            for (word, list) in [("apt", &[][..]), ("yum", YUM_WITH_EDB), ("suse", &[])] {
                let list: Vec<String> = list.iter().map(|name| (*name).to_owned()).collect();
                repositories.push(nodes::attribute(nodes::word(word), nodes::names(&list)));
            }
        }
    }
    if values.is_on("use_local_repo_only") && !is_overridden(parts, "use_local_repo_only") {
        repositories.push(nodes::setting("local_only", boolean(true)));
    }
    let mut packages = Vec::new();
    for (key, option, variable) in [
        ("extra", "extra_packages", "packages"),
        ("optional", "extra_optional_packages", "optional_packages"),
        (
            "postgres",
            "extra_postgres_packages",
            "extra_postgres_packages",
        ),
    ] {
        if let Some(names) = values.list(option)
            && !is_overridden(parts, variable)
        {
            packages.push(nodes::attribute(nodes::word(key), nodes::names(names)));
        }
    }
    let versions = versions(values)
        .filter(|(_, variable, version)| is_version(version) && !is_overridden(parts, variable))
        .map(|(component, _, version)| nodes::setting(component, nodes::spelling(version)));
    let sources = parts.request.builds.iter().map(|build| {
        let reference = build.reference.as_deref().map(nodes::free_text);
        nodes::line(nodes::name(&build.name), reference.into_iter().collect())
    });
    [
        ("repositories", repositories),
        ("packages", packages),
        ("versions", versions.collect()),
        ("sources", sources.collect()),
    ]
    .into_iter()
    .filter(|(_, block)| !block.is_empty())
    .map(|(word, block)| nodes::entry(word, Vec::new(), block))
    .collect()
}

/// Component, variable and version of each option `--X-package-version` that is given.
fn versions(values: &Values) -> impl Iterator<Item = (&'static str, &'static str, &str)> {
    options::all().filter_map(|option| {
        let component = option
            .name()
            .strip_prefix("--")?
            .strip_suffix("-package-version")?;
        match values.get(option.sets)? {
            Given::Text(version) => Some((component, option.sets, version.as_str())),
            Given::Boolean(_) | Given::Integer(_) | Given::List(_) => None,
        }
    })
}

/// The versions that `versions` does not take, by their variables: TPA takes any text.
pub(super) fn odd_versions(values: &Values) -> impl Iterator<Item = (&'static str, &str)> {
    versions(values)
        .filter(|(_, _, version)| !is_version(version))
        .map(|(_, variable, version)| (variable, version))
}

fn is_version(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_ascii_graphic())
}
