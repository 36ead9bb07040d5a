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

fn entry(instance: &Map, at: Origin, defaults: &Map, locations: &[&Map]) -> Entry {
    let mut keys = instance.clone();
    inherit(&mut keys, defaults, "default_volumes");
    if keys.get("platform").and_then(Value::as_text) != Some("docker") {
        let default = defaults.get("default_volumes");
        if keys.get("volumes").is_some() || default.is_some() {
            let volumes = volumes(keys.get("volumes"), default);
            let volumes = volumes.into_iter().map(|volume| Value::map(volume, at));
            keys.set("volumes", Value::list(volumes.collect(), at));
        }
    }
    let names = locations
        .iter()
        .map(|location| location.get("Name").and_then(Value::as_text));
    let location = inherit::location(keys.get("location"), names);
    if let Some(location) = location.and_then(|place| locations.get(place)) {
        inherit(&mut keys, location, "Name");
    }
    move_tags(instance, &mut keys);
    Entry { keys, location, at }
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

/// Some tags are keys of the instance. TPA takes them before it merges the defaults, so only its own are.
fn move_tags(own: &Map, keys: &mut Map) {
    let tags = own.get("tags").and_then(Value::as_map);
    for key in ["upstream", "backup", "role"] {
        if let Some(tag) = tags.and_then(|tags| tags.get(key)) {
            keys.set(key, tag.clone());
        }
    }
}
