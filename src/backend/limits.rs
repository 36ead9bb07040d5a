//! What a backend cannot say, asked before it is called, so that `emit` never fails.

use super::{Backend, inventory, terraform};
use crate::diagnostic::Diagnostics;
use crate::topology::Topology;

/// Adds an error for each part of a topology that the backend would have to drop.
pub fn limits(backend: Backend, topology: &Topology, diagnostics: &mut Diagnostics) {
    match backend {
        // Whatever the language has, config.yml has.
        Backend::Tpa => {}
        Backend::Ansible => inventory::limits(topology, diagnostics),
        Backend::Terraform => terraform::limits(topology, diagnostics),
    }
}
