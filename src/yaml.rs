//! YAML as TPA writes it: text that PyYAML would print for the same value, byte for byte.
//!
//! Values come in as `serde_yaml` holds them. Nothing here knows what they mean.

mod resolve;
mod scalar;
mod write;

pub use write::write;
