//! The lines of queries of tree-sitter that list words.

use m1c::schema::words;

use super::lines::filled;
use super::words as by_label;

pub(super) fn choices() -> String {
    lines(&words::choices())
}

pub(super) fn constants() -> String {
    lines(&by_label::constants())
}

pub(super) fn definitions() -> String {
    lines(&[by_label::definitions(), by_label::machines()].concat())
}

pub(super) fn entries() -> String {
    let mut entries = words::entries();
    entries.retain(|word| word.starts_with(char::is_alphabetic));
    lines(&entries)
}

pub(super) fn types() -> String {
    lines(words::TYPES)
}

fn lines(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    filled("    ", quoted.iter().map(String::as_str))
}
