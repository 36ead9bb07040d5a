//! Generated pages: written where they are out of date, which fails the test once.

use std::fs;

/// Compares a page with what it must be. A page that differs is written anew, so that the next run passes.
pub(crate) fn assert_current(path: &str, expected: &str) {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found != expected {
        fs::write(path, expected).unwrap();
        panic!("{path} was out of date and has been written anew: look at it and commit it");
    }
}
