//! Machines that are called otherwise now: what Terraform has made for the old name is that of the new one.

use std::collections::HashMap;

use super::Source;
use crate::backend::hcl::{Body, Expression, quoted};
use crate::topology::past::Renamed;
use crate::tpa::view::inherit::normalised;

/// A resource that is made for every machine, or for what a machine has.
pub(super) struct Resource {
    /// Its address without a key: `docker_container.node`.
    pub(super) address: String,
    /// What is after the name of the machine in its key.
    pub(super) rest: String,
}

/// A file with a block for every name that a machine had, from the oldest to the one that it has; nothing where no machine
/// had another.
pub(super) fn file(
    source: &Source<'_>,
    resources: &HashMap<String, Vec<Resource>>,
) -> Option<(&'static str, String)> {
    let mut body = Body::default();
    body.comment("Machines that were called otherwise: they stay, under their new names.");
    for renamed in &source.cluster.past.renamed {
        let names = chain(renamed);
        let resources = names.last().and_then(|name| resources.get(name));
        let resources = resources.map_or(&[][..], Vec::as_slice);
        for resource in resources {
            let address = |name: &String| {
                let key = quoted(&format!("{name}{}", resource.rest));
                Expression::Code(format!("{}[{key}]", resource.address))
            };
            for (old, new) in names.iter().zip(names.iter().skip(1)) {
                let mut moved = Body::default();
                moved.set("from", address(old));
                moved.set("to", address(new));
                body.blank();
                body.block("moved", moved);
            }
        }
    }
    let is_moved = !source.cluster.past.renamed.is_empty() && !resources.is_empty();
    is_moved.then(|| ("moved.tf", body.text()))
}

/// The names of a machine, oldest first, each where it was given last: Terraform moves nothing to where it was, and takes
/// one move from an address.
fn chain(renamed: &Renamed) -> Vec<String> {
    let was = renamed.was.iter().map(|old| normalised(&old.value));
    let mut names: Vec<String> = Vec::new();
    for name in was.chain([normalised(&renamed.name)]) {
        names.retain(|earlier| *earlier != name);
        names.push(name);
    }
    names
}
