//! Topologies become files.

mod config;
mod inventory;
pub mod limits;

use crate::topology::Topology;

pub use inventory::errors::CODES;

/// What can be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// TPA's `config.yml`.
    Tpa,
    /// Ansible's inventory.
    Ansible,
}

impl Backend {
    pub const ALL: [Backend; 2] = [Backend::Tpa, Backend::Ansible];

    /// The word of `--target`.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Tpa => "tpa",
            Backend::Ansible => "ansible",
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
        Backend::Ansible => clusters.flat_map(inventory::files).collect(),
    }
}
