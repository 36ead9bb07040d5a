//! The settings of Patroni 4.1 that are written by hand: those of the whole cluster, which etcd keeps, and those of a
//! single node.

/// The user of etcd for Patroni where etcd asks for passwords, unless `patroni_etcd_user` names another.
pub const ETCD_USER: &str = "etcd_patroni";

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub name: &'static str,
    pub kind: Kind,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A number of seconds that Python reads, without a unit.
    Seconds,
    /// A whole number, this or more; what Patroni takes instead of a value that it cannot read.
    Integer(i64, &'static str),
    /// A time in seconds, with or without a unit.
    Time(&'static str),
    /// `true`, `yes`, `on`, `1` and their opposites, in letters of any case. Anything else is off.
    Switch,
    /// The same, for which Patroni's validator wants a boolean.
    Boolean,
    /// A switch, or `quorum`.
    Synchronous,
    /// One of these words, in letters of any case, or one of other spellings of them.
    Word(&'static [&'static str], &'static [&'static str]),
    Section(&'static Section),
    Slots,
    List,
    Any,
}

/// A map of settings.
#[derive(Debug)]
pub struct Section {
    /// How it is called from the top.
    pub path: &'static str,
    /// Whether names of one's own mean something in it.
    pub is_open: bool,
    /// Sorted by name.
    pub settings: &'static [Setting],
}

impl Section {
    /// Whether it is this one.
    pub fn is(&self, other: &Section) -> bool {
        self.path == other.path
    }

    pub fn find(&self, name: &str) -> Option<&'static Setting> {
        let at = self
            .settings
            .binary_search_by(|setting| setting.name.cmp(name));
        self.settings.get(at.ok()?)
    }
}

/// A parameter of Postgres that all nodes must agree on. Patroni takes it from the dynamic configuration only.
#[derive(Clone, Copy, Debug)]
pub struct Shared {
    pub name: &'static str,
    /// The least value that Patroni takes, and what it takes instead of one below.
    pub least: Option<(i64, &'static str)>,
    /// Whether a value without a unit is a number of megabytes.
    pub is_memory: bool,
}

/// The parameter with this name, in letters of any case.
pub fn shared(name: &str) -> Option<&'static Shared> {
    SHARED
        .iter()
        .find(|shared| shared.name.eq_ignore_ascii_case(name))
}

const fn least(name: &'static str, least: i64, instead: &'static str) -> Shared {
    Shared {
        name,
        least: Some((least, instead)),
        is_memory: false,
    }
}

const fn free(name: &'static str) -> Shared {
    Shared {
        name,
        least: None,
        is_memory: false,
    }
}

/// Sorted by name.
pub static SHARED: &[Shared] = &[
    free("cluster_name"),
    free("hot_standby"),
    free("listen_addresses"),
    least("max_connections", 25, "100"),
    least("max_locks_per_transaction", 32, "64"),
    least("max_prepared_transactions", 0, "0"),
    least("max_replication_slots", 4, "10"),
    least("max_wal_senders", 3, "10"),
    least("max_worker_processes", 2, "8"),
    free("port"),
    free("track_commit_timestamp"),
    least("wal_keep_segments", 1, "8"),
    Shared {
        name: "wal_keep_size",
        least: Some((16, "128MB")),
        is_memory: true,
    },
    free("wal_level"),
    free("wal_log_hints"),
];

/// Parameters that Patroni sets itself.
pub const REPLACED: &[&str] = &["cluster_name", "hot_standby", "listen_addresses", "port"];

/// The times that a node needs to agree on, and their defaults in seconds.
pub const TIMES: &[(&str, &str)] = &[("loop_wait", "10"), ("retry_timeout", "10"), ("ttl", "30")];

/// What the log of Patroni says: levels of Python's logging.
const LEVELS: &[&str] = &[
    "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL",
];

/// What stands below `postgresql` of a node and means nothing in the dynamic configuration.
pub const LOCAL_ONLY: &[&str] = &[
    "authentication",
    "config_dir",
    "connect_address",
    "data_dir",
    "listen",
    "pgpass",
    "proxy_address",
];

use Kind::{Any, Boolean, Integer, List, Seconds, Slots, Switch, Synchronous, Time, Word};

const fn setting(name: &'static str, kind: Kind) -> Setting {
    Setting { name, kind }
}

const fn section(name: &'static str, section: &'static Section) -> Setting {
    Setting {
        name,
        kind: Kind::Section(section),
    }
}

/// The dynamic configuration.
pub static DYNAMIC: Section = Section {
    path: "bootstrap.dcs",
    is_open: false,
    settings: &[
        setting("check_timeline", Switch),
        setting("failsafe_mode", Switch),
        setting("ignore_slots", List),
        setting("loop_wait", Seconds),
        setting("master_start_timeout", Integer(0, "300")),
        setting("master_stop_timeout", Integer(0, "0")),
        setting("max_timelines_history", Integer(0, "0")),
        setting("maximum_lag_on_failover", Integer(0, "1048576")),
        setting("maximum_lag_on_syncnode", Integer(-1, "-1")),
        setting("member_slots_ttl", Time("1800")),
        setting("pause", Switch),
        setting("permanent_replication_slots", Slots),
        setting("permanent_slots", Slots),
        section("postgresql", &POSTGRESQL),
        setting("primary_start_timeout", Integer(0, "300")),
        setting("primary_stop_timeout", Integer(0, "0")),
        setting("retry_timeout", Seconds),
        setting("slots", Slots),
        section("standby_cluster", &STANDBY_CLUSTER),
        setting("synchronous_mode", Synchronous),
        setting("synchronous_mode_strict", Boolean),
        setting("synchronous_node_count", Integer(1, "1")),
        setting("ttl", Seconds),
    ],
};

static STANDBY_CLUSTER: Section = Section {
    path: "standby_cluster",
    is_open: false,
    settings: &[
        setting("archive_cleanup_command", Any),
        setting("create_replica_methods", List),
        setting("host", Any),
        setting("port", Any),
        setting("primary_slot_name", Any),
        setting("recovery_min_apply_delay", Any),
        setting("restore_command", Any),
    ],
};

/// What is below `postgresql`, in both configurations. Ways to make a replica are sections of one's own.
pub static POSTGRESQL: Section = Section {
    path: "postgresql",
    is_open: true,
    settings: &[
        setting("authentication", Any),
        setting("before_stop", Any),
        setting("bin_dir", Any),
        setting("bin_name", Any),
        setting("callbacks", Any),
        setting("config_base_name", Any),
        setting("config_dir", Any),
        setting("connect_address", Any),
        setting("create_replica_methods", List),
        setting("custom_conf", Any),
        setting("data_dir", Any),
        setting("krbsrvname", Any),
        setting("listen", Any),
        setting("parameters", Any),
        setting("pg_ctl_timeout", Integer(0, "60")),
        setting("pg_hba", List),
        setting("pg_ident", List),
        setting("pgpass", Any),
        setting("pre_promote", Any),
        setting("proxy_address", Any),
        setting("recovery_conf", Any),
        setting("remove_data_directory_on_diverged_timelines", Switch),
        setting("remove_data_directory_on_rewind_failure", Switch),
        setting("rewind", Any),
        setting("use_pg_rewind", Boolean),
        setting("use_slots", Boolean),
        setting("use_unix_socket", Switch),
        setting("use_unix_socket_repl", Switch),
    ],
};

/// The configuration of a node.
pub static LOCAL: Section = Section {
    path: "patroni.yml",
    is_open: false,
    settings: &[
        section("bootstrap", &BOOTSTRAP),
        setting("citus", Any),
        setting("consul", Any),
        section("ctl", &CTL),
        setting("etcd", Any),
        setting("etcd3", Any),
        setting("exhibitor", Any),
        setting("kubernetes", Any),
        section("log", &LOG),
        setting("name", Any),
        setting("namespace", Any),
        section("postgresql", &POSTGRESQL),
        setting("raft", Any),
        section("restapi", &RESTAPI),
        setting("scope", Any),
        section("tags", &TAGS),
        setting("thread_pool_size", Integer(5, "5")),
        setting("thread_stack_size", Any),
        section("watchdog", &WATCHDOG),
        setting("zookeeper", Any),
    ],
};

static BOOTSTRAP: Section = Section {
    path: "bootstrap",
    is_open: true,
    settings: &[
        section("dcs", &DYNAMIC),
        setting("initdb", List),
        setting("method", Any),
        setting("pg_hba", List),
        setting("post_bootstrap", Any),
        setting("post_init", Any),
        setting("users", Any),
    ],
};

static CTL: Section = Section {
    path: "ctl",
    is_open: false,
    settings: &[
        setting("authentication", Any),
        setting("cacert", Any),
        setting("certfile", Any),
        setting("insecure", Switch),
        setting("keyfile", Any),
        setting("keyfile_password", Any),
    ],
};

static LOG: Section = Section {
    path: "log",
    is_open: false,
    settings: &[
        setting("dateformat", Any),
        setting("deduplicate_heartbeat_logs", Switch),
        setting("dir", Any),
        setting("file_num", Any),
        setting("file_size", Any),
        setting("format", Any),
        setting("level", Word(LEVELS, &[])),
        setting("loggers", Any),
        setting("max_queue_size", Any),
        setting("mode", Any),
        setting("static_fields", Any),
        setting("traceback_level", Word(LEVELS, &[])),
        setting("type", Word(&["plain", "json"], &[])),
    ],
};

static RESTAPI: Section = Section {
    path: "restapi",
    is_open: false,
    settings: &[
        setting("allowlist", List),
        setting("allowlist_include_members", Switch),
        setting("authentication", Any),
        setting("cafile", Any),
        setting("certfile", Any),
        setting("ciphers", Any),
        setting("connect_address", Any),
        setting("http_extra_headers", Any),
        setting("https_extra_headers", Any),
        setting("keyfile", Any),
        setting("keyfile_password", Any),
        setting("listen", Any),
        setting("request_queue_size", Integer(0, "5")),
        setting(
            "server_tokens",
            Word(&["minimal", "productonly", "original"], &[]),
        ),
        setting("thread_pool_size", Integer(5, "5")),
        setting(
            "verify_client",
            Word(&["none", "optional", "required"], &[]),
        ),
    ],
};

/// Tags of a node. Others mean something to whoever reads them.
pub static TAGS: Section = Section {
    path: "tags",
    is_open: true,
    settings: &[
        setting("clonefrom", Any),
        setting("failover_priority", Integer(0, "1")),
        setting("nofailover", Any),
        setting("noloadbalance", Any),
        setting("nostream", Switch),
        setting("nosync", Any),
        setting("replicatefrom", Any),
        setting("sync_priority", Integer(0, "1")),
    ],
};

/// Tags that are on for every text but the empty one.
pub const TRUTHY_TAGS: &[&str] = &["clonefrom", "nofailover", "noloadbalance", "nosync"];

static WATCHDOG: Section = Section {
    path: "watchdog",
    is_open: false,
    settings: &[
        setting("device", Any),
        setting("driver", Any),
        setting(
            "mode",
            Word(
                &["off", "automatic", "required"],
                &["auto", "require", "disable", "disabled", "false"],
            ),
        ),
        setting("safety_margin", Integer(-1, "5")),
    ],
};

/// The keys of a permanent replication slot, sorted.
pub const SLOT: &[&str] = &["cluster_type", "database", "plugin", "type"];
