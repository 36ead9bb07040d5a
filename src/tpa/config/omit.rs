//! What a source omits: keys that m1c derives and config.yml is not to have.
//!
//! It is taken away before what the source writes itself is merged in, so that the latter stays.

use crate::origin::Sourced;
use crate::value::Map;

/// The blocks whose keys a path may begin with.
pub(in crate::tpa) const VARS: &str = "vars.";
pub(super) const DEFAULTS: &str = "defaults.";
pub(in crate::tpa) const MACHINES: &str = "machines.";
pub(super) const LOCATIONS: &str = "locations.";

/// What a machine has from where its line is and how it begins.
const OF_ITS_LINE: &[&str] = &["Name", "location", "role"];

const BLOCKS: &[&str] = &[VARS, DEFAULTS, MACHINES, LOCATIONS];

/// Takes away what the paths name that begin with a block.
pub(in crate::tpa) fn of_block(map: &mut Map, omit: &[Sourced<String>], block: &str) {
    for path in omit {
        if let Some(rest) = path.value.strip_prefix(block) {
            remove(map, rest);
        }
    }
}

/// Takes away what the paths name that are in no block.
pub(super) fn of_settings(map: &mut Map, omit: &[Sourced<String>]) {
    for path in omit {
        if !BLOCKS.iter().any(|block| path.value.starts_with(block)) {
            remove(map, &path.value);
        }
    }
}

/// Takes away what a machine names, but for what a statement in its block says, such as `upstream`.
pub(super) fn of_machine(map: &mut Map, omit: &[Sourced<String>]) {
    for path in omit {
        let written = map.get(&path.value);
        let is_statement = !OF_ITS_LINE.contains(&path.value.as_str());
        let stays = is_statement && written.is_some_and(|value| value.origin.is_written());
        if !stays && !BLOCKS.iter().any(|block| path.value.starts_with(block)) {
            remove(map, &path.value);
        }
    }
}

/// Whether a whole section is omitted.
pub(super) fn is_omitted(omit: &[Sourced<String>], section: &str) -> bool {
    omit.iter().any(|path| path.value == section)
}

/// Whether a path is omitted in a block.
pub(in crate::tpa) fn is_omitted_in(omit: &[Sourced<String>], block: &str, key: &str) -> bool {
    omit.iter()
        .any(|path| path.value.strip_prefix(block) == Some(key))
}

fn remove(map: &mut Map, path: &str) {
    let path: Vec<&str> = path.split('.').collect();
    map.remove(&path);
}
