//! All integration tests, in one binary.

mod build;
mod cli;
mod corpus;
mod docs;
mod format;
mod house;
mod memory;
mod pages;
mod parity;
mod reference;
mod report;
mod settings;
mod surroundings;
mod yaml;
