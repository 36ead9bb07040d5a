//! Texts with spans of code, as Markdown has them.

use super::clean;

/// A text whose words in backticks are code, in a line of its own. Nothing else in it is Markdown.
pub(super) fn line(text: &str) -> String {
    let text = clean(text).replace('\n', " ");
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        // A backtick in a name leaves one without its pair: all of it is code then.
        return code(&text);
    }
    let part = |(nth, part): (usize, &&str)| {
        if nth.is_multiple_of(2) {
            prose(part)
        } else {
            code(part)
        }
    };
    parts.iter().enumerate().map(part).collect()
}

/// The same in a cell of a table.
pub(super) fn cell(text: &str) -> String {
    in_cell(&line(text))
}

/// A bar ends a cell, in code too.
pub(super) fn in_cell(line: &str) -> String {
    line.replace('|', "\\|")
}

/// Nothing that begins an element of HTML, or words in italics.
fn prose(text: &str) -> String {
    text.replace('<', "&lt;").replace('*', "\\*")
}

/// A span of code: one more backtick around it than in it at once.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or_default() + 1);
    let is_edged = text.starts_with('`') || text.ends_with('`');
    let space = if is_edged { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}
