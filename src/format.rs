//! A tree becomes text, in the one true format.
//!
//! A tree comes in, from a file or built by a program; its text goes out, comments and single blank lines kept.
//! Nothing here knows what the words mean; the holes of a broken source are left out, so its file is left alone.

mod align;
mod conditions;
mod inline;
mod layout;
mod line;

use crate::source::FileId;
use crate::syntax::Tree;
use crate::syntax::tree::{Body, Statement};

/// How many columns a statement may take on one line, its indentation apart.
const WIDTH: usize = 80;

/// How many columns a block is indented.
pub const INDENTATION: usize = 2;

/// Prints a tree. What is on one line stays on one line if it fits; what is on several stays on several.
pub fn format(tree: &Tree) -> String {
    let mut lines = layout::lay_out(&tree.body);
    align::align(&mut lines);
    line::join(&lines)
}

/// Prints a statement, without the end of its last line.
pub fn statement(statement: &Statement) -> String {
    let tree = Tree {
        file: FileId::NONE,
        is_cut: false,
        body: Body {
            statements: vec![statement.clone()],
            end: Vec::new(),
        },
    };
    format(&tree).trim_end().to_owned()
}

/// Gives a formatted text the line ends of the text that it comes from: CRLF where the first line of that has it.
pub fn with_line_ends_of(original: &str, formatted: String) -> String {
    let first = original.split_inclusive('\n').next();
    if first.is_some_and(|line| line.ends_with("\r\n")) {
        formatted.replace('\n', "\r\n")
    } else {
        formatted
    }
}
