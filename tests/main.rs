//! All integration tests, in one binary.

#![allow(
    clippy::expect_used,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "what goes wrong in a test fails it, and says so"
)]

mod build;
mod cli;
mod corpus;
mod docs;
mod format;
mod house;
mod init;
mod lint;
mod memory;
mod pages;
mod parity;
mod reference;
mod report;
mod settings;
mod surroundings;
mod yaml;
