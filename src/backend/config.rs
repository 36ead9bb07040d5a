//! TPA's config.yml, as `tpaexec configure` writes it: the same sections in the same order, the same bytes.

mod instances;
mod platform;
mod sections;

use crate::origin::{Origin, Sourced};
use crate::topology::Cluster;
use crate::tpa::variables;
use crate::value::{Key, Map, Value};
use crate::yaml;

/// The text of a cluster's config.yml.
pub(super) fn config(cluster: &Cluster) -> String {
    let Cluster {
        name,
        postgres: _,
        failover: _,
        platform,
        backup: _,
        monitor: _,
        repositories: _,
        packages: _,
        versions: _,
        sources,
        compliance: _,
        keyring: _,
        tower,
        tags,
        vars: _,
        defaults: _,
        settings,
        locations,
        instances,
    } = cluster;
    let cluster_vars = variables::cluster_vars(cluster);
    let mut general = sections::general(cluster);
    let mut of_platform = platform::settings(name, platform, locations, &cluster_vars);
    let mut of_tower = sections::tower(tower.as_ref());
    for (key, value) in settings.iter() {
        let section = match key {
            Key::Text(key) if key == sections::TOWER => &mut of_tower,
            Key::Text(key) if platform::owns(key) => &mut of_platform,
            Key::Text(_) | Key::Integer(_) => &mut general,
        };
        section.merge_key(key.clone(), value.clone());
    }
    // The name is never quoted, so one of digits alone reads back as a number: TPA writes it so.
    let mut text = format!("---\narchitecture: M1\ncluster_name: {}\n", name.value);
    text.push_str(&write(section(
        "cluster_tags",
        Value::map(tags.clone(), name.origin),
    )));
    add(&mut text, general);
    if !of_tower.is_empty() {
        text.push_str(sections::TOWER_COMMENT);
        add(&mut text, of_tower);
    }
    add(&mut text, of_platform);
    add(
        &mut text,
        section(
            "cluster_vars",
            Value::map(cluster_vars.clone(), name.origin),
        ),
    );
    let entries = locations.iter().map(instances::location).collect();
    add(
        &mut text,
        section("locations", Value::list(entries, name.origin)),
    );
    let defaults = platform::instance_defaults(cluster, sources);
    add(
        &mut text,
        section("instance_defaults", Value::map(defaults, name.origin)),
    );
    let entries = instances
        .iter()
        .map(|instance| instances::instance(cluster, instance, &cluster_vars))
        .collect();
    add(
        &mut text,
        section("instances", Value::list(entries, name.origin)),
    );
    text
}

/// Adds a section, behind a blank line; nothing for an empty one.
fn add(text: &mut String, section: Map) {
    if !section.is_empty() {
        text.push('\n');
        text.push_str(&write(section));
    }
}

fn section(key: &str, value: Value) -> Map {
    let mut section = Map::default();
    section.set(key, value);
    section
}

fn write(section: Map) -> String {
    yaml::write(&section.into())
}

/// Sets a key to a text that may be there.
fn set_text(map: &mut Map, key: &str, text: Option<&Sourced<String>>) {
    if let Some(Sourced { value, origin }) = text {
        map.set(key, Value::text(value, *origin));
    }
}

/// Sets a key to a free-form map, unless that is empty.
fn set_map(map: &mut Map, key: &str, value: &Map, origin: Origin) {
    if !value.is_empty() {
        map.set(key, Value::map(value.clone(), origin));
    }
}
