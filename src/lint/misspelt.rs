//! Keys that are there under a wrong name: what is missing because of one is not said a second time.

use crate::facts::keys;
use crate::suggest;
use crate::tpa::view::Instance;
use crate::value::{Key, Map};

/// Whether an instance has one of these keys, misspelt, which `unknown-key` says.
pub(super) fn has_of_instance(instance: &Instance, wanted: &[&str]) -> bool {
    let known = keys::of_instance(instance.known_platform());
    has(&instance.entry, wanted, &known, keys::is_instance_key)
}

/// Whether a file has one of these keys, misspelt.
pub(super) fn has_of_file(document: &Map, wanted: &[&str]) -> bool {
    let known = keys::top_level();
    has(document, wanted, &known, |key| known.contains(&key))
}

fn has(map: &Map, wanted: &[&str], known: &[&str], is_known: impl Fn(&str) -> bool) -> bool {
    map.iter().any(|(key, _)| match key {
        Key::Text(name) if !is_known(name) => {
            suggest::nearest(name, known).is_some_and(|nearest| wanted.contains(&nearest))
        }
        Key::Text(_) | Key::Integer(_) => false,
    })
}
