//! The language server: what the compiler and the linter know, while somebody types.
//!
//! Features are functions over a [`Document`] that return plain structs in spans and texts; only `convert` and the
//! message loop know the protocol. Nothing here reads or writes but through what it is given.

pub mod document;
pub mod folding;

pub use document::Document;
