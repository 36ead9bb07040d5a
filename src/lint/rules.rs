//! The list of rules, sorted by name: one file a rule.

mod bad_hostname;
mod conf_value_quoting;
mod eol_postgres;
mod secret_in_plain_text;
mod ssh_open_to_world;
mod sync_names_invalid;
mod sync_too_early;
mod sync_too_few;
mod upstream_cycle;
mod wal_retention;

use super::Rule;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &bad_hostname::BAD_HOSTNAME,
    &conf_value_quoting::CONF_VALUE_QUOTING,
    &eol_postgres::EOL_POSTGRES,
    &secret_in_plain_text::SECRET_IN_PLAIN_TEXT,
    &ssh_open_to_world::SSH_OPEN_TO_WORLD,
    &sync_names_invalid::SYNC_NAMES_INVALID,
    &sync_too_early::SYNC_TOO_EARLY,
    &sync_too_few::SYNC_TOO_FEW,
    &upstream_cycle::UPSTREAM_CYCLE,
    &wal_retention::WAL_RETENTION,
];

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code.name == name)
}
