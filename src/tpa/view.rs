//! What config.yml says about a cluster, as TPA reads it: defaults merged into instances, names normalised.
//!
//! Nothing is taken for granted: keys may be missing or have any type. Whatever a value is, it knows its place.

mod build;
pub mod efm;
mod entity;
mod entries;
pub mod exposure;
pub mod guc;
pub mod in_force;
pub mod inherit;
pub mod patroni;
pub mod places;
pub mod postgres;
pub mod quorum;
pub mod repmgr;
pub mod services;
pub mod settings;
pub mod streaming;
pub mod synchronous;
pub mod systems;
pub mod truth;

use std::sync::Arc;

use crate::facts::choices::Platform;
use crate::facts::parameters;
use crate::facts::roles::{self, Role, Roles};
use crate::facts::tables::Tables;
use crate::facts::tpa::TpaVersion;
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::topology::{FailoverManager, Flavour, Past};
use crate::tpa::document::Misread;
use crate::value::{Map, Value};

pub use build::{Source, Written, document, from_config, from_document, from_file, from_source};
pub use entity::Entity;

/// A cluster as TPA sees it.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The TPA that it is for.
    pub tpa: TpaVersion,
    /// What its source defines beside the library.
    pub own: Arc<Tables>,
    /// The one that it names itself, where the run asks for another one instead.
    pub made_for: Option<TpaVersion>,
    /// How it is written, for words that name keys.
    pub written: Written,
    /// Where the cluster is defined; the start of the file for a config.yml.
    pub at: Origin,
    /// The whole document.
    pub document: Map,
    /// Keys that stand twice in one map of a config.yml: the second place, the first, and the key.
    pub duplicates: Vec<(Span, Span, String)>,
    /// Numbers of a config.yml that are not what they look like.
    pub misread: Vec<Misread>,
    /// The system of machines that exist already, where a source says it: `RedHat 9`.
    pub system: Option<Sourced<String>>,
    /// `cluster_name`, where it is a text.
    pub name: Option<Sourced<String>>,
    /// `cluster_tags`.
    pub tags: Map,
    /// `cluster_vars`.
    pub vars: Map,
    /// `instance_defaults`.
    pub defaults: Map,
    pub locations: Vec<Location>,
    pub instances: Vec<Instance>,
    /// What machines of a source were.
    pub past: Past,
}

#[derive(Clone, Debug)]
pub struct Location {
    pub at: Origin,
    pub name: Option<Sourced<String>>,
    /// The whole entry.
    pub entry: Map,
}

/// A machine, with what it inherits.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Where it is defined.
    pub at: Origin,
    /// Its name as TPA knows it: lower case, `-` for `_`.
    pub name: Sourced<String>,
    /// The entry as it is written.
    pub own: Map,
    /// The entry with `instance_defaults`, what TPA puts under that, and its location's keys.
    pub entry: Map,
    /// Its variables: its own over those of `instance_defaults` over its location's. Not those of the cluster.
    pub vars: Map,
    /// `aws`, `docker`, `bare`, or what is written there.
    pub platform: Sourced<String>,
    /// The place of its location among the subject's.
    pub location: Option<usize>,
    pub roles: Vec<Sourced<String>>,
    /// Those of them that TPA knows.
    known_roles: Roles,
    pub upstream: Option<Sourced<String>>,
    pub backup: Vec<Sourced<String>>,
    /// Its volumes with the default ones, those of type `none` left out. Entries that are not maps are left out too.
    pub volumes: Vec<Map>,
}

impl Location {
    pub fn entity(&self) -> Entity {
        let name = self.name.as_ref().map(|name| name.value.clone());
        Entity::Location(name.unwrap_or_default())
    }
}

impl Instance {
    pub fn has_role(&self, role: Role) -> bool {
        self.known_roles.contains(role)
    }

    /// The role as it is written, where the machine has it.
    pub fn role(&self, role: Role) -> Option<&Sourced<String>> {
        self.roles.iter().find(|known| known.value == role.name())
    }

    /// Its platform, where TPA knows it.
    pub fn known_platform(&self) -> Option<Platform> {
        Platform::parse(&self.platform.value)
    }

    pub fn is_on(&self, platform: Platform) -> bool {
        self.platform.value == platform.name()
    }

    /// Whether it holds the cluster's data.
    pub fn is_data_node(&self) -> bool {
        roles::is_data_node(|role| self.has_role(role))
    }

    pub fn entity(&self) -> Entity {
        Entity::Instance(self.name.value.clone())
    }

    /// Whether TPA makes it and then leaves it alone. TPA asks Python for the truth of it.
    pub fn is_provision_only(&self) -> bool {
        let written = self.entry.get("provision_only");
        written.is_some_and(truth::python_truthy)
    }

    /// Who logs in, where that is written or its image says so.
    pub fn user(&self) -> Option<Sourced<String>> {
        let user = self.vars.get("ansible_user")?;
        let name = user.spelling().filter(|name| !name.is_empty())?;
        Some(Sourced::new(name, user.origin))
    }

    /// Where a key is written, in the instance itself or where it inherits it; else the instance.
    pub fn at_key(&self, key: &str) -> Origin {
        self.entry.get(key).map_or(self.at, |value| value.origin)
    }
}

impl Subject {
    /// The primary: the first, where there are several. The PEM server's own Postgres does not count.
    pub fn primary(&self) -> Option<&Instance> {
        let is_primary = |instance: &&Instance| {
            instance.has_role(Role::Primary) && !instance.has_role(Role::PemServer)
        };
        self.instances.iter().find(is_primary)
    }

    /// The machine with this name, as TPA knows it.
    pub fn instance(&self, name: &str) -> Option<&Instance> {
        self.instances
            .iter()
            .find(|instance| instance.name.value == name)
    }

    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Instance> {
        self.instances
            .iter()
            .filter(move |instance| instance.has_role(role))
    }

    pub fn data_nodes(&self) -> impl Iterator<Item = &Instance> {
        self.instances
            .iter()
            .filter(|instance| instance.is_data_node())
    }

    /// The machine that another one streams from.
    pub fn upstream_of(&self, instance: &Instance) -> Option<&Instance> {
        self.instance(&instance.upstream.as_ref()?.value)
    }

    /// The machines that stream from this one directly.
    pub fn children_of<'s>(&'s self, instance: &'s Instance) -> impl Iterator<Item = &'s Instance> {
        let follows = |other: &&Instance| {
            other
                .upstream
                .as_ref()
                .is_some_and(|upstream| upstream.value == instance.name.value)
        };
        self.instances.iter().filter(follows)
    }

    pub fn location_of(&self, instance: &Instance) -> Option<&Location> {
        self.locations.get(instance.location?)
    }

    /// The name of a machine's location, for words.
    pub fn location_name<'s>(&'s self, instance: &Instance) -> Option<&'s str> {
        Some(self.location_of(instance)?.name.as_ref()?.value.as_str())
    }

    /// A variable of the cluster.
    pub fn variable(&self, name: &str) -> Option<&Value> {
        self.vars.get(name)
    }

    /// A variable as a machine sees it: its own, else the cluster's.
    pub fn variable_of<'s>(&'s self, instance: &'s Instance, name: &str) -> Option<&'s Value> {
        instance.vars.get(name).or_else(|| self.vars.get(name))
    }

    /// A variable of the cluster that is a text, or a number in its spelling.
    pub fn text(&self, name: &str) -> Option<Sourced<String>> {
        let value = self.variable(name)?;
        Some(Sourced::new(value.spelling()?, value.origin))
    }

    /// A variable of the cluster that is neither nothing nor a list or map.
    fn single(&self, name: &str) -> Option<&Value> {
        self.variable(name).filter(|value| value.is_single())
    }

    /// The failover manager, where there is one that is known.
    pub fn failover_manager(&self) -> Option<FailoverManager> {
        match self.single("failover_manager") {
            Some(written) => FailoverManager::parse(written.as_text()?)
                .filter(|manager| *manager != FailoverManager::None),
            None => Some(FailoverManager::default_for(self.flavour())),
        }
    }

    pub fn flavour(&self) -> Option<Flavour> {
        match self.single("postgres_flavour") {
            Some(written) => Flavour::parse(written.as_text()?),
            None => Some(Flavour::DEFAULT),
        }
    }

    /// The major version of Postgres, where one is written.
    pub fn version(&self) -> Option<Sourced<u32>> {
        let written = self.text("postgres_version")?;
        Some(Sourced::new(written.value.parse().ok()?, written.origin))
    }

    /// The major version whose parameters count: where none is written, the newest that is known.
    pub fn major(&self) -> u32 {
        self.version()
            .map_or(parameters::NEWEST, |version| version.value)
    }

    /// Whether the cluster runs on this platform: that of its defaults, else of its first machine.
    pub fn is_on(&self, platform: Platform) -> bool {
        match self.defaults.get("platform").and_then(Value::as_text) {
            Some(written) => written == platform.name(),
            None => self
                .instances
                .first()
                .is_some_and(|first| first.is_on(platform)),
        }
    }
}
