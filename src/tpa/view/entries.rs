//! The entries of `instances` in the steps that TPA takes before it provisions: with what they inherit.

use super::inherit::{self, inherit, volumes};
use crate::origin::Origin;
use crate::value::{Map, Value};

/// An entry of `instances`, with `instance_defaults` and its location's keys under it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub keys: Map,
    /// The place of its location among those of config.yml.
    pub location: Option<usize>,
    pub at: Origin,
}

/// The machines of a config.yml, in its order; `settings` are its top-level keys.
pub fn entries(
    settings: &Map,
    defaults: &Map,
    locations: &[Value],
    instances: &[Value],
) -> Vec<Entry> {
    let mut defaults = defaults.clone();
    inherit(&mut defaults, &built_in(settings), "");
    let locations: Vec<&Map> = locations.iter().filter_map(Value::as_map).collect();
    instances
        .iter()
        .filter_map(|instance| Some((instance.as_map()?, instance.origin)))
        .map(|(instance, at)| entry(instance, at, &defaults, &locations))
        .collect()
}

/// What TPA makes of an entry of `instances`. The only place where an instance inherits.
pub struct Expansion<'e> {
    /// The entry with `instance_defaults` and its location's keys under it; its own volumes and tags as they stand.
    pub entry: Map,
    /// The place of its location among those of config.yml.
    pub location: Option<usize>,
    /// Its volumes with the default ones, those of type `none` left out. Entries that are not maps are left out too.
    pub volumes: Vec<Map>,
    own_tags: Option<&'e Map>,
}

impl Expansion<'_> {
    /// A key that TPA takes from the tags where it is there. It does so before it merges the defaults, so only the
    /// instance's own tags count.
    pub fn moved(&self, key: &str) -> Option<&Value> {
        let tag = self.own_tags.and_then(|tags| tags.get(key));
        tag.or_else(|| self.entry.get(key))
    }
}

/// Expands an entry as TPA does: `instance_defaults` under it, and then its location's keys.
pub fn expand<'e>(own: &'e Map, defaults: &Map, locations: &[&Map]) -> Expansion<'e> {
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
        own_tags: own.get("tags").and_then(Value::as_map),
    }
}

fn entry(instance: &Map, at: Origin, defaults: &Map, locations: &[&Map]) -> Entry {
    let expansion = expand(instance, defaults, locations);
    let mut keys = expansion.entry.clone();
    let has_volumes = keys.get("volumes").is_some() || defaults.get("default_volumes").is_some();
    if keys.get("platform").and_then(Value::as_text) != Some("docker") && has_volumes {
        let volumes = expansion.volumes.iter().cloned();
        let volumes = volumes.map(|volume| Value::map(volume, at));
        keys.set("volumes", Value::list(volumes.collect(), at));
    }
    for key in ["upstream", "backup", "role"] {
        if let Some(value) = expansion.moved(key) {
            keys.set(key, value.clone());
        }
    }
    Entry {
        keys,
        location: expansion.location,
        at,
    }
}

/// What stands under `instance_defaults` in TPA.
fn built_in(settings: &Map) -> Map {
    let mut defaults = Map::default();
    let origin = Origin::Default("TPA's default platform");
    defaults.set("platform", Value::text("aws", origin));
    for key in ["route53_zone", "route53_hosted_zone_id"] {
        if let Some(value) = settings.get(key) {
            defaults.set(key, value.clone());
        }
    }
    let user = ["cluster_ssh_user", "ec2_ami_user"]
        .iter()
        .find_map(|key| settings.get(key));
    if let Some(user) = user {
        let mut vars = Map::default();
        vars.set("ansible_user", user.clone());
        defaults.set("vars", Value::map(vars, user.origin));
    }
    defaults
}
