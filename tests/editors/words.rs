//! The words of the language by what may be after them, for grammars that colour labels too.

use m1c::schema::cluster::CLUSTER;
use m1c::schema::file::FILE;
use m1c::schema::location::LOCATION;
use m1c::schema::words;
use m1c::schema::{Block, Identity};

/// Entries that a grammar treats on their own, because of what comes after them.
const OF_THEIR_OWN: &[&str] = &["allow", "hosts", "include", "use"];

/// The entries that define a machine.
pub(super) fn machines() -> Vec<&'static str> {
    definitions_in(&LOCATION)
}

/// The entries that define something else: `cluster`, `location`.
pub(super) fn definitions() -> Vec<&'static str> {
    [definitions_in(&FILE), definitions_in(&CLUSTER)].concat()
}

/// All other entries that are written without quotes.
pub(super) fn other_entries() -> Vec<&'static str> {
    let known = [machines(), definitions(), OF_THEIR_OWN.to_vec()].concat();
    let mut entries = words::entries();
    entries.retain(|word| !known.contains(word) && word.starts_with(char::is_alphabetic));
    entries
}

/// The values that are not names, and `none`, which is where there could be something.
pub(super) fn constants() -> Vec<&'static str> {
    [words::CONSTANTS, &["none"]].concat()
}

fn definitions_in(block: &Block) -> Vec<&'static str> {
    let entries = block.entries.iter();
    let definitions = entries.filter(|entry| entry.identity == Identity::Definition);
    definitions.map(|entry| entry.word).collect()
}
