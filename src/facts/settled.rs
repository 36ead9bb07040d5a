//! What a change of a variable does to a cluster that runs: what is settled when it is made, and what Postgres reads only
//! when it starts.

use std::borrow::Cow;

use super::choices::Flavour;

words! {
    /// What a cluster keeps from the day on which it was made.
    Settled {
        Version = "postgres_version",
        Flavour = "postgres_flavour",
        User = "postgres_user",
        DataDirectory = "postgres_data_dir",
        WalDirectory = "postgres_wal_dir",
        InitdbOptions = "postgres_initdb_opts",
        Locale = "postgres_locale",
        Redwood = "epas_redwood_compat",
        EtcdTls = "etcd_ssl_enabled",
    }
}

/// Where the data is, unless `postgres_data_dir` says otherwise.
pub const DATA_DIRECTORY: &str = "/opt/postgres/data";

impl Settled {
    /// What holds where nothing is written. For the WAL that depends on the volumes.
    pub fn unwritten(self, flavour: Flavour) -> Option<&'static str> {
        match self {
            Settled::Version => Some("13"),
            Settled::Flavour => Some(Flavour::DEFAULT.name()),
            Settled::User => Some(match flavour {
                Flavour::Epas => "enterprisedb",
                Flavour::Postgresql | Flavour::Edbpge | Flavour::Pgextended => "postgres",
            }),
            Settled::DataDirectory => Some(DATA_DIRECTORY),
            Settled::WalDirectory => None,
            Settled::InitdbOptions => Some("--data-checksums"),
            Settled::Locale => Some("en_US.UTF-8"),
            Settled::Redwood => Some("true"),
            Settled::EtcdTls => Some("false"),
        }
    }
}

/// What TPA writes where nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritten {
    Is(&'static str),
    /// So many for each server of Postgres, and so many more; or the least, if that is more.
    PerServer(usize, usize, usize),
    /// Nothing that somebody would write.
    Nothing,
    /// It depends on too much.
    Unknown,
}

impl Unwritten {
    /// The value with so many servers of Postgres, where it is known.
    pub fn value(self, servers: usize) -> Option<Cow<'static, str>> {
        match self {
            Unwritten::Is(value) => Some(value.into()),
            Unwritten::PerServer(each, more, least) => {
                Some((each * servers + more).max(least).to_string().into())
            }
            Unwritten::Nothing | Unwritten::Unknown => None,
        }
    }
}

/// What TPA writes for a variable that is in [`RESTARTING`].
pub fn unwritten(name: &str) -> Option<Unwritten> {
    let found = RESTARTING.iter().find(|(known, _)| *known == name);
    found.map(|(_, unwritten)| *unwritten)
}

/// The variables that TPA writes into the file for which it restarts Postgres.
#[rustfmt::skip]
pub static RESTARTING: &[(&str, Unwritten)] = &[
    ("autovacuum_freeze_max_age", Unwritten::Is("200000000")),
    ("autovacuum_max_workers", Unwritten::Is("3")),
    ("autovacuum_multixact_freeze_max_age", Unwritten::Is("400000000")),
    ("logging_collector", Unwritten::Unknown),
    ("max_connections", Unwritten::Is("250")),
    ("max_prepared_transactions", Unwritten::Is("0")),
    ("max_replication_slots", Unwritten::PerServer(2, 3, 0)),
    ("max_wal_senders", Unwritten::PerServer(2, 0, 0)),
    ("max_worker_processes", Unwritten::PerServer(2, 0, 16)),
    ("postgres_port", Unwritten::Unknown),
    ("preload_extensions", Unwritten::Nothing),
    ("shared_buffers", Unwritten::Nothing),
    ("ssl_ca_file", Unwritten::Is("")),
    ("ssl_crl_file", Unwritten::Is("")),
    ("track_commit_timestamp", Unwritten::Is("off")),
    ("unix_socket_directories", Unwritten::Unknown),
    ("wal_buffers", Unwritten::Is("-1")),
    ("wal_keep_segments", Unwritten::Is("0")),
    ("wal_keep_size", Unwritten::Unknown),
    ("wal_level", Unwritten::Is("logical")),
    ("wal_log_hints", Unwritten::Is("on")),
];

/// Those of which a standby needs as much as its primary.
pub const AS_HIGH_AS_ON_THE_PRIMARY: &[&str] = &[
    "max_connections",
    "max_locks_per_transaction",
    "max_prepared_transactions",
    "max_wal_senders",
    "max_worker_processes",
];
