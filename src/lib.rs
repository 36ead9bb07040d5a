//! m1c compiles descriptions of highly available PostgreSQL clusters.
//!
//! ```text
//!  text ──parse──▶ Tree ──load──▶ Program ──resolve──▶ Model ──lower──▶ Topology ──emit──▶ files
//!                   │
//!                 format
//! ```
//!
//! Each stage is a function that cannot fail: it returns its product and adds to a list of diagnostics. The modules
//! below stand in reading order; `ARCHITECTURE.md` says what each may know.

pub mod source;

pub mod diagnostic;

pub mod origin;
pub mod value;

pub mod syntax;

pub mod format;

pub mod schema;

pub mod suggest;

pub mod tables;

pub mod backend;
pub mod check;
pub mod library;
pub mod load;
pub mod report;
pub mod topology;
pub mod tpa;
pub mod yaml;

pub mod cli;
