//! What is in a lock can be taken out by its name, or by its path where several things have one name.

use std::borrow::Cow;
use std::fmt;

use super::{Cluster, Lock};
use crate::source::Span;

/// Where something is in a lock: a cluster, a location of it, or a machine of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    cluster: String,
    location: Option<String>,
    machine: Option<String>,
}

/// `orders/` is a cluster, `orders/paris/` a location, `orders/paris/paris-db1` a machine.
impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/", self.cluster)?;
        if let Some(location) = &self.location {
            write!(formatter, "{location}/")?;
        }
        formatter.write_str(self.machine.as_deref().unwrap_or_default())
    }
}

impl Path {
    pub fn of_cluster(cluster: &str) -> Path {
        Path {
            cluster: cluster.to_owned(),
            location: None,
            machine: None,
        }
    }

    pub(super) fn of_location(cluster: &str, location: &str) -> Path {
        Path {
            location: Some(location.to_owned()),
            ..Path::of_cluster(cluster)
        }
    }

    pub(super) fn of_machine(cluster: &str, location: &str, machine: &str) -> Path {
        Path {
            machine: Some(machine.to_owned()),
            ..Path::of_location(cluster, location)
        }
    }

    /// The innermost name.
    pub fn name(&self) -> &str {
        let innermost = self.machine.as_ref().or(self.location.as_ref());
        innermost.unwrap_or(&self.cluster)
    }
}

/// What frees something of one cluster in the lock of a source, as it is on disk: there nothing has the new name of a `was`
/// that has not been built.
#[derive(Clone, Copy)]
pub struct Forget<'l> {
    /// What the source is called.
    pub source: &'l str,
    /// What the cluster is called.
    pub cluster: &'l str,
    pub lock: &'l Cluster,
}

impl Forget<'_> {
    pub fn cluster(self) -> String {
        command(self.source, &Path::of_cluster(self.cluster))
    }

    /// The command that frees what is named at a location of the lock.
    pub fn at(self, at: Span) -> String {
        command(self.source, &self.path_at(at))
    }

    /// The machine or the location whose name is at a location of the lock.
    pub fn path_at(self, at: Span) -> Path {
        for (name, location) in &self.lock.locations {
            if location.at == at {
                return Path::of_location(self.cluster, name);
            }
            let mut machines = location.machines.iter();
            if let Some((machine, _)) = machines.find(|(_, machine)| machine.at == at) {
                return Path::of_machine(self.cluster, name, machine);
            }
        }
        Path::of_cluster(self.cluster)
    }
}

/// The command that frees something in the lock of a source.
pub fn command(source: &str, path: &Path) -> String {
    let (source, path) = (quoted(source), path.to_string());
    format!("m1c lock {source} --forget {}", quoted(&path))
}

/// A path as a shell takes it.
pub fn quoted(path: &str) -> Cow<'_, str> {
    let plain = |character: char| {
        character.is_alphanumeric() || matches!(character, '/' | '.' | '_' | '-' | '+' | ',' | '=')
    };
    if path.chars().all(plain) {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(format!("'{}'", path.replace('\'', r"'\''")))
    }
}

impl Lock {
    /// What a word may mean: the one thing with this path, else everything with this name.
    pub fn find(&self, word: &str) -> Vec<Path> {
        let mut paths = Vec::new();
        for (name, cluster) in &self.clusters {
            for (place, location) in &cluster.locations {
                let machines = location.machines.keys();
                paths.extend(machines.map(|machine| Path::of_machine(name, place, machine)));
                paths.push(Path::of_location(name, place));
            }
            paths.push(Path::of_cluster(name));
        }
        let exact = paths.iter().find(|path| path.to_string() == word);
        match exact {
            Some(exact) => vec![exact.clone()],
            None => {
                paths.retain(|path| path.name() == word);
                paths
            }
        }
    }

    /// Takes something out, with all that is in it.
    pub fn forget(&mut self, path: &Path) {
        let Some(location) = &path.location else {
            self.clusters.remove(&path.cluster);
            return;
        };
        let Some(cluster) = self.clusters.get_mut(&path.cluster) else {
            return;
        };
        let Some(machine) = &path.machine else {
            cluster.locations.remove(location);
            return;
        };
        if let Some(location) = cluster.locations.get_mut(location) {
            location.machines.remove(machine);
        }
    }
}
