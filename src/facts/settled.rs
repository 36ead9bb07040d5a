//! What a change of a variable does to a cluster that runs: what is settled when it is made, and what Postgres reads only
//! when it starts.

use std::borrow::Cow;

use super::choices::Flavour;
use super::consequences::{Consequence, Effect, Part};

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

    /// What a change of it does to a cluster that runs.
    pub fn changed(self) -> Consequence {
        let (effect, part) = match self {
            Settled::Version | Settled::User | Settled::WalDirectory => {
                (Effect::Refused, Part::Postgres)
            }
            Settled::Flavour | Settled::DataDirectory => (Effect::Replace, Part::Postgres),
            Settled::InitdbOptions | Settled::Locale | Settled::Redwood => {
                (Effect::Nothing, Part::Postgres)
            }
            Settled::EtcdTls => (Effect::Replace, Part::Etcd),
        };
        Consequence {
            effect,
            part,
            says: self.consequence(false),
        }
    }

    /// What happens to a cluster that runs, with Patroni or without.
    pub fn consequence(self, has_patroni: bool) -> &'static str {
        match self {
            Settled::Version => {
                "the deployment stops: TPA compares it with the version of the data that is there"
            }
            Settled::Flavour => {
                "TPA installs other programs, which do not take over the data that is there"
            }
            Settled::User => {
                "the deployment stops: TPA compares it with the owner of the data that is there"
            }
            Settled::DataDirectory => {
                "TPA moves no data: in the new directory it finds none, and makes an empty database there or fails"
            }
            Settled::WalDirectory => {
                "the deployment stops: TPA compares it with the directory that the WAL is in"
            }
            Settled::InitdbOptions => {
                "nothing happens: `initdb` has run, and a new replica is a copy of the primary"
            }
            Settled::Locale => {
                "nothing happens: `initdb` has run, and databases keep the locale and encoding that they were made with"
            }
            Settled::Redwood => {
                "nothing happens: the database was made with or without what Oracle has, and stays so"
            }
            Settled::EtcdTls if has_patroni => {
                "members of etcd that are changed do not find the others; without a majority Patroni stops the primary"
            }
            Settled::EtcdTls => {
                "members of etcd that are changed do not find the others: the majority is lost, and with Patroni nobody takes writes"
            }
        }
    }

    /// How it is done instead.
    pub fn instead(self) -> &'static str {
        match self {
            Settled::Version => {
                "TPA does not upgrade to another major version: do that with `pg_upgrade`, or by logical replication to a new cluster, and change it afterwards"
            }
            Settled::Flavour => {
                "make a new cluster and move the data, by a dump or by logical replication"
            }
            Settled::User => {
                "the owner of the data is also its first superuser, and stays what it was when `initdb` ran"
            }
            Settled::DataDirectory => {
                "to move the data, stop Postgres, move the directory on every machine, and change it afterwards"
            }
            Settled::WalDirectory => {
                "to move the WAL, stop Postgres, move the directory, let the link `pg_wal` lead there, and change it afterwards"
            }
            Settled::InitdbOptions => {
                "what can be changed is changed by hand, such as checksums with `pg_checksums` while Postgres is stopped; else make a new cluster"
            }
            Settled::Locale => {
                "make a new database with the other locale and move the data, by a dump for example"
            }
            Settled::Redwood => "make a new cluster and move the data",
            Settled::EtcdTls => {
                "TPA does not change it on a cluster that is deployed, neither on nor off: make a new cluster"
            }
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
