//! The list of rules, sorted by name: one file a rule.

mod bad_hostname;
mod bad_path_or_locale;
mod conf_value_quoting;
mod db_object_reference;
mod eol_postgres;
mod fips_incompatible;
mod protected_setting;
mod secret_in_plain_text;
mod ssh_open_to_world;
mod standby_setting_lower;
mod stig_preconditions;
mod sync_names_invalid;
mod sync_too_early;
mod sync_too_few;
mod upstream_cycle;
mod wal_level_minimal;
mod wal_retention;

use super::Rule;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &bad_hostname::BAD_HOSTNAME,
    &bad_path_or_locale::BAD_PATH_OR_LOCALE,
    &conf_value_quoting::CONF_VALUE_QUOTING,
    &db_object_reference::DB_OBJECT_REFERENCE,
    &eol_postgres::EOL_POSTGRES,
    &fips_incompatible::FIPS_INCOMPATIBLE,
    &protected_setting::PROTECTED_SETTING,
    &secret_in_plain_text::SECRET_IN_PLAIN_TEXT,
    &ssh_open_to_world::SSH_OPEN_TO_WORLD,
    &standby_setting_lower::STANDBY_SETTING_LOWER,
    &stig_preconditions::STIG_PRECONDITIONS,
    &sync_names_invalid::SYNC_NAMES_INVALID,
    &sync_too_early::SYNC_TOO_EARLY,
    &sync_too_few::SYNC_TOO_FEW,
    &upstream_cycle::UPSTREAM_CYCLE,
    &wal_level_minimal::WAL_LEVEL_MINIMAL,
    &wal_retention::WAL_RETENTION,
];

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code.name == name)
}
