//! The comments of a YAML text, which are not part of the document.

use std::ops::Range;

use granit_parser::{Event, Parser};

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
    let mut parser = Parser::new_from_str(text);
    let mut comments = Vec::new();
    while let Some(Ok((event, span))) = parser.next_event() {
        if let Event::Comment(text, _) = event {
            let start = span.start.byte_offset().unwrap_or(0);
            let end = span.end.byte_offset().unwrap_or(start).max(start);
            comments.push(Comment {
                text: text.into_owned(),
                at: start..end,
            });
        }
    }
    comments
}
