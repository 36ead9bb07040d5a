//! The lines of the Emacs package that list words.

use m1c::schema::words;

use super::lines::filled;
use super::words as by_label;

pub(super) fn definitions() -> String {
    strings(&[by_label::definitions(), by_label::machines()].concat())
}

pub(super) fn entries() -> String {
    strings(&by_label::other_entries())
}

pub(super) fn choices() -> String {
    strings(&words::choices())
}

pub(super) fn constants() -> String {
    strings(&by_label::constants())
}

pub(super) fn types() -> String {
    strings(words::TYPES)
}

fn strings(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    filled("    ", quoted.iter().map(String::as_str))
}
