//! Values as the programs that TPA installs read them. Each is held to the program itself by a script in
//! `tests/programs`.

pub(super) mod cron;
pub(super) mod haproxy;
pub(super) mod pgbouncer;
