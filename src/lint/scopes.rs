//! The maps of config.yml that machines inherit from, each once: what is written there is judged where it stands.

use crate::origin::Origin;
use crate::source::Span;
use crate::tpa::view::{Entity, Instance, Location, Subject};
use crate::value::{Map, Value};

/// Which section a map is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Cluster,
    Defaults,
    Location,
    Instance,
}

/// A map with settings or variables.
pub(super) struct Scope<'s> {
    pub(super) section: Section,
    pub(super) entity: Entity,
    /// How its keys are named: `cluster_vars/`, `vars/`.
    pub(super) path: &'static str,
    pub(super) map: &'s Map,
}

impl Scope<'_> {
    pub(super) fn key(&self, key: &str) -> String {
        format!("{}{key}", self.path)
    }
}

/// `instance_defaults`, the locations and the machines, each as it is written.
pub(super) fn settings(subject: &Subject) -> impl Iterator<Item = Scope<'_>> {
    owners(subject).map(|owner| Scope {
        section: owner.section(),
        entity: owner.entity(),
        path: match owner {
            Owner::Defaults(_) => "instance_defaults/",
            Owner::Location(_) | Owner::Instance(_) => "",
        },
        map: owner.map(),
    })
}

/// The variables of the cluster, of `instance_defaults`, of locations and of machines, each as it is written.
pub(super) fn variables(subject: &Subject) -> impl Iterator<Item = Scope<'_>> {
    let cluster = Scope {
        section: Section::Cluster,
        entity: Entity::Cluster,
        path: "cluster_vars/",
        map: &subject.vars,
    };
    // Few machines have variables: most rules ask for some, and names are copied only where they do.
    let others = owners(subject).filter_map(|owner| {
        let map = owner.map().get("vars")?.as_map()?;
        Some(Scope {
            section: owner.section(),
            entity: owner.entity(),
            path: match owner {
                Owner::Defaults(_) => "instance_defaults/vars/",
                Owner::Location(_) | Owner::Instance(_) => "vars/",
            },
            map,
        })
    });
    std::iter::once(cluster).chain(others)
}

/// What has a map of settings.
#[derive(Clone, Copy)]
enum Owner<'s> {
    Defaults(&'s Map),
    Location(&'s Location),
    Instance(&'s Instance),
}

fn owners(subject: &Subject) -> impl Iterator<Item = Owner<'_>> {
    std::iter::once(Owner::Defaults(&subject.defaults))
        .chain(subject.locations.iter().map(Owner::Location))
        .chain(subject.instances.iter().map(Owner::Instance))
}

impl<'s> Owner<'s> {
    fn section(self) -> Section {
        match self {
            Owner::Defaults(_) => Section::Defaults,
            Owner::Location(_) => Section::Location,
            Owner::Instance(_) => Section::Instance,
        }
    }

    fn entity(self) -> Entity {
        match self {
            Owner::Defaults(_) => Entity::Cluster,
            Owner::Location(location) => location.entity(),
            Owner::Instance(instance) => instance.entity(),
        }
    }

    fn map(self) -> &'s Map {
        match self {
            Owner::Defaults(map) => map,
            Owner::Location(location) => &location.entry,
            Owner::Instance(instance) => &instance.own,
        }
    }
}

/// The volumes: the default ones, those of locations and of machines. Docker's are texts and left out, and so are those
/// that only remove a default one.
pub(super) fn volumes(subject: &Subject) -> Vec<(Entity, &Map)> {
    let mut volumes = Vec::new();
    for scope in settings(subject) {
        let key = match scope.section {
            Section::Defaults => "default_volumes",
            Section::Cluster | Section::Location | Section::Instance => "volumes",
        };
        let list = scope.map.get(key).and_then(Value::as_list);
        for volume in list.unwrap_or_default() {
            let is_removed =
                |volume: &&Map| volume.get("volume_type").and_then(Value::as_text) == Some("none");
            if let Some(volume) = volume.as_map().filter(|volume| !is_removed(volume)) {
                volumes.push((scope.entity.clone(), volume));
            }
        }
    }
    volumes
}

/// Whether a text is expanded by Jinja2, so that nobody knows what it will be.
pub(super) fn is_template(value: &Value) -> bool {
    value
        .as_text()
        .is_some_and(|text| text.contains("{{") || text.contains("{%"))
}

/// Which machine or location a place belongs to.
pub(super) fn owner(subject: &Subject, at: Span) -> Entity {
    let holds = |entry: Origin| {
        let entry = entry.place();
        entry.file == at.file && entry.start <= at.start && at.end <= entry.end
    };
    let instance = subject.instances.iter().find(|entry| holds(entry.at));
    let location = subject.locations.iter().find(|entry| holds(entry.at));
    match (instance, location) {
        (Some(instance), _) => instance.entity(),
        (None, Some(location)) => location.entity(),
        (None, None) => Entity::Cluster,
    }
}
