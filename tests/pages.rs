//! Generated pages: written where they are out of date, which fails the test once.

use std::fs;

/// Compares a page with what it must be. A page that differs is rewritten, so that the next run passes.
pub(crate) fn assert_current(path: &str, expected: &str) {
    assert!(
        !is_rewritten(path, expected),
        "{path} was out of date and has been rewritten: look at it and commit it"
    );
}

/// Writes a page again where it differs from what it must be.
pub(crate) fn is_rewritten(path: &str, expected: &str) -> bool {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found != expected {
        fs::write(path, expected).unwrap();
    }
    found != expected
}
