//! Text becomes a tree, whatever the text is.
//!
//! What cannot be understood becomes a hole in the tree and a diagnostic. A file is parsed alone: nothing here knows
//! which words the language has beyond `param`, `let`, `if` and `else`.

mod build;
pub mod errors;
mod grammar;
pub mod nodes;
pub mod removal;
pub mod tree;
pub mod walk;

use std::ops::Range;

pub use tree::Tree;

use crate::diagnostic::Diagnostics;
use crate::source::FileId;

/// How deep blocks, lists, maps and parentheses may nest.
pub const MAXIMUM_DEPTH: usize = 64;

/// How many syntax errors of one file are reported.
pub const MAXIMUM_ERRORS: usize = 100;

/// Parses a whole file. Every span of the tree lies in `text`.
pub fn parse(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Tree {
    parse_range(file, text, 0..text.len(), diagnostics)
}

/// Parses a part of a file that begins and ends between two statements; its spans count from the file's start.
pub fn parse_range(
    file: FileId,
    text: &str,
    range: Range<usize>,
    diagnostics: &mut Diagnostics,
) -> Tree {
    build::build(file, text, range, diagnostics)
}
