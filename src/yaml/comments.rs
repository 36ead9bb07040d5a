//! The comments of a YAML text, which are not part of the document.

use std::ops::Range;

use super::scan::{Kind, Scanner};

/// A comment and where it stands, with its `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What comes after the `#`.
    pub text: String,
    /// In bytes of the text.
    pub at: Range<usize>,
}

/// The comments of a text, as far as it can be read.
pub fn comments(text: &str) -> Vec<Comment> {
    // Most texts have none that anybody asks for, and reading costs more than looking.
    if !text.contains('#') {
        return Vec::new();
    }
    let Ok(mut scanner) = Scanner::new(text) else {
        return Vec::new();
    };
    while let Ok(token) = scanner.take_token() {
        if token.kind == Kind::StreamEnd {
            break;
        }
    }
    scanner.comments
}
