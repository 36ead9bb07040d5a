//! All integration tests, in one binary.

mod corpus;
mod format;
mod house;
mod pages;
mod reference;
mod settings;
