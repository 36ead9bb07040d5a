//! TPA's config.yml, as `tpaexec configure` writes it: the same sections in the same order, the same bytes.

use crate::topology::Cluster;
use crate::tpa::config::{self, Config};
use crate::value::{Map, Value};
use crate::yaml;

/// TPA's words above the section of Ansible Tower.
const TOWER_COMMENT: &str = "
# Configuration settings for Ansible Tower, also known as Ansible
# Automation Controller
";

const TAGS: &str = "cluster_tags";

/// The text of a cluster's config.yml.
pub(super) fn text(cluster: &Cluster) -> String {
    let Config {
        name,
        // TPA knows which it is, and needs no tables of m1c's.
        tpa: _,
        own: _,
        made_for: _,
        tags,
        general,
        tower,
        platform,
        cluster_vars,
        locations,
        instance_defaults,
        instances,
        // TPA looks for it itself.
        system: _,
        past: _,
        omitted,
    } = config::config(cluster);
    let origin = name.origin;
    let section = |key: &str, value: Value| {
        let mut section = Map::default();
        section.set(key, value);
        section
    };
    // The name is never quoted, so one of digits alone reads back as a number: TPA writes it so.
    let mut text = format!("---\narchitecture: M1\ncluster_name: {}\n", name.value);
    if !omitted.contains(&TAGS) {
        text.push_str(&yaml::write(
            &section(TAGS, Value::map(tags, origin)).into(),
        ));
    }
    add(&mut text, general);
    if !tower.is_empty() {
        text.push_str(TOWER_COMMENT);
        add(&mut text, tower);
    }
    add(&mut text, platform);
    for (key, value) in [
        ("cluster_vars", Value::map(cluster_vars, origin)),
        ("locations", Value::list(locations, origin)),
        ("instance_defaults", Value::map(instance_defaults, origin)),
        ("instances", Value::list(instances, origin)),
    ] {
        if !omitted.contains(&key) {
            add(&mut text, section(key, value));
        }
    }
    text
}

/// Adds a section, after a blank line; nothing for an empty one.
fn add(text: &mut String, section: Map) {
    if !section.is_empty() {
        text.push('\n');
        text.push_str(&yaml::write(&section.into()));
    }
}
