//! The users and databases that TPA makes: what it reads about each, and what Postgres refuses as a role.

use super::variables::Kind::{self, Boolean, Integer, List, Text};

/// A key of the entries of `postgres_users` or `postgres_databases`.
#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    pub accepts: &'static [Kind],
}

const fn member(name: &'static str, accepts: &'static [Kind]) -> Member {
    Member { name, accepts }
}

pub const USER: &[Member] = &[
    member("username", &[Text]),
    member("generate_password", &[Boolean]),
    member("role_attrs", &[List, Text]),
    member("granted_roles", &[List]),
    member("password_encryption", &[Text]),
    member("conn_limit", &[Integer]),
];

pub const DATABASE: &[Member] = &[
    member("name", &[Text]),
    member("owner", &[Text]),
    member("encoding", &[Text]),
    member("lc_collate", &[Text]),
    member("lc_ctype", &[Text]),
    member("template", &[Text]),
    member("tablespace", &[Text]),
    member("extensions", &[List]),
    member("languages", &[List]),
    member("state", &[Text]),
];

/// Lists of maps, and what TPA reads in each map.
pub const LISTS: &[(&str, &[Member])] =
    &[("postgres_users", USER), ("postgres_databases", DATABASE)];

/// Roles that Postgres itself makes, and since which major; asked of servers from 11 to 18.
pub const PREDEFINED: &[(&str, u32)] = &[
    ("pg_checkpoint", 15),
    ("pg_create_subscription", 16),
    ("pg_database_owner", 14),
    ("pg_execute_server_program", 11),
    ("pg_maintain", 17),
    ("pg_monitor", 10),
    ("pg_read_all_data", 14),
    ("pg_read_all_settings", 10),
    ("pg_read_all_stats", 10),
    ("pg_read_server_files", 11),
    ("pg_signal_autovacuum_worker", 18),
    ("pg_signal_backend", 10),
    ("pg_stat_scan_tables", 10),
    ("pg_use_reserved_connections", 16),
    ("pg_write_all_data", 14),
    ("pg_write_server_files", 11),
];

/// How names of roles and tablespaces begin that are Postgres's own.
pub const OWN_PREFIX: &str = "pg_";

/// What no role can be called, quoted or not.
pub const REFUSED_ROLES: &[&str] = &["none", "public"];

/// What stands for somebody else wherever it is not in quotes.
pub const KEYWORDS: &[&str] = &[
    "all",
    "current_role",
    "current_user",
    "none",
    "public",
    "session_user",
    "user",
];
