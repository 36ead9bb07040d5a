//! A model becomes a topology: defaults are filled in, the layout rules of M1 place machines and give them their
//! roles, and what only the whole cluster can tell is checked.
//!
//! Nothing here knows of trees or of the format of any output. A part of the model that has holes has been reported;
//! what depends on it is left alone.

mod addresses;
mod allows;
mod choices;
mod errors;
mod hosts;
mod identities;
mod instances;
mod layout;
mod lock;
mod names;
mod omit;
mod past;
mod platform;
mod regions;
mod renames;
mod replication;
mod requirements;
mod subnets;
mod volumes;

pub use errors::CODES;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::facts::tables::{Platform, Tables};
use crate::lock::{self as locks, Forget, Lock};
use crate::model::{self, Block, Entry, Model};
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::topology::{Cluster, Location, Place, Topology};
use crate::value::Map;
use layout::Layout;
use lock::Given;
use omit::omitted;

/// Lowers every cluster of a model. Those that an error concerns are left out of the topology.
///
/// With a lock, that of what messages call `source`, what is in it stays as it is, and what it lacks comes out with the
/// topology.
pub fn lower(
    model: &Model,
    source: &str,
    lock: Option<&Lock>,
    diagnostics: &mut Diagnostics,
) -> Topology {
    let mut clusters = Vec::new();
    let mut added: Vec<(String, locks::Cluster)> = Vec::new();
    for cluster in &model.clusters {
        let errors = diagnostics.count_errors();
        let locked = lock.map(|lock| lock.clusters.get(&cluster.name).unwrap_or(&NO_LOCK));
        let forget = Forget {
            source,
            cluster: &cluster.name,
            lock: locked.unwrap_or(&NO_LOCK),
        };
        let renamed = renames::renamed(cluster, locked, forget, diagnostics);
        let mut lowering = Lowering {
            cluster,
            block: &cluster.block,
            tables: &model.tables,
            lock: renamed.as_ref().or(locked),
            forget,
            own: &model.own,
            diagnostics,
        };
        let lowered = lowering.cluster();
        let has_errors = cluster.broken || diagnostics.count_errors() > errors;
        if let Some((lowered, locked)) = lowered.filter(|_| !has_errors) {
            clusters.push(lowered);
            let locked = locked.or(renamed);
            added.extend(locked.map(|locked| (cluster.name.clone(), locked)));
        }
    }
    if diagnostics.is_full() {
        // Which clusters the errors concern that are not kept, nobody knows.
        clusters.clear();
    }
    if let Some(lock) = lock {
        past::clusters_gone(model, source, lock, &mut clusters);
    }
    let lock = lock.filter(|_| !added.is_empty()).cloned().map(|mut lock| {
        lock.clusters.extend(added);
        lock
    });
    Topology {
        is_whole: !diagnostics.has_errors() && clusters.len() == model.clusters.len(),
        allows: allows::of_files(&model.allows),
        clusters,
        lock,
    }
}

/// The lock of a cluster that has not been built yet.
static NO_LOCK: locks::Cluster = locks::Cluster::EMPTY;

/// One cluster on its way.
struct Lowering<'m, 'd> {
    cluster: &'m model::Cluster,
    block: &'m Block,
    tables: &'m Tables,
    /// What the lock has of it; `None` where there is to be no lock.
    lock: Option<&'m locks::Cluster>,
    forget: Forget<'m>,
    own: &'m Arc<Tables>,
    diagnostics: &'d mut Diagnostics,
}

impl<'m> Lowering<'m, '_> {
    /// The cluster, and what its lock must have where that is not what it has.
    fn cluster(&mut self) -> Option<(Cluster, Option<locks::Cluster>)> {
        self.required_statements();
        self.omissions();
        let choices = self.choices();
        let platform = self.platform_name();
        let volumes = self.platform_volumes(platform);
        let layout = self.layout()?;
        // Machines refer to each other by name whatever the platform is.
        let identities = self.identities(&layout);
        self.locations_are_new(&layout);
        self.renamed_are_gone(&layout, &identities);
        let named = self.names(&layout, &identities, platform.unwrap_or(Platform::Bare))?;
        if platform == Some(Platform::Aws) {
            self.machines_stay(&layout, &identities);
        }
        let places = platform.map(|platform| self.places(&layout, platform));
        let subnet = platform.map(|platform| self.docker_subnet(platform, named.len()));
        let (places, subnet) = (places.flatten(), subnet.flatten());
        let docker = subnet.flatten();
        let instances = self.instances(&layout, &identities, &named, &volumes, docker.as_ref());
        let requirements = self.requirements(&layout);
        let (choices, platform) = (choices?, platform?);
        let (places, subnet) = (places?, subnet?);
        let instances = instances?;
        let locked = self.locked(&Given {
            layout: &layout,
            identities: &identities,
            named: &named,
            instances: &instances,
            places: places.as_deref(),
            subnet: docker.map(|subnet| subnet.value.to_string()),
            vault_name: choices.vault_name.as_ref(),
        });
        let platform = self.platform(platform, places.as_deref(), subnet, volumes)?;
        let cluster = Cluster {
            name: Sourced::new(self.cluster.name.clone(), Origin::Written(self.cluster.at)),
            tpa: self.cluster.tpa,
            own: Arc::clone(self.own),
            made_for: self.cluster.made_for,
            postgres: choices.postgres,
            failover: choices.failover,
            platform,
            backup: choices.backup,
            monitor: choices.monitor,
            repositories: choices.repositories,
            packages: choices.packages,
            versions: choices.versions,
            sources: choices.sources,
            compliance: choices.compliance,
            keyring: choices.keyring,
            vault_name: choices.vault_name,
            tower: choices.tower,
            tags: self.block.free("tags"),
            vars: self.block.free("vars"),
            defaults: self.block.free("defaults"),
            settings: self.block.free("settings"),
            omit: omitted(self.block),
            allows: allows::of_cluster(self.block, &layout, &named),
            past: self.past(&layout, &identities, &named),
            requirements,
            locations: locations(&layout, places),
            instances,
        };
        Some((cluster, locked))
    }

    fn report(&mut self, origin: Origin, diagnostic: impl FnOnce(Span) -> Diagnostic) {
        self.diagnostics.push_at(origin, diagnostic);
    }

    /// Reports what a cluster must have and has not. Where something could not be understood, that may be it.
    fn required_statements(&mut self) {
        let missing: Vec<&str> = ["postgres", "failover", "platform", "location"]
            .into_iter()
            .filter(|word| self.block.entry(word).is_none())
            .collect();
        if !missing.is_empty() && !self.block.holes {
            let diagnostic =
                errors::missing_statements(self.cluster.at, &self.cluster.name, &missing);
            self.diagnostics.push(diagnostic);
        }
    }

    /// The entry with this word, unless a part of it could not be understood.
    fn whole(&self, word: &str) -> Option<&'m Entry> {
        self.block.entry(word).filter(|entry| !entry.broken)
    }

    /// The first label of an entry of the cluster.
    fn chosen(&self, word: &str) -> Option<Sourced<&'m str>> {
        self.whole(word)?.name(0)
    }
}

/// A value that nobody wrote.
fn by_default<T>(value: T, rule: &'static str) -> Sourced<T> {
    Sourced::new(value, Origin::Default(rule))
}

/// A value that a rule gives because of what is at a place.
fn derived<T>(value: T, from: Span, rule: &'static str) -> Sourced<T> {
    Sourced::new(value, Origin::Derived { from, rule })
}

/// The locations in the order in which they are written.
fn locations(layout: &Layout<'_>, places: Option<Vec<Place>>) -> Vec<Location> {
    let mut places = places.unwrap_or_default().into_iter();
    let sites = layout.sites.iter();
    sites
        .map(|site| Location {
            name: site.name.to_owned(),
            active: site.active,
            place: places.next(),
            tags: site.block.free("tags"),
            vars: site.block.free("vars"),
            settings: site.block.free("settings"),
            omit: omitted(site.block),
        })
        .collect()
}

/// The attributes of a free-form block, or none.
fn free(entry: Option<&Entry>, word: &str) -> Map {
    entry
        .map(|entry| entry.block.free(word))
        .unwrap_or_default()
}
