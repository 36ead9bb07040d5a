//! The list of rules, sorted by name: one file a rule.

mod bad_hostname;
mod bad_path_or_locale;
mod compliance_side_effects;
mod conf_value_quoting;
mod connection_budget;
mod db_object_reference;
mod eol_postgres;
mod fips_incompatible;
mod luks_no_autostart;
mod protected_setting;
mod reserved_db_object;
mod secret_in_plain_text;
mod self_signed_expiry;
mod service_exposed;
mod ssh_open_to_world;
mod standby_setting_lower;
mod stig_preconditions;
mod sync_names_invalid;
mod sync_too_early;
mod sync_too_few;
mod unsafe_durability;
mod upstream_cycle;
mod vault_password_in_git;
mod wal_level_minimal;
mod wal_retention;
mod wal_senders_or_slots_low;

use super::Rule;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &bad_hostname::BAD_HOSTNAME,
    &bad_path_or_locale::BAD_PATH_OR_LOCALE,
    &compliance_side_effects::COMPLIANCE_SIDE_EFFECTS,
    &conf_value_quoting::CONF_VALUE_QUOTING,
    &connection_budget::CONNECTION_BUDGET,
    &db_object_reference::DB_OBJECT_REFERENCE,
    &eol_postgres::EOL_POSTGRES,
    &fips_incompatible::FIPS_INCOMPATIBLE,
    &luks_no_autostart::LUKS_NO_AUTOSTART,
    &protected_setting::PROTECTED_SETTING,
    &reserved_db_object::RESERVED_DB_OBJECT,
    &secret_in_plain_text::SECRET_IN_PLAIN_TEXT,
    &self_signed_expiry::SELF_SIGNED_EXPIRY,
    &service_exposed::SERVICE_EXPOSED,
    &ssh_open_to_world::SSH_OPEN_TO_WORLD,
    &standby_setting_lower::STANDBY_SETTING_LOWER,
    &stig_preconditions::STIG_PRECONDITIONS,
    &sync_names_invalid::SYNC_NAMES_INVALID,
    &sync_too_early::SYNC_TOO_EARLY,
    &sync_too_few::SYNC_TOO_FEW,
    &unsafe_durability::UNSAFE_DURABILITY,
    &upstream_cycle::UPSTREAM_CYCLE,
    &vault_password_in_git::VAULT_PASSWORD_IN_GIT,
    &wal_level_minimal::WAL_LEVEL_MINIMAL,
    &wal_retention::WAL_RETENTION,
    &wal_senders_or_slots_low::WAL_SENDERS_OR_SLOTS_LOW,
];

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code.name == name)
}
