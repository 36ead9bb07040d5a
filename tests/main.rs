//! All integration tests, in one binary.

#![allow(
    clippy::expect_used,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::needless_raw_string_hashes,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "what goes wrong in a test fails it, and says so"
)]
#![allow(
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    reason = "expectations are long, and made where they are passed"
)]

mod agreement;
mod boundaries;
mod build;
mod carets;
mod cli;
mod concerned;
mod corpus;
mod diff;
mod docs;
mod dump;
mod editor;
mod editors;
mod errors;
mod first;
mod fixes;
mod foretold;
mod format;
mod hba;
mod house;
mod import;
mod init;
mod into;
mod inventory;
mod lint;
mod lint_fixes;
mod lock;
mod lsp;
mod m1c_toml;
mod managers;
mod maps;
mod memory;
mod neighbours;
mod pages;
mod parameters;
mod parity;
mod parse;
mod postgres_values;
mod programs;
mod quorum;
mod reference;
mod remedies;
mod report;
mod robust;
mod sarif;
mod settings;
mod simulate;
mod simulations;
mod surroundings;
mod terraform;
mod tpa_versions;
mod tree_sitter;
mod trees;
mod typing;
mod typing_yaml;
mod values;
mod verdict;
mod view;
mod words;
mod yaml;
