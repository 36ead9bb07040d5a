//! What the lock remembers of machines: what they were called, and which went.

use crate::origin::Sourced;

/// What machines of a cluster were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    pub renamed: Vec<Renamed>,
    pub gone: Vec<Gone>,
    /// Other clusters that the lock has and the source does not, where the lock has them. They stand with one cluster of
    /// the source: the first that the lock does not have, which may be one of them under a new name.
    pub clusters: Vec<GoneCluster>,
    /// Whether the lock has the cluster itself.
    pub is_locked: bool,
}

impl Past {
    /// Whether a machine had another name.
    pub fn was(&self, name: &str, old: &str) -> bool {
        let mut renamed = self.renamed.iter().filter(|it| it.name == name);
        renamed.any(|it| it.was.iter().any(|was| was.value == old))
    }
}

/// A machine that had other names.
#[derive(Clone, Debug, PartialEq)]
pub struct Renamed {
    pub name: String,
    /// Oldest first. Those that the source names have a place in it.
    pub was: Vec<Sourced<String>>,
}

/// A machine that the lock has and the source does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Gone {
    /// Where the lock has it.
    pub name: Sourced<String>,
    pub number: i64,
    /// The location where it was.
    pub location: String,
    /// The region of that, on aws.
    pub region: Option<Sourced<String>>,
    /// The command that frees what it has.
    pub forget: String,
    /// The command that frees what its location and all machines in it have.
    pub forget_location: String,
}

/// A cluster that the lock has and the source does not.
#[derive(Clone, Debug, PartialEq)]
pub struct GoneCluster {
    /// Where the lock has it.
    pub name: Sourced<String>,
    /// The command that frees what it has.
    pub forget: String,
}
