//! Parameters that Postgres had once, and what to write instead; and some that only other flavours have.

/// A parameter that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    pub name: &'static str,
    /// The first major without it, as the releases count: `9.5`, `13`.
    pub since: &'static str,
    /// What to do instead.
    pub instead: &'static str,
    /// The name that the same parameter has now.
    pub renamed: Option<&'static str>,
}

/// What became of a parameter that has gone, whichever major is asked about.
pub fn gone(name: &str) -> Option<&'static Gone> {
    GONE.iter()
        .find(|gone| gone.name.eq_ignore_ascii_case(name))
}

/// Whether EDB's own flavours have a parameter that Postgres has not. There are more of them.
pub fn is_of_edb(name: &str) -> bool {
    name.starts_with("edb_") || EDB.contains(&name)
}

static EDB: &[&str] = &[
    "data_encryption_key_unwrap_command",
    "db_dialect",
    "default_heap_fillfactor",
    "default_with_rowids",
    "enable_hints",
    "icu_short_form",
    "nls_length_semantics",
    "odbc_lib_path",
    "optimizer_mode",
    "oracle_home",
    "qreplace_function",
    "timed_statistics",
    "trace_hints",
];

/// What a parameter was called before.
pub fn called_before(name: &str) -> Option<&'static Gone> {
    GONE.iter().find(|gone| gone.renamed == Some(name))
}

const fn row(name: &'static str, since: &'static str, instead: &'static str) -> Gone {
    Gone {
        name,
        since,
        instead,
        renamed: None,
    }
}

const fn renamed(name: &'static str, since: &'static str, new: &'static str) -> Gone {
    Gone {
        name,
        since,
        instead: "it has another name",
        renamed: Some(new),
    }
}

#[rustfmt::skip]
static GONE: &[Gone] = &[
    row("add_missing_from", "9.0", "remove it: every table is named in FROM"),
    row("checkpoint_segments", "9.5", "set `max_wal_size` instead: about 48 MB for each segment"),
    row("custom_variable_classes", "9.2", "remove it: names with a dot need no declaration"),
    row("db_user_namespace", "17", "remove it: there is nothing instead"),
    row("default_with_oids", "12", "remove it: tables have no OIDs"),
    renamed("force_parallel_mode", "16", "debug_parallel_query"),
    row("krb_srvname", "9.4", "it is an option of the method in pg_hba.conf"),
    row("lc_collate", "16", "it is a property of each database, set when it is created"),
    row("lc_ctype", "16", "it is a property of each database, set when it is created"),
    renamed("logical_decoding_mode", "16", "debug_logical_replication_streaming"),
    row("max_fsm_pages", "8.4", "remove it: the map of free space needs no limit"),
    row("max_fsm_relations", "8.4", "remove it: the map of free space needs no limit"),
    row("old_snapshot_threshold", "17", "remove it; limit old snapshots with `idle_in_transaction_session_timeout` and, from 17 on, `transaction_timeout`"),
    row("operator_precedence_warning", "14", "remove it"),
    row("promote_trigger_file", "16", "remove it: promote with `pg_ctl promote` or `pg_promote()`"),
    row("replacement_sort_tuples", "11", "remove it"),
    row("silent_mode", "9.2", "remove it"),
    row("sql_inheritance", "10", "remove it"),
    row("ssl_renegotiation_limit", "9.5", "remove it"),
    row("standby_mode", "12", "remove it: a file `standby.signal` makes a standby, and TPA writes it"),
    row("stats_temp_directory", "15", "remove it: statistics are kept in shared memory"),
    row("trace_recovery_messages", "17", "remove it: set `log_min_messages` instead"),
    row("trigger_file", "12", "remove it: promote with `pg_ctl promote` or `pg_promote()`"),
    renamed("unix_socket_directory", "9.3", "unix_socket_directories"),
    row("vacuum_cleanup_index_scale_factor", "14", "remove it"),
    row("vacuum_defer_cleanup_age", "16", "remove it: use `hot_standby_feedback` and replication slots"),
    row("wal_keep_segments", "13", "set `wal_keep_size` instead: 16MB for each segment"),
];
