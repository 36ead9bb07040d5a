//! The entries of `instances` in the steps that TPA takes before it provisions: with what they inherit.

use super::Instance;
use super::inherit::{self, inherit, volumes};
use crate::facts::choices::Platform;
use crate::origin::Origin;
use crate::value::{Map, Value};

/// Keys that TPA takes from the tags of an instance, where they are there.
const MOVED: [&str; 3] = ["upstream", "backup", "role"];

/// What TPA makes of an entry of `instances`. The only place where an instance inherits.
pub(super) struct Expansion {
    /// The entry with `instance_defaults` and its location's keys under it; its own volumes and tags as they stand.
    pub(super) entry: Map,
    /// The place of its location among those of config.yml.
    pub(super) location: Option<usize>,
    /// Its volumes with the default ones, those of type `none` left out. Entries that are not maps are left out too.
    pub(super) volumes: Vec<Map>,
}

/// Expands an entry as TPA does: `instance_defaults` under it, and then its location's keys.
pub(super) fn expand(own: &Map, defaults: &Map, locations: &[&Map]) -> Expansion {
    let mut entry = own.clone();
    inherit(&mut entry, defaults, "default_volumes");
    let volumes = volumes(entry.get("volumes"), defaults.get("default_volumes"));
    let names = locations
        .iter()
        .map(|location| location.get("Name").and_then(Value::as_text));
    let location = inherit::location(entry.get("location"), names);
    if let Some(location) = location.and_then(|place| locations.get(place)) {
        inherit(&mut entry, location, "Name");
    }
    Expansion {
        entry,
        location,
        volumes,
    }
}

/// A key that TPA takes from the tags where it is there. It does so before it merges the defaults, so only the
/// instance's own tags count.
pub(super) fn moved<'e>(own: &'e Map, entry: &'e Map, key: &str) -> Option<&'e Value> {
    let tags = own.get("tags").and_then(Value::as_map);
    tags.and_then(|tags| tags.get(key))
        .or_else(|| entry.get(key))
}

impl Instance {
    /// Its entry when TPA provisions: with the volumes of both lists, and the keys that it takes from the tags.
    pub fn provisioned(&self) -> Map {
        let mut keys = self.entry.clone();
        let has_volumes = keys.get("volumes").is_some() || !self.volumes.is_empty();
        if !self.is_on(Platform::Docker) && has_volumes {
            let volumes = self.volumes.iter().cloned();
            let volumes = volumes.map(|volume| Value::map(volume, self.at));
            keys.set("volumes", Value::list(volumes.collect(), self.at));
        }
        for key in MOVED {
            if let Some(value) = moved(&self.own, &self.entry, key) {
                keys.set(key, value.clone());
            }
        }
        keys
    }
}

/// `instance_defaults` over what stands under it in TPA: its own defaults, and some top-level keys of config.yml.
pub(super) fn defaults(written: &Map, document: &Map) -> Map {
    let mut defaults = written.clone();
    let mut below = Map::default();
    let origin = Origin::Default("TPA's default platform");
    below.set("platform", Value::text(Platform::DEFAULT.name(), origin));
    for key in ["route53_zone", "route53_hosted_zone_id"] {
        if let Some(value) = document.get(key) {
            below.set(key, value.clone());
        }
    }
    let user = ["cluster_ssh_user", "ec2_ami_user"]
        .iter()
        .find_map(|key| document.get(key));
    if let Some(user) = user {
        let mut vars = Map::default();
        vars.set("ansible_user", user.clone());
        below.set("vars", Value::map(vars, user.origin));
    }
    inherit(&mut defaults, &below, "");
    defaults
}
