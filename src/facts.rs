//! Facts about TPA and the programs that it installs, each stated once. This is the ground floor: it uses nothing of ours.

#[macro_use]
mod words;

pub mod barman;
pub mod calendar;
pub mod choices;
pub mod consequences;
pub mod database_objects;
pub mod effects;
pub mod efm;
pub mod encodings;
pub mod extensions;
pub mod haproxy;
pub mod instance_families;
pub mod instance_types;
pub mod keys;
pub mod machines;
pub mod parameters;
pub mod patroni;
pub mod pgbouncer;
pub mod repmgr;
pub mod roles;
pub mod services;
pub mod settled;
pub mod sysctl;
pub mod sysctl_limits;
pub mod systems;
pub mod tables;
pub mod time_zones;
pub mod tpa;
pub mod variables;
pub mod volumes;
