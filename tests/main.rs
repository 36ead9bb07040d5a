//! All integration tests, in one binary.

mod corpus;
mod format;
mod house;
mod library;
mod pages;
mod settings;
