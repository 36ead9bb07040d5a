//! The top-level settings of config.yml that no platform owns.

use crate::origin::{Origin, Sourced};
use crate::topology::{Cluster, Tower};
use crate::value::{Map, Value};

pub(super) const TOWER: &str = "ansible_tower";

pub(super) fn general(cluster: &Cluster) -> Map {
    let mut settings = Map::default();
    if let Some(compliance) = cluster.compliance {
        settings.set(
            "compliance",
            Value::text(compliance.value.name(), compliance.origin),
        );
    }
    if let Some(first) = cluster.sources.first() {
        let origin = Origin::Derived {
            from: first.name.origin.place(),
            rule: "sources are fetched with the ssh keys of whoever deploys",
        };
        settings.set("forward_ssh_agent", Value::text("yes", origin));
    }
    let keyring = cluster.keyring;
    settings.set(
        "keyring_backend",
        Value::text(keyring.value.name(), keyring.origin),
    );
    super::set_text(&mut settings, "vault_name", cluster.vault_name.as_ref());
    let api_url = cluster
        .tower
        .as_ref()
        .and_then(|tower| tower.api_url.as_ref());
    if let Some(Sourced { origin, .. }) = api_url {
        let rule = "Tower has its own ssh keys";
        let from = origin.place();
        settings.set(
            "use_ssh_agent",
            Value::text("true", Origin::Derived { from, rule }),
        );
    }
    settings
}

/// The section of Ansible Tower; empty without it.
pub(super) fn tower(tower: Option<&Tower>) -> Map {
    let Some(Tower {
        api_url,
        git_repository,
    }) = tower
    else {
        return Map::default();
    };
    let mut settings = Map::default();
    super::set_text(&mut settings, "api_url", api_url.as_ref());
    super::set_text(&mut settings, "git_repository", git_repository.as_ref());
    let origin = Origin::Default("`tower`");
    super::section(TOWER, Value::map(settings, origin))
}
