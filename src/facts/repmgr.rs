//! The settings of repmgr.conf, as repmgr 5.3 to 5.5 read them.

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub name: &'static str,
    pub kind: Kind,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A whole number of 32 bits, this or more.
    Integer(i64),
    Boolean,
    Text,
    /// One of these words, in small letters.
    Word(&'static [&'static str]),
    /// One of these words, in letters of any case.
    AnyCase(&'static [&'static str]),
    /// A number with a unit of time behind it, or none.
    Delay,
    /// `OLD=NEW`.
    Mapping,
    /// One of [`LEVELS`], in letters of any case. Of another word repmgr warns, and goes on with its own default.
    Level,
    /// One of [`FACILITIES`], as they are written there. Of another word repmgr warns in the same way.
    Facility,
    /// Names of [`EVENTS`] with commas between.
    Events,
}

/// The setting with this name.
pub fn find(name: &str) -> Option<&'static Setting> {
    let at = SETTINGS.binary_search_by(|setting| setting.name.cmp(name));
    SETTINGS.get(at.ok()?)
}

/// What repmgr takes for a boolean, in letters of any case: those that are true, then those that are not.
pub const BOOLEANS: ([&str; 4], [&str; 4]) =
    (["1", "true", "on", "yes"], ["0", "false", "off", "no"]);

/// The units of a delay.
pub const UNITS: &[&str] = &["ms", "s", "min", "h", "d"];

/// What repmgr logs.
pub const LEVELS: &[&str] = &[
    "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "ALERT", "CRIT", "EMERG",
];

/// Words of other programs for a level, and repmgr's.
pub const OTHER_LEVELS: &[(&str, &str)] = &[
    ("CRITICAL", "CRIT"),
    ("EMERGENCY", "EMERG"),
    ("ERR", "ERROR"),
    ("FATAL", "CRIT"),
    ("LOG", "INFO"),
    ("PANIC", "EMERG"),
    ("TRACE", "DEBUG"),
    ("VERBOSE", "DEBUG"),
    ("WARN", "WARNING"),
];

/// Where it logs.
pub const FACILITIES: &[&str] = &[
    "STDERR", "USER", "LOCAL0", "LOCAL1", "LOCAL2", "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6",
    "LOCAL7",
];

/// What it can run a command about.
pub const EVENTS: &[&str] = &[
    "child_node_disconnect",
    "child_node_new_connect",
    "child_node_reconnect",
    "child_nodes_disconnect_command",
    "cluster_cleanup",
    "cluster_created",
    "node_rejoin",
    "primary_register",
    "primary_unregister",
    "repmgrd_config_reload",
    "repmgrd_failover_abort",
    "repmgrd_failover_aborted",
    "repmgrd_failover_follow",
    "repmgrd_failover_promote",
    "repmgrd_local_disconnect",
    "repmgrd_local_reconnect",
    "repmgrd_promote_error",
    "repmgrd_reload",
    "repmgrd_shutdown",
    "repmgrd_standby_reconnect",
    "repmgrd_start",
    "repmgrd_upstream_disconnect",
    "repmgrd_upstream_reconnect",
    "standby_clone",
    "standby_disconnect_manual",
    "standby_failure",
    "standby_follow",
    "standby_promote",
    "standby_recovery",
    "standby_register",
    "standby_register_sync",
    "standby_switchover",
    "standby_unregister",
    "witness_register",
    "witness_unregister",
];

/// What TPA writes for each machine before the lines that it appends: of two the last one counts.
pub const OF_TPA: &[(&str, &str)] = &[
    (
        "conninfo",
        "other machines connect to this one with it: TPA's variables `repmgr_hostname` and `repmgr_client_dsn_attributes` change parts of it",
    ),
    (
        "data_directory",
        "TPA's variable `postgres_data_dir` says where the data is",
    ),
    (
        "node_id",
        "it is the machine's `node`, and unlike every other's",
    ),
    ("node_name", "it is the machine's name"),
];

/// Names that older releases read, and what this one does with the value.
pub const OLD_NAMES: &[(&str, Option<&str>)] = &[
    ("cluster", None),
    ("logfacility", Some("log_facility")),
    ("logfile", Some("log_file")),
    ("loglevel", Some("log_level")),
    ("master_response_timeout", Some("async_query_timeout")),
    ("node", Some("node_id")),
    (
        "retry_promote_interval_secs",
        Some("primary_notification_timeout"),
    ),
    ("upstream_node", None),
];

const FAILOVER: &[&str] = &["automatic", "manual"];
const CHECKS: &[&str] = &["ping", "connection", "query"];

use Kind::{AnyCase, Boolean, Delay, Events, Facility, Integer, Level, Mapping, Text, Word};

const fn setting(name: &'static str, kind: Kind) -> Setting {
    Setting { name, kind }
}

/// All settings, sorted by name.
pub static SETTINGS: &[Setting] = &[
    setting("always_promote", Boolean),
    setting("archive_cleanup_command", Text),
    setting("archive_ready_critical", Integer(1)),
    setting("archive_ready_warning", Integer(1)),
    setting("async_query_timeout", Integer(0)),
    setting("barman_config", Text),
    setting("barman_host", Text),
    setting("barman_server", Text),
    setting("child_nodes_check_interval", Integer(1)),
    setting("child_nodes_connected_include_witness", Boolean),
    setting("child_nodes_connected_min_count", Integer(-1)),
    setting("child_nodes_disconnect_command", Text),
    setting("child_nodes_disconnect_min_count", Integer(-1)),
    setting("child_nodes_disconnect_timeout", Integer(0)),
    setting("config_directory", Text),
    setting("connection_check_query", Text),
    setting("connection_check_type", AnyCase(CHECKS)),
    setting("conninfo", Text),
    setting("data_directory", Text),
    setting("degraded_monitoring_timeout", Integer(-1)),
    setting("election_rerun_interval", Integer(1)),
    setting("event_notification_command", Text),
    setting("event_notifications", Events),
    setting("failover", Word(FAILOVER)),
    setting("failover_delay", Integer(1)),
    setting("failover_validation_command", Text),
    setting("follow_command", Text),
    setting("location", Text),
    setting("log_facility", Facility),
    setting("log_file", Text),
    setting("log_level", Level),
    setting("log_status_interval", Integer(0)),
    setting("monitor_interval_secs", Integer(1)),
    setting("monitoring_history", Boolean),
    setting("node_id", Integer(1)),
    setting("node_name", Text),
    setting("node_rejoin_timeout", Integer(1)),
    setting("passfile", Text),
    setting("pg_basebackup_options", Text),
    setting("pg_bindir", Text),
    setting("pg_ctl_options", Text),
    setting("primary_follow_timeout", Integer(1)),
    setting("primary_notification_timeout", Integer(0)),
    setting("primary_visibility_consensus", Boolean),
    setting("priority", Integer(0)),
    setting("promote_check_interval", Integer(1)),
    setting("promote_check_timeout", Integer(1)),
    setting("promote_command", Text),
    setting("promote_delay", Integer(1)),
    setting("reconnect_attempts", Integer(0)),
    setting("reconnect_interval", Integer(0)),
    setting("reconnect_loop_sync", Boolean),
    setting("recovery_min_apply_delay", Delay),
    setting("replication_lag_critical", Integer(1)),
    setting("replication_lag_warning", Integer(1)),
    setting("replication_type", AnyCase(&["physical"])),
    setting("replication_user", Text),
    setting("repmgr_bindir", Text),
    setting("repmgrd_exit_on_inactive_node", Boolean),
    setting("repmgrd_pid_file", Text),
    setting("repmgrd_service_start_command", Text),
    setting("repmgrd_service_stop_command", Text),
    setting("repmgrd_standby_startup_timeout", Integer(0)),
    setting("restore_command", Text),
    setting("rsync_options", Text),
    setting("service_promote_command", Text),
    setting("service_reload_command", Text),
    setting("service_restart_command", Text),
    setting("service_start_command", Text),
    setting("service_stop_command", Text),
    setting("shutdown_check_timeout", Integer(1)),
    setting("sibling_nodes_disconnect_timeout", Integer(0)),
    setting("ssh_options", Text),
    setting("standby_disconnect_on_failover", Boolean),
    setting("standby_follow_restart", Boolean),
    setting("standby_follow_timeout", Integer(1)),
    setting("standby_reconnect_timeout", Integer(1)),
    setting("tablespace_mapping", Mapping),
    setting("use_primary_conninfo_password", Boolean),
    setting("use_replication_slots", Boolean),
    setting("wal_receive_check_timeout", Integer(1)),
    setting("witness_sync_interval", Integer(1)),
];
