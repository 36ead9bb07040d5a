//! What holds although nobody wrote it, shown after what was written: names of machines, node numbers, upstreams, images.

use std::collections::HashMap;
use std::ops::Range;

use super::Document;
use crate::facts::choices::Platform;
use crate::facts::tables::Image;
use crate::model;
use crate::source::Span;
use crate::topology::instance::BackupNodes;
use crate::topology::{Cluster, Instance};

/// Words after a part of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// They are after this.
    pub behind: Span,
    pub text: String,
}

/// The hints in a range of bytes, in the order of the source. Nothing while the document has errors.
pub fn hints(document: &Document, range: Range<u32>) -> Vec<Hint> {
    let Some(topology) = document.analysis.whole() else {
        return Vec::new();
    };
    let models = &document.analysis.model.clusters;
    let mut hints = Vec::new();
    for (cluster, model) in topology.clusters.iter().zip(models) {
        let bodies = model.block.entries.iter().flat_map(|entry| &entry.bodies);
        let end = bodies.map(|body| body.end).max().unwrap_or(u32::MAX);
        if model.at.start <= range.end && range.start <= end {
            of_platform(document, model, &mut hints);
            of_locations(cluster, model, &mut hints);
        }
    }
    let file = document.file();
    hints.retain(|hint| hint.behind.file == file && range.contains(&hint.behind.end));
    hints.sort_by_key(|hint| hint.behind.end);
    hints
}

/// The image of the platform, where its name or version is left out.
fn of_platform(document: &Document, cluster: &model::Cluster, hints: &mut Vec<Hint>) {
    let Some(platform) = cluster.block.entry("platform") else {
        return;
    };
    let Some(label) = platform.labels.first() else {
        return;
    };
    let block = &platform.block;
    let named = match (label.as_text().and_then(Platform::parse), block.entry("os")) {
        (_, Some(os)) if os.labels.len() == 1 => {
            let label = os.labels.first();
            label.and_then(|label| Some((label.as_text()?, label.origin.place(), "")))
        }
        (Some(Platform::Aws), None) => Some((
            crate::facts::tables::DEFAULT_AWS_IMAGE,
            label.origin.place(),
            "os ",
        )),
        (Some(Platform::Docker), None) => Some((
            crate::facts::tables::DEFAULT_DOCKER_IMAGE,
            label.origin.place(),
            "os ",
        )),
        (Some(Platform::Bare) | None, None) | (_, Some(_)) => None,
    };
    let Some((name, behind, word)) = named.filter(|_| block.value("image").is_none()) else {
        return;
    };
    let is_taken = |image: &&Image| {
        image.name == name && image.default && Some(image.platform.name()) == label.as_text()
    };
    let tables = &document.analysis.model.tables;
    if let Some(image) = tables.images.iter().find(is_taken) {
        let text = if word.is_empty() {
            image.version.clone()
        } else {
            format!("{word}{name} {}", image.version)
        };
        hints.push(Hint { behind, text });
    }
}

/// The machines of each location, and where the cloud places it.
fn of_locations(cluster: &Cluster, model: &model::Cluster, hints: &mut Vec<Hint>) {
    let mut instances: HashMap<&str, Vec<&Instance>> = HashMap::new();
    for instance in &cluster.instances {
        instances
            .entry(&instance.location)
            .or_default()
            .push(instance);
    }
    for (location, written) in cluster
        .locations
        .iter()
        .zip(model.block.entries("location"))
    {
        let own = instances
            .remove(location.name.value.as_str())
            .unwrap_or_default();
        let mut words = Vec::new();
        if let Some(place) = &location.place {
            let parts = [
                ("region", &place.region),
                ("zone", &place.zone),
                ("subnet", &place.subnet),
            ];
            let derived = parts
                .iter()
                .filter(|(key, _)| written.block.value(key).is_none());
            words.extend(derived.map(|(key, value)| format!("{key} {}", value.value)));
        }
        let mut placed = own.clone();
        for machine in &written.block.entries {
            let at = machine.at.place();
            let whole = machine.bodies.first().copied().unwrap_or(at);
            let comes_from = |instance: &&Instance| {
                let name = instance.name.origin;
                let label = machine.labels.first();
                whole.contains(instance.id.origin.place())
                    || label.is_some_and(|label| label.origin == name)
            };
            let (of_machine, rest): (Vec<_>, Vec<_>) = placed.into_iter().partition(comes_from);
            placed = rest;
            let behind = machine
                .labels
                .last()
                .map_or(at, |label| label.origin.place());
            if !of_machine.is_empty() {
                let text = of_machines(&of_machine);
                if !text.is_empty() {
                    hints.push(Hint { behind, text });
                }
            }
        }
        words.extend(placed.iter().map(|instance| in_full(instance)));
        if !words.is_empty() {
            let behind = location.name.origin.place();
            let text = words.join(", ");
            hints.push(Hint { behind, text });
        }
    }
}

/// What is derived for the machines of one statement.
fn of_machines(instances: &[&Instance]) -> String {
    match instances {
        [only] if only.name.origin.is_written() => derived(only).join(", "),
        [..] => {
            let all = instances.iter().map(|instance| in_full(instance));
            all.collect::<Vec<_>>().join(", ")
        }
    }
}

/// `paris-db2 (id 2, upstream paris-db1)`.
fn in_full(instance: &Instance) -> String {
    let derived = derived(instance);
    if derived.is_empty() {
        instance.name.value.clone()
    } else {
        format!("{} ({})", instance.name.value, derived.join(", "))
    }
}

fn derived(instance: &Instance) -> Vec<String> {
    let mut words = Vec::new();
    if !instance.id.origin.is_written() {
        words.push(format!("id {}", instance.id.value));
    }
    if let Some(upstream) = instance
        .upstream
        .as_ref()
        .filter(|it| !it.origin.is_written())
    {
        words.push(format!("upstream {}", upstream.value));
    }
    if let Some(backup) = instance
        .backup
        .as_ref()
        .filter(|it| !it.origin.is_written())
    {
        words.push(format!("backup {}", nodes(&backup.value)));
    }
    if let Some(address) = instance
        .address
        .as_ref()
        .filter(|it| !it.origin.is_written())
    {
        words.push(format!("address {}", address.value));
    }
    words
}

/// The names of Barman nodes.
pub(super) fn nodes(backup: &BackupNodes) -> String {
    match backup {
        BackupNodes::One(name) => name.clone(),
        BackupNodes::Several(names) => names.join(", "),
    }
}
