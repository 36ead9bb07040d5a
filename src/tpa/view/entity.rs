//! What words about a cluster can be about.

use std::fmt;

/// What a finding is about. It stays the same when lines move.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    Cluster,
    Location(String),
    /// A machine, by its name.
    Instance(String),
}

impl fmt::Display for Entity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entity::Cluster => Ok(()),
            Entity::Location(name) => write!(formatter, "location/{name}"),
            Entity::Instance(name) => write!(formatter, "instance/{name}"),
        }
    }
}
