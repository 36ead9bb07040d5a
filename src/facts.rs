//! Facts about TPA and the programs that it installs, each stated once. This is the ground floor: it uses nothing of ours.

#[macro_use]
mod words;

pub mod choices;
pub mod instance_types;
pub mod keys;
pub mod parameters;
pub mod repmgr;
pub mod roles;
pub mod services;
pub mod systems;
pub mod tables;
pub mod variables;
