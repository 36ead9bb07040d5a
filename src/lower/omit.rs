//! What `omit` names: keys that config.yml could have, so that a slip of the pen does not pass in silence.

use super::{Lowering, errors};
use crate::facts::keys;
use crate::facts::variables::{Scope, VARIABLES, Variable};
use crate::model::{Block, Entry};
use crate::origin::Sourced;
use crate::suggest;
use crate::value::Value;

/// The sections of config.yml that a cluster can do without.
const SECTIONS: &[&str] = &["cluster_tags", "instance_defaults", "locations"];

/// The blocks that a path in a cluster may begin with.
const BLOCKS: &[&str] = &["machines.vars.", "machines.", "locations.", "defaults."];

/// Where an `omit` is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Cluster,
    Location,
    Machine,
}

/// The keys that the `omit` statements of a block name.
pub(super) fn omitted(block: &Block) -> Vec<Sourced<String>> {
    let labels = block.entries("omit").flat_map(|entry| &entry.labels);
    labels
        .filter_map(Value::sourced_text)
        .map(Sourced::to_owned)
        .collect()
}

impl Lowering<'_, '_> {
    /// Reports keys that config.yml never has.
    pub(super) fn omissions(&mut self) {
        let block = self.block;
        self.check(block, Within::Cluster);
        let whole = |entry: &&Entry| !entry.broken;
        for location in block.entries("location").filter(whole) {
            self.check(&location.block, Within::Location);
            for machine in location.block.entries.iter().filter(whole) {
                self.check(&machine.block, Within::Machine);
            }
        }
    }

    fn check(&mut self, block: &Block, within: Within) {
        for Sourced { value, origin } in omitted(block) {
            let (block, known) = known(&value, within);
            let path = value.strip_prefix(block).unwrap_or(&value);
            let key = path.split('.').next().unwrap_or(path);
            if !known.contains(&key) {
                self.report(origin, |at| {
                    let paths: Vec<String> =
                        known.iter().map(|key| format!("{block}{key}")).collect();
                    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
                    suggest::among(errors::nothing_to_omit(at, &value), &value, &paths)
                });
            }
        }
    }
}

/// The block that a path begins with, and the keys that may come next.
fn known(path: &str, within: Within) -> (&'static str, Vec<&'static str>) {
    let block = match within {
        Within::Cluster => BLOCKS.iter().find(|block| path.starts_with(**block)),
        Within::Location | Within::Machine => None,
    };
    match block.copied() {
        Some(block) if block == "machines.vars." => (block, variables()),
        Some(block) => (block, instance_keys()),
        None if path.starts_with("vars.") => ("vars.", variables()),
        None if within == Within::Cluster => {
            let sections = SECTIONS.iter().copied();
            ("", keys::top_level().into_iter().chain(sections).collect())
        }
        None => ("", instance_keys()),
    }
}

fn variables() -> Vec<&'static str> {
    let of_machines = |variable: &&Variable| variable.scope != Scope::TopLevel;
    let names = VARIABLES.iter().filter(of_machines);
    names.map(|variable| variable.name).collect()
}

/// The keys of machines, which those of locations and of `instance_defaults` are too.
fn instance_keys() -> Vec<&'static str> {
    let all = [keys::INSTANCE, keys::AWS, keys::DOCKER, keys::BARE];
    let keys = all.into_iter().flatten().copied();
    keys.chain(["default_volumes"]).collect()
}
