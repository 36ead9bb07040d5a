//! The wording of what is wrong with overrides files.

use crate::facts::variables::Kind;
use crate::tpa::configure::options::Takes;
use crate::tpa::configure::refusal::{Refusal, refused};

const EXPECTED: &str = "it is a YAML file such as `cluster_vars: {max_connections: 300}`";

pub(super) fn unreadable(file: &str, reason: &str) -> Refusal {
    refused(
        format!("`--overrides-from {file}` cannot be read: {reason}"),
        EXPECTED,
    )
}

pub(super) fn template(file: &str, error: &minijinja::Error) -> Refusal {
    let reason = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned);
    let line = error
        .line()
        .map(|line| format!(", line {line}"))
        .unwrap_or_default();
    refused(
        format!("`--overrides-from {file}`{line}: the template cannot be expanded: {reason}"),
        "overrides files are Jinja2 templates: `{{ cluster_name }}` stands for the cluster's name",
    )
}

pub(super) fn no_yaml(file: &str, reason: &str) -> Refusal {
    refused(
        format!("`--overrides-from {file}` is not YAML: {reason}"),
        EXPECTED,
    )
}

pub(super) fn no_map(file: &str) -> Refusal {
    refused(format!("`--overrides-from {file}` has no keys"), EXPECTED)
}

pub(super) fn wrong_type(name: &str, takes: Takes) -> Refusal {
    let expected = match takes {
        Takes::Nothing | Takes::Answer(_) => "`true` or `false`",
        Takes::Integer => "a whole number",
        Takes::Several(_) | Takes::Each(_) => "a list of words",
        Takes::Text(_)
        | Takes::OneOf(_)
        | Takes::System
        | Takes::Major
        | Takes::Word(_)
        | Takes::Version(_)
        | Takes::Help => "a text",
    };
    refused(
        format!("`{name}` in an overrides file has the wrong type"),
        format!("it takes {expected}, as the option of that name does"),
    )
}

pub(super) fn section_type(name: &str, expected: &str) -> Refusal {
    refused(
        format!("`{name}` in an overrides file has the wrong type"),
        format!("it is {expected}"),
    )
}

pub(super) fn decided_elsewhere(key: &str, instead: &str) -> Refusal {
    refused(
        format!("`{key}` in an overrides file contradicts the options"),
        format!("leave it out, and {instead}"),
    )
}

pub(super) fn other_locations() -> Refusal {
    refused(
        "`locations` in an overrides file names other locations than the options",
        "name the same ones in the same order with `--location-names`: machines are placed in those",
    )
}

pub(super) fn variable_type(place: &str, accepts: &[Kind]) -> Refusal {
    let kinds: Vec<&str> = accepts.iter().map(|kind| kind.name()).collect();
    refused(
        format!("`{place}` in an overrides file has a type that TPA's roles do not take"),
        format!("it is {}", kinds.join(" or ")),
    )
}
