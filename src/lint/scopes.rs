//! The maps of config.yml that machines inherit from, each once: what is written there is judged where it stands.

use crate::tpa::view::{Entity, Subject};
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
pub(super) fn settings(subject: &Subject) -> Vec<Scope<'_>> {
    let defaults = Scope {
        section: Section::Defaults,
        entity: Entity::Cluster,
        path: "instance_defaults/",
        map: &subject.defaults,
    };
    let locations = subject.locations.iter().map(|location| Scope {
        section: Section::Location,
        entity: location.entity(),
        path: "",
        map: &location.entry,
    });
    let instances = subject.instances.iter().map(|instance| Scope {
        section: Section::Instance,
        entity: instance.entity(),
        path: "",
        map: &instance.own,
    });
    std::iter::once(defaults)
        .chain(locations)
        .chain(instances)
        .collect()
}

/// The variables of the cluster, of `instance_defaults`, of locations and of machines, each as it is written.
pub(super) fn variables(subject: &Subject) -> Vec<Scope<'_>> {
    let cluster = Scope {
        section: Section::Cluster,
        entity: Entity::Cluster,
        path: "cluster_vars/",
        map: &subject.vars,
    };
    let others = settings(subject).into_iter().filter_map(|scope| {
        let vars = scope.map.get("vars")?;
        Some(Scope {
            path: if scope.section == Section::Defaults {
                "instance_defaults/vars/"
            } else {
                "vars/"
            },
            map: vars.as_map()?,
            ..scope
        })
    });
    std::iter::once(cluster).chain(others).collect()
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
