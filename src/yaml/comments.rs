//! The comments of a YAML text, which are not part of the document.

use super::scan::{Comment, Kind, Scanner};

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
