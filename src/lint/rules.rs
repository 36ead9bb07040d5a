//! The list of rules, sorted by name: one file a rule.

mod bad_hostname;
mod client_routing;
mod efm_ping_server;
mod efm_settings_dropped;
mod efm_vip;
mod eol_postgres;
mod etcd_missing_or_split;
mod etcd_size;
mod haproxy_backends;
mod haproxy_without_patroni;
mod mixed_failover_manager;
mod no_promotable_standby;
mod no_quorum_after_location_loss;
mod patroni_bad_members;
mod patroni_incompatible_setting;
mod patroni_multi_location;
mod patroni_safety;
mod patroni_timeouts;
mod pgbouncer_stale_route;
mod repmgr_location_semantics;
mod repmgr_primary_not_fenced;
mod repmgr_unavailable;
mod two_node_split_brain;
mod unexpected_dr_promotion;
mod upstream_cycle;
mod witness_placement;

use super::Rule;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &bad_hostname::BAD_HOSTNAME,
    &client_routing::CLIENT_ROUTING,
    &efm_ping_server::EFM_PING_SERVER,
    &efm_settings_dropped::EFM_SETTINGS_DROPPED,
    &efm_vip::EFM_VIP,
    &eol_postgres::EOL_POSTGRES,
    &etcd_missing_or_split::ETCD_MISSING_OR_SPLIT,
    &etcd_size::ETCD_SIZE,
    &haproxy_backends::HAPROXY_BACKENDS,
    &haproxy_without_patroni::HAPROXY_WITHOUT_PATRONI,
    &mixed_failover_manager::MIXED_FAILOVER_MANAGER,
    &no_promotable_standby::NO_PROMOTABLE_STANDBY,
    &no_quorum_after_location_loss::NO_QUORUM_AFTER_LOCATION_LOSS,
    &patroni_bad_members::PATRONI_BAD_MEMBERS,
    &patroni_incompatible_setting::PATRONI_INCOMPATIBLE_SETTING,
    &patroni_multi_location::PATRONI_MULTI_LOCATION,
    &patroni_safety::PATRONI_SAFETY,
    &patroni_timeouts::PATRONI_TIMEOUTS,
    &pgbouncer_stale_route::PGBOUNCER_STALE_ROUTE,
    &repmgr_location_semantics::REPMGR_LOCATION_SEMANTICS,
    &repmgr_primary_not_fenced::REPMGR_PRIMARY_NOT_FENCED,
    &repmgr_unavailable::REPMGR_UNAVAILABLE,
    &two_node_split_brain::TWO_NODE_SPLIT_BRAIN,
    &unexpected_dr_promotion::UNEXPECTED_DR_PROMOTION,
    &upstream_cycle::UPSTREAM_CYCLE,
    &witness_placement::WITNESS_PLACEMENT,
];

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code.name == name)
}
