//! The clusters of one source: plain data without holes. It exists only when there are no errors.

/// All clusters of one source file.
#[derive(Clone, Debug, PartialEq)]
pub struct Topology {
    pub clusters: Vec<Cluster>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    pub name: String,
}
