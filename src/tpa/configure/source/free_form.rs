//! `vars`, `defaults` and `settings`: what no statement of the language says.

use serde_yaml::{Mapping, Value};

use super::{Parts, new_clusters, software};
use crate::syntax::tree::Statement;
use crate::tpa::configure::free::{self, Words};
use crate::tpa::configure::nodes;
use crate::tpa::configure::refusal::Refusal;
use crate::tpa::configure::values::Given;
use crate::tpa::configure::values::PROJECT;

/// TPA's names of options and variables that statements and variables alike depend on.
pub(super) const REDWOOD: &str = "epas_redwood_compat";
pub(super) const KEYRING: &str = "keyring_backend";

pub(super) fn free_form(parts: &Parts) -> Result<Vec<Statement>, Refusal> {
    let blocks = [
        ("vars", "cluster_vars", vars(parts)),
        (
            "defaults",
            "instance_defaults",
            parts.effects.defaults.clone(),
        ),
        ("settings", "config.yml", settings(parts)),
    ];
    let mut statements = Vec::new();
    for (word, place, map) in blocks {
        if !map.is_empty() {
            let entries = free::entries(&map, place, Words::Bare)?;
            statements.push(nodes::apart(nodes::entry(word, Vec::new(), entries)));
        }
    }
    Ok(statements)
}

fn vars(parts: &Parts) -> Mapping {
    let values = &parts.request.values;
    let mut vars = Mapping::new();
    let mut set = |name: &str, value: Value| vars.insert(name.into(), value);
    if let Some(python) = parts.image.python {
        set("preferred_python_version", python.into());
    }
    for (variable, version) in software::odd_versions(values) {
        set(variable, version.into());
    }
    if let Some(repositories) = values.list("tpa_2q_repositories") {
        set("tpa_2q_repositories", repositories.to_vec().into());
    }
    if values.is_on("use_volatile_subscriptions") {
        set("use_volatile_subscriptions", true.into());
    }
    if let Some(project) = values
        .text(PROJECT)
        .filter(|_| !values.is_on("enable_beacon_agent"))
    {
        set(PROJECT, project.into());
    }
    vars.extend(new_clusters::vars(parts));
    for (name, value) in &parts.effects.vars {
        // `redwood` says it already.
        let said = name.as_str() == Some(REDWOOD)
            && value.is_bool()
            && matches!(values.get(REDWOOD), Some(Given::Boolean(_)));
        if !said {
            vars.insert(name.clone(), value.clone());
        }
    }
    vars
}

fn settings(parts: &Parts) -> Mapping {
    let mut settings = Mapping::new();
    let keyring = parts.request.values.text(KEYRING);
    // TPA takes any word from the environment, and makes a vault's name for `system` alone.
    if let Some(keyring) = keyring.filter(|keyring| !matches!(*keyring, "system" | "legacy")) {
        settings.insert(KEYRING.into(), keyring.into());
    }
    settings.extend(parts.effects.settings.clone());
    settings
}
