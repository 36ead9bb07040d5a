//! What a cluster runs: Postgres, its failover manager, what stands before it and watches it, and where packages come
//! from.

use super::Given;
use super::free::{self, Words, from};
use super::machines::Machines;
use crate::facts::choices::{
    Compliance, FailoverManager, Flavour, Keyring, PACKAGE_LISTS, PATRONI_PACKAGES,
};
use crate::facts::machines::Kind;
use crate::schema;
use crate::source::Span;
use crate::syntax::nodes;
use crate::syntax::tree::{self, Statement};
use crate::value::{Data, Key, Value};

pub(super) fn postgres(given: &Given<'_>) -> Statement {
    let redwood = match given
        .vars
        .get("epas_redwood_compat")
        .map(|value| &value.data)
    {
        Some(Data::Boolean(redwood)) => *redwood,
        // TPA's own default.
        _ => true,
    };
    let epas = given.flavour == Flavour::Epas;
    let block = epas.then(|| nodes::setting("redwood", boolean(redwood)));
    let labels = vec![
        nodes::word(given.flavour.name()),
        nodes::spelling(&given.version),
    ];
    let statement = nodes::entry("postgres", labels, block.into_iter().collect());
    at_keys(statement, given, &["postgres_flavour", "postgres_version"])
}

pub(super) fn failover(given: &Given<'_>) -> Statement {
    let mut block = Vec::new();
    match given.manager {
        FailoverManager::Efm => {
            if let Some(Data::Boolean(bind)) = data(given, "efm_bind_by_hostname") {
                block.push(nodes::setting("bind_by_hostname", boolean(*bind)));
            }
        }
        FailoverManager::Patroni => {
            let chosen = given.vars.get("patroni_package_flavour");
            let chosen = chosen.and_then(Value::as_text);
            let chosen = chosen.filter(|chosen| PATRONI_PACKAGES.contains(chosen));
            let chosen = chosen.filter(|chosen| *chosen != patroni_packages(given));
            block.extend(chosen.map(|chosen| nodes::setting("packages", nodes::word(chosen))));
        }
        FailoverManager::Repmgr | FailoverManager::None => {}
    }
    let statement = nodes::entry("failover", vec![nodes::word(given.manager.name())], block);
    at_keys(statement, given, &["failover_manager"])
}

/// Whose Patroni packages a source gets where it says nothing.
fn patroni_packages(given: &Given<'_>) -> &'static str {
    let names_edb = matches!(repositories_plan(given), Plan::Named)
        && given
            .vars
            .get("edb_repositories")
            .and_then(Value::as_list)
            .is_some_and(|list| !list.is_empty());
    if names_edb || given.machines.choices.pem || given.flavour != Flavour::Postgresql {
        "edb"
    } else {
        "community"
    }
}

fn boolean(boolean: bool) -> tree::Scalar {
    nodes::word(if boolean { "true" } else { "false" })
}

fn data<'v>(given: &Given<'v>, variable: &str) -> Option<&'v Data> {
    given.vars.get(variable).map(|value| &value.data)
}

/// Says that a statement comes from these variables.
fn at_keys(statement: Statement, given: &Given<'_>, keys: &[&str]) -> Statement {
    let mut places = keys.iter().filter_map(|key| {
        let value = given.vars.get(key)?;
        Some(given.vars.place_of(key)?.to(value.origin.place()))
    });
    let Some(first) = places.next() else {
        return statement;
    };
    let whole = places.fold(first, |whole: Span, next| Span {
        start: whole.start.min(next.start),
        end: whole.end.max(next.end),
        ..whole
    });
    from(statement, whole)
}

pub(super) fn backup_and_front(given: &Given<'_>) -> Vec<Statement> {
    let Machines { all, choices, .. } = given.machines;
    let mut statements = Vec::new();
    let api = match data(given, "enable_pg_backup_api") {
        Some(Data::Boolean(api)) => Some(*api),
        _ => None,
    };
    let has_barman = all
        .iter()
        .any(|machine| machine.has_role(crate::facts::roles::Role::Barman));
    if has_barman {
        let mut block = Vec::new();
        // The API that PEM needs is there without being asked for.
        if let Some(api) = api.filter(|api| !(*api && choices.pem)) {
            block.push(nodes::setting("api", boolean(api)));
        }
        if given.follows_primary() {
            block.push(nodes::setting("follows_primary", boolean(true)));
        }
        if let Some(witness) = given.witnesses.of_all {
            block.push(nodes::setting("witness", boolean(witness)));
        }
        if !block.is_empty() {
            let statement = nodes::short_entry("backup", vec![nodes::word("barman")], block);
            statements.push(at_keys(statement, given, &["enable_pg_backup_api"]));
        }
    } else {
        statements.push(nodes::line(
            nodes::word("backup"),
            vec![nodes::word("none")],
        ));
    }
    let line = |word: &str, tool: &str| nodes::line(nodes::word(word), vec![nodes::word(tool)]);
    if choices.pool {
        statements.push(line("pool", "pgbouncer"));
    }
    if choices.balance {
        statements.push(line("balance", Kind::Haproxy.name()));
    }
    if choices.pem {
        statements.push(line("monitor", Kind::Pem.name()));
    }
    if choices.beacon {
        let project = given.vars.get("beacon_agent_project_id");
        let project = project.and_then(Value::as_text);
        let block = project.map(|project| nodes::setting("project", nodes::text(project)));
        let labels = vec![nodes::word("beacon")];
        let statement = nodes::entry("monitor", labels, block.into_iter().collect());
        statements.push(at_keys(statement, given, &["beacon_agent_project_id"]));
    }
    statements
}

/// What says where packages come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// What the cluster needs.
    Needed,
    /// Its lists by name.
    Named,
}

fn repositories_plan(given: &Given<'_>) -> Plan {
    let texts = |key: &str| -> Option<Vec<&str>> {
        let list = given.vars.get(key)?.as_list()?;
        list.iter().map(Value::as_text).collect()
    };
    let needed = given.needed_repositories();
    let edb = texts("edb_repositories");
    if needed.is_empty() {
        let is_default = edb.as_ref().is_none_or(Vec::is_empty);
        let lists = LISTS
            .iter()
            .any(|(_, variable)| given.vars.get(variable).is_some());
        return if is_default && !lists {
            Plan::Needed
        } else {
            Plan::Named
        };
    }
    let is_default = edb.as_deref() == Some(needed);
    let as_derived = [
        texts("apt_repository_list").as_deref() == Some(&[]),
        texts("yum_repository_list").as_deref() == Some(&["EPEL"]),
        texts("suse_repository_list").as_deref() == Some(&[]),
    ];
    let derived = as_derived.iter().filter(|is| **is).count();
    if is_default && derived >= 2 {
        Plan::Needed
    } else {
        Plan::Named
    }
}

const LISTS: &[(&str, &str)] = &[
    ("apt", "apt_repository_list"),
    ("yum", "yum_repository_list"),
    ("suse", "suse_repository_list"),
];

pub(super) fn packages(given: &Given<'_>) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut repositories = Vec::new();
    if repositories_plan(given) == Plan::Named {
        let named = [("edb", "edb_repositories")];
        for (key, variable) in named.iter().chain(LISTS) {
            if let Some(list) = given
                .vars
                .get(variable)
                .filter(|list| is_list_of_texts(list))
            {
                let whole = at_keys(list_of_names(key, list), given, &[variable]);
                repositories.push(whole);
            }
        }
        // Otherwise the default would name some.
        if given.vars.get("edb_repositories").is_none() && !given.needed_repositories().is_empty() {
            repositories.insert(
                0,
                nodes::attribute(nodes::word("edb"), nodes::list(Vec::new())),
            );
        }
    }
    if let Some(Data::Boolean(only)) = data(given, "use_local_repo_only") {
        let only = nodes::setting("local_only", boolean(*only));
        repositories.push(at_keys(only, given, &["use_local_repo_only"]));
    }
    if !repositories.is_empty() {
        statements.push(nodes::short_entry("repositories", Vec::new(), repositories));
    }
    let mut packages = Vec::new();
    for (key, variable) in [
        ("extra", "packages"),
        ("optional", "optional_packages"),
        ("postgres", "extra_postgres_packages"),
        ("unwanted", "unwanted_packages"),
    ] {
        if let Some(value) = given.vars.get(variable).and_then(package_lists) {
            let statement = nodes::attribute(nodes::word(key), value);
            packages.push(at_keys(statement, given, &[variable]));
        }
    }
    if !packages.is_empty() {
        statements.push(nodes::entry("packages", Vec::new(), packages));
    }
    let versions = versions(given);
    if !versions.is_empty() {
        statements.push(nodes::entry("versions", Vec::new(), versions));
    }
    statements.extend(super::sources::sources(given));
    statements
}

fn is_list_of_texts(value: &Value) -> bool {
    value
        .as_list()
        .is_some_and(|list| list.iter().all(|item| item.as_text().is_some()))
}

fn list_of_names(key: &str, list: &Value) -> Statement {
    nodes::attribute(nodes::word(key), names(list))
}

fn names(list: &Value) -> tree::Value {
    let items = list.as_list().unwrap_or_default();
    let name = |item: &Value| {
        item.as_text()
            .map(|text| tree::Value::Scalar(nodes::name(text)))
    };
    nodes::list(items.iter().filter_map(name).collect())
}

/// TPA's lists of packages as the language has them; none where it cannot.
fn package_lists(value: &Value) -> Option<tree::Value> {
    let map = value.as_map().filter(|map| !map.is_empty())?;
    let known = |(key, list): (&Key, &Value)| {
        matches!(key, Key::Text(key) if PACKAGE_LISTS.contains(&key.as_str()))
            && is_list_of_texts(list)
    };
    if !map.iter().all(known) {
        return None;
    }
    if let (Some(common), 1) = (map.get("common"), map.len()) {
        return Some(names(common));
    }
    let lists = map.iter().map(|(key, list)| match key {
        Key::Text(key) => list_of_names(key, list),
        Key::Integer(_) => list_of_names("", list),
    });
    Some(nodes::map(lists.collect()))
}

fn versions(given: &Given<'_>) -> Vec<Statement> {
    let block = schema::cluster::CLUSTER
        .entry("versions")
        .and_then(|entry| entry.block);
    let components = block.into_iter().flat_map(schema::Block::words);
    components
        .filter_map(|component| {
            let variable = format!("{}_package_version", component.replace('-', "_"));
            let version = given.vars.get(&variable)?.as_text()?;
            let is_version = !version.is_empty()
                && version
                    .chars()
                    .all(|character| character.is_ascii_graphic());
            let statement = nodes::setting(component, nodes::spelling(version));
            is_version.then(|| at_keys(statement, given, &[&variable]))
        })
        .collect()
}

pub(super) fn whole_cluster(given: &Given<'_>) -> Vec<Statement> {
    let mut statements = Vec::new();
    let setting = |key: &'static str| given.document.get(key);
    let place = |key: &str, value: &Value| {
        let at = given.document.place_of(key);
        at.unwrap_or(Span::NONE).to(value.origin.place())
    };
    if let Some(value) = setting("compliance")
        && given.compliance().is_some()
    {
        let word = nodes::word(value.as_text().unwrap_or_default());
        let statement = nodes::setting("compliance", word);
        statements.push(from(statement, place("compliance", value)));
    }
    let keyring = setting("keyring_backend");
    if let Some(value) = keyring
        && value.as_text().and_then(Keyring::parse) == Some(Keyring::Legacy)
    {
        let statement = nodes::setting("keyring", nodes::word(Keyring::Legacy.name()));
        statements.push(from(statement, place("keyring_backend", value)));
    }
    if let Some(value) = setting("ansible_tower")
        && let Some(tower) = value.as_map()
    {
        let urls = ["api_url", "git_repository"].into_iter().filter_map(|key| {
            let url = tower.get(key)?.as_text()?;
            Some(nodes::setting(key, nodes::text(url)))
        });
        let statement = nodes::entry("tower", Vec::new(), urls.collect());
        statements.push(from(statement, place("ansible_tower", value)));
    }
    if let Some(tags) = setting("cluster_tags").and_then(Value::as_map) {
        statements.extend(free::block("tags", tags, Words::Quoted));
    }
    statements
}

/// The standard that a config.yml satisfies, where the language's statement can say so.
pub(super) fn compliance(given: &Given<'_>) -> Option<Compliance> {
    let written = given.document.get("compliance")?.as_text()?;
    let standard = Compliance::parse(written)?;
    let possible = match standard {
        Compliance::Cis => true,
        // The system of the machines, which it needs, is not in config.yml.
        Compliance::Stig => false,
    };
    possible.then_some(standard)
}
