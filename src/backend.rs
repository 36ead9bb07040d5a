//! Topologies become files.

mod config;
pub mod limits;

use crate::topology::Topology;

/// What can be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// TPA's `config.yml`.
    Tpa,
}

impl Backend {
    pub const ALL: [Backend; 1] = [Backend::Tpa];

    /// The word of `--target`.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Tpa => "tpa",
        }
    }
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Relative to the output folder: `speedy/config.yml`.
    pub path: String,
    /// Without the header.
    pub contents: String,
}

/// The files of every cluster, in order.
pub fn emit(backend: Backend, topology: &Topology) -> Vec<OutputFile> {
    let clusters = topology.clusters.iter();
    match backend {
        Backend::Tpa => clusters
            .map(|cluster| OutputFile {
                path: format!("{}/config.yml", cluster.name.value),
                contents: config::text(cluster),
            })
            .collect(),
    }
}
