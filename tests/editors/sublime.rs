//! The lists of words in the syntax for Sublime Text and bat.

use m1c::schema::words;

use super::words::{constants, definitions, machines, other_entries};

pub(super) fn lists() -> String {
    let lists = [
        ("types", words::TYPES.to_vec()),
        ("machines", machines()),
        ("definitions", definitions()),
        ("entries", other_entries()),
        ("constants", constants()),
        ("choices", words::choices()),
    ];
    let lines = lists.map(|(name, words)| format!("  {name}: '{}'\n", words.join("|")));
    lines.concat()
}
