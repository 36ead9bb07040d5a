//! A statement is taken out of a text, and the rest stays as it is.

use super::tree::Statement;
use crate::diagnostic::Edit;
use crate::source::Span;

/// Takes a statement away, with the comment after it, and with its line if nothing else is on it.
pub fn removal(text: &str, statement: &Statement) -> Edit {
    let mut end = end_of(statement) as usize;
    let mut start = statement.span.start as usize;
    let rest = text.get(end..).unwrap_or("");
    let before = text.get(..start).unwrap_or("");
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let is_first = before.get(line..).unwrap_or("").trim().is_empty();
    let after = rest.trim_start_matches([' ', '\t', ';']);
    if is_first && (after.is_empty() || after.starts_with(['\n', '\r'])) {
        start = line;
        end += rest.len() - after.len();
        end += after.find('\n').map_or(after.len(), |at| at + 1);
    } else {
        let earlier = before.trim_end_matches([' ', '\t']);
        match earlier.strip_suffix(';') {
            // The last of several on a line leaves no `;` before it.
            Some(earlier) if after.starts_with('}') => start = earlier.len(),
            Some(_) | None => end += rest.len() - after.len(),
        }
    }
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Edit {
        span: Span {
            file: statement.span.file,
            start: offset(start),
            end: offset(end),
        },
        replacement: String::new(),
    }
}

/// Where a statement ends, with the comment after it.
pub fn end_of(statement: &Statement) -> u32 {
    let comment = statement.after.as_ref();
    comment.map_or(statement.span.end, |comment| comment.span.end)
}
