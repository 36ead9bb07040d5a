//! The lines of VS Code's grammar that list words.

use m1c::schema::words;

use super::words::{constants, definitions, machines, other_entries};

pub(super) fn types() -> String {
    line("match", words::TYPES)
}

pub(super) fn machine() -> String {
    line("begin", &machines())
}

pub(super) fn definition() -> String {
    line("begin", &definitions())
}

pub(super) fn entry() -> String {
    line("begin", &other_entries())
}

pub(super) fn constant() -> String {
    line("match", &constants())
}

pub(super) fn choice() -> String {
    line("match", &words::choices())
}

/// A whole word of these: names go on with what the lookahead excludes.
fn line(key: &str, words: &[&str]) -> String {
    let words = words.join("|");
    format!("      \"{key}\": \"({words})(?![A-Za-z0-9_.-])\",\n")
}
