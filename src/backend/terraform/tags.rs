//! Tags, as aws takes them, and labels of containers.

use super::errors;
use crate::backend::hcl::Object;
use crate::diagnostic::Diagnostics;
use crate::value::Map;

/// What aws takes at most.
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

/// Tags that every machine or volume is given, in place of whatever is written.
const GIVEN: &[&str] = &[
    "Cluster",
    "CreatingCluster",
    "Name",
    "TPAAttachmentLabel",
    "name",
    "node",
];

/// Tags that are keys of the machine.
const MOVED: &[&str] = &["backup", "role", "upstream"];

/// The tags of a cluster, which everything on aws is given: IAM takes the fewest characters.
pub(super) fn of_cluster(tags: &Map, diagnostics: &mut Diagnostics) -> Object {
    read(tags, diagnostics, |key, value| {
        let is_plain = key.chars().chain(value.chars()).all(is_letter);
        let expected = "letters, digits, blanks and `_.:/=+-@`";
        wrong_on_aws(key, value).or((!is_plain).then_some(expected))
    })
}

/// The tags of a machine and its volumes.
pub(super) fn of_machine(tags: &Map, diagnostics: &mut Diagnostics) -> Object {
    read(tags, diagnostics, wrong_on_aws)
}

fn wrong_on_aws(key: &str, value: &str) -> Option<&'static str> {
    if key.chars().count() > LONGEST_KEY || value.chars().count() > LONGEST_VALUE {
        Some("128 characters before `=` and 256 after it at most")
    } else if key.is_empty() || key.to_lowercase().starts_with("aws:") {
        Some("a name that does not begin with `aws:`")
    } else {
        None
    }
}

/// The labels of a container.
pub(super) fn docker(tags: &Map, diagnostics: &mut Diagnostics) -> Object {
    read(tags, diagnostics, |key, _| {
        key.is_empty().then_some("a name in front of `=`")
    })
}

fn read(
    tags: &Map,
    diagnostics: &mut Diagnostics,
    wrong: impl Fn(&str, &str) -> Option<&'static str>,
) -> Object {
    let mut object = Object::default();
    for (key, value) in tags.iter() {
        let key = key.to_string();
        if MOVED.contains(&key.as_str()) {
            continue;
        }
        let text = value.spelling().filter(|text| !text.contains("{{"));
        let Some(text) = text else {
            let expected = "a text without a template";
            diagnostics.push_at(value.origin, |at| errors::value(at, &key, expected));
            continue;
        };
        if GIVEN.contains(&key.as_str()) {
            diagnostics.push_at(value.origin, |at| {
                errors::setting(
                    at,
                    &key,
                    "remove it: this tag is given to everything already",
                )
            });
        } else if let Some(expected) = wrong(&key, &text) {
            diagnostics.push_at(value.origin, |at| errors::value(at, &key, expected));
        } else {
            object.set(key, text);
        }
    }
    object
}

fn is_letter(character: char) -> bool {
    character.is_alphanumeric() || character == ' ' || "_.:/=+-@".contains(character)
}
