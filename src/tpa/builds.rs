//! What TPA can build from source, and the variables that tell it to.

use crate::origin::{Origin, Sourced};
use crate::schema;
use crate::topology::SourceBuild;
use crate::value::{Map, Value};

/// How TPA is told to build something.
enum Build {
    /// Variables that begin with this word.
    Component {
        variables: &'static str,
        repository: &'static str,
    },
    /// An extension in the list `install_from_source`.
    Extension {
        name: &'static str,
        repository: &'static str,
        reference: Option<&'static str>,
        commands: &'static [&'static str],
    },
}

const PGLOGICAL: &str = "git@github.com:EnterpriseDB/pglogical.git";
const BDR: &str = "git@github.com:EnterpriseDB/bdr.git";
const BUILD_BDR: &[&str] = &["make -C /opt/postgres/src/bdr -s install"];

fn build(name: &str) -> Option<Build> {
    let component = |variables, repository| Build::Component {
        variables,
        repository,
    };
    let bdr = |reference| Build::Extension {
        name: "bdr",
        repository: BDR,
        reference,
        commands: BUILD_BDR,
    };
    Some(match name {
        "postgres" => component("postgres", "https://git.postgresql.org/git/postgresql.git"),
        "2ndqpostgres" => component("postgres", "git@github.com:EnterpriseDB/2ndqpostgres.git"),
        "epas" => component("postgres", "git@github.com:EnterpriseDB/edbas.git"),
        "barman" => component("barman", "git@github.com:EnterpriseDB/barman.git"),
        "pg-backup-api" => component(
            "pg_backup_api",
            "git@github.com:EnterpriseDB/pg-backup-api.git",
        ),
        "patroni" => component("patroni", "https://github.com/zalando/patroni.git"),
        "patroni-edb" => component("patroni", "https://github.com/EnterpriseDB/patroni.git"),
        "pglogical3" => Build::Extension {
            name: "pglogical",
            repository: PGLOGICAL,
            reference: Some("REL3_7_STABLE"),
            commands: &[],
        },
        "bdr3" => bdr(Some("REL3_7_STABLE")),
        "bdr4" => bdr(Some("REL_4_STABLE")),
        "bdr5" => bdr(None),
        _ => return None,
    })
}

/// Adds the variables of everything that is built. Of two builds of one component the later one holds.
pub(super) fn add(sources: &[SourceBuild], vars: &mut Map) {
    let mut extensions = Vec::new();
    for source in sources {
        let origin = source.name.origin;
        let text = |text: &str| Value::text(text, origin);
        match build(&source.name.value) {
            Some(Build::Component {
                variables,
                repository,
            }) => {
                let variable = |suffix: &str| format!("{variables}_{suffix}");
                vars.set(variable("installation_method").as_str(), text("src"));
                vars.set(variable("git_url").as_str(), text(repository));
                if let Some(Sourced { value, origin }) = &source.reference {
                    vars.set(variable("git_ref").as_str(), Value::text(value, *origin));
                }
            }
            Some(Build::Extension {
                name,
                repository,
                reference,
                commands,
            }) => {
                let mut extension = Map::default();
                extension.set("name", text(name));
                extension.set("git_repository_url", text(repository));
                let written = source.reference.as_ref();
                let written = written.map(|text| Value::text(text.value.as_str(), text.origin));
                if let Some(reference) = written.or_else(|| reference.map(text)) {
                    extension.set("git_repository_ref", reference);
                }
                if !commands.is_empty() {
                    extension.set("build_commands", Value::texts(commands, origin));
                }
                extensions.push(Value::map(extension, origin));
            }
            None => {}
        }
    }
    if let Some(first) = extensions.first() {
        let origin: Origin = first.origin;
        vars.set("install_from_source", Value::list(extensions, origin));
    }
}

/// The names of everything that TPA can build.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let block = schema::cluster::CLUSTER
        .entry("sources")
        .and_then(|entry| entry.block);
    block
        .into_iter()
        .flat_map(schema::Block::words)
        .filter(|word| *word != "allow")
}

/// The components that variables have built from source, with their branches, tags or commits.
pub fn components(vars: &Map) -> Vec<(&'static str, Option<&str>)> {
    let text = |variable: String| vars.get(&variable).and_then(Value::as_text);
    let found = names().filter_map(|name| match build(name)? {
        Build::Component {
            variables,
            repository,
        } => {
            let is_built = text(format!("{variables}_installation_method")) == Some("src")
                && text(format!("{variables}_git_url")) == Some(repository);
            is_built.then(|| (name, text(format!("{variables}_git_ref"))))
        }
        Build::Extension { .. } => None,
    });
    found.collect()
}

/// What an entry of `install_from_source` builds, with its branch, tag or commit where that is not the usual one.
pub fn extension(entry: &Map) -> Option<(&'static str, Option<&str>)> {
    let text = |key: &str| entry.get(key).and_then(Value::as_text);
    let reference = text("git_repository_ref");
    let same_name = |build: &Build| {
        matches!(build, Build::Extension { name, repository, .. }
            if text("name") == Some(name) && text("git_repository_url") == Some(repository))
    };
    let usual = |build: &Build| matches!(build, Build::Extension { reference: usual, .. } if *usual == reference);
    let all: Vec<(&str, Build)> = names()
        .filter_map(|name| Some((name, build(name)?)))
        .filter(|(_, build)| same_name(build))
        .collect();
    let exact = all.iter().find(|(_, build)| usual(build));
    match (exact, all.last()) {
        (Some((name, _)), _) => Some((name, None)),
        (None, Some((name, _))) => Some((name, reference)),
        (None, None) => None,
    }
}
