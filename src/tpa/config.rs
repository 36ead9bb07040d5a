//! What config.yml says about a cluster, as data: the same sections as `tpaexec configure` writes, in the same order.
//!
//! Every value knows where it came from, so that the text can be written and what it says can be judged.

mod instances;
pub(super) mod omit;
mod platform;
mod sections;

use std::sync::Arc;

use crate::facts::tables::Tables;
use crate::facts::tpa::TpaVersion;
use crate::origin::{Origin, Sourced};
use crate::topology::platform::Kind;
use crate::topology::{Cluster, Instance, Past};
use crate::tpa::variables;
use crate::value::{Key, Map, Value};

/// The sections of a config.yml.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub name: Sourced<String>,
    /// The TPA that it is for. It is not written.
    pub tpa: TpaVersion,
    /// What its source defines beside the library. It is not written.
    pub own: Arc<Tables>,
    /// The one that it names itself, where the run asks for another one instead. It is not written.
    pub made_for: Option<TpaVersion>,
    pub tags: Map,
    /// Top-level settings that belong to no platform.
    pub general: Map,
    /// With its key `ansible_tower`; empty without Tower.
    pub tower: Map,
    /// Top-level settings of the platform.
    pub platform: Map,
    pub cluster_vars: Map,
    pub locations: Vec<Value>,
    pub instance_defaults: Map,
    pub instances: Vec<Value>,
    /// The system of machines that exist already. It is not written, as TPA looks for itself.
    pub system: Option<Sourced<String>>,
    /// The sections that are not written: the source omits them, and nothing is in them.
    pub omitted: Vec<&'static str>,
    /// What machines were. It is not written.
    pub past: Past,
}

impl Config {
    /// All top-level settings.
    pub fn settings(&self) -> Map {
        let mut settings = self.general.clone();
        settings.merge(self.tower.clone());
        settings.merge(self.platform.clone());
        settings
    }

    /// All that is written below the architecture and the cluster's name, as one map.
    pub fn document(&self) -> Map {
        let origin = self.name.origin;
        let mut document = Map::default();
        for (key, value) in [
            ("cluster_tags", Value::map(self.tags.clone(), origin)),
            (
                "cluster_vars",
                Value::map(self.cluster_vars.clone(), origin),
            ),
            ("locations", Value::list(self.locations.clone(), origin)),
            (
                "instance_defaults",
                Value::map(self.instance_defaults.clone(), origin),
            ),
            ("instances", Value::list(self.instances.clone(), origin)),
        ] {
            if !self.omitted.contains(&key) {
                document.set(key, value);
            }
        }
        document.merge(self.settings());
        document
    }
}

/// What a cluster's config.yml says.
pub fn config(cluster: &Cluster) -> Config {
    let Cluster {
        name,
        tpa,
        own,
        made_for,
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
        vault_name: _,
        tower,
        tags,
        vars: _,
        defaults: _,
        settings,
        omit,
        locations,
        instances,
        allows: _,
        past,
        requirements: _,
    } = cluster;
    let cluster_vars = variables::cluster_vars(cluster);
    let mut general = sections::general(cluster);
    let mut of_platform = platform::settings(name, platform, locations, &cluster_vars);
    let mut of_tower = sections::tower(tower.as_ref());
    for section in [&mut general, &mut of_platform, &mut of_tower] {
        omit::of_settings(section, omit);
    }
    for ((key, value), at) in settings.iter().zip(settings.places()) {
        let section = match key {
            Key::Text(key) if key == sections::TOWER => &mut of_tower,
            Key::Text(key) if platform::owns(key) => &mut of_platform,
            Key::Text(_) | Key::Integer(_) => &mut general,
        };
        section.merge_key(key.clone(), at, value.clone());
    }
    let defaults = platform::instance_defaults(cluster, sources);
    let locations: Vec<Value> = locations
        .iter()
        .filter_map(|location| instances::location(cluster, location))
        .collect();
    let sections = [
        ("cluster_tags", tags.is_empty()),
        ("locations", locations.is_empty()),
        ("instance_defaults", defaults.is_empty()),
    ];
    let omitted = sections
        .into_iter()
        .filter(|(section, is_empty)| *is_empty && omit::is_omitted(omit, section))
        .map(|(section, _)| section)
        .collect();
    let mut in_order: Vec<&Instance> = instances.iter().collect();
    in_order.sort_by_key(|instance| instance.id.value);
    Config {
        name: name.clone(),
        tpa: *tpa,
        own: Arc::clone(own),
        made_for: *made_for,
        past: past.clone(),
        system: match &platform.kind {
            Kind::Bare(bare) => bare.system.clone(),
            Kind::Aws(_) | Kind::Docker(_) => None,
        },
        tags: tags.clone(),
        general,
        tower: of_tower,
        platform: of_platform,
        locations,
        instance_defaults: defaults,
        omitted,
        instances: in_order
            .into_iter()
            .map(|instance| instances::instance(cluster, instance, &cluster_vars))
            .collect(),
        cluster_vars,
    }
}

/// A map with one key.
fn section(key: &str, value: Value) -> Map {
    let mut section = Map::default();
    section.set(key, value);
    section
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
