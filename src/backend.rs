//! Topologies become files.

mod config;
mod hcl;
mod inventory;
pub mod limits;
mod terraform;

use crate::topology::Topology;

pub use inventory::errors::CODES as INVENTORY_CODES;
pub use terraform::errors::CODES as TERRAFORM_CODES;

/// What can be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// TPA's `config.yml`.
    Tpa,
    /// Ansible's inventory.
    Ansible,
    /// Terraform, which makes the machines.
    Terraform,
}

impl Backend {
    pub const ALL: [Backend; 3] = [Backend::Tpa, Backend::Ansible, Backend::Terraform];

    /// The word of `--target`.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Tpa => "tpa",
            Backend::Ansible => "ansible",
            Backend::Terraform => "terraform",
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
        Backend::Terraform => clusters.flat_map(terraform::files).collect(),
    }
}
