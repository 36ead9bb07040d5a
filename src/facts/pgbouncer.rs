//! PgBouncer: what a database's entry may hold, and which release systems bring.

/// What an entry of `[databases]` takes, sorted, with the release that brought it, where that is later than 1.18.
pub static DATABASE_KEYS: &[(&str, Option<(u32, u32)>)] = &[
    ("application_name", None),
    ("auth_dbname", Some((1, 19))),
    ("auth_query", Some((1, 22))),
    ("auth_user", None),
    ("client_encoding", None),
    ("connect_query", None),
    ("datestyle", None),
    ("dbname", None),
    ("host", None),
    ("load_balance_hosts", Some((1, 24))),
    ("max_db_client_connections", Some((1, 24))),
    ("max_db_connections", None),
    ("min_pool_size", None),
    ("password", None),
    ("pool_mode", None),
    ("pool_size", None),
    ("port", None),
    ("reserve_pool", None),
    ("reserve_pool_size", Some((1, 24))),
    ("server_lifetime", Some((1, 23))),
    ("timezone", None),
    ("user", None),
];

/// Those of them that are numbers.
pub const NUMBERS: &[&str] = &[
    "max_db_client_connections",
    "max_db_connections",
    "min_pool_size",
    "pool_size",
    "reserve_pool",
    "reserve_pool_size",
    "server_lifetime",
];

/// Whatever their case.
pub const POOL_MODES: &[&str] = &["session", "transaction", "statement"];

/// The first release that reads `auth_dbname`, which TPA always writes.
pub const NEEDED: (u32, u32) = (1, 19);

/// The first release without known security holes: before it, from 1.17 on, a client could log in as another user with
/// SCRAM, and any client could bring it to a halt.
pub const FIXED: (u32, u32, u32) = (1, 26, 1);

/// The release in the packages of a system itself, without PGDG.
pub static OF_SYSTEMS: &[(&str, &str, (u32, u32))] = &[
    ("Debian", "10", (1, 9)),
    ("Debian", "11", (1, 15)),
    ("Debian", "12", (1, 18)),
    ("Debian", "13", (1, 24)),
    ("Ubuntu", "20.04", (1, 12)),
    ("Ubuntu", "22.04", (1, 16)),
    ("Ubuntu", "24.04", (1, 22)),
];
