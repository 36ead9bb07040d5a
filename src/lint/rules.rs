//! The list of rules, sorted by name: one file a rule.

mod ami_architecture_mismatch;
mod autovacuum_off;
mod aws_placement;
mod aws_volume_spec;
mod backup_capacity_and_age;
mod backup_does_not_follow_failover;
mod backup_same_location;
mod backup_target_not_barman;
mod bad_cluster_or_location_name;
mod bad_hostname;
mod bad_node_id;
mod bad_path_or_locale;
mod bad_upstream_target;
mod bare_login;
mod bare_needs_address;
mod barman_setting_syntax;
mod barman_silent_noops;
mod barman_slot_collision;
mod beacon_incomplete;
mod cascade_shape;
mod client_routing;
mod colocated_roles;
mod compliance_side_effects;
mod conf_value_quoting;
mod connection_budget;
mod contradictory_roles;
mod cron_schedule;
mod dangling_reference;
mod data_volume_risk;
mod db_object_reference;
mod docker_image;
mod docker_in_production;
mod duplicate_definition;
mod duplicate_short_name;
mod edb_repo_required;
mod efm_ping_server;
mod efm_setting;
mod efm_settings_dropped;
mod efm_vip;
mod environment_prerequisite;
mod eol_os;
mod eol_postgres;
mod etcd_missing_or_split;
mod etcd_setting;
mod etcd_size;
mod exactly_one_primary;
mod extension_name;
mod extension_not_for_flavour;
mod fips_incompatible;
mod firewall_gap;
mod flavour_options;
mod haproxy_backends;
mod haproxy_setting;
mod haproxy_without_patroni;
mod hba_file_incomplete;
mod hba_line_hidden;
mod hba_line_misread;
mod hba_line_refused;
mod hba_method_against_hashes;
mod huge_pages;
mod ignored_aws_key;
mod implicit_version;
mod invalid_or_duplicate_address;
mod ipv6_address;
mod key_not_for_platform;
mod known_vulnerability;
mod locked_machine_gone;
mod luks_no_autostart;
mod misleading_postgres_value;
mod misread_by_yaml;
mod missing_section;
mod missing_upstream;
mod mixed_failover_manager;
mod mixed_repositories;
mod multi_region;
mod name_needs_normalising;
mod name_too_long;
mod needs_newer_tpa;
mod network_opt_in;
mod new_cluster_default;
mod no_backup;
mod no_package_for_os;
mod no_promotable_standby;
mod no_quorum_after_location_loss;
mod no_replica;
mod node_numbering;
mod owner_tag;
mod package_version_pin;
mod patroni_bad_members;
mod patroni_flavour_repos;
mod patroni_incompatible_setting;
mod patroni_multi_location;
mod patroni_safety;
mod patroni_setting;
mod patroni_timeouts;
mod pem_topology;
mod pgbouncer_setting;
mod pgbouncer_stale_route;
mod pgbouncer_too_old;
mod port_conflict;
mod postgres_conflict;
mod postgres_parameter;
mod postgres_value;
mod private_but_public_ip;
mod profile_list_replaced;
mod protected_setting;
mod refused_by_tpa;
mod renamed_machine;
mod repmgr_fence;
mod repmgr_location_semantics;
mod repmgr_old_primary_returns;
mod repmgr_primary_not_fenced;
mod repmgr_setting;
mod repmgr_unavailable;
mod reserved_db_object;
mod reserved_hostname;
mod role_attributes;
mod secret_in_plain_text;
mod self_signed_expiry;
mod service_exposed;
mod shadowed_setting;
mod single_failure_domain;
mod slow_detection;
mod ssh_open_to_world;
mod standby_setting_lower;
mod stig_preconditions;
mod subnet_capacity;
mod subnet_overlap_or_outside;
mod switchover_variable;
mod sync_names_invalid;
mod sync_too_early;
mod sync_too_few;
mod sysctl_name;
mod tablespace_mismatch;
mod template_delimiter;
mod tpa_upgrade;
mod two_node_split_brain;
mod undersized_instance;
mod unexpected_dr_promotion;
mod unknown_instance_type;
mod unknown_key;
mod unknown_repository;
mod unknown_role;
mod unknown_value;
mod unknown_variable;
mod unread_volumes;
mod unsafe_durability;
mod unsafe_restart_change;
mod unsupported_distribution;
mod unused_definition;
mod upstream_cycle;
mod vault_password_in_git;
mod volume_mount_conflict;
mod wal_level_minimal;
mod wal_retention;
mod wal_senders_or_slots_low;
mod withdrawn_ami;
mod witness_placement;
mod wrong_type;

use super::Rule;
use crate::tpa::view::Subject;

pub use unknown_value::values_of;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &ami_architecture_mismatch::AMI_ARCHITECTURE_MISMATCH,
    &autovacuum_off::AUTOVACUUM_OFF,
    &aws_placement::AWS_PLACEMENT,
    &aws_volume_spec::AWS_VOLUME_SPEC,
    &backup_capacity_and_age::BACKUP_CAPACITY_AND_AGE,
    &backup_does_not_follow_failover::BACKUP_DOES_NOT_FOLLOW_FAILOVER,
    &backup_same_location::BACKUP_SAME_LOCATION,
    &backup_target_not_barman::BACKUP_TARGET_NOT_BARMAN,
    &bad_cluster_or_location_name::BAD_CLUSTER_OR_LOCATION_NAME,
    &bad_hostname::BAD_HOSTNAME,
    &bad_node_id::BAD_NODE_ID,
    &bad_path_or_locale::BAD_PATH_OR_LOCALE,
    &bad_upstream_target::BAD_UPSTREAM_TARGET,
    &bare_login::BARE_LOGIN,
    &bare_needs_address::BARE_NEEDS_ADDRESS,
    &barman_setting_syntax::BARMAN_SETTING_SYNTAX,
    &barman_silent_noops::BARMAN_SILENT_NOOPS,
    &barman_slot_collision::BARMAN_SLOT_COLLISION,
    &beacon_incomplete::BEACON_INCOMPLETE,
    &cascade_shape::CASCADE_SHAPE,
    &client_routing::CLIENT_ROUTING,
    &colocated_roles::COLOCATED_ROLES,
    &compliance_side_effects::COMPLIANCE_SIDE_EFFECTS,
    &conf_value_quoting::CONF_VALUE_QUOTING,
    &connection_budget::CONNECTION_BUDGET,
    &contradictory_roles::CONTRADICTORY_ROLES,
    &cron_schedule::CRON_SCHEDULE,
    &dangling_reference::DANGLING_REFERENCE,
    &data_volume_risk::DATA_VOLUME_RISK,
    &db_object_reference::DB_OBJECT_REFERENCE,
    &docker_image::DOCKER_IMAGE,
    &docker_in_production::DOCKER_IN_PRODUCTION,
    &duplicate_definition::DUPLICATE_DEFINITION,
    &duplicate_short_name::DUPLICATE_SHORT_NAME,
    &edb_repo_required::EDB_REPO_REQUIRED,
    &efm_ping_server::EFM_PING_SERVER,
    &efm_setting::EFM_SETTING,
    &efm_settings_dropped::EFM_SETTINGS_DROPPED,
    &efm_vip::EFM_VIP,
    &environment_prerequisite::ENVIRONMENT_PREREQUISITE,
    &eol_os::EOL_OS,
    &eol_postgres::EOL_POSTGRES,
    &etcd_missing_or_split::ETCD_MISSING_OR_SPLIT,
    &etcd_setting::ETCD_SETTING,
    &etcd_size::ETCD_SIZE,
    &exactly_one_primary::EXACTLY_ONE_PRIMARY,
    &extension_name::EXTENSION_NAME,
    &extension_not_for_flavour::EXTENSION_NOT_FOR_FLAVOUR,
    &fips_incompatible::FIPS_INCOMPATIBLE,
    &firewall_gap::FIREWALL_GAP,
    &flavour_options::FLAVOUR_OPTIONS,
    &haproxy_backends::HAPROXY_BACKENDS,
    &haproxy_setting::HAPROXY_SETTING,
    &haproxy_without_patroni::HAPROXY_WITHOUT_PATRONI,
    &hba_file_incomplete::HBA_FILE_INCOMPLETE,
    &hba_line_hidden::HBA_LINE_HIDDEN,
    &hba_line_misread::HBA_LINE_MISREAD,
    &hba_line_refused::HBA_LINE_REFUSED,
    &hba_method_against_hashes::HBA_METHOD_AGAINST_HASHES,
    &huge_pages::HUGE_PAGES,
    &ignored_aws_key::IGNORED_AWS_KEY,
    &implicit_version::IMPLICIT_VERSION,
    &invalid_or_duplicate_address::INVALID_OR_DUPLICATE_ADDRESS,
    &ipv6_address::IPV6_ADDRESS,
    &key_not_for_platform::KEY_NOT_FOR_PLATFORM,
    &known_vulnerability::KNOWN_VULNERABILITY,
    &locked_machine_gone::LOCKED_MACHINE_GONE,
    &luks_no_autostart::LUKS_NO_AUTOSTART,
    &misleading_postgres_value::MISLEADING_POSTGRES_VALUE,
    &misread_by_yaml::MISREAD_BY_YAML,
    &missing_section::MISSING_SECTION,
    &missing_upstream::MISSING_UPSTREAM,
    &mixed_failover_manager::MIXED_FAILOVER_MANAGER,
    &mixed_repositories::MIXED_REPOSITORIES,
    &multi_region::MULTI_REGION,
    &name_needs_normalising::NAME_NEEDS_NORMALISING,
    &name_too_long::NAME_TOO_LONG,
    &needs_newer_tpa::NEEDS_NEWER_TPA,
    &network_opt_in::NETWORK_OPT_IN,
    &new_cluster_default::NEW_CLUSTER_DEFAULT,
    &no_backup::NO_BACKUP,
    &no_package_for_os::NO_PACKAGE_FOR_OS,
    &no_promotable_standby::NO_PROMOTABLE_STANDBY,
    &no_quorum_after_location_loss::NO_QUORUM_AFTER_LOCATION_LOSS,
    &no_replica::NO_REPLICA,
    &node_numbering::NODE_NUMBERING,
    &owner_tag::OWNER_TAG,
    &package_version_pin::PACKAGE_VERSION_PIN,
    &patroni_bad_members::PATRONI_BAD_MEMBERS,
    &patroni_flavour_repos::PATRONI_FLAVOUR_REPOS,
    &patroni_incompatible_setting::PATRONI_INCOMPATIBLE_SETTING,
    &patroni_multi_location::PATRONI_MULTI_LOCATION,
    &patroni_safety::PATRONI_SAFETY,
    &patroni_setting::PATRONI_SETTING,
    &patroni_timeouts::PATRONI_TIMEOUTS,
    &pem_topology::PEM_TOPOLOGY,
    &pgbouncer_setting::PGBOUNCER_SETTING,
    &pgbouncer_stale_route::PGBOUNCER_STALE_ROUTE,
    &pgbouncer_too_old::PGBOUNCER_TOO_OLD,
    &port_conflict::PORT_CONFLICT,
    &postgres_conflict::POSTGRES_CONFLICT,
    &postgres_parameter::POSTGRES_PARAMETER,
    &postgres_value::POSTGRES_VALUE,
    &private_but_public_ip::PRIVATE_BUT_PUBLIC_IP,
    &profile_list_replaced::PROFILE_LIST_REPLACED,
    &protected_setting::PROTECTED_SETTING,
    &refused_by_tpa::REFUSED_BY_TPA,
    &renamed_machine::RENAMED_MACHINE,
    &repmgr_fence::REPMGR_FENCE,
    &repmgr_location_semantics::REPMGR_LOCATION_SEMANTICS,
    &repmgr_old_primary_returns::REPMGR_OLD_PRIMARY_RETURNS,
    &repmgr_primary_not_fenced::REPMGR_PRIMARY_NOT_FENCED,
    &repmgr_setting::REPMGR_SETTING,
    &repmgr_unavailable::REPMGR_UNAVAILABLE,
    &reserved_db_object::RESERVED_DB_OBJECT,
    &reserved_hostname::RESERVED_HOSTNAME,
    &role_attributes::ROLE_ATTRIBUTES,
    &secret_in_plain_text::SECRET_IN_PLAIN_TEXT,
    &self_signed_expiry::SELF_SIGNED_EXPIRY,
    &service_exposed::SERVICE_EXPOSED,
    &shadowed_setting::SHADOWED_SETTING,
    &single_failure_domain::SINGLE_FAILURE_DOMAIN,
    &slow_detection::SLOW_DETECTION,
    &ssh_open_to_world::SSH_OPEN_TO_WORLD,
    &standby_setting_lower::STANDBY_SETTING_LOWER,
    &stig_preconditions::STIG_PRECONDITIONS,
    &subnet_capacity::SUBNET_CAPACITY,
    &subnet_overlap_or_outside::SUBNET_OVERLAP_OR_OUTSIDE,
    &switchover_variable::SWITCHOVER_VARIABLE,
    &sync_names_invalid::SYNC_NAMES_INVALID,
    &sync_too_early::SYNC_TOO_EARLY,
    &sync_too_few::SYNC_TOO_FEW,
    &sysctl_name::SYSCTL_NAME,
    &tablespace_mismatch::TABLESPACE_MISMATCH,
    &template_delimiter::TEMPLATE_DELIMITER,
    &tpa_upgrade::TPA_UPGRADE,
    &two_node_split_brain::TWO_NODE_SPLIT_BRAIN,
    &undersized_instance::UNDERSIZED_INSTANCE,
    &unexpected_dr_promotion::UNEXPECTED_DR_PROMOTION,
    &unknown_instance_type::UNKNOWN_INSTANCE_TYPE,
    &unknown_key::UNKNOWN_KEY,
    &unknown_repository::UNKNOWN_REPOSITORY,
    &unknown_role::UNKNOWN_ROLE,
    &unknown_value::UNKNOWN_VALUE,
    &unknown_variable::UNKNOWN_VARIABLE,
    &unread_volumes::UNREAD_VOLUMES,
    &unsafe_durability::UNSAFE_DURABILITY,
    &unsafe_restart_change::UNSAFE_RESTART_CHANGE,
    &unsupported_distribution::UNSUPPORTED_DISTRIBUTION,
    &unused_definition::UNUSED_DEFINITION,
    &upstream_cycle::UPSTREAM_CYCLE,
    &vault_password_in_git::VAULT_PASSWORD_IN_GIT,
    &volume_mount_conflict::VOLUME_MOUNT_CONFLICT,
    &wal_level_minimal::WAL_LEVEL_MINIMAL,
    &wal_retention::WAL_RETENTION,
    &wal_senders_or_slots_low::WAL_SENDERS_OR_SLOTS_LOW,
    &withdrawn_ami::WITHDRAWN_AMI,
    &witness_placement::WITNESS_PLACEMENT,
    &wrong_type::WRONG_TYPE,
];

/// The rule that has the last word about a file that holds no cluster of M1: the others would speak of what is missing.
pub(super) fn last_word(subject: &Subject) -> Option<&'static Rule> {
    if missing_section::holds_no_cluster(subject) {
        Some(&missing_section::MISSING_SECTION)
    } else if unknown_value::other_architecture(subject).is_some() {
        Some(&unknown_value::UNKNOWN_VALUE)
    } else {
        None
    }
}

/// Whether a rule is about numbers that YAML misreads: what else is wrong with one follows from that.
pub(super) fn is_of_misreading(rule: &Rule) -> bool {
    rule.code.name == misread_by_yaml::MISREAD_BY_YAML.code.name
}

/// Whether a rule is about what is written twice.
pub(super) fn is_of_duplicates(rule: &Rule) -> bool {
    rule.code.name == duplicate_definition::DUPLICATE_DEFINITION.code.name
}

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code.name == name)
}
