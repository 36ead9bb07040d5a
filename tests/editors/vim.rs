//! The lines of the Vim package that list words.

use m1c::schema::words;

use super::lines::filled;
use super::words as by_label;

pub(super) fn definitions() -> String {
    let words = [by_label::definitions(), by_label::machines()].concat();
    let quoted: Vec<_> = words.iter().map(|word| format!("'{word}',")).collect();
    continued(quoted.iter().map(String::as_str))
}

pub(super) fn entries() -> String {
    continued(by_label::other_entries())
}

pub(super) fn settings() -> String {
    continued(words::settings())
}

pub(super) fn variables() -> String {
    continued(words::variables())
}

pub(super) fn choices() -> String {
    continued(words::choices())
}

pub(super) fn constants() -> String {
    continued(by_label::constants())
}

pub(super) fn types() -> String {
    continued(words::TYPES.iter().copied())
}

/// Lines that go on with the one before.
fn continued<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    filled("      \\ ", words)
}
