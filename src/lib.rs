//! m1c compiles descriptions of highly available PostgreSQL clusters.
//!
//! ```text
//!  text ──parse──▶ Tree ──load──▶ Program ──resolve──▶ Model ──lower──▶ Topology ──emit──▶ files
//!                   │                                                              │
//!                 format                                                          lint
//!                   └─────────────────────────────── lsp ──────────────────────────┘
//! ```
//!
//! Each stage is a function that cannot fail: it returns its product and adds to a list of diagnostics. The modules
//! below are in reading order; `ARCHITECTURE.md` says what each may know.

pub mod diagnostic;
pub mod origin;
pub mod source;
pub mod value;

pub mod facts;
pub mod hba;
pub mod schema;
pub mod suggest;

pub mod format;
pub mod syntax;

pub mod library;
pub mod load;

pub mod lock;
pub mod model;
pub mod resolve;

pub mod lower;
pub mod topology;

pub mod backend;
pub mod tpa;
pub mod yaml;

pub mod diff;
pub mod lint;
pub mod require;
pub mod simulate;

pub mod check;
pub mod import;
pub mod output;
pub mod pages;
pub mod report;

pub mod lsp;

pub mod cli;
