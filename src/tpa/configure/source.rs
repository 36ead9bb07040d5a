//! What the options ask for becomes a source: the tree that a person would have written, saying only what differs from
//! the language's defaults and from the rules of the build.

mod free_form;
mod machines;
mod new_clusters;
mod platform;
mod software;

use super::free::{self, Words};
use super::host_names::Host;
use super::images::Chosen;
use super::nodes;
use super::overrides::Effects;
use super::refusal::Refusal;
use super::request::Request;
use super::subnets::Network;
use crate::source::FileId;
use crate::syntax::Tree;
use crate::syntax::tree::{Body, Statement};
use crate::topology::FailoverManager;

/// Everything that a source is made from.
pub(super) struct Parts {
    pub(super) request: Request,
    pub(super) hosts: Option<Vec<Host>>,
    pub(super) image: Chosen,
    pub(super) network: Network,
    /// Sizes in GB by purpose, where they differ from the defaults.
    pub(super) volumes: Vec<(&'static str, i64)>,
    pub(super) effects: Effects,
    /// The location that the machines of each location are in.
    pub(super) destinations: Vec<usize>,
}

pub(super) fn source(parts: &Parts) -> Result<Tree, Refusal> {
    let request = &parts.request;
    let tpa = nodes::setting("tpa", nodes::spelling(&request.tpa.spelled()));
    let mut statements = vec![tpa, nodes::apart(postgres(parts)), failover(parts)];
    statements.extend(software::front_and_monitor(request));
    statements.push(platform::platform(parts)?);
    statements.extend(platform::network(parts));
    statements.extend(software::backup(parts));
    statements.extend(software::packages(parts));
    statements.extend(whole_cluster(parts)?);
    statements.extend(machines::machines(parts)?);
    statements.extend(free_form::free_form(parts)?);
    let cluster = nodes::long_entry("cluster", vec![nodes::name(&request.cluster)], statements);
    Ok(Tree {
        file: FileId::NONE,
        body: Body {
            statements: vec![cluster],
            end: Vec::new(),
        },
        is_cut: false,
    })
}

fn boolean(boolean: bool) -> crate::syntax::tree::Scalar {
    nodes::word(if boolean { "true" } else { "false" })
}

fn postgres(parts: &Parts) -> Statement {
    let request = &parts.request;
    let overridden = parts
        .effects
        .vars
        .get(free_form::REDWOOD)
        .and_then(serde_yaml::Value::as_bool);
    let redwood = request.values.boolean(free_form::REDWOOD);
    let redwood = redwood.map(|redwood| overridden.unwrap_or(redwood));
    let block = redwood.map(|redwood| nodes::setting("redwood", boolean(redwood)));
    let labels = vec![
        nodes::word(request.flavour.name()),
        nodes::spelling(&request.version),
    ];
    nodes::entry("postgres", labels, block.into_iter().collect())
}

fn failover(parts: &Parts) -> Statement {
    let request = &parts.request;
    let manager = request.layout.manager;
    let values = &request.values;
    let mut block = Vec::new();
    match manager {
        FailoverManager::Efm if values.is_on("efm_bind_by_hostname") => {
            block.push(nodes::setting("bind_by_hostname", boolean(true)));
        }
        FailoverManager::Patroni => {
            let chosen = values.text("patroni_package_flavour");
            let chosen = chosen.filter(|chosen| *chosen != software::patroni_packages(request));
            block.extend(chosen.map(|chosen| nodes::setting("packages", nodes::word(chosen))));
        }
        FailoverManager::Efm | FailoverManager::Repmgr | FailoverManager::None => {}
    }
    block.extend(new_clusters::failover(parts));
    nodes::entry("failover", vec![nodes::word(manager.name())], block)
}

/// What concerns neither software nor machines.
fn whole_cluster(parts: &Parts) -> Result<Vec<Statement>, Refusal> {
    let values = &parts.request.values;
    let mut statements = Vec::new();
    if let Some(compliance) = values.text("compliance") {
        statements.push(nodes::setting("compliance", nodes::word(compliance)));
    }
    if values
        .text(free_form::KEYRING)
        .is_some_and(|keyring| keyring != "system")
    {
        statements.push(nodes::setting("keyring", nodes::word("legacy")));
    }
    let mut tower = Vec::new();
    for (key, option) in [
        ("api_url", "tower_api_url"),
        ("git_repository", "tower_git_repository"),
    ] {
        tower.extend(
            values
                .text(option)
                .map(|url| nodes::setting(key, nodes::text(url))),
        );
    }
    if !tower.is_empty() {
        statements.push(nodes::entry("tower", Vec::new(), tower));
    }
    let mut tags = serde_yaml::Mapping::new();
    if let Some(owner) = values.text("owner")
        && parts.request.platform == crate::facts::tables::Platform::Aws
    {
        tags.insert("Owner".into(), owner.into());
    }
    tags.extend(parts.effects.tags.clone());
    if !tags.is_empty() {
        let tags = free::entries(&tags, "cluster_tags", Words::Quoted)?;
        statements.push(nodes::entry("tags", Vec::new(), tags));
    }
    Ok(statements)
}
