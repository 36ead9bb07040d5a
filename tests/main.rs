//! All integration tests, in one binary.

mod carets;
mod corpus;
mod dump;
mod format;
mod parse;
mod robust;
mod trees;
