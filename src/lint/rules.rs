//! The list of rules, sorted by name: one file a rule.

mod bad_hostname;
mod eol_postgres;
mod upstream_cycle;

use super::Rule;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &bad_hostname::BAD_HOSTNAME,
    &eol_postgres::EOL_POSTGRES,
    &upstream_cycle::UPSTREAM_CYCLE,
];

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code.name == name)
}
