//! The list of rules, sorted by name: one file a rule.

mod backup_capacity_and_age;
mod backup_does_not_follow_failover;
mod backup_same_location;
mod backup_target_not_barman;
mod bad_cluster_or_location_name;
mod bad_hostname;
mod bad_node_id;
mod bad_upstream_target;
mod barman_setting_syntax;
mod barman_silent_noops;
mod barman_slot_collision;
mod cascade_shape;
mod colocated_roles;
mod contradictory_roles;
mod dangling_reference;
mod duplicate_definition;
mod eol_postgres;
mod exactly_one_primary;
mod missing_section;
mod missing_upstream;
mod name_needs_normalising;
mod name_too_long;
mod no_backup;
mod no_replica;
mod node_numbering;
mod reserved_hostname;
mod shadowed_setting;
mod single_failure_domain;
mod tablespace_mismatch;
mod template_delimiter;
mod unknown_key;
mod unknown_role;
mod unknown_value;
mod unknown_variable;
mod unused_definition;
mod upstream_cycle;
mod wrong_type;

use super::Rule;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &backup_capacity_and_age::BACKUP_CAPACITY_AND_AGE,
    &backup_does_not_follow_failover::BACKUP_DOES_NOT_FOLLOW_FAILOVER,
    &backup_same_location::BACKUP_SAME_LOCATION,
    &backup_target_not_barman::BACKUP_TARGET_NOT_BARMAN,
    &bad_cluster_or_location_name::BAD_CLUSTER_OR_LOCATION_NAME,
    &bad_hostname::BAD_HOSTNAME,
    &bad_node_id::BAD_NODE_ID,
    &bad_upstream_target::BAD_UPSTREAM_TARGET,
    &barman_setting_syntax::BARMAN_SETTING_SYNTAX,
    &barman_silent_noops::BARMAN_SILENT_NOOPS,
    &barman_slot_collision::BARMAN_SLOT_COLLISION,
    &cascade_shape::CASCADE_SHAPE,
    &colocated_roles::COLOCATED_ROLES,
    &contradictory_roles::CONTRADICTORY_ROLES,
    &dangling_reference::DANGLING_REFERENCE,
    &duplicate_definition::DUPLICATE_DEFINITION,
    &eol_postgres::EOL_POSTGRES,
    &exactly_one_primary::EXACTLY_ONE_PRIMARY,
    &missing_section::MISSING_SECTION,
    &missing_upstream::MISSING_UPSTREAM,
    &name_needs_normalising::NAME_NEEDS_NORMALISING,
    &name_too_long::NAME_TOO_LONG,
    &no_backup::NO_BACKUP,
    &no_replica::NO_REPLICA,
    &node_numbering::NODE_NUMBERING,
    &reserved_hostname::RESERVED_HOSTNAME,
    &shadowed_setting::SHADOWED_SETTING,
    &single_failure_domain::SINGLE_FAILURE_DOMAIN,
    &tablespace_mismatch::TABLESPACE_MISMATCH,
    &template_delimiter::TEMPLATE_DELIMITER,
    &unknown_key::UNKNOWN_KEY,
    &unknown_role::UNKNOWN_ROLE,
    &unknown_value::UNKNOWN_VALUE,
    &unknown_variable::UNKNOWN_VARIABLE,
    &unused_definition::UNUSED_DEFINITION,
    &upstream_cycle::UPSTREAM_CYCLE,
    &wrong_type::WRONG_TYPE,
];

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code.name == name)
}
