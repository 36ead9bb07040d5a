//! Terraform for machines that are there: variables for their addresses, and what is known of them as outputs.

use super::keys::Keys;
use super::machine::{self, machines};
use super::{Source, with_data};
use crate::backend::hcl::{Body, Object};
use crate::diagnostic::Diagnostics;

/// What is the same for every cluster.
const CONSTANT: [(&str, &str); 3] = [
    ("outputs.tf", include_str!("bare/outputs.tf")),
    ("variables.tf", include_str!("bare/variables.tf")),
    ("versions.tf", include_str!("bare/versions.tf")),
];

pub(super) fn files(
    source: &Source<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'static str, String)> {
    let config = &source.config;
    Keys::new(&config.platform, diagnostics).end();
    let machines = machines(source, diagnostics);
    let mut nodes = Object::default();
    for machine in &machines {
        let mut node = machine.description();
        let mut keys = machine.keys(diagnostics);
        for key in ["ip_address", "public_ip", "private_ip"] {
            node.set_some(key, keys.text(key).map(|address| address.value));
        }
        // The disks are there, and what becomes of them is the deployment's matter.
        keys.pass(&["tags", "volumes"]);
        keys.end();
        nodes.set(machine.name.value.as_str(), node);
    }
    let mut locals = Body::default();
    locals.set("cluster_name", config.name.value.as_str());
    locals.set("inventory_group", machine::group(source));
    locals.blank();
    locals.set("nodes", nodes);
    locals.blank();
    locals.append(machine::end(source, &machines));
    with_data(&CONSTANT, locals)
}
