//! What is in a lock can be taken out by its name, or by its path where several things have one name.

use std::fmt;

use super::Lock;

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
    fn name(&self) -> &str {
        let innermost = self.machine.as_ref().or(self.location.as_ref());
        innermost.unwrap_or(&self.cluster)
    }
}

impl Lock {
    /// What a word may mean: the one thing with this path, else everything with this name.
    pub fn find(&self, word: &str) -> Vec<Path> {
        let mut paths = Vec::new();
        for (name, cluster) in &self.clusters {
            let of_cluster = Path {
                cluster: name.clone(),
                location: None,
                machine: None,
            };
            for (name, location) in &cluster.locations {
                let of_location = Path {
                    location: Some(name.clone()),
                    ..of_cluster.clone()
                };
                paths.extend(location.machines.keys().map(|name| Path {
                    machine: Some(name.clone()),
                    ..of_location.clone()
                }));
                paths.push(of_location);
            }
            paths.push(of_cluster);
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
