//! What is known about TPA's own formats and commands, in one place.

pub mod adopt;
pub mod builds;
pub mod change;
mod compliance;
pub mod config;
pub mod configure;
pub mod document;
pub mod renamed;
pub mod secrets;
pub mod variables;
pub mod view;
pub mod words;
