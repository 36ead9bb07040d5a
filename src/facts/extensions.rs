//! Extensions of Postgres: what they are called, and what must be preloaded.

/// Those of Postgres itself, those that TPA has packages of, and others that are widely used; sorted.
#[rustfmt::skip]
pub static NAMES: &[&str] = &[
    "address_standardizer", "address_standardizer_data_us", "adminpack", "age", "amcheck", "anon", "apgcc",
    "autocluster", "autoinc", "aws_commons", "aws_lambda", "aws_s3", "bloom", "bluefin", "bool_plperl",
    "bool_plperlu", "btree_gin", "btree_gist", "chkpass", "citext", "citus", "citus_columnar", "credcheck", "cube",
    "dblink", "debversion", "dict_int", "dict_xsyn", "earthdistance", "edb_job_scheduler", "edb_pg_tuner",
    "edb_stat_monitor", "edb_wait_states", "edbspl", "file_fdw", "fuzzystrmatch", "h3", "h3_postgis", "hdfs_fdw",
    "hll", "hstore", "hstore_plperl", "hstore_plperlu", "hstore_plpython3u", "http", "hypopg", "icu_ext",
    "insert_username", "intagg", "intarray", "ip4r", "isn", "jsonb_plperl", "jsonb_plperlu", "jsonb_plpython3u",
    "jsquery", "lo", "login_hook", "ltree", "ltree_plpython3u", "madlib", "mobilitydb", "moddatetime", "mongo_fdw",
    "mysql_fdw", "ogr_fdw", "old_snapshot", "oracle_fdw", "orafce", "orioledb", "pageinspect", "parallel_clone",
    "passwordcheck", "periods", "pg_background", "pg_bigm", "pg_buffercache", "pg_bulkload", "pg_catcheck", "pg_cron",
    "pg_dirtyread", "pg_failover_slots", "pg_freespacemap", "pg_graphql", "pg_hashids", "pg_hint_plan", "pg_ivm",
    "pg_jobmon", "pg_jsonschema", "pg_logicalinspect", "pg_net", "pg_partman", "pg_prewarm", "pg_proctab",
    "pg_profile", "pg_qualstats", "pg_repack", "pg_search", "pg_similarity", "pg_squeeze", "pg_stat_kcache",
    "pg_stat_monitor", "pg_stat_statements", "pg_store_plans", "pg_surgery", "pg_tde", "pg_tle", "pg_track_settings",
    "pg_trgm", "pg_uuidv7", "pg_visibility", "pg_wait_sampling", "pg_walinspect", "pgaa", "pgagent", "pgaudit",
    "pgauditlogtofile", "pgautofailover", "pgcrypto", "pgfincore", "pgfs", "pgjwt", "pglogical", "pglogical_origin",
    "pgmemcache", "pgmp", "pgmq", "pgpcre", "pgq", "pgq_node", "pgroonga", "pgrouting", "pgrowlocks", "pgsodium",
    "pgsphere", "pgsql_tweaks", "pgstattuple", "pgtap", "plcoffee", "pldbgapi", "pljava", "plls", "pllua",
    "pllua_hstore", "plluau", "plperl", "plperlu", "plpgsql", "plpgsql_check", "plprofiler", "plproxy", "plpython3u",
    "plr", "plrust", "plsh", "pltcl", "pltclu", "plv8", "pointcloud", "pointcloud_postgis", "postgis",
    "postgis_raster", "postgis_sfcgal", "postgis_tiger_geocoder", "postgis_topology", "postgres_fdw", "powa",
    "prefix", "prioritize", "q3c", "query_advisor", "rdkit", "redis_fdw", "refdata", "refint", "repmgr", "rum", "seg",
    "semver", "set_user", "spi", "sql_firewall", "sql_profiler", "sql_protect", "sqlite_fdw", "sslinfo", "sslutils",
    "supabase_vault", "system_stats", "table_log", "tablefunc", "tcn", "tdigest", "tds_fdw", "temporal_tables",
    "timescaledb", "timescaledb_toolkit", "timetravel", "topn", "tsearch2", "tsm_system_rows", "tsm_system_time",
    "unaccent", "unit", "uuid-ossp", "vault", "vchord", "vector", "vectorscale", "wrappers", "xml2", "zhparser",
    "zombodb",
];

/// Names that people write, and what the extension is called.
pub static OTHER_NAMES: &[(&str, &str)] = &[
    ("anonymizer", "anon"),
    ("apache_age", "age"),
    ("cron", "pg_cron"),
    ("crypto", "pgcrypto"),
    ("fdw", "postgres_fdw"),
    ("hint_plan", "pg_hint_plan"),
    ("hyperloglog", "hll"),
    ("jwt", "pgjwt"),
    ("partman", "pg_partman"),
    ("pg_audit", "pgaudit"),
    ("pg_crypto", "pgcrypto"),
    ("pg_hll", "hll"),
    ("pg_logical", "pglogical"),
    ("pg_postgis", "postgis"),
    ("pg_routing", "pgrouting"),
    ("pg_timescaledb", "timescaledb"),
    ("pg_uuid", "uuid-ossp"),
    ("pg_vector", "vector"),
    ("pgcron", "pg_cron"),
    ("pgpartman", "pg_partman"),
    ("pgrepack", "pg_repack"),
    ("pgsqlhttp", "http"),
    ("pgvector", "vector"),
    ("pgvectorscale", "vectorscale"),
    ("plpython", "plpython3u"),
    ("plpythonu", "plpython3u"),
    ("postgresql_anonymizer", "anon"),
    ("prewarm", "pg_prewarm"),
    ("repack", "pg_repack"),
    ("stat_statements", "pg_stat_statements"),
    ("timescale", "timescaledb"),
    ("trgm", "pg_trgm"),
    ("trigram", "pg_trgm"),
    ("uuid", "uuid-ossp"),
    ("uuid_ossp", "uuid-ossp"),
    ("uuidossp", "uuid-ossp"),
    ("vectors", "vector"),
];

/// What TPA creates by default.
pub const BY_DEFAULT: &[&str] = &[
    "pg_freespacemap",
    "pg_stat_statements",
    "pg_visibility",
    "pageinspect",
    "pgstattuple",
];

/// What TPA preloads where it is in its list of extensions, beside those in `preload_extensions`.
pub const PRELOADED: &[&str] = &[
    "autocluster",
    "bluefin",
    "edb_pg_tuner",
    "edb_stat_monitor",
    "edb_wait_states",
    "passwordcheck",
    "pg_failover_slots",
    "pg_stat_statements",
    "pgaudit",
    "query_advisor",
    "refdata",
    "sql_profiler",
    "sql_protect",
];

/// Modules that are loaded and never created: `CREATE EXTENSION` does not know them.
pub const MODULES: &[&str] = &[
    "auth_delay",
    "auto_explain",
    "basic_archive",
    "decoderbufs",
    "pg_overexplain",
    "pg_plan_filter",
    "pgextwlist",
    "pgoutput",
    "safeupdate",
    "sepgsql",
    "test_decoding",
    "wal2json",
];

/// What `CREATE EXTENSION` refuses where the library of the same name is not preloaded.
pub const REFUSE: &[&str] = &[
    "citus",
    "pg_cron",
    "pg_stat_kcache",
    "pgautofailover",
    "timescaledb",
];

/// What `CREATE EXTENSION` refuses in the same way, and TPA may preload.
pub const REFUSE_PERHAPS: &[&str] = &["pglogical"];

/// What is created without its library, and then does not work.
pub const IDLE: &[&str] = &[
    "pg_net",
    "pg_qualstats",
    "pg_squeeze",
    "pg_stat_monitor",
    "pg_store_plans",
    "pg_wait_sampling",
    "set_user",
];

/// Whether an extension does nothing without its library.
pub fn must_be_preloaded(name: &str) -> bool {
    name == "pgaudit" || REFUSE.contains(&name) || IDLE.contains(&name)
}
